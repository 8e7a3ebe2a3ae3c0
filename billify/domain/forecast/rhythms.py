"""The days that rhythms fall on: looked for in the past, and laid out ahead."""

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from billify.domain.cash_flow import Shift, working_day

WEEKLY, TWO_WEEKLY, FOUR_WEEKLY, THIRTY_DAYS = "weekly", "two_weekly", "four_weekly", "thirty_days"
MONTHLY, LAST_WORKING_DAY = "monthly", "monthly_last_working_day"
QUARTERLY, HALF_YEARLY, YEARLY = "quarterly", "half_yearly", "yearly"

STEPS = {WEEKLY: 7, TWO_WEEKLY: 14, FOUR_WEEKLY: 28, THIRTY_DAYS: 30}
"""Rhythms of so many days."""
MONTHS = {MONTHLY: 1, LAST_WORKING_DAY: 1, QUARTERLY: 3, HALF_YEARLY: 6, YEARLY: 12}
"""Rhythms of so many months."""
LAST_DAY = 31
"""As a day of the month: the last one, however long the month is."""


@dataclass(frozen=True, slots=True)
class Slots:
    """Every phase of a rhythm: the days it fell on, counted back from today.

    `days` has a row a phase and a column a period: column 0 is the first day at or after today,
    column 1 the one before it, and so on. `wanted` is the day of the month of each phase, or 0.
    """

    rhythm: str
    shift: Shift
    wanted: NDArray[np.int32]
    days: NDArray[np.int32]


def months(*, rhythm: str, shift: Shift, today: int, periods: int) -> Slots:
    """The slots of a rhythm of months, one for each month it may begin in and wanted day."""
    step = MONTHS[rhythm]
    now = date.fromordinal(today)
    wanted = [31] if rhythm == LAST_WORKING_DAY else list(range(1, 32))
    newest = now.year * 12 + now.month - 1 + step + 1
    rows = []
    for begin in range(step):
        tops = range(newest - begin, newest - begin - step * (periods + 5), -step)
        rows += [[_day(month, day, shift) for month in tops] for day in wanted]
    table = np.array(rows, np.int32)
    first_past = np.argmax(table < today, axis=1)
    at = first_past[:, None] - 1 + np.arange(periods + 1)
    days = np.take_along_axis(table, at, axis=1)
    return Slots(rhythm, shift, np.array(wanted * step, np.int32), days)


def steps(*, rhythm: str, today: int, periods: int) -> Slots:
    """The slots of a rhythm of days, one for each day it may fall on."""
    step = STEPS[rhythm]
    days = today + np.arange(step)[:, None] - step * np.arange(periods + 1)[None, :]
    return Slots(rhythm, Shift.NONE, np.zeros(step, np.int32), days.astype(np.int32))


def ahead(*, rhythm: str, day: int | None, shift: Shift, after: date) -> Iterator[date]:
    """The days of a rhythm after the one at (or shifted to) `after`, in order, without end."""
    if rhythm in STEPS:
        yield from _steps_after(STEPS[rhythm], after)
        return
    month = after.year * 12 + after.month - 1
    wanted = day or after.day
    if day is not None:
        month = min(range(month - 1, month + 2), key=lambda m: abs(_of(m, day) - after.toordinal()))
    last = LAST_DAY if rhythm == LAST_WORKING_DAY else wanted
    to = Shift.PREVIOUS if rhythm == LAST_WORKING_DAY else shift
    while (month := month + MONTHS[rhythm]) < _END:
        yield date.fromordinal(_day(month, last, to))


_END = date.max.year * 12 - 1


def _steps_after(step: int, after: date) -> Iterator[date]:
    for day in range(after.toordinal() + step, date.max.toordinal() + 1, step):
        yield date.fromordinal(day)


def _of(month: int, day: int) -> int:
    """The ordinal of a day in a month counted from year 0, or of the month's last day."""
    year, at = divmod(month, 12)
    return date(year, at + 1, min(day, _length(year, at + 1))).toordinal()


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


_shifted: dict[tuple[int, Shift], int] = {}


def _day(month: int, day: int, shift: Shift) -> int:
    wanted = _of(month, day)
    if shift is Shift.NONE:
        return wanted
    key = (wanted, shift)
    if key not in _shifted:
        if len(_shifted) > _KEPT:
            _shifted.clear()
        _shifted[key] = working_day(date.fromordinal(wanted), shift=shift).toordinal()
    return _shifted[key]


_KEPT = 20_000


def all_slots(*, today: int, wanted: Sequence[tuple[str, Shift, int]]) -> list[Slots]:
    """The slots of rhythms, each with its shift and how many periods to look back."""
    return [
        steps(rhythm=rhythm, today=today, periods=periods)
        if rhythm in STEPS
        else months(rhythm=rhythm, shift=shift, today=today, periods=periods)
        for rhythm, shift, periods in wanted
    ]
