"""A forecast as pages show it: the chart by day or by month, and the sentences beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from flask import current_app, url_for
from flask_babel import gettext as _

from billify.application.balance_history import DAYS_SHOWN, Past, month_ends
from billify.application.forecasts import Latest
from billify.domain.cash_flow import week_start
from billify.domain.forecast.shapes import Crossing, DayAhead, Flow, Forecast, Source
from billify.web import charts, filters, forecast_words
from billify.web.charts import Point, Week
from billify.web.figures import figure_url

ZERO = Decimal("0.00")
_MOST_CAUSES = 3
_ROOMS = {
    Source.RECURRING: "cash_plans.index",
    Source.TAX: "cash_plans.taxes",
    Source.BUDGET: "cash_plans.budget",
}
"""Where movements of a source are listed."""


class View(StrEnum):
    """How far the chart looks: thirteen weeks by day, or thirty-six months."""

    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Cause:
    """Movements of one kind that a fall comes from, with where they can be seen."""

    name: str
    days: str
    amount: Decimal
    href: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """The answer to "until when does it last": a sentence, why, the chart, and what to know."""

    latest: Latest
    view: View
    chart: charts.Projection | None
    said: str
    tone: str
    causes: tuple[Cause, ...] = ()
    chance: int | None = None
    missing: tuple[str, ...] = ()
    state: str = ""
    """What to know of its age; empty when it is of now."""

    @property
    def forecast(self) -> Forecast | None:
        """The forecast itself, when there is one."""
        return self.latest.forecast

    @property
    def lowest(self) -> Point | None:
        """The lowest point that the chart shows."""
        return self.chart.lowest if self.chart else None

    @property
    def last(self) -> Point | None:
        """The end of what the chart shows."""
        return self.chart.last if self.chart else None


def view_of(asked: str | None) -> View:
    """The view an address asks for; anything else is that of weeks."""
    return View.MONTHS if asked == View.MONTHS else View.WEEKS


def ahead(*, latest: Latest, past: Past, today: date, view: View) -> Ahead:
    """What a page shows of the stored forecast."""
    forecast = latest.forecast
    if forecast is None:
        return Ahead(latest, view, None, "", "accent", state=state(latest, today))
    crossing = forecast.below_zero if _is_worse(forecast) else forecast.below_floor
    causes = causes_of(crossing.because) if crossing else ()
    draw = _monthly if view is View.MONTHS else _daily
    return Ahead(
        latest=latest,
        view=view,
        chart=draw(forecast, past, today),
        said=said(forecast, today),
        tone="bad" if crossing else "good",
        causes=causes,
        chance=crossing.chance if crossing and crossing.day > today else None,
        missing=tuple(filter(None, (forecast_words.missing(one) for one in forecast.missing))),
        state=state(latest, today),
    )


def said(forecast: Forecast, today: date) -> str:
    """The answer to "until when does it last" in a sentence or two."""
    zero = forecast.below_zero
    if zero is not None and _is_worse(forecast):
        return _below_zero(zero, today)
    if forecast.below_floor is not None:
        first = _below_floor(forecast.below_floor, forecast.floor, today)
        return first if zero is None else f"{first} {_below_zero(zero, today)}"
    end = filters.day(forecast.days[-1].day)
    if forecast.floor:
        return str(
            _(
                "The balance stays above your floor of %(floor)s until %(day)s.",
                floor=filters.money(forecast.floor),
                day=end,
            )
        )
    return str(_("The balance stays above zero until %(day)s.", day=end))


def causes_of(flows: Iterable[Flow]) -> tuple[Cause, ...]:
    """What a fall comes from, the largest first; wages of three months are one cause."""
    alike: dict[tuple[Source, str], list[Flow]] = {}
    for flow in flows:
        alike.setdefault((flow.source, flow.what), []).append(flow)
    found = [
        Cause(
            forecast_words.name(own[0]),
            ", ".join(filters.day(day) for day in sorted({one.day for one in own})),
            sum((one.amount for one in own), ZERO),
            flow_url(own[0]),
        )
        for own in alike.values()
    ]
    return tuple(sorted(found, key=lambda one: one.amount)[:_MOST_CAUSES])


def state(latest: Latest, today: date) -> str:
    """What to know of the forecast's age; empty when it is of now."""
    if latest.forecast is None:
        return str(_("The forecast is being worked out for the first time."))
    if latest.made_on is not None and latest.made_on != today:
        day = filters.day(latest.made_on)
        return str(_("This forecast is of %(day)s; it is being worked out again.", day=day))
    if latest.is_stale:
        return str(_("Something changed; the forecast is being worked out again."))
    return ""


