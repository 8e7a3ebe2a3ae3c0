"""Where the bank, the accounting and the documents here say different things.

A case is an invoice here, what the accounting holds of it, and what the bank paid on it. Each case
gives one row at most: the first difference, by what it means for the money. Amounts of a credit
note are below zero on every side.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from billify.domain.invoices import InvoiceDirection, InvoiceStatus

ZERO = Decimal("0.00")
OWN_CURRENCY = "EUR"
"""The accounting names no currency: what it tells is in that of the books."""

_COUNTED = frozenset({InvoiceStatus.OPEN, InvoiceStatus.PAID})


class Kind(StrEnum):
    """What a row is about, in the order in which a person wants to know it."""

    PAID = "paid"
    """Paid at the bank, open in the accounting."""
    SETTLED = "settled"
    """Settled in the accounting, open here."""
    TOTAL = "total"
    """The document and the entry have another total."""
    OPEN = "open"
    """Both are open, or both were told to be paid, by another amount."""
    NO_DOCUMENT = "no_document"
    """Booked there, without a document here."""
    NOT_BOOKED = "not_booked"
    """A document here that is not booked there."""


@dataclass(frozen=True, slots=True)
class Ours:
    """An invoice here, with what the bank paid on it."""

    id: UUID
    direction: InvoiceDirection
    status: InvoiceStatus
    number: str
    contact: str
    issued: date
    due: date
    total: Decimal | None
    open: Decimal
    currency: str
    has_document: bool
    came_on: date
    """The day it came to stand here."""
    paid: Decimal = ZERO
    paid_on: date | None = None
    line_id: UUID | None = None
    """The last line of the bank that was settled on it."""

    @property
    def is_counted(self) -> bool:
        """Approved or issued: it asks for money, or did."""
        return self.status in _COUNTED

    @property
    def is_settled(self) -> bool:
        """Nothing of it is open."""
        return self.status is InvoiceStatus.PAID

    @property
    def is_comparable(self) -> bool:
        """Its amounts are in the currency of the books."""
        return self.currency == OWN_CURRENCY


@dataclass(frozen=True, slots=True)
class Theirs:
    """What the accounting holds: an open item, or one that was settled there since."""

    id: UUID
    direction: InvoiceDirection
    number: str
    contact: str
    issued: date
    due: date | None
    total: Decimal
    open: Decimal
    came_on: date
    """The day it was told first."""
    settled_on: date | None = None
    invoice_id: UUID | None = None
    is_invoice: bool = True
    """Whether a document belongs to it: a sundry entry has none."""

    @property
    def is_settled(self) -> bool:
        """It left the list of what is open."""
        return self.settled_on is not None


@dataclass(frozen=True, slots=True)
class Difference:
    """One row: what differs, by how much, and since when."""

    kind: Kind
    ours: Ours | None
    theirs: Theirs | None
    amount: Decimal
    """By how much the sides differ; for what is missing on one side, what the other side holds."""
    since: date

    @property
    def key(self) -> str:
        """What tells it from every other row."""
        return str(self.ours.id if self.ours else self._known.id)

    @property
    def direction(self) -> InvoiceDirection:
        """Of a supplier or to a customer."""
        return self._known.direction

    @property
    def contact(self) -> str:
        """The name by which it goes here, else there."""
        return (self.ours and self.ours.contact) or (self.theirs.contact if self.theirs else "")

    @property
    def number(self) -> str:
        """The number of the invoice here, else there."""
        return (self.ours and self.ours.number) or (self.theirs.number if self.theirs else "")

    @property
    def issued(self) -> date:
        """The day of the invoice."""
        return self._known.issued

    @property
    def due(self) -> date | None:
        """The day it is due."""
        return self._known.due

    def days(self, today: date) -> int:
        """How long it stands so."""
        return max((today - self.since).days, 0)

    @property
    def _known(self) -> Ours | Theirs:
        known = self.ours or self.theirs
        assert known is not None, "a row is about something"
        return known


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows of a kind there are, and what they come to."""

    count: int = 0
    sales: Decimal = ZERO
    purchases: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Cash:
    """What the bank accounts and the ledger accounts of money hold at the end of a day."""

    day: date
    bank: Decimal
    ledger: Decimal

    @property
    def missing(self) -> Decimal:
        """What the ledger has to go up by."""
        return self.bank - self.ledger


