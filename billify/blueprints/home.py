"""Home: what is there, until when it lasts, what to do next; and the rows behind each figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, Response, g, request, url_for
from flask_babel import gettext as _

from billify.application import alerts, balance_history, cash_flow, figures, forecasts
from billify.application.balance_history import MONTHS_SHOWN, Past
from billify.application.cash_flow import OpenAmounts, Position
from billify.application.forecasts import Latest
from billify.data.queries import cash_flow as queries
from billify.domain.forecast.shapes import AlertKind
from billify.domain.roles import Right
from billify.web import charts, figure_page, filters, forecast_actions, forecast_view, htmx
from billify.web.access import actor, member, right, today
from billify.web.charts import Week
from billify.web.connection_view import freshness
from billify.web.figures import figure_url
from billify.web.forecast_view import View

if TYPE_CHECKING:
    from billify.data.models import Alert

bp = Blueprint("home", __name__)
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class ThisWeek:
    """What is still expected to come in and go out until Sunday; both above zero."""

    since: date
    until: date
    money_in: Decimal
    money_out: Decimal


@dataclass(frozen=True, slots=True)
class Owed:
    """Open amounts as their widget shows them: the sums, the bars by week, and a sentence."""

    amounts: OpenAmounts
    chart: charts.Weekly | None
    said: str


@bp.get("/")
@member
def index() -> Response:
    """The first page: the widgets, or only the place to hand in documents."""
    if not actor().can(Right.SEE_MONEY):
        return htmx.page("home/hand_in.html")
    held = cash_flow.position(currency=g.company.currency)
    open_days, waiting = queries.open_and_waiting(today())
    is_new = not held.accounts and not open_days
    latest, past = forecasts.latest(today=today()), _past(held)
    return htmx.page(
        "home/index.html",
        is_new=is_new and not waiting,
        position=held,
        past=past,
        week=_this_week(latest),
        waiting=waiting,
        ahead=_ahead(latest, past),
        steps=_steps(latest),
        owed=_owed(open_days),
        freshness=freshness(),
        alerts=_told(),
    )


@bp.get("/widgets/alerts")
@right(Right.SEE_MONEY)
def told() -> Response:
    """What is told once, while it lasts."""
    return htmx.fragment("home/_alerts.html", alerts=_told())


@bp.post("/alerts/<uuid:alert_id>/dismissal")
@right(Right.EDIT_INVOICES)
def dismiss(alert_id: UUID) -> Response:
    """Show an alert no more."""
    alerts.dismiss(alert_id=alert_id, by=actor())
    if htmx.is_htmx():
        return htmx.fragment("home/_alerts.html", alerts=_told())
    return htmx.go(url_for("home.index"))


@bp.get("/widgets/position")
@right(Right.SEE_MONEY)
def position() -> Response:
    """What the accounts hold, how that changed, and what moves this week."""
    held = cash_flow.position(currency=g.company.currency)
    return htmx.fragment(
        "home/_widget_position.html",
        position=held,
        past=balance_history.past(held=held, today=today()),
        week=_this_week(forecasts.latest(today=today())),
        owed=_owed(queries.open_days(today())),
        freshness=freshness(),
    )


@bp.get("/widgets/forecast")
@right(Right.SEE_MONEY)
def forecast() -> Response:
    """The balance ahead."""
    held = cash_flow.position(currency=g.company.currency)
    return htmx.fragment(
        "home/_widget_forecast.html",
        ahead=_ahead(forecasts.latest(today=today()), _past(held)),
        position=held,
        freshness=freshness(),
    )


@bp.get("/widgets/next")
@right(Right.SEE_MONEY)
def next_steps() -> Response:
    """What to do next."""
    latest = forecasts.latest(today=today())
    return htmx.fragment("home/_widget_next.html", steps=_steps(latest), latest=latest)


@bp.get("/widgets/open")
@right(Right.SEE_MONEY)
def open_amounts() -> Response:
    """What is to receive and to pay, by week."""
    return htmx.fragment("home/_widget_open.html", owed=_owed(queries.open_days(today())))


@bp.get("/widgets/waiting")
@right(Right.SEE_MONEY)
def waiting() -> Response:
    """What a person still has to do."""
    return htmx.fragment("home/_widget_waiting.html", waiting=queries.waiting())


@bp.get("/figures/<name>")
@right(Right.SEE_MONEY)
def figure(name: str) -> Response:
    """A figure with its formula and the rows that sum to it."""
    sheet = figures.opened(name=name, given=figure_page.given(), after=figure_page.place())
    shown = figure_page.shown(sheet)
    if request.headers.get("HX-Request-Type") == "partial":
        return htmx.fragment("home/_figure_more.html", shown=shown)
    return htmx.page("home/figure.html", shown=shown)


def _told() -> "list[Alert]":
    """What is told beyond the sentence of the forecast, which says itself when the balance falls
    below the floor; the board counts that one too."""
    return [one for one in alerts.showing() if one.kind is not AlertKind.BELOW_FLOOR]


def _owed(open_days: Sequence[queries.OpenDay]) -> Owed:
    found = cash_flow.open_amounts(open_days=open_days, today=today(), currency=g.company.currency)
    weeks = [
        Week(
            start,
            found.receivable.weeks[at],
            found.payable.weeks[at],
            figure_url("due_receivables", since=start, until=_sunday(start)),
            figure_url("due_payables", since=start, until=_sunday(start)),
        )
        for at, start in enumerate(found.starts)
    ]
    overdue = Week(
        today(),
        found.receivable.overdue,
        found.payable.overdue,
        figure_url("overdue_receivables"),
        figure_url("overdue_payables"),
    )
    is_late = bool(overdue.incoming or overdue.outgoing)
    is_any = is_late or any(one > 0 for one in (*found.receivable.weeks, *found.payable.weeks))
    chart = charts.weekly(weeks, overdue=overdue if is_late else None) if is_any else None
    return Owed(found, chart, _owed_said(found))


def _owed_said(found: OpenAmounts) -> str:
    return str(
        _(
            "In %(weeks)d weeks %(incoming)s is to receive and %(outgoing)s to pay.",
            weeks=len(found.starts),
            incoming=filters.money(sum(found.receivable.weeks)),
            outgoing=filters.money(sum(found.payable.weeks)),
        )
    )


def _view() -> View:
    return forecast_view.view_of(request.args.get("view"))


def _past(held: Position) -> Past:
    months = MONTHS_SHOWN if _view() is View.MONTHS else 0
    return balance_history.past(held=held, today=today(), months=months)


def _ahead(latest: Latest, past: Past) -> forecast_view.Ahead:
    return forecast_view.ahead(latest=latest, past=past, today=today(), view=_view())


def _steps(latest: Latest) -> list[forecast_actions.Step]:
    forecast = latest.forecast
    return [forecast_actions.step(one) for one in forecast.actions] if forecast else []


def _this_week(latest: Latest) -> ThisWeek | None:
    """The days of this week that are still ahead, today among them."""
    if latest.forecast is None:
        return None
    since, until = today(), today() + timedelta(days=6 - today().weekday())
    days = [one for one in latest.forecast.days if since <= one.day <= until]
    return ThisWeek(
        since,
        until,
        sum((one.money_in for one in days), ZERO),
        sum((one.money_out for one in days), ZERO),
    )


def _sunday(start: date) -> date:
    return date.fromordinal(start.toordinal() + 6)
