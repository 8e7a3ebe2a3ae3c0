"""Open items of the accounting as invoices: which ones are, which invoice one is, what is open."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from billify.domain import terms
from billify.domain.duplicates import NUMBERS_START_AGAIN, number_key
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
    name_key: str = ""


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
    name_key: str = ""
    is_settled: bool = False
    """Nothing is left open of it, so that another customer's item is hardly this one."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the accounting had settled of an invoice when that was last held against the bank
    lines here, and how much of it none of them had."""

    elsewhere: Decimal
    settled: Decimal


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


def elsewhere(
    *, settled: Decimal, allocated: Decimal, late: Decimal = ZERO, before: Weighed | None = None
) -> Decimal:
    """How much of what the accounting has settled of an invoice no bank line here did.

    Bank lines and the accounting tell of the same payments, each in its own time. So what is newly
    settled there counts for lines that it did not have yet, and only then for payments elsewhere;
    what it takes back was elsewhere first, for a bank line stays what it is. `late` are lines that
    came in afterwards, of days it knew already: it told of them before they were here.
    """
    known = ZERO
    if before is not None:
        taken_back = max(before.settled - settled, ZERO)
        known = max(before.elsewhere - late, ZERO) - taken_back
    return max(known, settled - allocated, ZERO)


def still_open(
    *, gross: Decimal, allocated: Decimal, told: Decimal, elsewhere: Decimal = ZERO
) -> Decimal:
    """What is open of an invoice that only the accounting knows: the total less bank lines and
    what was settled elsewhere, and never more than it tells."""
    return min(told, max(gross - allocated - elsewhere, ZERO))


def due_date(issued: date, *, told: date | None, agreed: Terms) -> date:
    """The day that is told, else the one that the contact's terms lead to."""
    return told or terms.due_date(issued, terms=agreed)


def cut_number(number: str) -> str:
    """A number as an invoice may have it."""
    return " ".join(number.split())[:LONGEST_NUMBER].strip()


def number_of(reference: str, *, description: str, external_id: str) -> str:
    """An invoice can't be without a number: the reference, else what the item is called."""
    found = cut_number(reference or description)
    return found if number_key(found) else f"Yuki {external_id[:8]}"


def numbers_for(number: str, *, external_id: str) -> tuple[str, ...]:
    """The number, and what a sale gets whose number another sale has: a mark behind it, as two
    may not have one (royal decree no 1 on VAT, article 5)."""
    number = cut_number(number)
    marks = (f" ({external_id[:8]})", f" ({external_id})")
    return number, *(f"{number[: LONGEST_NUMBER - len(mark)]}{mark}" for mark in marks)


def free_number(
    number: str, *, direction: InvoiceDirection, external_id: str, taken: Collection[str]
) -> str:
    """The first of these that no other sale has, by the keys of those that are `taken`."""
    wanted = numbers_for(number, external_id=external_id)
    if direction is not InvoiceDirection.SALE:
        return wanted[0]
    return next((one for one in wanted if number_key(one) not in taken), wanted[-1])


def same(wanted: Wanted, *, among: Iterable[Here]) -> UUID | None:
    """The invoice that an item is, or None.

    Same direction and kind, same number within the time in which nobody starts numbers again,
    and the contact's own. A sale may be found by its amount instead, since our own numbers have no
    twin, unless it is settled and another customer's. One with the same amount comes before
    others, whose difference is shown and not doubled. Without a number it is the one of the same
    contact, day and amount.
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
    is_near = abs((wanted.issue_date - here.issue_date).days) < NUMBERS_START_AGAIN
    if wanted.number_key != here.number_key or not is_near:
        return False
    if is_contact or wanted.direction is not InvoiceDirection.SALE or not is_gross:
        return is_contact
    is_name = bool(wanted.name_key) and wanted.name_key == here.name_key
    return is_name or not here.is_settled


def _distance(wanted: Wanted, here: Here) -> tuple[bool, bool, bool, int, str]:
    return (
        wanted.gross != here.gross,
        wanted.contact_id != here.contact_id,
        here.status in _DECIDED_AGAINST,
        abs((wanted.issue_date - here.issue_date).days),
        str(here.id),
    )
