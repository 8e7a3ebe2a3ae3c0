"""The cash flow ahead: by week, as a calendar, on one day; and the day a person expects."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, Response, flash, g, request, url_for
from flask_babel import gettext as _

from billify.application import balance_history, cash_flow, expectations, forecasts
from billify.application.forecasts import Whole
from billify.data.queries import invoices as invoice_queries
from billify.domain.cash_flow import month_end, week_start
from billify.domain.forecast import as_of, course
from billify.domain.forecast.shapes import Flow
from billify.domain.invoices import InvoiceStatus
from billify.domain.refusal import NotFound, Refusal
from billify.domain.roles import Right
from billify.web import (
    cash_flow_calendar,
    cash_flow_view,
    forecast_view,
    htmx,
)
from billify.web.access import actor, right, today
from billify.web.expected_day_form import ExpectedDayForm

if TYPE_CHECKING:
    from billify.data.models import Invoice

bp = Blueprint("cash_flow", __name__)
CARD_ROWS = 6
LONGEST_LIST = 5_000


@bp.get("/cash-flow")
@right(Right.SEE_MONEY)
def weeks() -> Response:
    """What is expected, week by week, or one week or month with all its rows."""
    week, month = request.args.get("week"), cash_flow_view.asked_month()
    if week:
        monday = week_start(cash_flow_view.parse_day(week))
        return _run(monday, monday + timedelta(days=6))
    if month is not None:
        return _run(month, month_end(month))
    whole, wanted = forecasts.whole(today=today()), cash_flow_view.asked_filter()
    latest = whole.latest if whole else forecasts.NOTHING_YET
    groups, months = [], []
    if whole is not None:
        groups = cash_flow_view.weeks(whole.forecast, whole.flows(), wanted=wanted, today=today())
        months = cash_flow_view.months(whole.forecast, today=today())
    return htmx.page(
        "cash_flow/weeks.html",
        latest=latest,
        state=forecast_view.state(latest, today()),
        wanted=wanted,
        groups=groups,
        months=months,
        sources=cash_flow_view.source_options(),
        ways=cash_flow_view.way_options(),
    )


@bp.get("/cash-flow/days/<day>")
@right(Right.SEE_MONEY)
def day(day: str) -> Response:
    """One day: what comes and goes, and what is left. As a part it is the card of the chart."""
    wanted = cash_flow_view.parse_day(day)
    if wanted < today():
        raise NotFound
    whole = forecasts.whole(today=today())
    latest = whole.latest if whole else forecasts.NOTHING_YET
    last = _last_day(whole)
    if wanted > last:
        raise NotFound
    known = {one.day: one for one in whole.forecast.days} if whole else {}
    shown: dict[str, Any] = {  # Any: what a template takes
        "title": cash_flow_view.day_title(wanted),
        "href": request.path,
        "ahead": known.get(wanted),
        "group": _day_group(whole, wanted) if whole else None,
        "latest": latest,
        "state": forecast_view.state(latest, today()),
        "before": wanted - timedelta(days=1) if wanted > today() else None,
        "after": wanted + timedelta(days=1) if wanted < last else None,
    }
    if htmx.is_htmx():
        return htmx.fragment("cash_flow/_card.html", **shown)
    return htmx.page("cash_flow/day.html", **shown)


@bp.get("/cash-flow/calendar")
@right(Right.SEE_MONEY)
def calendar() -> Response:
    """What comes and goes on which day of a month."""
    first = cash_flow_view.asked_month() or today().replace(day=1)
    if not cash_flow_calendar.reaches(first, today()):
        raise NotFound
    whole = forecasts.whole(today=today())
    latest = whole.latest if whole else forecasts.NOTHING_YET
    month = None
    if whole is not None:
        month = cash_flow_calendar.month(
            whole.forecast,
            # All that is expected until the last day that the calendar shows.
            whole.flows(until=month_end(first) + timedelta(days=7)),
            first=first,
            today=today(),
            held=_held(first),
        )
    return htmx.page(
        "cash_flow/calendar.html",
        latest=latest,
        state=forecast_view.state(latest, today()),
        first=first,
        title=cash_flow_view.month_title(first),
        month=month,
    )


@bp.get("/cash-flow/not-counted")
@right(Right.SEE_MONEY)
def not_counted() -> Response:
    """Open amounts that the forecast leaves out, each with its reason."""
    latest = forecasts.latest(today=today())
    rows = [cash_flow_view.row(one) for one in forecasts.not_counted()[:LONGEST_LIST]]
    return htmx.page("cash_flow/not_counted.html", latest=latest, rows=rows)


@bp.route("/cash-flow/invoices/<uuid:invoice_id>", methods=["GET", "POST"])
@right(Right.EDIT_INVOICES)
def expected(invoice_id: UUID) -> Response:
    """Say on which day an open invoice will be paid, or take that day back."""
    invoice = _invoice(invoice_id)
    if invoice.status is not InvoiceStatus.OPEN:
        return htmx.go(url_for("invoices.show", invoice_id=invoice_id))
    form = ExpectedDayForm(on=invoice.expected_on)
    if request.method != "POST":
        return _expected_page(invoice, form)
    if request.form.get("do") == "forget":
        expectations.forget_day(invoice_id=invoice_id, by=actor())
        return _back(invoice_id, _("Taken back. The forecast works the day out again."))
    if not form.validate():
        return _expected_page(invoice, form, status=422)
    try:
        expectations.expect(invoice_id=invoice_id, on=form.day, today=today(), by=actor())
    except Refusal as refusal:
        form.refuse(refusal, "on")
        return _expected_page(invoice, form, status=422)
    return _back(invoice_id, _("Noted. The forecast is being worked out again."))


@bp.post("/cash-flow/invoices/<uuid:invoice_id>/dispute")
@right(Right.EDIT_INVOICES)
def dispute(invoice_id: UUID) -> Response:
    """Say that an open invoice is in dispute, or no longer."""
    if request.form.get("do") == "end":
        expectations.end_dispute(invoice_id=invoice_id, by=actor())
        return _back(invoice_id, _("The forecast counts it again."))
    expectations.dispute(invoice_id=invoice_id, by=actor())
    return _back(invoice_id, _("The forecast no longer counts on it."))


def _run(start: date, end: date) -> Response:
    """A week or a month on its own. As a part it is the card of the chart."""
    if end < today():
        raise NotFound
    whole, wanted = forecasts.whole(today=today()), cash_flow_view.asked_filter()
    latest = whole.latest if whole else forecasts.NOTHING_YET
    last = _last_day(whole)
    if start > last:
        raise NotFound
    end = min(end, last)
    shown = request.args.get("rows", cash_flow_view.ROWS_AT_ONCE, type=int)
    shown = CARD_ROWS if htmx.is_htmx() else min(max(shown, 1), LONGEST_LIST)
    group, more = None, None
    if whole is not None:
        group = cash_flow_view.run(
            whole.forecast,
            _flows_shown(whole, end),
            wanted=wanted,
            start=start if start > today() else date.min,
            end=end,
            shown=shown,
        )
    if group is not None and group.left_out:
        asked = {key: request.args[key] for key in ("week", "month") if key in request.args}
        more = wanted.url(**asked, rows=str(shown + cash_flow_view.ROWS_AT_ONCE))
    return (htmx.fragment if htmx.is_htmx() else htmx.page)(
        "cash_flow/_card.html" if htmx.is_htmx() else "cash_flow/run.html",
        latest=latest,
        group=group,
        title=cash_flow_view.run_title(start, end),
        href=request.full_path,
        state=forecast_view.state(latest, today()),
        more=more,
    )


def _day_group(whole: Whole, day: date) -> cash_flow_view.Group:
    """A day with its rows; what should have come before today counts today."""
    return cash_flow_view.run(
        whole.forecast,
        _flows_shown(whole, day),
        wanted=cash_flow_view.Filter(),
        start=day if day > today() else date.min,
        end=day,
        shown=CARD_ROWS if htmx.is_htmx() else LONGEST_LIST,
    )


def _last_day(whole: Whole | None) -> date:
    """The last day that pages tell of: behind it nothing is known."""
    return as_of.reach(whole.forecast) if whole is not None else course.last_day(today())


def _flows_shown(whole: Whole, until: date) -> Sequence[Flow]:
    """All that is expected until a day; for a card, which shows few, the largest ones first."""
    found = whole.flows(until=until)
    return sorted(found, key=lambda one: -abs(one.amount)) if htmx.is_htmx() else found


def _held(first: date) -> dict[date, Decimal]:
    """What the accounts held at the end of the past days that the calendar shows."""
    if first > today():
        return {}
    held = cash_flow.position(currency=g.company.currency)
    return dict(balance_history.past(held=held, today=today()).days)


def _invoice(invoice_id: UUID) -> "Invoice":
    invoice = invoice_queries.whole(invoice_id)
    if invoice is None:
        raise NotFound
    return invoice


def _expected_page(invoice: "Invoice", form: ExpectedDayForm, *, status: int = 200) -> Response:
    found = forecasts.flows(ref=str(invoice.id), today=today())
    row = cash_flow_view.row(found[0]) if found else None
    return htmx.page(
        "cash_flow/expected.html", status=status, invoice=invoice, form=form, row=row, back=_room()
    )


def _back(invoice_id: UUID, said: str) -> Response:
    """To where the person came from; dragged in the calendar, only a word of it."""
    if htmx.is_htmx():
        return htmx.toast(Response(status=204), said)
    flash(said, "good")
    rooms = {
        "weeks": url_for("cash_flow.weeks"),
        "calendar": url_for("cash_flow.calendar"),
    }
    return htmx.go(rooms.get(_room(), url_for("invoices.show", invoice_id=invoice_id)))


def _room() -> str:
    return str(request.values.get("from", "invoice"))[:20]
