"""All companies of a person side by side: how much is there, until when it lasts, what waits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from billify.data import tenancy
from billify.data.models import Membership
from billify.data.queries import auth, board
from billify.data.queries.board import Counts, Kept, Standing
from billify.domain import connections
from billify.domain.connections import ConnectionState
from billify.domain.forecast import as_of, outlook, stored
from billify.domain.forecast.outlook import LowestTogether, Outlook
from billify.domain.roles import RIGHTS, Right, Role

NOT_TOLD_FOR = timedelta(days=7)
"""A company whose every balance is older than this gives no news: nobody brings its bank files."""
NOTHING = Counts(0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Stale:
    """What of a company's figures is behind. Empty when all of it is up to date."""

    bank_since: datetime | None = None
    """Since when an account is no longer brought up to date."""
    not_told_since: datetime | None = None
    """The freshest of its balances, when that is old."""
    reconnect: bool = False
    consent_days: int | None = None
    """In how many days the first consent ends, from two weeks before; below zero when it has."""
    forecast_of: date | None = None
    """The day the forecast was made on, when that is not today."""
    is_being_made: bool = False

    @property
    def is_any(self) -> bool:
        """Is anything behind? A forecast that is being made anew this moment is not."""
        return bool(
            self.bank_since
            or self.not_told_since
            or self.reconnect
            or self.forecast_of
            or (self.consent_days is not None and self.consent_days < 0)
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One company. Who may not see its money gets no figure of it."""

    slug: str
    name: str
    role: Role
    currency: str
    position: Decimal | None = None
    others: tuple[tuple[str, Decimal], ...] = ()
    """Balances in other currencies."""
    as_of: datetime | None = None
    ahead: Outlook | None = None
    stale: Stale = Stale()
    counts: Counts = NOTHING
    active_at: datetime | None = None
    unread: int = 0
    """How much of what the person was told here is unread."""
    is_suspended: bool = False

    @property
    def sees_money(self) -> bool:
        """Does the person's role show amounts here? Nobody's does while it is suspended."""
        return not self.is_suspended and self.can(Right.SEE_MONEY)

    @property
    def is_below_floor(self) -> bool:
        """Is the balance below the floor within the time ahead?"""
        return self.ahead is not None and self.ahead.below_floor_on is not None

    @property
    def to_do(self) -> int:
        """How much waits, of all kinds."""
        one = self.counts
        return one.to_check + one.to_approve + one.sales_to_check + one.lines + one.alerts

    def can(self, right: Right) -> bool:
        """Does the person's role in this company cover the right?"""
        return right in RIGHTS[self.role]


@dataclass(frozen=True, slots=True)
class Total:
    """What several companies hold in one currency, and where that is lowest."""

    currency: str
    amount: Decimal
    companies: int
    lowest: LowestTogether | None = None


def rows(*, user_id: UUID, now: datetime, today: date) -> list[Row]:
    """Every company of a person, by name. Each is read in a scope of its own, in one question.

    Runs in the person's own scope, which shows where they belong and nothing more.
    """
    return [_row(place, user_id=user_id, now=now, today=today) for place in auth.places(user_id)]


def totals(found: Iterable[Row]) -> list[Total]:
    """Sums by currency, euro first. The lowest point only where every company has a forecast."""
    held: dict[str, list[Decimal]] = {}
    ahead: dict[str, list[Outlook | None]] = {}
    for row in found:
        if row.position is None:
            continue
        for code, amount in ((row.currency, row.position), *row.others):
            held.setdefault(code, []).append(amount)
        ahead.setdefault(row.currency, []).append(row.ahead)
    return [
        Total(code, sum(held[code], Decimal("0.00")), len(held[code]), _lowest(ahead.get(code, ())))
        for code in sorted(held, key=lambda code: (code != "EUR", code))
    ]


def _row(place: Membership, *, user_id: UUID, now: datetime, today: date) -> Row:
    company = place.company
    bare = Row(
        company.slug,
        company.name,
        Role(place.role),
        company.currency,
        is_suspended=company.suspended_at is not None,
    )
    if not bare.sees_money:
        return bare
    with tenancy.company_scope(company.id, user_id):
        found = board.standing()
    return Row(
        slug=bare.slug,
        name=bare.name,
        role=bare.role,
        currency=bare.currency,
        position=found.balances.get(bare.currency, Decimal("0.00")),
        others=tuple(
            (code, amount)
            for code, amount in sorted(found.balances.items())
            if code != bare.currency
        ),
        as_of=found.as_of,
        ahead=_ahead(found.forecast, today),
        stale=_stale(found, now=now, today=today),
        counts=found.counts,
        active_at=found.active_at,
        unread=found.unread,
    )


def _ahead(kept: Kept | None, today: date) -> Outlook | None:
    if kept is None or kept.shape != stored.SHAPE:
        return None
    return as_of.outlook(stored.read_outlook(kept.parts), today)


def _stale(found: Standing, *, now: datetime, today: date) -> Stale:
    old = [
        since
        for one in found.sources
        if (
            since := connections.stale_since(
                one.account,
                one.connection,
                account_fresh=one.account_fresh,
                fresh=one.fresh,
                now=now,
            )
        )
    ]
    ends = [
        notice.days
        for one in found.sources
        if (notice := connections.consent_notice(one.name, one.consent_ends, now=now))
    ]
    kept = found.forecast
    is_silent = found.as_of is not None and now - found.as_of > NOT_TOLD_FOR
    return Stale(
        bank_since=min(old, default=None),
        not_told_since=found.as_of if is_silent and not found.sources else None,
        reconnect=any(one.connection is ConnectionState.RECONNECT for one in found.sources),
        consent_days=min(ends, default=None),
        forecast_of=kept.made_on if kept is not None and kept.made_on != today else None,
        is_being_made=kept is not None and kept.is_asked_for,
    )


def _lowest(ahead: Sequence[Outlook | None]) -> LowestTogether | None:
    known = [one for one in ahead if one is not None]
    return outlook.together(known) if known and len(known) == len(ahead) else None
