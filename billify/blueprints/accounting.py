"""The accounting beside bank and documents: its books chosen, its items, differences and calls."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from billify.application import accounting
from billify.data.queries import connections as queries
from billify.domain.connections import Partner
from billify.domain.refusal import NotFound, Refusal
from billify.domain.roles import Right
from billify.web import accounting_differences, accounting_items, htmx, languages, limits
from billify.web.access import actor, right
from billify.web.accounting_words import PARTNER

if TYPE_CHECKING:
    from billify.data.models import Integration

bp = Blueprint("accounting", __name__)


@bp.get("/accounting/differences")
@right(Right.SEE_MONEY)
def differences() -> Response:
    """What bank, accounting and documents say differently."""
    return accounting_differences.index()


@bp.get("/accounting/differences/list")
@right(Right.SEE_MONEY)
def difference_rows() -> Response:
    """The list alone, or more of its rows."""
    return accounting_differences.rows()


@bp.post("/accounting/differences/exports")
@right(Right.EXPORT)
def export_differences() -> Response:
    """The same as a file."""
    return accounting_differences.export()


@bp.get("/accounting/items")
@right(Right.SEE_MONEY)
def items() -> Response:
    """What is open in the accounting."""
    return accounting_items.index()


@bp.get("/accounting/items/list")
@right(Right.SEE_MONEY)
def item_rows() -> Response:
    """The list alone, or more of its rows."""
    return accounting_items.rows()


@bp.get("/accounting/items/<uuid:open_item_id>")
@right(Right.SEE_MONEY)
def item(open_item_id: UUID) -> Response:
    """One item beside its invoice."""
    return accounting_items.show(open_item_id)


@bp.post("/accounting/items/<uuid:open_item_id>/document")
@right(Right.EDIT_INVOICES)
@limits.limiter.limit(limits.LOGIN)
def fetch_document(open_item_id: UUID) -> Response:
    """Fetch the document of an item from the archive of the accounting."""
    try:
        accounting.fetch_document(open_item_id, by=actor())
    except NotFound:
        raise
    except Refusal as refusal:
        flash(languages.sentence(refusal), "bad")
    else:
        flash(_("The document was fetched."), "good")
    return htmx.go(url_for("accounting.item", open_item_id=open_item_id))


@bp.route("/accounting/connections/<uuid:integration_id>/books", methods=["GET", "POST"])
@right(Right.MANAGE_COMPANY)
def choose(integration_id: UUID) -> Response:
    """Choose the books that are read."""
    row = _known(integration_id)
    picked = request.form.get("administration", "")
    fault = None
    if request.method == "POST":
        try:
            accounting.choose(integration_id=row.id, administration_id=picked, by=actor())
        except Refusal as refusal:
            fault = languages.sentence(refusal)
        else:
            flash(_("The first reading has begun. What is open comes by itself."), "good")
            return htmx.go(url_for("accounting.items"))
    offered = accounting.administrations(row.id)
    suggested = next((one.books.administration_id for one in offered if one.is_suggested), "")
    return htmx.page(
        "accounting/choose.html",
        status=422 if fault else 200,
        row=row,
        offered=offered,
        picked=picked or suggested,
        fault=fault,
        partner=PARTNER,
    )


@bp.get("/accounting/connections/<uuid:integration_id>")
@right(Right.MANAGE_COMPANY)
def connection(integration_id: UUID) -> Response:
    """The calls of today."""
    return _calls(_known(integration_id))


@bp.post("/accounting/connections/<uuid:integration_id>/cap")
@right(Right.MANAGE_COMPANY)
def set_cap(integration_id: UUID) -> Response:
    """Say how many calls a day the subscription allows."""
    row = _known(integration_id)
    typed = request.form.get("cap", "")
    cap = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
    try:
        accounting.set_cap(integration_id=row.id, cap=cap, by=actor())
    except Refusal as refusal:
        return _calls(row, fault=languages.sentence(refusal))
    flash(_("Saved."), "good")
    return htmx.go(url_for("accounting.connection", integration_id=row.id))


@bp.post("/accounting/connections/<uuid:integration_id>/refreshing")
@right(Right.MANAGE_COMPANY)
def refresh(integration_id: UUID) -> Response:
    """Ask the accounting now, within what is left of today's calls."""
    row = _known(integration_id)
    try:
        accounting.refresh(integration_id=row.id, by=actor())
    except Refusal as refusal:
        return _calls(row, fault=languages.sentence(refusal))
    flash(_("%(partner)s is being asked. What is new appears by itself.", partner=PARTNER), "good")
    return htmx.go(url_for("accounting.connection", integration_id=row.id))


def _calls(row: "Integration", *, fault: str | None = None) -> Response:
    budget = accounting.budget(row.id)
    return htmx.page(
        "accounting/connection.html",
        status=422 if fault else 200,
        row=row,
        budget=budget,
        plan=accounting_items.plan_of(budget),
        caps=accounting_items.caps(),
        fault=fault,
        partner=PARTNER,
    )


def _known(integration_id: UUID) -> "Integration":
    row = queries.connection(integration_id)
    if row is None or row.partner is not Partner.YUKI:
        raise NotFound
    return row
