"""Rules for bank lines and the categories they give: made, tried, put in order, taken back."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from billify.application import bank_rules, categories
from billify.data.queries import bank_rules as queries
from billify.data.queries import cash_flow
from billify.data.queries import categories as category_queries
from billify.domain.refusal import NotFound, Refusal
from billify.domain.roles import Right
from billify.web import category_choices, htmx, rule_forms
from billify.web.access import actor, right
from billify.web.rule_forms import CategoryForm, RuleForm

if TYPE_CHECKING:
    from billify.data.models import BankRule, BankTransaction

bp = Blueprint("bank_rules", __name__)
MOST_SHOWN = 20


@bp.get("/bank/rules")
@right(Right.SEE_MONEY)
def index() -> Response:
    """The rules in their order, and what each use of them did."""
    named = {one.id: category_choices.name(one.name, one.code) for one in category_queries.every()}
    return htmx.page(
        "bank_rules/index.html",
        rules=queries.rules(),
        uses=queries.uses(),
        categories=named,
        accounts={one.id: one.name for one in cash_flow.accounts()},
    )


@bp.route("/bank/rules/new", methods=["GET", "POST"])
@right(Right.EDIT_INVOICES)
def add() -> Response:
    """Describe a rule; see what it would change before it is kept."""
    return _form_page(rule_forms.of_line(_line()), None)


@bp.route("/bank/rules/<uuid:rule_id>", methods=["GET", "POST"])
@right(Right.EDIT_INVOICES)
def edit(rule_id: UUID) -> Response:
    """Change a rule."""
    row = _known(rule_id)
    return _form_page(rule_forms.of_rule(row), row)


@bp.post("/bank/rules/<uuid:rule_id>/moving")
@right(Right.EDIT_INVOICES)
def move(rule_id: UUID) -> Response:
    """Put a rule one place earlier, or later with `to=down`: the first that fits has a line."""
    order = [one.id for one in queries.rules()]
    if rule_id not in order:
        raise NotFound
    at = order.index(rule_id)
    to = at + 1 if request.form.get("to") == "down" else at - 1
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
        bank_rules.put_in_order(rule_ids=order, by=actor())
    return htmx.go(url_for("bank_rules.index"))


@bp.post("/bank/rules/<uuid:rule_id>/running")
@right(Right.EDIT_INVOICES)
def run(rule_id: UUID) -> Response:
    """Use a rule on the lines that wait."""
    _use(rule_id)
    return htmx.go(url_for("bank_rules.index"))


@bp.post("/bank/rules/<uuid:rule_id>/deletion")
@right(Right.EDIT_INVOICES)
def drop(rule_id: UUID) -> Response:
    """Delete a rule that was never used."""
    row = bank_rules.drop(rule_id=rule_id, by=actor())
    flash(_("%(name)s was deleted.", name=row.words), "good")
    return htmx.go(url_for("bank_rules.index"))


@bp.post("/bank/rules/runs/<uuid:run_id>/undoing")
@right(Right.EDIT_INVOICES)
def undo(run_id: UUID) -> Response:
    """Take a use of a rule back, and switch the rule off."""
    count = bank_rules.undo(run_id=run_id, by=actor())
    said = ngettext(
        "%(num)s line is free again. The rule is switched off.",
        "%(num)s lines are free again. The rule is switched off.",
        count,
    )
    flash(said, "good")
    return htmx.go(url_for("bank_rules.index"))


@bp.route("/bank/categories", methods=["GET", "POST"])
@right(Right.EDIT_INVOICES)
def list_categories() -> Response:
    """The categories: the Belgian default set until a company makes it its own."""
    form = CategoryForm()
    if form.validate_on_submit():
        try:
            row = categories.add(name=form.name.data or "", by=actor())
        except Refusal as refusal:
            form.refuse(refusal, "name")
        else:
            flash(_("%(name)s was added.", name=row.name), "good")
            return htmx.go(url_for("bank_rules.list_categories"))
    status = 422 if form.is_submitted() else 200
    return htmx.page(
        "bank_rules/categories.html",
        status=status,
        form=form,
        known=category_queries.with_rules(),
        defaults=category_choices.pairs([]),
        named=category_choices.name,
    )


@bp.post("/bank/categories/<uuid:category_id>")
@right(Right.EDIT_INVOICES)
def change_category(category_id: UUID) -> Response:
    """Rename a category, or offer it no longer; `do=drop` deletes one that nothing uses."""
    if request.form.get("do") == "drop":
        row = categories.drop(category_id=category_id, by=actor())
        flash(_("%(name)s was deleted.", name=row.name), "good")
    else:
        categories.change(
            category_id=category_id,
            name=_typed_name(category_id),
            is_active=request.form.get("active") == "1",
            by=actor(),
        )
        flash(_("Saved."), "good")
    return htmx.go(url_for("bank_rules.list_categories"))


def _typed_name(category_id: UUID) -> str:
    """The name as typed; one of the default set that was left alone keeps its own, in no language
    but that of the person who looks."""
    typed = request.form.get("name", "").replace("\x00", "").strip()
    row = category_queries.get(category_id)
    if row is None:
        raise NotFound
    return row.name if typed == category_choices.name(row.name, row.code) else typed


def _form_page(form: RuleForm, row: "BankRule | None") -> Response:
    """The form; once filled in it is tried, kept, or kept and used at once."""
    do, trial = request.form.get("do", ""), None
    if form.validate_on_submit():
        try:
            wanted = form.wanted()
            if do == "try":
                trial = bank_rules.preview(wanted=wanted)
            else:
                rule = _keep(row, wanted)
                if do == "use":
                    _use(rule.id)
                else:
                    flash(_("Saved."), "good")
                return htmx.go(url_for("bank_rules.index"))
        except Refusal as refusal:
            form.refuse(refusal, "words")
    status = 422 if form.is_submitted() and trial is None else 200
    return htmx.page(
        "bank_rules/rule.html", status=status, form=form, row=row, trial=trial, most=MOST_SHOWN
    )


def _keep(row: "BankRule | None", wanted: bank_rules.Wanted) -> "BankRule":
    if row is None:
        return bank_rules.add(wanted=wanted, by=actor())
    return bank_rules.change(rule_id=row.id, wanted=wanted, by=actor())


def _use(rule_id: UUID) -> None:
    done = bank_rules.run(rule_id=rule_id, by=actor())
    if done is None:
        flash(_("The rule fits no line that waits."), "warn")
    else:
        flash(ngettext("%(num)s line done.", "%(num)s lines done.", done.count), "good")


def _known(rule_id: UUID) -> "BankRule":
    found = next((one for one in queries.rules() if one.id == rule_id), None)
    if found is None:
        raise NotFound
    return found


def _line() -> "BankTransaction | None":
    """The line that the address names, which a new rule begins with."""
    text = request.args.get("line")
    try:
        return queries.line(UUID(text)) if text else None
    except ValueError:
        raise NotFound from None
