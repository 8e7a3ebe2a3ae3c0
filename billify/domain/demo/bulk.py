"""A stream of plain tuples for `billify seed`: many rows, cheap, the same for the same seed."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class BulkContact(NamedTuple):
    """One of the contacts all rows are spread over, by row number."""

    row: int
    name: str
    language: str
    is_customer: bool
    is_supplier: bool
    vat_number: str
    iban: str
    postcode: str
    city: str


class BulkInvoice(NamedTuple):
    """One invoice with a single line's worth of amounts."""

    row: int
    contact: int
    direction: str
    kind: str
    status: str
    number: str
    issue_date: date
    due_date: date
    net: Decimal
    vat: Decimal
    gross: Decimal
    open_amount: Decimal
    payment_reference: str
    description: str
    vat_rate: Decimal


class BulkMovement(NamedTuple):
    """One bank line; `invoice` is the row number of the invoice it settles, whole, or None."""

    row: int
    booked_on: date
    amount: Decimal
    contact: int
    counterparty_name: str
    counterparty_iban: str
    reference: str | None
    text: str
    invoice: int | None


def contacts(*, seed: int, count: int = 500) -> list[BulkContact]:
    """The contacts that invoices and movements refer to by row number."""
    raise NotImplementedError


def invoices(*, seed: int, count: int, today: date, contacts: int = 500) -> Iterator[BulkInvoice]:
    """Invoices over five years, oldest first, 95 % paid, a few contacts having most."""
    raise NotImplementedError


def movements(
    *, seed: int, count: int, invoices: int, today: date, contacts: int = 500
) -> Iterator[BulkMovement]:
    """Bank lines over five years, oldest first: one for each paid invoice, then others."""
    raise NotImplementedError
