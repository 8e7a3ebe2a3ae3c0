"""The cash flow as Home shows it: what is there, what is open, and the balance ahead.

Invoices count with what is still open, in the company's currency; others stand apart. A credit
note is never overdue: a late one is taken off today. Overdue payables count today, since we owe
them now. Overdue receivables are not counted, since a date that has passed says nothing of when
they come.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from billify.data.models import BankAccount
from billify.data.queries import banking
from billify.data.queries import cash_flow as queries
from billify.data.queries.cash_flow import OpenDay
from billify.domain import cash_flow as rules
from billify.domain.cash_flow import Day, Expected, Planned
from billify.domain.invoices import InvoiceDirection

WEEKS = 13
DAYS_BEFORE = 28
ZERO = Decimal("0.00")
_BRUSSELS = ZoneInfo("Europe/Brussels")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Position:
    """What the accounts hold: the total in the company's currency, and every account."""

    total: Decimal
    currency: str
    accounts: Sequence[BankAccount]

    @property
    def counted(self) -> list[BankAccount]:
        """The accounts that the total is made of."""
        return [one for one in self.accounts if one.currency == self.currency]

    @property
    def oldest(self) -> datetime | None:
        """The moment of the least fresh balance in the total."""
        return min((one.as_of for one in self.counted), default=None)

    @property
    def newest(self) -> datetime | None:
        """The moment of the freshest balance in the total."""
        return max((one.as_of for one in self.counted), default=None)


@dataclass(frozen=True, slots=True)
class Side:
    """Open amounts of one direction in one currency, credit notes taken off."""

    open: Decimal = ZERO
    overdue: Decimal = ZERO
    later: Decimal = ZERO
    count: int = 0
    count_overdue: int = 0
    weeks: tuple[Decimal, ...] = (ZERO,) * WEEKS


@dataclass(frozen=True, slots=True)
class Foreign:
    """Open amounts in a currency that the forecast does not count."""

    currency: str
    receivable: Side
    payable: Side


@dataclass(frozen=True, slots=True)
class OpenAmounts:
    """Who owes what: by ISO week from this week on, with overdue and later ones apart."""

    receivable: Side
    payable: Side
    foreign: tuple[Foreign, ...]
    starts: tuple[date, ...]

    @property
    def after(self) -> date:
        """The first day behind the last week."""
        return self.starts[-1] + timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WeekAhead:
    """What is expected within one week, planned items too; both are above zero."""

    start: date
    end: date
    money_in: Decimal
    money_out: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Outlook:
    """The balance of the past weeks and of those ahead."""

    past: tuple[tuple[date, Decimal], ...]
    days: tuple[Day, ...]
    weeks: tuple[WeekAhead, ...]
    lowest: Day
    below_floor: Day | None
    below_zero: Day | None
    planned_count: int


@dataclass(frozen=True, slots=True)
class Known:
    """The rows a forecast is made from."""

    position: Position
    open_days: Sequence[OpenDay]
    planned: Sequence[Planned]


def position(*, currency: str) -> Position:
    """What the accounts hold, as they were last told."""
    accounts = queries.accounts()
    held = sum((one.balance for one in accounts if one.currency == currency), ZERO)
    return Position(held, currency, accounts)


def known(*, today: date, currency: str) -> Known:
    """Read what a forecast is made from."""
    held = position(currency=currency)
    return Known(held, queries.open_days(today), queries.planned(counted_since(held, today)))


def counted_since(held: Position, today: date) -> date:
    """From this day on planned items count: the day after the freshest balance, at most today."""
    if held.newest is None:
        return today
    return min(held.newest.astimezone(_BRUSSELS).date() + _ONE_DAY, today)


def open_amounts(*, open_days: Sequence[OpenDay], today: date, currency: str) -> OpenAmounts:
    """Open amounts by direction and week."""
    starts = week_starts(today)
    by_side: defaultdict[tuple[str, InvoiceDirection], list[OpenDay]] = defaultdict(list)
    for day in open_days:
        by_side[day.currency, day.direction].append(day)
    sides = {key: _side(days, today, starts) for key, days in by_side.items()}

    def side(code: str, direction: InvoiceDirection) -> Side:
        return sides.get((code, direction), Side())

    others = sorted({code for code, _ in sides} - {currency})
    return OpenAmounts(
        side(currency, InvoiceDirection.SALE),
        side(currency, InvoiceDirection.PURCHASE),
        tuple(
            Foreign(code, side(code, InvoiceDirection.SALE), side(code, InvoiceDirection.PURCHASE))
            for code in others
        ),
        starts,
    )


