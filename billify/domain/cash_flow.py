"""Days on which banks work, and the days on which planned items fall."""

import calendar
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from billify.domain.closed_days import closed_days

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
    return working_day(month_end(day), shift=Shift.PREVIOUS)


def month_end(day: date) -> date:
    """The last day of the month of this day."""
    return _in_month(day.year, day.month, 31)


def months_on(day: date, count: int) -> date:
    """The same day some months later, or before; the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return _in_month(year, month + 1, day.day)


def expand(planned: Sequence[Planned], *, start: date, end: date) -> list[Expected]:
    """Every occurrence of the planned items from start to end, both included, by date."""
    found = [
        Expected(day, item.amount, item.what, item.id)
        for item in planned
        for day in _days_of(item, start, end)
    ]
    return sorted(found, key=lambda expected: (expected.date, expected.id))


def week_start(day: date) -> date:
    """The Monday of the ISO week of a day."""
    return day - timedelta(days=day.weekday())


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
