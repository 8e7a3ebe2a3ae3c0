"""Rows for tests: each function makes the smallest valid thing of the scope's company, so call
them within `books_of(cast.anna)`.

What a test cares about it says; what it leaves out is plain and valid. Money and dates are
written as people write them in the test, so they are given as text: `gross="121.00"`.
"""

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

from billify.data import tenancy
from billify.data.db import Base, transaction
from billify.data.models import BankAccount, BankTransaction, Contact, Document, Invoice
from billify.data.types import uuid7
from billify.domain import identity
from billify.domain.documents import DocumentSource, DocumentStatus
from billify.domain.duplicates import number_key
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from tests.cast import Member

Kept = TypeVar("Kept", bound=Base)
ISSUED = date(2026, 10, 1)
_SETTLED = frozenset({InvoiceStatus.PAID})
_ASKING = frozenset({InvoiceStatus.OPEN, InvoiceStatus.PAID})
_next = count(1)


def books_of(member: Member) -> AbstractContextManager[None]:
    """Work in the company of one of the cast."""
    assert member.company_id is not None
    return tenancy.company_scope(member.company_id)


def contact(name: str = "Molens van Deinze NV", **more: Any) -> Contact:  # Any: columns
    """A supplier, unless said otherwise."""
    values: dict[str, Any] = {
        "name": name,
        "search_key": identity.search_key(name),
        "is_supplier": True,
        **more,
    }
    return _kept(Contact(**values))


def invoice(
    *,
    of: Contact | None = None,
    gross: str | None = "121.00",
    status: InvoiceStatus = InvoiceStatus.OPEN,
    direction: InvoiceDirection = InvoiceDirection.PURCHASE,
    number: str | None = "",
    **more: Any,  # Any: columns
) -> Invoice:
    """An open purchase invoice of 121.00; one that asks for money gets a contact when it has none.

    The number is made up when left out; None means that it has none. `open_amount` follows the
    status: nothing when paid, else the whole.
    """
    if of is None and status in _ASKING:
        of = contact(f"Leverancier {next(_next)}")
    total = None if gross is None else Decimal(gross)
    number = f"2026-{next(_next):04d}" if number == "" else number
    values: dict[str, Any] = {
        "direction": direction,
        "kind": InvoiceKind.INVOICE,
        "status": status,
        "number": number,
        "number_key": number_key(number) if number else None,
        "contact_id": of.id if of else None,
        "party_name": of.name if of else "",
        "issue_date": ISSUED,
        "gross_amount": total,
        "open_amount": Decimal("0.00") if status in _SETTLED or total is None else total,
        **more,
    }
    values.setdefault("due_date", values["issue_date"] + timedelta(days=30))
    values.setdefault("party_key", identity.search_key(values["party_name"]))
    return _kept(Invoice(**values))


def document(name: str = "factuur.pdf", **more: Any) -> Document:  # Any: columns
    """A document that has been read and waits to be checked; its bytes are nowhere."""
    values: dict[str, Any] = {
        "sha256": uuid7().hex * 2,
        "name": name,
        "media_type": "application/pdf",
        "size": 12_000,
        "pages": 1,
        "source": DocumentSource.UPLOAD,
        "status": DocumentStatus.TO_CHECK,
        **more,
    }
    return _kept(Document(**values))


def account(name: str = "Zichtrekening", **more: Any) -> BankAccount:  # Any: columns
    """A bank account without movements."""
    values: dict[str, Any] = {
        "name": name,
        "iban": "BE71096123456769",
        "as_of": datetime(2026, 10, 1, 6, 0, tzinfo=UTC),
        **more,
    }
    return _kept(BankAccount(**values))


def movement(*, on: BankAccount, amount: str = "-121.00", **more: Any) -> BankTransaction:
    """A booked line on an account."""
    values: dict[str, Any] = {
        "account_id": on.id,
        "booked_on": ISSUED,
        "amount": Decimal(amount),
        **more,
    }
    return _kept(BankTransaction(**values))


def _kept(row: Kept) -> Kept:
    with transaction() as session:
        session.add(row)
        session.flush()
    return row
