"""Wages that come once a year: double holiday pay and the year-end premium.

One year of history holds each of them once, which is no rhythm yet. That they come again is law
(double holiday pay: royal decree of 30 March 1967, article 38, with the main holidays, mostly May
or June) or an agreement of the sector (year-end premium, mostly December). So a month in which much
more was paid in wages than in others is expected to do so again a year later.
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from billify.domain.cash_flow import Shift, working_day
from billify.domain.forecast import recurring, rhythms
from billify.domain.forecast.history import Movements
from billify.domain.forecast.shapes import Recurrence

WAGES = "wages"
"""The code of the category."""
MUCH = 0.3
"""By so much of a usual month, at least, a month is above it."""
LEAST_MONTHS = 6
CONFIDENCE = 70


class _Paid(NamedTuple):
    """A payment of wages; cents above zero."""

    day: date
    cents: int
    name: str


def again(*, found: recurring.Found, movements: Movements, today: date) -> list[Recurrence]:
    """What is expected again a year after the months of the last year with extra wages."""
    if WAGES not in movements.kinds:
        return []
    by_month = _by_month(movements, today)
    if len(by_month) < LEAST_MONTHS:
        return []
    usual = float(np.median([sum(row.cents for row in rows) for rows in by_month.values()]))
    known = {one.next.month for one in found.recurrences if _is_yearly_wage(one)}
    months = [
        _recurrence(rows, usual, today)
        for (_, month), rows in sorted(by_month.items())
        if month not in known and sum(row.cents for row in rows) > usual * (1 + MUCH)
    ]
    return [one for one in months if one.next >= today]


def _by_month(movements: Movements, today: date) -> dict[tuple[int, int], list[_Paid]]:
    """Wages paid in the whole months of the last year, above zero, with their days."""
    first = (today.replace(day=1) - timedelta(days=360)).replace(day=1)
    chosen = (movements.kind == movements.kinds.index(WAGES)) & (movements.cents < 0)
    chosen &= movements.days >= first.toordinal()
    chosen &= movements.days < today.replace(day=1).toordinal()
    rows: defaultdict[tuple[int, int], list[_Paid]] = defaultdict(list)
    for at in np.flatnonzero(chosen).tolist():
        day = date.fromordinal(int(movements.days[at]))
        name = movements.names[int(movements.who[at])]
        rows[day.year, day.month].append(_Paid(day, -int(movements.cents[at]), name))
    return rows


def _is_yearly_wage(one: Recurrence) -> bool:
    return one.rhythm == rhythms.YEARLY and one.category == WAGES


def _recurrence(rows: list[_Paid], usual: float, today: date) -> Recurrence:
    """The extra of a month, on the day of the payment that comes nearest to it."""
    extra = sum(row.cents for row in rows) - usual
    nearest = min(rows, key=lambda row: (abs(row.cents - extra), row.day))
    last = nearest.day
    coming = last.replace(year=last.year + 1, day=min(last.day, 28))
    return Recurrence(
        key=f"{WAGES} {rhythms.YEARLY} {last.month:02d}",
        name=nearest.name or WAGES,
        rhythm=rhythms.YEARLY,
        amount=Decimal(-round(extra)) / 100,
        day=last.day,
        shift=Shift.PREVIOUS.value,
        next=max(working_day(coming, shift=Shift.PREVIOUS), today),
        last=last,
        count=1,
        spread_amount=Decimal(round(extra / 10)) / 100,
        spread_days=4,
        drift=Decimal("0.00"),
        confidence=CONFIDENCE,
        category=WAGES,
    )
