"""A month as a calendar: what comes and goes on which day, and what is left at its end."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from flask import url_for

from billify.domain.cash_flow import is_working_day, month_end, months_on, week_start
from billify.domain.forecast import as_of
from billify.domain.forecast.shapes import MONTHS_AHEAD, Flow, Forecast
from billify.web import cash_flow_view
from billify.web.cash_flow_view import Row

ZERO = Decimal("0.00")
SHOWN = 4
"""Movements of a day before one asks for all of them."""
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """One day: its movements, largest first, and the balance at its end when it is known."""

    day: date
    weekday: str
    is_inside: bool
    is_closed: bool
    is_today: bool
    is_past: bool
    rows: tuple[Row, ...]
    count: int
    balance: Decimal | None
    href: str

    @property
    def left_out(self) -> int:
        """How many movements it has beyond those shown."""
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of weeks from Monday to Sunday, with its neighbours where the forecast reaches."""

    first: date
    href: str
    title: str
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[Cell, ...], ...]
    before: str | None
    after: str | None

    @property
    def days(self) -> list[Cell]:
        """The days of the month itself that are not over."""
        return [cell for week in self.weeks for cell in week if cell.is_inside and not cell.is_past]


def month(
    forecast: Forecast,
    flows: Sequence[Flow],
    *,
    first: date,
    today: date,
    held: Mapping[date, Decimal],
) -> Month:
    """The calendar of a month; `held` is what the accounts held at the end of past days."""
    start = week_start(first)
    end = month_end(first)
    last = week_start(end) + timedelta(days=6)
    by_day: defaultdict[date, list[Flow]] = defaultdict(list)
    for flow in flows:
        by_day[max(flow.day, today)].append(flow)
    balances = _balances(forecast, by_day, start, last, today)
    days = [start + timedelta(days=at) for at in range((last - start).days + 1)]
    cells = [_cell(day, first, today, by_day.get(day, []), {**balances, **held}) for day in days]
    weeks = tuple(tuple(cells[at : at + 7]) for at in range(0, len(cells), 7))
    names = tuple(cash_flow_view.weekday(day, short=True) for day in days[:7])
    title = cash_flow_view.month_title(first)
    return Month(first, _address(first), title, names, weeks, *_beside(first, today))


def reaches(first: date, today: date) -> bool:
    """Is this month between that of today and the last one of the forecast?"""
    apart = (first.year - today.year) * 12 + first.month - today.month
    return 0 <= apart < MONTHS_AHEAD


def _cell(
    day: date, first: date, today: date, flows: Sequence[Flow], balances: Mapping[date, Decimal]
) -> Cell:
    largest = sorted(flows, key=lambda one: (-abs(one.amount), one.ref))
    shown = largest if len(largest) <= SHOWN else largest[: SHOWN - 1]
    return Cell(
        day=day,
        weekday=cash_flow_view.weekday(day),
        is_inside=(day.year, day.month) == (first.year, first.month),
        is_closed=not is_working_day(day),
        is_today=day == today,
        is_past=day < today,
        rows=tuple(cash_flow_view.row(one) for one in shown),
        count=len(flows),
        balance=balances.get(day),
        href=url_for("cash_flow.day", day=day),
    )


def _balances(
    forecast: Forecast,
    by_day: Mapping[date, Sequence[Flow]],
    start: date,
    last: date,
    today: date,
) -> dict[date, Decimal]:
    """The balance at the end of each day ahead: that of now and all rows until then."""
    left = forecast.balance
    left += sum((f.amount for day, own in by_day.items() if day < start for f in own), ZERO)
    found, end = {}, as_of.reach(forecast)
    for at in range((last - start).days + 1):
        day = start + timedelta(days=at)
        left += sum((flow.amount for flow in by_day.get(day, ())), ZERO)
        if today <= day <= end:
            found[day] = left
    return found


def _beside(first: date, today: date) -> tuple[str | None, str | None]:
    before, after = (first - _ONE_DAY).replace(day=1), months_on(first, 1)
    return (
        _address(before) if reaches(before, today) else None,
        _address(after) if reaches(after, today) else None,
    )


def _address(first: date) -> str:
    return url_for("cash_flow.calendar", month=f"{first:%Y-%m}")
