"""What scenarios come to beside the forecast: a table, and charts with their twin tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import g
from flask_babel import gettext as _

from billify.application.scenarios import Comparison
from billify.domain.forecast.scenario_flows import Course
from billify.web.charts import compare
from billify.web.charts.compare import Lines, Series
from billify.web.figures import figure_url
from billify.web.scenario_address import Address

SUNDAY = 6
Balances = tuple[tuple[date, tuple[Decimal, ...]], ...]
"""By day: the balance of each row of the table."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: the forecast or a scenario, and how far it is from the forecast."""

    look: str
    letter: str
    name: str
    course: Course
    in_13_weeks: Decimal
    in_12_months: Decimal
    lowest: Decimal
    lowest_url: str | None = None
    end_url: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The forecast and the scenarios, row by row and line by line."""

    rows: tuple[Row, ...]
    by_day: Lines | None
    by_month: Lines | None
    weeks: Balances
    months: Balances


def table(found: Comparison, address: Address, *, today: date) -> Table | None:
    """What there is to compare; None while there is no forecast."""
    rows = _rows(found, address)
    if not rows:
        return None
    return Table(
        tuple(rows),
        _by_day(rows, today),
        _by_month(rows, today, found),
        tuple(_weeks(rows)),
        tuple(_months(rows)),
    )


def title_of(place: str, address: Address) -> str:
    """What a scenario is called: its own name, else its letter."""
    return address.names.get(place) or _("Scenario %(letter)s", letter=place.upper())


def _rows(found: Comparison, address: Address) -> list[Row]:
    """The forecast first; scenarios of which nothing was understood are as the forecast."""
    base = found.base
    if base is None:
        return []
    zero = Decimal("0.00")
    rows = [
        Row(
            "base",
            "",
            _("Expected now"),
            base,
            zero,
            zero,
            zero,
            figure_url("expected_balance", until=base.lowest.day),
            figure_url("expected_balance", until=base.in_13_weeks.day),
        )
    ]
    courses = [(one.place, one.course) for one in found.told if one.course is not None]
    return rows + [
        Row(
            place,
            place.upper(),
            title_of(place, address),
            course,
            course.in_13_weeks.balance - base.in_13_weeks.balance,
            course.in_12_months.balance - base.in_12_months.balance,
            course.lowest.balance - base.lowest.balance,
        )
        for place, course in courses
    ]


def _by_day(rows: Sequence[Row], today: date) -> Lines | None:
    only = _banded(rows)
    series = [
        Series(
            row.look,
            row.letter,
            row.name,
            tuple((one.day, one.balance) for one in row.course.days),
            tuple((one.day, one.low, one.high) for one in row.course.days) if row is only else (),
            marks_low=True,
        )
        for row in rows
    ]
    return compare.lines(series, floor=g.company.floor_amount or None, today=today)


def _by_month(rows: Sequence[Row], today: date, found: Comparison) -> Lines | None:
    only = _banded(rows)
    start = found.latest.forecast.balance if found.latest.forecast else Decimal(0)
    series = [
        Series(
            row.look,
            row.letter,
            row.name,
            ((today, start), *((one.end, one.balance) for one in row.course.months)),
            (
                (today, start, start),
                *((one.end, one.low, one.high) for one in row.course.months),
            )
            if row is only
            else (),
        )
        for row in rows
    ]
    return compare.lines(series, floor=g.company.floor_amount or None, by_month=True)


def _banded(rows: Sequence[Row]) -> Row | None:
    """Bands of several lines can't be told apart: one is drawn for a single scenario only."""
    return rows[-1] if len(rows) <= 2 else None


def _weeks(rows: Sequence[Row]) -> list[tuple[date, tuple[Decimal, ...]]]:
    if not rows:
        return []
    days = rows[0].course.days
    ends = [at for at, one in enumerate(days) if one.day.weekday() == SUNDAY or at == len(days) - 1]
    return [(days[at].day, tuple(row.course.days[at].balance for row in rows)) for at in ends]


def _months(rows: Sequence[Row]) -> list[tuple[date, tuple[Decimal, ...]]]:
    if not rows:
        return []
    return [
        (one.end, tuple(row.course.months[at].balance for row in rows))
        for at, one in enumerate(rows[0].course.months)
    ]
