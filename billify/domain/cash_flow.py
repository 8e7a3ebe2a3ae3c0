"""The forecast: what is expected on which day, and what the balance then is."""

import calendar
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from billify.domain.closed_days import closed_days

ZERO = Decimal("0.00")
ONE_DAY = timedelta(days=1)
LONGEST_PAUSE = timedelta(days=10)
"""No run of days without banking is longer, so a shifted day is never further away."""


class Rhythm(StrEnum):
    """How often a planned item comes back."""

    ONCE = "once"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    MONTHLY_LAST_WORKING_DAY = "monthly_last_working_day"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


class Shift(StrEnum):
    """Where a day without banking moves to."""

    NONE = "none"
    NEXT = "next"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Expected:
    """Money expected on a day: above zero comes in, below goes out."""

    date: date
    amount: Decimal
    what: str
    id: str


@dataclass(frozen=True, slots=True)
class Planned:
    """An item that comes once or in a rhythm from its first day on.

    `day` is the wanted day of the month; without it the first date's day holds.
    A day the month does not have means its last day.
    """

    id: str
    what: str
    amount: Decimal
    rhythm: Rhythm
    first: date
    until: date | None = None
    day: int | None = None
    shift: Shift = Shift.NEXT


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the curve: what comes in, what goes out (below zero), what is left."""

    date: date
    money_in: Decimal
    money_out: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Week:
    """One ISO week; `balance` is what is left on its last projected day."""

    start: date
    end: date
    number: int
    money_in: Decimal
    money_out: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Overdue:
    """What should have moved before today."""

    money_in: Decimal
    money_out: Decimal
    count_in: int
    count_out: int


@dataclass(frozen=True, slots=True)
class Projection:
    """The balance day by day from today on."""

    balance: Decimal
    as_of: date
    days: tuple[Day, ...]
    weeks: tuple[Week, ...]
    overdue: Overdue
    lowest: Day


@dataclass(frozen=True, slots=True)
class Bucket:
    """Expected money of one ISO week."""

    start: date
    end: date
    number: int
    money_in: Decimal
    money_out: Decimal


def is_working_day(day: date) -> bool:
    """Whether Belgian banks work on this day: no weekend, public holiday or bank holiday.

    Bank holidays are those of Febelfin (Good Friday, the Friday after Ascension, 26 December).
    """
    return day.weekday() < 5 and day not in _closed(day.year)


def working_day(day: date, *, shift: Shift) -> date:
    """The day itself when banks work, else the nearest one in the wanted direction."""
    if shift is Shift.NONE:
        return day
    step = ONE_DAY if shift is Shift.NEXT else -ONE_DAY
    while not is_working_day(day):
        day += step
    return day


def last_working_day(day: date) -> date:
    """The last working day of the month of this day."""
    return working_day(_in_month(day.year, day.month, 31), shift=Shift.PREVIOUS)


def expand(planned: Sequence[Planned], *, start: date, end: date) -> list[Expected]:
    """Every occurrence of the planned items from start to end, both included, by date."""
    found = [
        Expected(day, item.amount, item.what, item.id)
        for item in planned
        for day in _days_of(item, start, end)
    ]
    return sorted(found, key=lambda expected: (expected.date, expected.id))


def overdue(expected: Sequence[Expected], *, today: date) -> Overdue:
    """The sums of what is dated before today."""
    late = [item.amount for item in expected if item.date < today]
    money_in = [amount for amount in late if amount > 0]
    money_out = [amount for amount in late if amount < 0]
    return Overdue(sum(money_in, ZERO), sum(money_out, ZERO), len(money_in), len(money_out))


def by_week(expected: Sequence[Expected], *, today: date, weeks: int = 13) -> list[Bucket]:
    """Expected money by ISO week, this week first; what is overdue stays apart."""
    monday = week_start(today)
    end = monday + timedelta(weeks=weeks)
    coming = [item for item in expected if today <= item.date < end]
    flows = _flows(coming, key=lambda item: week_start(item.date))
    starts = (monday + timedelta(weeks=at) for at in range(weeks))
    return [
        Bucket(start, start + 6 * ONE_DAY, start.isocalendar().week, *flows[start])
        for start in starts
    ]


def project(
    *,
    balance: Decimal,
    as_of: date,
    today: date,
    expected: Sequence[Expected],
    planned: Sequence[Planned] = (),
    days: int = 91,
) -> Projection:
    """The balance day by day: expected and planned money laid on the balance as of a day.

    `days` counts today. Planned items count from the day after `as_of`, so one that the bank
    has not shown yet is not lost; such a late one goes out (or comes in) today. Overdue
    payables count today, since we owe them now. Overdue receivables are not counted, since a
    date that has passed says nothing of when they come; both stand apart in `overdue`.
    """
    end = today + timedelta(days=days - 1)
    since = min(as_of + ONE_DAY, today)
    coming = [item for item in expected if item.date >= today or item.amount < 0]
    coming += expand(planned, start=since, end=end)
    flows = _flows(coming, key=lambda item: max(item.date, today))
    curve, left = [], balance
    for day in (today + timedelta(days=at) for at in range(days)):
        money_in, money_out = flows[day]
        left += money_in + money_out
        curve.append(Day(day, money_in, money_out, left))
    return Projection(
        balance=balance,
        as_of=as_of,
        days=tuple(curve),
        weeks=_weeks(curve),
        overdue=overdue(expected, today=today),
        lowest=min(curve, key=lambda day: day.balance),
    )


def week_start(day: date) -> date:
    """The Monday of the ISO week of a day."""
    return day - timedelta(days=day.weekday())


def _flows(
    items: Sequence[Expected], *, key: Callable[[Expected], date]
) -> defaultdict[date, tuple[Decimal, Decimal]]:
    """Money in and money out for each day or week that the key names."""
    flows: defaultdict[date, tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    for item in items:
        when = key(item)
        money_in, money_out = flows[when]
        if item.amount > 0:
            flows[when] = (money_in + item.amount, money_out)
        else:
            flows[when] = (money_in, money_out + item.amount)
    return flows


def _weeks(curve: Sequence[Day]) -> tuple[Week, ...]:
    weeks: dict[date, Week] = {}
    for day in curve:
        start = week_start(day.date)
        so_far = weeks.get(start)
        weeks[start] = Week(
            start=start,
            end=start + 6 * ONE_DAY,
            number=start.isocalendar().week,
            money_in=(so_far.money_in if so_far else ZERO) + day.money_in,
            money_out=(so_far.money_out if so_far else ZERO) + day.money_out,
            balance=day.balance,
        )
    return tuple(weeks.values())


def _days_of(item: Planned, start: date, end: date) -> Iterator[date]:
    """The working days an item falls on, from start to end."""
    for wanted in _wanted_days(item):
        if wanted > end + LONGEST_PAUSE or (item.until is not None and wanted > item.until):
            return
        day = working_day(wanted, shift=item.shift) if wanted >= start - LONGEST_PAUSE else wanted
        if start <= day <= end:
            yield day


def _wanted_days(item: Planned) -> Iterator[date]:
    """The days an item asks for, before any shift, without end."""
    if item.rhythm is Rhythm.ONCE:
        yield item.first
    elif item.rhythm is Rhythm.WEEKLY:
        for at in itertools.count():
            yield item.first + timedelta(weeks=at)
    else:
        yield from _monthly(item)


_MONTHS = {
    Rhythm.MONTHLY: 1,
    Rhythm.MONTHLY_LAST_WORKING_DAY: 1,
    Rhythm.QUARTERLY: 3,
    Rhythm.YEARLY: 12,
}


def _monthly(item: Planned) -> Iterator[date]:
    for at in itertools.count(step=_MONTHS[item.rhythm]):
        year, month = divmod(item.first.year * 12 + item.first.month - 1 + at, 12)
        day = _in_month(year, month + 1, item.day or item.first.day)
        if item.rhythm is Rhythm.MONTHLY_LAST_WORKING_DAY:
            day = last_working_day(day)
        if day >= item.first:
            yield day


def _in_month(year: int, month: int, day: int) -> date:
    """The day of the month, or its last day when the month is shorter."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


_closed = lru_cache(maxsize=64)(closed_days)
