"""A stored forecast as it is read on a later day: just after midnight, or when none was made since.

The days that are over fall away, and what was expected on them counts today: nobody has seen it
happen, and a balance of a day behind them holds it. So every balance stays as it was stored, and
lists, sums and the chart agree. No numpy.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from billify.domain.forecast import course
from billify.domain.forecast.outlook import Outlook
from billify.domain.forecast.shapes import Crossing, DayAhead, Flow, Forecast, MonthAhead

Point = TypeVar("Point", DayAhead, MonthAhead)
ZERO = Decimal("0.00")


def forecast(kept: Forecast, today: date) -> Forecast | None:
    """A forecast without flows, brought to a day. None when all its days are over."""
    if today <= kept.today:
        return kept
    over = sum(one.day < today for one in kept.days)
    days = _from(kept.days, over)
    if not days:
        return None
    return replace(
        kept,
        today=today,
        days=days,
        months=_from(kept.months, sum(one.end < today for one in kept.months)),
        lowest=course.lowest(days),
        below_floor=_crossing(kept.below_floor, kept.floor, days),
        below_zero=_crossing(kept.below_zero, ZERO, days),
    )


def flow(kept: Flow, today: date) -> Flow:
    """An expected movement, today at the earliest; so are the ends of its band."""
    if kept.day >= today:
        return kept
    return replace(
        kept,
        day=today,
        early=kept.early and max(kept.early, today),
        late=kept.late and max(kept.late, today),
    )


def outlook(kept: Outlook, today: date) -> Outlook | None:
    """What a board shows, brought to a day. None when all its days are over."""
    over = (today - kept.today).days
    if over <= 0:
        return kept
    left = kept.balances[over:]
    if not left:
        return None
    days = [date.fromordinal(today.toordinal() + at) for at in range(len(left))]
    at = min(range(len(left)), key=lambda at: (left[at], at))
    below = kept.below_floor_on
    if below is not None:
        below = next((day for day, one in zip(days, left, strict=True) if one < kept.floor), None)
    return replace(
        kept,
        today=today,
        lowest=left[at],
        lowest_on=days[at],
        below_floor_on=below,
        balances=left,
    )


def reach(kept: Forecast) -> date:
    """The last day that a forecast says something of."""
    return max([one.day for one in kept.days[-1:]] + [one.end for one in kept.months[-1:]])


def _from(points: tuple[Point, ...], over: int) -> tuple[Point, ...]:
    """The days or months from a place on; the first takes in what those before it moved."""
    if not 0 < over < len(points):
        return points[over:]
    moved = points[: over + 1]
    money_in = sum((one.money_in for one in moved), ZERO)
    money_out = sum((one.money_out for one in moved), ZERO)
    left = list(points[over:])
    left[0] = replace(left[0], money_in=money_in, money_out=money_out)
    return tuple(left)


def _crossing(kept: Crossing | None, limit: Decimal, days: tuple[DayAhead, ...]) -> Crossing | None:
    """The first day left below a limit, with the causes that were found."""
    if kept is None or kept.day >= days[0].day:
        return kept
    found = next((one for one in days if one.balance < limit), None)
    if found is None:
        return None
    because = tuple(flow(one, days[0].day) for one in kept.because)
    return replace(kept, day=found.day, balance=found.balance, because=because)
