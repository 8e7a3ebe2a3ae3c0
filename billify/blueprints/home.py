"""Home: what is there, until when it lasts, what waits; and the rows behind each figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, g, request
from flask_babel import gettext as _

from billify.application import cash_flow, figures
from billify.application.cash_flow import Known, OpenAmounts, Outlook
from billify.application.figures import Given, Place
from billify.data.queries import cash_flow as queries
from billify.domain.refusal import NotFound
from billify.domain.roles import Right
from billify.web import charts, filters, htmx, languages
from billify.web.access import actor, member, right, today
from billify.web.charts import Point, Week
from billify.web.connection_view import freshness
from billify.web.figures import figure_url

bp = Blueprint("home", __name__)
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Ahead:
    """The forecast as its widget shows it: the curve, and what to say about it."""

    outlook: Outlook
    chart: charts.Projection | None
    said: str
    is_low: bool


@dataclass(frozen=True, slots=True)
class Owed:
    """Open amounts as their widget shows them: the sums, the bars by week, and a sentence."""

    amounts: OpenAmounts
    chart: charts.Weekly | None
    said: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as its page shows it, in the person's language."""

    sheet: figures.Sheet
    title: str
    formula: str
    more_url: str | None


@bp.get("/")
@member
def index() -> Response:
    """The first page: the widgets, or only the place to hand in documents."""
    if not actor().can(Right.SEE_MONEY):
        return htmx.page("home/hand_in.html")
    known = cash_flow.known(today=today(), currency=g.company.currency)
    is_new = not known.position.accounts and not known.open_days
    waiting = queries.waiting()
    return htmx.page(
        "home/index.html",
        is_new=is_new and not waiting,
        position=known.position,
        waiting=waiting,
        ahead=_ahead(known),
        owed=_owed(known.open_days),
        freshness=freshness(),
    )


@bp.get("/widgets/position")
@right(Right.SEE_MONEY)
def position() -> Response:
    """What the accounts hold."""
    held = cash_flow.position(currency=g.company.currency)
    return htmx.fragment("home/_widget_position.html", position=held, freshness=freshness())


@bp.get("/widgets/forecast")
@right(Right.SEE_MONEY)
def forecast() -> Response:
    """The balance ahead."""
    known = cash_flow.known(today=today(), currency=g.company.currency)
    return htmx.fragment(
        "home/_widget_forecast.html",
        ahead=_ahead(known),
        position=known.position,
        owed=_owed(known.open_days),
        freshness=freshness(),
    )


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
    given = Given(
        today=today(), currency=_currency(), since=_asked_day("since"), until=_asked_day("until")
    )
    sheet = figures.opened(name=name, given=given, after=_asked_place())
    words: dict[str, object] = {
        "since": filters.day(given.since),
        "until": filters.day(given.until),
    }
    shown = Shown(
        sheet,
        languages.phrase(sheet.figure.title, words),
        languages.phrase(sheet.figure.formula),
        _more_url(sheet),
    )
    if request.headers.get("HX-Request-Type") == "partial":
        return htmx.fragment("home/_figure_more.html", shown=shown)
    return htmx.page("home/figure.html", shown=shown)


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
    is_any = is_late or any((*found.receivable.weeks, *found.payable.weeks))
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


def _ahead(known: Known) -> Ahead:
    floor = g.company.floor_amount
    outlook = cash_flow.outlook(known=known, today=today(), floor=floor)
    points = [Point(day, balance) for day, balance in outlook.past]
    points += [Point(day.date, day.balance, href=_balance_url(day.date)) for day in outlook.days]
    weeks = [
        Week(
            week.start,
            week.money_in,
            week.money_out,
            figure_url("money_in", since=week.start, until=week.end),
            figure_url("money_out", since=week.start, until=week.end),
        )
        for week in outlook.weeks
    ]
    chart = charts.projection(points, today=today(), floor=floor or None, weeks=weeks)
    is_low = outlook.below_zero is not None or outlook.below_floor is not None
    return Ahead(outlook, chart, _said(outlook), is_low)


def _balance_url(day: date) -> str | None:
    """The rows behind a balance; only those of Sundays stand in the table."""
    return figure_url("expected_balance", until=day) if day.weekday() == SUNDAY else None


def _said(outlook: Outlook) -> str:
    """The answer to "until when does it last" in one sentence."""
    floor = filters.money(g.company.floor_amount)
    end = filters.day(outlook.days[-1].date)
    if outlook.below_zero is not None:
        if outlook.below_zero.date == today():
            return str(_("The balance is below zero today."))
        day = filters.day(outlook.below_zero.date)
        return str(_("On %(day)s the balance falls below zero.", day=day))
    if outlook.below_floor is not None:
        if outlook.below_floor.date == today():
            return str(_("The balance is below your floor of %(floor)s today.", floor=floor))
        day = filters.day(outlook.below_floor.date)
        return str(
            _("On %(day)s the balance falls below your floor of %(floor)s.", day=day, floor=floor)
        )
    if g.company.floor_amount:
        return str(
            _(
                "The balance stays above your floor of %(floor)s until %(day)s.",
                floor=floor,
                day=end,
            )
        )
    return str(_("The balance stays above zero until %(day)s.", day=end))


def _more_url(sheet: figures.Sheet) -> str | None:
    place, given = sheet.next, sheet.given
    if place is None:
        return None
    here = figure_url(
        sheet.figure.name, currency=given.currency, since=given.since, until=given.until
    )
    mark = "&" if "?" in here else "?"
    return f"{here}{mark}after={place.part}_{place.due.isoformat()}_{place.id}"


def _currency() -> str:
    asked = request.args.get("currency", "").upper()
    return asked if len(asked) == 3 and asked.isalpha() else str(g.company.currency)


def _asked_day(name: str) -> date | None:
    """A day of the address; one that can't be read leads nowhere."""
    text = request.args.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound from None


def _asked_place() -> Place | None:
    text = request.args.get("after")
    if not text:
        return None
    try:
        part, due, key = text.split("_")
        return Place(max(int(part), 0), date.fromisoformat(due), UUID(key))
    except ValueError:
        raise NotFound from None


def _sunday(start: date) -> date:
    return date.fromordinal(start.toordinal() + 6)
