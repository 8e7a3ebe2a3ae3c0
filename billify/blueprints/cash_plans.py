"""Plans: movements that come back, taxes, what is planned by hand; and the budget."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, Response, flash, g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from billify.application import budgets, cash_plans, exports, tax_plans
from billify.data.queries import budgets as budget_queries
from billify.data.queries import cash_plans as queries
from billify.data.queries import categories
from billify.domain.refusal import NotFound, Refusal
from billify.domain.roles import Right
from billify.web import budget_view, htmx, keyset, plan_forms, plan_view, plan_words
from billify.web import exports as web_exports
from billify.web.access import actor, right, today
from billify.web.forms import Form
from billify.web.plan_forms import TaxPeriodsForm

if TYPE_CHECKING:
    from billify.data.models import PlannedItem

bp = Blueprint("cash_plans", __name__)


@bp.get("/cash-flow/plans")
@right(Right.SEE_MONEY)
def index() -> Response:
    """Movements that come back, as they were found in the bank, and what was decided."""
    found = cash_plans.recurring()
    named = plan_view.names(categories.every())
    return htmx.page(
        "cash_plans/_found.html" if _is_part() else "cash_plans/index.html",
        made_on=found.made_on,
        rows=[plan_view.recurring_row(one, named) for one in found.rows],
    )


@bp.post("/cash-flow/plans/recurring/decision")
@right(Right.EDIT_INVOICES)
def decide() -> Response:
    """Confirm a recurring movement, refuse it, or take the decision back."""
    key, wanted = request.form.get("key", ""), request.form.get("do", "")
    if wanted == "confirm":
        cash_plans.confirm(key=key, by=actor())
    elif wanted == "refuse":
        cash_plans.refuse(key=key, by=actor())
    elif wanted == "take_back":
        cash_plans.take_back(key=key, by=actor())
    else:
        raise NotFound
    said = {
        "confirm": _("Confirmed. It counts in the forecast."),
        "refuse": _("Refused. It no longer counts in the forecast."),
        "take_back": _("Taken back."),
    }[wanted]
    if not htmx.is_htmx():
        flash(said, "good")
        return htmx.go(url_for("cash_plans.index"))
    return htmx.toast(_recurring_row(key), said)


@bp.route("/cash-flow/plans/recurring", methods=["GET", "POST"])
@right(Right.EDIT_INVOICES)
def edit_recurring() -> Response:
    """Change how a recurring movement goes on; `key` in the address says which."""
    key = request.args.get("key", "")
    one = cash_plans.one_recurring(key=key)
    named = plan_view.names(categories.every())
    form = plan_forms.of_recurring(one)
    if form.validate_on_submit():
        try:
            cash_plans.change(key=key, wanted=form.change(one), by=actor())
        except Refusal as refusal:
            form.refuse(refusal, "amount")
        else:
            flash(_("Saved. It counts in the forecast."), "good")
            return htmx.go(url_for("cash_plans.index"))
    row = plan_view.recurring_row(one, named)
    return _form_page("cash_plans/recurring.html", form, row=row)


@bp.get("/cash-flow/plans/taxes")
@right(Right.SEE_MONEY)
def taxes() -> Response:
    """Payments to the state within a year, and the settings that decide them."""
    return _taxes_page(_periods_form())


@bp.post("/cash-flow/plans/taxes/decision")
@right(Right.EDIT_INVOICES)
def decide_tax() -> Response:
    """Leave a payment to the state out, or take the decision about it back."""
    ref, wanted = request.form.get("ref", ""), request.form.get("do", "")
    if wanted == "leave_out":
        tax_plans.leave_out(ref=ref, today=today(), by=actor())
        said = _("Left out of the forecast.")
    elif wanted == "take_back":
        tax_plans.take_back(ref=ref, by=actor())
        said = _("Taken back.")
    else:
        raise NotFound
    if not htmx.is_htmx():
        flash(said, "good")
        return htmx.go(url_for("cash_plans.taxes"))
    one = tax_plans.one(ref=ref, company=g.company, today=today())
    answer = htmx.fragment("cash_plans/_tax_row.html", row=plan_view.tax_row(one))
    return htmx.toast(answer, said)


@bp.route("/cash-flow/plans/taxes/change", methods=["GET", "POST"])
@right(Right.EDIT_INVOICES)
def edit_tax() -> Response:
    """Change the amount or the day of a payment to the state; `ref` in the address says which."""
    ref = request.args.get("ref", "")
    one = tax_plans.one(ref=ref, company=g.company, today=today())
    form = plan_forms.of_tax(tax_plans.decided(ref=ref))
    if form.validate_on_submit():
        try:
            tax_plans.change(
                ref=ref,
                amount=form.amount.data,
                pay_on=form.pay_on.data,
                today=today(),
                by=actor(),
            )
        except Refusal as refusal:
            form.refuse(refusal, "pay_on")
        else:
            flash(_("Saved. It counts in the forecast."), "good")
            return htmx.go(url_for("cash_plans.taxes"))
    return _form_page("cash_plans/tax.html", form, row=plan_view.tax_row(one))


@bp.post("/cash-flow/plans/taxes/periods")
@right(Right.MANAGE_COMPANY)
def set_tax_periods() -> Response:
    """Say how long the periods of the returns are."""
    form = _periods_form()
    if not form.validate_on_submit():
        return _taxes_page(form)
    tax_plans.set_periods(
        vat_every=plan_forms.period(form.vat_period.data),
        withholding_every=plan_forms.period(form.withholding_period.data),
        by=actor(),
    )
    flash(_("Saved."), "good")
    return htmx.go(url_for("cash_plans.taxes"))


@bp.get("/cash-flow/plans/planned")
@right(Right.SEE_MONEY)
def planned() -> Response:
    """What is planned by hand, with the next day of each."""
    after = keyset.day_and_id()
    found = queries.planned_items(after)
    shown = found[: queries.PAGE]
    more_url = _more_url(shown[-1]) if len(found) > queries.PAGE else None
    part = "cash_plans/_planned_more.html" if after else "cash_plans/_planned.html"
    return htmx.page(
        part if _is_part() else "cash_plans/planned.html",
        items=_with_next_days(shown),
        more_url=more_url,
        rhythms=dict(plan_forms.RHYTHMS),
        named=plan_view.names(categories.every()),
    )


@bp.route("/cash-flow/plans/planned/new", methods=["GET", "POST"])
@right(Right.EDIT_INVOICES)
def add() -> Response:
    """Plan an item."""
    form = plan_forms.new_item(today())
    if form.validate_on_submit():
        try:
            cash_plans.plan(wanted=form.plan(), by=actor())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("It counts in the forecast now."), "good")
            return htmx.go(url_for("cash_plans.planned"))
    return _form_page("cash_plans/planned_item.html", form, item=None)


@bp.route("/cash-flow/plans/planned/<uuid:item_id>", methods=["GET", "POST"])
@right(Right.EDIT_INVOICES)
def edit(item_id: UUID) -> Response:
    """Change a planned item."""
    item = queries.planned_item(item_id)
    if item is None:
        raise NotFound
    form = plan_forms.of_item(item)
    if form.validate_on_submit():
        try:
            cash_plans.change_plan(item_id=item_id, wanted=form.plan(), by=actor())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "good")
            return htmx.go(url_for("cash_plans.planned"))
    return _form_page("cash_plans/planned_item.html", form, item=item)


@bp.post("/cash-flow/plans/planned/<uuid:item_id>/deletion")
@right(Right.EDIT_INVOICES)
def drop(item_id: UUID) -> Response:
    """Take a planned item out of the forecast."""
    item = cash_plans.drop_plan(item_id=item_id, by=actor())
    flash(_("%(name)s was deleted.", name=item.name), "good")
    return htmx.go(url_for("cash_plans.planned"))


@bp.get("/cash-flow/budget")
@right(Right.SEE_MONEY)
def budget() -> Response:
    """The budget of a year beside what moved: a month, all months, or the year."""
    year = budget_view.asked_year()
    found = budgets.year_of(year=year, currency=g.company.currency)
    shown = budget_view.shown(found, view=budget_view.asked_view(year))
    return htmx.page("cash_plans/budget.html", shown=shown, foreign=_foreign_count(shown))


@bp.route("/cash-flow/budget/edit", methods=["GET", "POST"])
@right(Right.EDIT_INVOICES)
def edit_budget() -> Response:
    """Change the budget of a year as a table; `do` fills rows before they are saved."""
    year = budgets.year_of(year=budget_view.asked_year(), currency=g.company.currency)
    if request.method != "POST":
        return _budget_form(budget_view.opened(year))
    form = budget_view.posted(year)
    do, _mark, key = request.form.get("do", "save").partition(":")
    if do == "save":
        return _save_budget(form)
    if do == "same":
        form = budget_view.with_same(form, key)
    elif do == "empty":
        form = budget_view.emptied(form, key)
    elif do == "before":
        before = budgets.of_year_before(year=year.year, currency=g.company.currency)
        form = budget_view.with_actuals(form, before, key or None)
    else:
        raise NotFound
    return _budget_form(form)


@bp.post("/cash-flow/budget/counting")
@right(Right.EDIT_INVOICES)
def count_budget() -> Response:
    """Let what is left of the budget count in the forecast, or no longer."""
    counts = request.form.get("counts") == "1"
    budgets.count_in_forecast(counts=counts, by=actor())
    said = _("What is left of the budget counts in the forecast now.")
    flash(said if counts else _("The budget no longer counts in the forecast."), "good")
    return htmx.go(url_for("cash_plans.budget", year=budget_view.asked_year()))


@bp.post("/cash-flow/budget/exports")
@right(Right.EXPORT)
def export_budget() -> Response:
    """The budget of a year as a file, a row for each category and month."""
    kind = exports.file_format(request.form.get("format", ""))
    year = budgets.year_of(year=budget_view.asked_year(), currency=g.company.currency)
    rows = list(budget_view.cells(year))
    budgets.record_export(year=year.year, kind=kind.value, rows=len(rows), by=actor())
    title = _("Budget %(year)s", year=year.year)
    name = f"budget-{g.company.slug}-{year.year}"
    columns = budget_view.columns()
    return web_exports.table(columns, iter(rows), kind=kind, title=title, name=name)


def _foreign_count(shown: budget_view.Shown) -> int:
    return budget_queries.foreign_count(
        since=shown.first_day, until=shown.last_day, currency=g.company.currency
    )


def _save_budget(form: budget_view.Form) -> Response:
    if form.faults:
        return _budget_form(form, status=422)
    changed = budgets.save(year=form.year, wanted=form.wanted(), seen=form.seen, by=actor())
    said = ngettext("%(num)s category changed.", "%(num)s categories changed.", changed)
    flash(said if changed else _("Nothing was changed."), "good")
    return htmx.go(url_for("cash_plans.budget", year=form.year))


def _budget_form(form: budget_view.Form, status: int = 200) -> Response:
    template = "cash_plans/_budget_form.html" if _is_part() else "cash_plans/budget_form.html"
    months = [plan_words.short_month(at) for at in range(1, budgets.MONTHS + 1)]
    return htmx.page(template, status=status, form=form, months=months)


def _is_part() -> bool:
    """Does the page ask for its list alone?"""
    return request.headers.get("HX-Request-Type") == "partial"


def _recurring_row(key: str) -> Response:
    """The row as it stands now; one that is gone leaves nothing."""
    named = plan_view.names(categories.every())
    try:
        one = cash_plans.one_recurring(key=key)
    except Refusal:
        return Response(status=200)
    return htmx.fragment("cash_plans/_found_row.html", row=plan_view.recurring_row(one, named))


def _periods_form() -> TaxPeriodsForm:
    return TaxPeriodsForm(
        vat_period=plan_forms.named(g.company.vat_every),
        withholding_period=plan_forms.named(g.company.withholding_every),
    )


def _taxes_page(form: TaxPeriodsForm) -> Response:
    found = tax_plans.ahead(company=g.company, today=today())
    rows = [plan_view.tax_row(one) for one in found]
    if _is_part() and not form.is_submitted():
        return htmx.fragment("cash_plans/_taxes.html", rows=rows)
    sources = {row.name: row.note for row in rows}.items()
    return _form_page("cash_plans/taxes.html", form, rows=rows, sources=list(sources))


def _with_next_days(
    items: Sequence["PlannedItem"],
) -> list[tuple["PlannedItem", date | None]]:
    days: Mapping[UUID, date | None] = cash_plans.next_days(items, today=today())
    return [(item, days[item.id]) for item in items]


def _more_url(last: "PlannedItem") -> str:
    return url_for("cash_plans.planned", after=keyset.after(last.starts_on, last.id))


def _form_page(template: str, form: Form, **context: object) -> Response:
    status = 422 if form.is_submitted() else 200
    return htmx.page(template, status=status, form=form, **context)
