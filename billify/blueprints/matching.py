"""Reconciliation: bank lines beside what they may settle; accept, refuse, choose, take back."""

from collections import Counter
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from billify.application import categories, matching, reconciling
from billify.data.queries import audit as audit_queries
from billify.data.queries import reconciling as queries
from billify.domain.refusal import N_, Refusal
from billify.domain.roles import Right
from billify.web import category_choices, htmx, languages, reconcile_choice, reconcile_view
from billify.web.access import actor, right, today
from billify.web.reconcile_choice import Choice
from billify.web.reconcile_view import Address

bp = Blueprint("matching", __name__)
MOST_MARKED = 200


@bp.get("/bank/reconcile")
@right(Right.SEE_MONEY)
def index() -> Response:
    """Lines that wait with their proposals, or those settled; the filters are in the address."""
    listing = reconcile_view.listing(today=today())
    if request.headers.get("HX-Request-Type") == "partial":
        template = "matching/_more.html" if "after" in request.args else "matching/_answer.html"
        return htmx.fragment(template, listing=listing)
    return htmx.page("matching/index.html", listing=listing)


@bp.get("/bank/reconcile/<uuid:line_id>")
@right(Right.SEE_MONEY)
def show(line_id: UUID) -> Response:
    """One line: all its proposals with all evidence, invoices to choose by hand, its history."""
    return _line_page(line_id)


@bp.post("/bank/reconcile/<uuid:line_id>/acceptance")
@right(Right.EDIT_INVOICES)
def accept(line_id: UUID) -> Response:
    """Book the proposal that was shown."""
    reconciling.accept(
        line_id=line_id,
        seen=request.form.get("seen", ""),
        writes_off=request.form.get("rest") == "off",
        by=actor(),
    )
    return _dealt_with(line_id, _("Settled."))


@bp.post("/bank/reconcile/<uuid:line_id>/rejection")
@right(Right.EDIT_INVOICES)
def reject(line_id: UUID) -> Response:
    """Say that a proposal is wrong: it is not made again."""
    reconciling.reject(line_id=line_id, seen=request.form.get("seen", ""), by=actor())
    return _dealt_with(line_id, _("This will not be proposed again."))


@bp.post("/bank/reconcile/<uuid:line_id>/setting-aside")
@right(Right.EDIT_INVOICES)
def set_aside(line_id: UUID) -> Response:
    """Say that a line needs no invoice, and what it was for."""
    category_id = categories.chosen(given=request.form.get("category", ""))
    if not matching.set_aside(line_ids=[line_id], category_id=category_id, by=actor()):
        reconcile_view.row(line_id)
        raise Refusal(N_("This bank line has been dealt with already."))
    return _dealt_with(line_id, _("No invoice expected."))


@bp.post("/bank/reconcile/<uuid:line_id>/undoing")
@right(Right.EDIT_INVOICES)
def undo(line_id: UUID) -> Response:
    """Take back what became of a line; the evidence is kept."""
    if reconcile_view.row(line_id).line.match_state == "set_aside":
        matching.take_up(line_id=line_id, by=actor())
    else:
        matching.undo(line_id=line_id, by=actor())
    return _dealt_with(line_id, _("Taken back."))


@bp.post("/bank/reconcile/<uuid:line_id>/choice")
@right(Right.EDIT_INVOICES)
def choose(line_id: UUID) -> Response:
    """Settle the invoices chosen by hand; `do=look` only looks for more of them."""
    row = reconcile_view.row(line_id)
    choice = reconcile_choice.read(row.line, left=row.left, form=request.form)
    if request.form.get("do") != "settle":
        if htmx.is_htmx():
            return htmx.fragment("matching/_choice.html", row=row, choice=choice, here=_here())
        return _line_page(line_id, choice)
    if choice.faults:
        return _line_page(line_id, choice)
    try:
        matching.settle(line_id=line_id, parts=choice.parts(), by=actor())
    except Refusal as refusal:
        choice.refuse(languages.sentence(refusal))
        return _line_page(line_id, choice)
    flash(_("Settled."), "good")
    return htmx.go(url_for("matching.index", **_here()))


@bp.post("/bank/reconcile/marked")
@right(Right.EDIT_INVOICES)
def marked() -> Response:
    """Accept the shown proposals of the marked lines, or say that they need no invoice."""
    lines = _marked()
    if request.form.get("do") == "aside":
        category_id = categories.chosen(given=request.form.get("category", ""))
        done = reconciling.Done(
            matching.set_aside(line_ids=lines, category_id=category_id, by=actor())
        )
    else:
        chosen = [
            (one, request.form[f"seen-{one}"]) for one in lines if f"seen-{one}" in request.form
        ]
        done = reconciling.accept_all(chosen=chosen, by=actor())
        done.without = len(lines) - len(chosen)
    said, tone = _said(done)
    if htmx.is_htmx():
        return htmx.toast(Response(status=204), said, tone)
    flash(said, tone)
    return htmx.go(url_for("matching.index", **_here()))


def _line_page(line_id: UUID, choice: Choice | None = None) -> Response:
    history = audit_queries.of_subject(line_id)
    was_undone = any(event.verb == "match.undone" for event in history)
    row = reconcile_view.row(line_id, with_undone=was_undone)
    can_edit = actor().can(Right.EDIT_INVOICES)
    if choice is None and can_edit and row.left:
        choice = reconcile_choice.first(row.line, left=row.left, offers=row.offers)
    return htmx.page(
        "matching/line.html",
        status=422 if choice and choice.faults else 200,
        row=row,
        choice=choice,
        categories=category_choices.offered() if can_edit and row.is_waiting else [],
        other=queries.other_half(line_id) if row.line.match_state == "transfer" else None,
        history=history,
        here=_here(),
    )


def _dealt_with(line_id: UUID, said: str) -> Response:
    """The row as it stands now; without script back to the list."""
    if htmx.is_htmx() and request.form.get("in") == "list":
        response = htmx.fragment(
            "matching/_row.html",
            row=reconcile_view.row(line_id),
            here=_here(),
            is_fresh=True,
            with_picks=True,
        )
        return htmx.toast(response, said)
    flash(said, "good")
    return htmx.go(url_for("matching.index", **_here()))


def _here() -> Address:
    """The list that a person came from, as its address has it."""
    return reconcile_view.parts(request.args)


def _marked() -> list[UUID]:
    try:
        found = [UUID(text) for text in request.form.getlist("ids")]
    except ValueError:
        raise Refusal(N_("Mark lines of this list.")) from None
    if not found:
        raise Refusal(N_("Mark one or more lines first."))
    if len(found) > MOST_MARKED:
        raise Refusal(N_("Mark at most %(most)s lines at once."), most=MOST_MARKED)
    return list(dict.fromkeys(found))


def _said(done: reconciling.Done) -> tuple[str, str]:
    said = [ngettext("%(num)s line done.", "%(num)s lines done.", done.count)]
    if done.without:
        said.append(ngettext("%(num)s has no proposal.", "%(num)s have no proposal.", done.without))
    sentences = Counter(languages.sentence(one) for one in done.refusals)
    for sentence, times in sentences.most_common(3):
        not_done = ngettext("%(num)s not:", "%(num)s not:", times)
        said.append(f"{not_done} {sentence}")
    is_whole = not done.refusals and not done.without
    return " ".join(said), "good" if is_whole else "warn" if done.count else "bad"
