"""The course of the balance: what the rows of a forecast add up to, day by day. No numpy."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from billify.domain.cash_flow import month_end, months_on
from billify.domain.forecast.shapes import (
    DAYS_AHEAD,
    MONTHS_AHEAD,
    Crossing,
    DayAhead,
    Flow,
    MonthAhead,
)

ZERO = Decimal("0.00")
Point = TypeVar("Point", DayAhead, MonthAhead)
_ONE_DAY = timedelta(days=1)
MOST_CAUSES = 5
SURE = 100
FALL = timedelta(days=28)
"""What brings a balance down is looked for in the four weeks before, so a pay day of each month is
in it once."""

Widths = Sequence[tuple[Decimal, Decimal]]
"""By day or month: how far the band reaches below and above the line, both at or above zero."""
Edges = Sequence[tuple[Decimal, Decimal]]
"""Lower and upper edge of the band by day or month."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What comes in and goes out by day; both above zero."""

    money_in: dict[date, Decimal]
    money_out: dict[date, Decimal]


def sums(flows: Sequence[Flow]) -> Sums:
    """Money in and out of each day that has any."""
    money_in: defaultdict[date, Decimal] = defaultdict(lambda: ZERO)
    money_out: defaultdict[date, Decimal] = defaultdict(lambda: ZERO)
    for flow in flows:
        if flow.amount > 0:
            money_in[flow.day] += flow.amount
        else:
            money_out[flow.day] -= flow.amount
    return Sums(dict(money_in), dict(money_out))


def last_day(today: date) -> date:
    """The end of the last month ahead."""
    return month_ends(today)[-1]


def month_ends(today: date) -> list[date]:
    """The last days of the months ahead, that of today first."""
    first = today.replace(day=1)
    return [month_end(months_on(first, at)) for at in range(MONTHS_AHEAD)]


def days_ahead(
    *, today: date, balance: Decimal, total: Sums, widths: Widths = ()
) -> list[DayAhead]:
    """Each day's balance with its band; today is the first, and without widths there is no band."""
    found = []
    for at in range(DAYS_AHEAD):
        day = today + timedelta(days=at)
        money_in = total.money_in.get(day, ZERO)
        money_out = total.money_out.get(day, ZERO)
        balance += money_in - money_out
        below, above = widths[at] if widths else (ZERO, ZERO)
        found.append(DayAhead(day, balance, balance - below, balance + above, money_in, money_out))
    return found


def months_ahead(
    *, today: date, balance: Decimal, total: Sums, widths: Widths = ()
) -> list[MonthAhead]:
    """Each month end's balance with its band; the first month counts from today on."""
    found = []
    first = today
    for at, end in enumerate(month_ends(today)):
        month = [first + timedelta(days=on) for on in range((end - first).days + 1)]
        money_in = sum((total.money_in.get(day, ZERO) for day in month), ZERO)
        money_out = sum((total.money_out.get(day, ZERO) for day in month), ZERO)
        balance += money_in - money_out
        below, above = widths[at] if widths else (ZERO, ZERO)
        found.append(
            MonthAhead(end, balance, balance - below, balance + above, money_in, money_out)
        )
        first = end + _ONE_DAY
    return found


def banded(points: Sequence[Point], edges: Edges) -> list[Point]:
    """Days or months with the band between these edges, widened so far that it holds the line."""
    return [
        replace(one, low=min(low, one.balance), high=max(high, one.balance))
        for one, (low, high) in zip(points, edges, strict=True)
    ]


def lowest(days: Sequence[DayAhead]) -> DayAhead:
    """The first day on which the balance is as low as it gets."""
    return min(days, key=lambda day: (day.balance, day.day))


def crossing(*, days: Sequence[DayAhead], limit: Decimal, flows: Sequence[Flow]) -> Crossing | None:
    """The first day below a limit and what makes it so, for sure; None when no day is."""
    found = next((day for day in days if day.balance < limit), None)
    if found is None:
        return None
    return Crossing(found.day, found.balance, SURE, _causes(days, found, flows))


def _causes(days: Sequence[DayAhead], at: DayAhead, flows: Sequence[Flow]) -> tuple[Flow, ...]:
    """The largest outflows since the last high, and what customers pay only after the day.

    The last high is the highest day of the four weeks before, the later one of two alike. A
    receivable is a cause when it was due by then and is expected later: had it come in time, the
    balance would be higher.
    """
    before = [day for day in days if at.day - FALL <= day.day <= at.day]
    high = max(before, key=lambda day: (day.balance, day.day)).day
    # What goes out on the first day of all brings that day itself down.
    since = high if high == days[0].day else high + _ONE_DAY
    gone = [flow for flow in flows if flow.amount < 0 and since <= flow.day <= at.day]
    late = [
        flow
        for flow in flows
        if flow.amount > 0 and flow.due is not None and flow.due <= at.day < flow.day
    ]
    ranked = sorted(gone + late, key=lambda flow: (-abs(flow.amount), flow.day, flow.ref))
    return tuple(ranked[:MOST_CAUSES])
