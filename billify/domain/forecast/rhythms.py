"""The days that rhythms fall on: looked for in the past, and laid out ahead."""

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

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
    wanted = np.array([LAST_DAY] if rhythm == LAST_WORKING_DAY else range(1, LAST_DAY + 1))
    newest = now.year * 12 + now.month - 1 + step + 1
    back = np.arange(step)[:, None] + step * np.arange(periods + 5)
    first, length = _months(newest - back)
    day = first[:, None, :] + np.minimum(wanted[None, :, None], length[:, None, :]) - 1
    table = _shift_all(day.reshape(-1, periods + 5), shift)
    first_past = np.argmax(table < today, axis=1)
    at = first_past[:, None] - 1 + np.arange(periods + 1)
    days = np.take_along_axis(table, at, axis=1)
    return Slots(rhythm, shift, np.tile(wanted, step).astype(np.int32), days.astype(np.int32))


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
    return date(year, at + 1, min(day, calendar.monthrange(year, at + 1)[1])).toordinal()


def _day(month: int, day: int, shift: Shift) -> int:
    return _shifted(_of(month, day), shift)


@lru_cache(maxsize=20_000)
def _shifted(day: int, shift: Shift) -> int:
    return working_day(date.fromordinal(day), shift=shift).toordinal()


def _months(months: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The ordinals of the first days of months counted from year 0, and their lengths."""
    since = months - _EPOCH_MONTH
    first = since.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    after = (since + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return first + _EPOCH, after - first


_EPOCH = date(1970, 1, 1).toordinal()
_EPOCH_MONTH = 1970 * 12


def _shift_all(days: NDArray[np.int64], shift: Shift) -> NDArray[np.int64]:
    if shift is Shift.NONE:
        return days
    known, at = np.unique(days, return_inverse=True)
    shifted = np.array([_shifted(day, shift) for day in known.tolist()])
    return shifted[at].reshape(days.shape)


def all_slots(*, today: int, wanted: Sequence[tuple[str, Shift, int]]) -> list[Slots]:
    """The slots of rhythms, each with its shift and how many periods to look back."""
    return [
        steps(rhythm=rhythm, today=today, periods=periods)
        if rhythm in STEPS
        else months(rhythm=rhythm, shift=shift, today=today, periods=periods)
        for rhythm, shift, periods in wanted
    ]
