"""Open items of the accounting as invoices: which ones are, which invoice one is, what is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from billify.domain import terms
from billify.domain.duplicates import NUMBERS_START_AGAIN
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.domain.terms import Terms

ZERO = Decimal("0.00")
SALES_INVOICE, PURCHASE_INVOICE = 6, 2
"""Yuki's own numbers of what an item is, whatever language it speaks (its support pages)."""
INVOICES = {
    InvoiceDirection.SALE: SALES_INVOICE,
    InvoiceDirection.PURCHASE: PURCHASE_INVOICE,
}
LONGEST_NUMBER = 60
_DECIDED_AGAINST = frozenset({InvoiceStatus.REJECTED, InvoiceStatus.SET_ASIDE})


@dataclass(frozen=True, slots=True)
class Told:
    """An open item as the accounting tells it, in the form in which it is kept and compared.

    `contact_key` and `number_key` are what names and numbers are found by; a VAT number is
    normalised where it is a valid one.
    """

    external_id: str
    direction: InvoiceDirection
    kind_id: int | None
    contact_name: str
    contact_key: str
    contact_external_id: str
    vat_number: str
    number: str
    number_key: str
    description: str
    issue_date: date
    due_date: date | None
    open_amount: Decimal
    original_amount: Decimal
    document_external_id: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item whose invoice is looked for; the contact is the one found or made for it."""

    direction: InvoiceDirection
    kind: InvoiceKind
    contact_id: UUID
    number_key: str
    gross: Decimal
    issue_date: date


@dataclass(frozen=True, slots=True)
class Here:
    """An invoice that is here, as far as telling it from others needs."""

    id: UUID
    direction: InvoiceDirection
    kind: InvoiceKind
    contact_id: UUID | None
    number_key: str
    gross: Decimal | None
    issue_date: date
    status: InvoiceStatus


def is_invoice(direction: InvoiceDirection, kind_id: int | None) -> bool:
    """Whether an item asks for money by an invoice; sundry entries and unknown kinds do not."""
    return INVOICES[direction] == kind_id


def kind_of(original: Decimal, *, left: Decimal) -> InvoiceKind:
    """An item below zero gives money back; where the first amount is not told, by what is left."""
    return InvoiceKind.CREDIT_NOTE if (original or left) < 0 else InvoiceKind.INVOICE


def gross_of(original: Decimal, *, left: Decimal) -> Decimal:
    """What the invoice comes to, above zero for both kinds."""
    return abs(original or left)


def told_open(original: Decimal, *, left: Decimal) -> Decimal:
    """What the accounting has open of an invoice, never below zero: what was paid too much is no
    part of the invoice."""
    sign = -1 if kind_of(original, left=left) is InvoiceKind.CREDIT_NOTE else 1
    return max(left * sign, ZERO)


def still_open(*, gross: Decimal, allocated: Decimal, told: Decimal) -> Decimal:
    """What is open of an invoice that only the accounting knows: what it tells, unless bank lines
    here have settled more of it already."""
    return min(told, max(gross - allocated, ZERO))


def due_date(issued: date, *, told: date | None, agreed: Terms) -> date:
    """The day that is told, else the one that the contact's terms lead to."""
    return told or terms.due_date(issued, terms=agreed)


def number_of(reference: str, *, description: str, external_id: str) -> str:
    """An invoice can't be without a number: the reference, else what the item is called."""
    found = " ".join((reference or description).split())[:LONGEST_NUMBER]
    return found or f"Yuki {external_id[:8]}"


def same(wanted: Wanted, *, among: Iterable[Here]) -> UUID | None:
    """The invoice that an item is, or None.

    Same direction and kind, same number, and the contact's own (a sale may be found by its
    amount instead: our own numbers have no twin). One with the same amount before others, whose
    difference is shown and not doubled; those only within the time in which a supplier does not
    start its numbers again. Without a number it is the one of the same contact, day and amount.
    """
    fitting = [one for one in among if _is_alike(wanted, one)]
    if not fitting:
        return None
    best = min(fitting, key=lambda one: _distance(wanted, one))
    return best.id


def _is_alike(wanted: Wanted, here: Here) -> bool:
    if (wanted.direction, wanted.kind) != (here.direction, here.kind):
        return False
    is_contact = wanted.contact_id == here.contact_id
    is_gross = wanted.gross == here.gross
    if not wanted.number_key:
        return is_contact and is_gross and wanted.issue_date == here.issue_date
    if wanted.number_key != here.number_key:
        return False
    if wanted.direction is InvoiceDirection.SALE and is_gross:
        return True
    is_near = abs((wanted.issue_date - here.issue_date).days) < NUMBERS_START_AGAIN
    return is_contact and (is_gross or is_near)


def _distance(wanted: Wanted, here: Here) -> tuple[bool, bool, bool, int, str]:
    return (
        wanted.gross != here.gross,
        wanted.contact_id != here.contact_id,
        here.status in _DECIDED_AGAINST,
        abs((wanted.issue_date - here.issue_date).days),
        str(here.id),
    )
