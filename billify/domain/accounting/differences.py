"""Where the bank, the accounting and the documents here say different things.

A case is an invoice here, what the accounting holds of it, and what the bank paid on it. Each case
gives one row at most: the first difference, by what it means for the money. Amounts of a credit
note are below zero on every side.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from billify.domain.invoices import InvoiceDirection, InvoiceStatus

ZERO = Decimal("0.00")
OWN_CURRENCY = "EUR"
"""The accounting names no currency: what it tells is in that of the books."""

_COUNTED = frozenset({InvoiceStatus.OPEN, InvoiceStatus.PAID})
_AGAINST = frozenset({InvoiceStatus.REJECTED, InvoiceStatus.SET_ASIDE})


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
    WAITING = "waiting"
    """Booked there, and not approved here yet."""
    REJECTED = "rejected"
    """Booked there, and rejected or set aside here."""
    NOT_BOOKED = "not_booked"
    """A document here that is not booked there."""
    UNSEEN = "unseen"
    """Paid here, and never told by the accounting to be open: booked and paid between two looks,
    or not booked."""


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
    """What lines of the bank brought."""
    written_off: Decimal = ZERO
    """What was let go with them."""
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

    @property
    def too_much(self) -> Decimal:
        """What was paid beyond its total: that makes what is open of it change sides."""
        return abs(self.open) if self.open * self.total < 0 else ZERO


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
    """What the bank accounts and their ledger accounts hold at the end of a day.

    `waiting` names the accounts whose bank has not told that day yet; until then the two can't be
    held against each other.
    """

    day: date
    bank: Decimal
    ledger: Decimal
    waiting: tuple[str, ...] = ()

    @property
    def missing(self) -> Decimal:
        """What the ledger has to go up by."""
        return ZERO if self.waiting else self.bank - self.ledger


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
    alone_here = [one for key, one in known.items() if key not in linked]
    found += [_not_booked(one, first_day, as_of) for one in alone_here]
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
    linked = defaultdict[UUID, list[Theirs]](list)
    alone = []
    for item in theirs:
        key = item.invoice_id
        if key is not None and key in known:
            linked[key].append(item)
        else:
            alone.append(item)
    return {key: _together(found, known[key]) for key, found in linked.items()}, alone


def _together(items: Sequence[Theirs], ours: Ours) -> Theirs:
    """The entry of an invoice. One that was booked anew stands there settled beside its successor,
    and counts no more; one that was booked in parts comes to the invoice's total with them."""
    left = [one for one in items if not one.is_settled]
    last = max((one.settled_on for one in items if one.settled_on), default=None)
    counted = left or [one for one in items if one.settled_on == last]
    if _total(counted) != ours.total == _total(items):
        counted = list(items)
    first = (left or counted)[0]
    return replace(
        first,
        settled_on=None if left else last,
        issued=min(one.issued for one in counted),
        total=_total(counted),
        open=sum((one.open for one in left), ZERO),
        came_on=min(one.came_on for one in counted),
        is_invoice=any(one.is_invoice for one in counted),
    )


def _total(items: Iterable[Theirs]) -> Decimal:
    return sum((one.total for one in items), ZERO)


def _compared(ours: Ours, theirs: Theirs, as_of: date) -> Difference | None:
    if not ours.is_counted:
        return _undecided(ours, theirs)
    found = _of_money(ours, theirs, as_of)
    if found is None and not ours.has_document:
        found = _without_document(ours, theirs)
    return found


def _undecided(ours: Ours, theirs: Theirs) -> Difference | None:
    """It asks for money there, and here somebody refused it or has not said yes yet."""
    if theirs.is_settled:
        return None
    kind = Kind.REJECTED if ours.status in _AGAINST else Kind.WAITING
    return Difference(kind, ours, theirs, theirs.open, max(ours.came_on, theirs.came_on))


def _of_money(ours: Ours, theirs: Theirs, as_of: date) -> Difference | None:
    """The first that holds: a payment one side does not know, then amounts."""
    both = max(ours.came_on, theirs.came_on)
    can_know = ours.paid_on is None or ours.paid_on < as_of
    is_unpaid_there = not theirs.is_settled and not theirs.too_much
    is_more = abs(theirs.open) > abs(ours.written_off)
    if ours.is_settled and is_unpaid_there and is_more and ours.paid != ZERO and can_know:
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


def _not_booked(ours: Ours, first_day: date, as_of: date) -> Difference | None:
    """What came on the day of the last reading, nobody could have booked before it."""
    if not ours.is_counted or ours.came_on >= as_of or not _could_be_known(ours, first_day):
        return None
    kind = Kind.UNSEEN if ours.is_settled else Kind.NOT_BOOKED
    since = max(ours.came_on, first_day)
    return Difference(kind, ours, None, ours.total or ours.open, since)


def _could_be_known(ours: Ours, first_day: date) -> bool:
    """Issued after the accounting was read first, or still open after that day."""
    if ours.issued > first_day or not ours.is_settled:
        return True
    return ours.paid_on is not None and ours.paid_on > first_day