def flow_url(flow: Flow) -> str:
    """Where a movement can be seen, changed or taken back."""
    if flow.source in (Source.SALE, Source.PURCHASE):
        return url_for("invoices.show", invoice_id=flow.ref)
    if flow.source is Source.PLANNED:
        return url_for("cash_plans.planned", _anchor=f"planned-{flow.ref}")
    room = _ROOMS.get(flow.source)
    if room is not None and room in current_app.view_functions:
        return url_for(room)
    return url_for("cash_flow.day", day=flow.day)


def week_sums(days: Iterable[DayAhead]) -> list[tuple[date, list[DayAhead]]]:
    """The days by their weeks: each Monday with those of its days that are ahead."""
    return [
        (monday, list(inside))
        for monday, inside in groupby(days, key=lambda one: week_start(one.day))
    ]


def _is_worse(forecast: Forecast) -> bool:
    """Does the balance fall below zero before the floor, or is there no floor?"""
    zero, floor = forecast.below_zero, forecast.below_floor
    return zero is not None and (floor is None or zero.day <= floor.day)


def _below_zero(crossing: Crossing, today: date) -> str:
    if crossing.day <= today:
        return str(_("The balance is below zero."))
    return str(_("On %(day)s the balance falls below zero.", day=filters.day(crossing.day)))


def _below_floor(crossing: Crossing, limit: Decimal, today: date) -> str:
    floor = filters.money(limit)
    if crossing.day <= today:
        return str(_("The balance is below your floor of %(floor)s.", floor=floor))
    day = filters.day(crossing.day)
    return str(
        _("On %(day)s the balance falls below your floor of %(floor)s.", day=day, floor=floor)
    )


def _daily(forecast: Forecast, past: Past, today: date) -> charts.Projection | None:
    points = [Point(day, amount) for day, amount in past.since(today - timedelta(days=DAYS_SHOWN))]
    days = [one for one in forecast.days if one.day >= today]
    is_banded = any(one.low != one.high for one in days)
    pages = _day_pages()
    points += [
        Point(
            one.day,
            one.balance,
            one.low if is_banded else None,
            one.high if is_banded else None,
            f"{pages}{one.day.isoformat()}",
        )
        for one in days
    ]
    weeks = [_week(inside) for _monday, inside in week_sums(days)]
    fall = forecast.below_floor or forecast.below_zero
    return charts.projection(
        points,
        today=today,
        floor=forecast.floor or None,
        weeks=weeks,
        crossing=fall.day if fall else None,
    )


def _week(days: Sequence[DayAhead]) -> Week:
    first, last = days[0].day, days[-1].day
    return Week(
        first,
        sum((one.money_in for one in days), ZERO),
        sum((one.money_out for one in days), ZERO),
        figure_url("money_in", since=first, until=last),
        figure_url("money_out", since=first, until=last),
        end=last,
    )


def _monthly(forecast: Forecast, past: Past, today: date) -> charts.Projection | None:
    points = [Point(day, amount) for day, amount in month_ends(past.days)]
    months = [one for one in forecast.months if one.end >= today]
    is_banded = any(one.low != one.high for one in months)
    first = months[0].end if months else today
    if first > today:
        at = forecast.days[0].balance
        points.append(Point(today, at, at if is_banded else None, at if is_banded else None))
    pages = url_for("cash_flow.weeks")
    points += [
        Point(
            one.end,
            one.balance,
            one.low if is_banded else None,
            one.high if is_banded else None,
            f"{pages}?month={one.end:%Y-%m}",
        )
        for one in months
    ]
    bars = [
        Week(
            one.end.replace(day=1),
            one.money_in,
            one.money_out,
            figure_url("money_in", since=max(one.end.replace(day=1), today), until=one.end),
            figure_url("money_out", since=max(one.end.replace(day=1), today), until=one.end),
            end=one.end,
        )
        for one in months
    ]
    return charts.projection(
        points, today=today, floor=forecast.floor or None, weeks=bars, is_monthly=True
    )


def _day_pages() -> str:
    """What the addresses of days begin with; a chart asks for a hundred of them."""
    return url_for("cash_flow.day", day=date.min).removesuffix(date.min.isoformat())
