"""Movements that come back: found in the bank's history, with their rhythm, amount and trust."""

import calendar
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from billify.domain.cash_flow import Shift, working_day
from billify.domain.forecast.history import Movements
from billify.domain.forecast.shapes import Recurrence

WEEKLY, TWO_WEEKLY, MONTHLY = "weekly", "two_weekly", "monthly"
LAST_WORKING_DAY, QUARTERLY, YEARLY = "monthly_last_working_day", "quarterly", "yearly"
_MONTHS = {MONTHLY: 1, LAST_WORKING_DAY: 1, QUARTERLY: 3, YEARLY: 12}
_WEEKS = {WEEKLY: 7, TWO_WEEKLY: 14}
LAST_DAY = 31
"""As a day of the month: the last one, however long the month is."""


@dataclass(frozen=True, slots=True)
class Found:
    """What comes back, and for each movement the index of its recurrence, or -1."""

    recurrences: list[Recurrence]
    of: NDArray[np.int32]


def find(*, movements: Movements, today: date) -> list[Recurrence]:
    """The movements that come back and are still expected after today."""
    return search(movements=movements, today=today).recurrences


def search(*, movements: Movements, today: date) -> Found:
    """The movements that come back, and which movements each of them explains."""
    of = np.full(len(movements), -1, dtype=np.int32)
    found: list[Recurrence] = []
    for rows in _groups(movements):
        recurrence = _monthly_of(movements, rows, today)
        if recurrence is not None:
            of[rows] = len(found)
            found.append(recurrence)
    return Found(found, of)


def occurrences(*, recurrence: Recurrence, start: date, end: date) -> list[date]:
    """The days it is expected on from start to end, both included, in order."""
    days = [recurrence.next] if start <= recurrence.next <= end else []
    for day in _scheduled(recurrence):
        if day > end:
            break
        if day >= start:
            days.append(day)
    return days


def _scheduled(recurrence: Recurrence) -> Iterator[date]:
    """Every day after the next one, shifted to a working day where it is."""
    step = _WEEKS.get(recurrence.rhythm)
    if step is not None:
        anchor = recurrence.next
        while True:
            anchor += timedelta(days=step)
            yield working_day(anchor, shift=Shift(recurrence.shift))
    months = _MONTHS[recurrence.rhythm]
    year, month = recurrence.next.year, recurrence.next.month - 1
    while True:
        year, month = divmod(year * 12 + month + months, 12)
        if year > 9998:
            return
        wanted = recurrence.day or recurrence.next.day
        day = date(year, month + 1, min(wanted, calendar.monthrange(year, month + 1)[1]))
        yield working_day(day, shift=Shift(recurrence.shift))


def _groups(movements: Movements) -> Iterator[NDArray[np.intp]]:
    """The movements of one counterparty, kind and direction, when there are some."""
    if not len(movements):
        return
    key = (movements.who.astype(np.int64) * (len(movements.kinds) + 1) + movements.kind) * 2 + (
        movements.cents > 0
    )
    order = np.argsort(key, kind="stable")
    edges = np.flatnonzero(np.diff(key[order])) + 1
    for rows in np.split(order, edges):
        if len(rows) >= 3:
            yield rows


def _monthly_of(movements: Movements, rows: NDArray[np.intp], today: date) -> Recurrence | None:
    days = movements.days[rows]
    gaps = np.diff(days)
    if today.toordinal() - int(days[-1]) > 40 or np.mean(np.abs(gaps[-6:] - 30.5) <= 4) < 0.8:
        return None
    dates = [date.fromordinal(int(day)) for day in days[-6:]]
    wanted = int(statistics.median(each.day for each in dates))
    last = dates[-1]
    year, month = divmod(last.year * 12 + last.month, 12)
    coming = date(year, month + 1, min(wanted, calendar.monthrange(year, month + 1)[1]))
    cents = movements.cents[rows][-6:]
    amount = int(np.median(cents))
    name = movements.names[int(movements.who[rows[0]])]
    kind = movements.kinds[int(movements.kind[rows[0]])]
    return Recurrence(
        key=f"{name or kind}|{kind}|{'in' if amount > 0 else 'out'}|{MONTHLY}|{wanted}",
        name=name or kind,
        rhythm=MONTHLY,
        amount=Decimal(amount) / 100,
        day=wanted,
        shift=Shift.NONE.value,
        next=max(coming, today),
        last=last,
        count=len(rows),
        spread_amount=Decimal(int(np.median(np.abs(cents - amount)))) / 100,
        spread_days=2,
        drift=Decimal("0.00"),
        confidence=90,
        category=kind,
    )