def differences(
    *, ours: Iterable[Ours], theirs: Iterable[Theirs], first_day: date, as_of: date
) -> list[Difference]:
    """Every row, the one that stands longest first within its kind.

    `first_day` is the day the accounting was read first: it tells what is open, so of what was
    settled until that day it says nothing. `as_of` is the day it was read last: an accountant has
    a day's bank statement on the next one, so a payment of that day is no difference yet.
    """
    known = {one.id: one for one in ours}
    linked, alone = _sorted(theirs, known)
    found = [_compared(known[key], item, as_of) for key, item in linked.items()]
    found += [_without_invoice(one) for one in alone]
    found += [_not_booked(one, first_day) for key, one in known.items() if key not in linked]
    rows = [one for one in found if one is not None]
    order = {kind: at for at, kind in enumerate(Kind)}
    return sorted(rows, key=lambda one: (order[one.kind], one.since, one.key))


def sums(rows: Iterable[Difference]) -> dict[Kind, Sum]:
    """Count and sum of each kind, also of those that no row is of."""
    found = dict.fromkeys(Kind, Sum())
    for one in rows:
        last = found[one.kind]
        is_sale = one.direction is InvoiceDirection.SALE
        found[one.kind] = Sum(
            last.count + 1,
            last.sales + (one.amount if is_sale else ZERO),
            last.purchases + (ZERO if is_sale else one.amount),
        )
    return found


def _sorted(
    theirs: Iterable[Theirs], known: Mapping[UUID, Ours]
) -> tuple[dict[UUID, Theirs], list[Theirs]]:
    """Items by the invoice they are of, and those of none."""
    linked: dict[UUID, Theirs] = {}
    alone = []
    for item in theirs:
        key = item.invoice_id
        if key is None or key not in known:
            alone.append(item)
        else:
            linked[key] = _together(linked[key], item) if key in linked else item
    return linked, alone


def _together(one: Theirs, other: Theirs) -> Theirs:
    """Two entries of one invoice: their sum, open while one of them is."""
    days = [day for day in (one.settled_on, other.settled_on) if day is not None]
    first = one if not one.is_settled else other
    return Theirs(
        id=first.id,
        direction=first.direction,
        number=first.number,
        contact=first.contact,
        issued=min(one.issued, other.issued),
        due=first.due,
        total=one.total + other.total,
        open=one.open + other.open,
        came_on=min(one.came_on, other.came_on),
        settled_on=max(days) if len(days) == 2 else None,
        invoice_id=first.invoice_id,
        is_invoice=one.is_invoice or other.is_invoice,
    )


def _compared(ours: Ours, theirs: Theirs, as_of: date) -> Difference | None:
    found = _of_money(ours, theirs, as_of) if ours.is_counted else None
    if found is None and not ours.has_document:
        found = _without_document(ours, theirs)
    return found


def _of_money(ours: Ours, theirs: Theirs, as_of: date) -> Difference | None:
    """The first that holds: a payment one side does not know, then amounts."""
    both = max(ours.came_on, theirs.came_on)
    can_know = ours.paid_on is None or ours.paid_on < as_of
    is_open_there = not theirs.is_settled and theirs.open != ZERO
    if ours.is_settled and is_open_there and ours.paid != ZERO and can_know:
        return Difference(Kind.PAID, ours, theirs, theirs.open, ours.paid_on or both)
    if theirs.settled_on is not None and not ours.is_settled:
        return Difference(Kind.SETTLED, ours, theirs, ours.open, theirs.settled_on)
    if not ours.is_comparable:
        return None
    if ours.total is not None and ours.total != theirs.total:
        return Difference(Kind.TOTAL, ours, theirs, theirs.total - ours.total, both)
    if not theirs.is_settled and ours.open != theirs.open and can_know:
        since = max(both, ours.paid_on) if ours.paid_on else both
        return Difference(Kind.OPEN, ours, theirs, theirs.open - ours.open, since)
    return None


def _without_document(ours: Ours, theirs: Theirs) -> Difference | None:
    """An invoice that was made from the accounting and has no paper. What left the accounting's
    list is not asked for any more: it was paid, and the accountant's archive keeps it."""
    if theirs.is_settled or not theirs.is_invoice:
        return None
    return Difference(Kind.NO_DOCUMENT, ours, theirs, theirs.total, theirs.came_on)


def _without_invoice(theirs: Theirs) -> Difference | None:
    if theirs.is_settled or not theirs.is_invoice:
        return None
    return Difference(Kind.NO_DOCUMENT, None, theirs, theirs.total, theirs.came_on)


def _not_booked(ours: Ours, first_day: date) -> Difference | None:
    if not ours.is_counted or not _could_be_known(ours, first_day):
        return None
    since = max(ours.came_on, first_day)
    return Difference(Kind.NOT_BOOKED, ours, None, ours.total or ours.open, since)


def _could_be_known(ours: Ours, first_day: date) -> bool:
    """Issued after the accounting was read first, or still open after that day."""
    if ours.issued > first_day or not ours.is_settled:
        return True
    return ours.paid_on is not None and ours.paid_on > first_day