def outlook(*, known: Known, today: date, floor: Decimal) -> Outlook:
    """The balance ahead, day by day until the end of the last week."""
    held = known.position
    starts = week_starts(today)
    days = (starts[-1] + timedelta(days=7) - today).days
    since = counted_since(held, today)
    expected = _expected(known.open_days, today, held.currency)
    projection = rules.project(
        balance=held.total,
        as_of=since - _ONE_DAY,
        today=today,
        expected=expected,
        planned=known.planned,
        days=days,
    )
    coming = rules.expand(known.planned, start=since, end=today + timedelta(days=days - 1))
    balances = {day.date: day.balance for day in projection.days}
    return Outlook(
        past=_past(held, today),
        days=projection.days,
        weeks=tuple(_weeks(expected, coming, balances, today, starts)),
        lowest=projection.lowest,
        below_floor=_first_below(projection.days, floor) if floor else None,
        below_zero=_first_below(projection.days, ZERO),
        planned_count=len(known.planned),
    )


def week_starts(today: date) -> tuple[date, ...]:
    """The Mondays of this week and those after it."""
    monday = rules.week_start(today)
    return tuple(monday + timedelta(weeks=at) for at in range(WEEKS))


def verify() -> list[banking.Difference]:
    """Kept balances that are not what the movements add up to; none when all is well."""
    return banking.differences()


def _side(days: Iterable[OpenDay], today: date, starts: Sequence[date]) -> Side:
    end = starts[-1] + timedelta(days=7)
    weeks = dict.fromkeys(starts, ZERO)
    overdue, later, count, count_overdue = ZERO, ZERO, 0, 0
    for day in days:
        count += day.count
        if day.day < today:
            overdue += day.amount
            count_overdue += day.count
        elif day.day >= end:
            later += day.amount
        else:
            weeks[rules.week_start(day.day)] += day.amount
    total = overdue + later + sum(weeks.values(), ZERO)
    return Side(total, overdue, later, count, count_overdue, tuple(weeks.values()))


def _expected(open_days: Iterable[OpenDay], today: date, currency: str) -> list[Expected]:
    """Open amounts as money on a day; what is overdue to us stays out."""
    found = []
    for day in open_days:
        if day.currency != currency:
            continue
        if day.direction is InvoiceDirection.SALE:
            if day.day >= today:
                found.append(Expected(day.day, day.amount, "sale", f"sale {day.day}"))
        else:
            on = max(day.day, today)
            found.append(Expected(on, -day.amount, "purchase", f"purchase {day.day}"))
    return found


def _weeks(
    expected: Iterable[Expected],
    coming: Iterable[Expected],
    balances: dict[date, Decimal],
    today: date,
    starts: Sequence[date],
) -> Iterable[WeekAhead]:
    """Money in is what customers owe and what is planned to come; out likewise, above zero."""
    money_in: defaultdict[date, Decimal] = defaultdict(lambda: ZERO)
    money_out: defaultdict[date, Decimal] = defaultdict(lambda: ZERO)
    for item in expected:
        side = money_in if item.what == "sale" else money_out
        side[rules.week_start(item.date)] += item.amount
    for item in coming:
        side = money_in if item.amount > 0 else money_out
        side[rules.week_start(max(item.date, today))] += item.amount
    for start in starts:
        end = start + timedelta(days=6)
        yield WeekAhead(start, end, money_in[start], -money_out[start], balances[end])


def _past(held: Position, today: date) -> tuple[tuple[date, Decimal], ...]:
    """The total at the end of each past day, from the first on that every account is known."""
    since = today - timedelta(days=DAYS_BEFORE)
    kept: defaultdict[date, list[tuple[UUID, Decimal]]] = defaultdict(list)
    counted = {one.id for one in held.counted}
    for account_id, day, balance in queries.history(since):
        if account_id in counted:
            kept[max(day, since)].append((account_id, balance))
    last: dict[UUID, Decimal] = {}
    found = []
    for at in range(DAYS_BEFORE):
        day = since + timedelta(days=at)
        last.update(kept[day])
        if last and len(last) == len(held.counted):
            found.append((day, sum(last.values(), ZERO)))
    return tuple(found)


def _first_below(days: Iterable[Day], limit: Decimal) -> Day | None:
    return next((day for day in days if day.balance < limit), None)
