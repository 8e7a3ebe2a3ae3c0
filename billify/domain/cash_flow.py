"""The forecast: what is expected on which day, and what the balance then is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


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
    """Whether Belgian banks work on this day."""
    raise NotImplementedError


def working_day(day: date, *, shift: Shift) -> date:
    """The day itself when banks work, else the nearest one in the wanted direction."""
    raise NotImplementedError


def last_working_day(day: date) -> date:
    """The last working day of the month of this day."""
    raise NotImplementedError


def expand(planned: Sequence[Planned], *, start: date, end: date) -> list[Expected]:
    """Every occurrence of the planned items from start to end, both included, by date."""
    raise NotImplementedError


def overdue(expected: Sequence[Expected], *, today: date) -> Overdue:
    """The sums of what is dated before today."""
    raise NotImplementedError


def by_week(expected: Sequence[Expected], *, today: date, weeks: int = 13) -> list[Bucket]:
    """Expected money by ISO week, this week first; what is overdue stays apart."""
    raise NotImplementedError


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

    Overdue payables count today, since we owe them now. Overdue receivables are not
    counted at all, since a date that has passed says nothing of when they come; both
    stand apart in `overdue`.
    """
    raise NotImplementedError
