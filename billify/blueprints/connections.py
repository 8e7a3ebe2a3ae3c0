"""Settings → Connections: how each partner's connection is doing, and to connect another."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from billify.application import connections
from billify.application.partners.protocol import Checked
from billify.data.queries import bank_sync as proofs
from billify.data.queries import banking as accounts
from billify.data.queries import connections as queries
from billify.domain.connections import ConnectionState, Partner
from billify.domain.refusal import NotFound, Refusal
from billify.domain.roles import Right
from billify.web import connection_forms as forms
from billify.web import connection_view as view
from billify.web import htmx, limits
from billify.web.access import actor, now, right
from billify.web.forms import Form

if TYPE_CHECKING:
    from billify.data.models import Integration

bp = Blueprint("connections", __name__)


@bp.get("/settings/connections")
@right(Right.MANAGE_COMPANY)
def index() -> Response:
    """Every connection and how it is doing."""
    is_part = request.headers.get("HX-Request-Type") == "partial"
    template = "connections/_list.html" if is_part else "connections/index.html"
    rows = [row for row in queries.connections() if not view.is_switched_off(row.partner)]
    return htmx.page(template, lines=view.health(rows, moment=now()))


@bp.get("/settings/connections/new")
@right(Right.MANAGE_COMPANY)
def new() -> Response:
    """What can be connected."""
    return htmx.page("connections/new.html", offers=view.offers())


@bp.route("/settings/connections/new/<partner>", methods=["GET", "POST"])
@right(Right.MANAGE_COMPANY)
@limits.limiter.limit(limits.LOGIN, exempt_when=limits.is_get)
def connect(partner: str) -> Response:
    """Connect to a partner with what it asks for."""
    offer = next((one for one in view.offers() if one.partner.value == partner), None)
    if offer is None:
        raise NotFound
    form = forms.login_form(offer.described.fields)
    if form.validate_on_submit():
        try:
            row = connections.connect(
                partner=offer.partner, given=forms.given(form, offer.described), by=actor()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return htmx.go(url_for(offer.described.next_page, integration_id=row.id))
    return _login_page(form, offer.partner, None)


@bp.get("/settings/connections/<uuid:integration_id>")
@right(Right.MANAGE_COMPANY)
def show(integration_id: UUID) -> Response:
    """One connection: its state, what it leads to and its runs."""
    return _show_page(_known(integration_id))


@bp.get("/settings/connections/<uuid:integration_id>/runs")
@right(Right.MANAGE_COMPANY)
def runs(integration_id: UUID) -> Response:
    """State, accounts and runs once more, for a page that shows them."""
    return htmx.fragment("connections/_live.html", **_shown(_known(integration_id)))


@bp.route("/settings/connections/<uuid:integration_id>/login", methods=["GET", "POST"])
@right(Right.MANAGE_COMPANY)
@limits.limiter.limit(limits.LOGIN, exempt_when=limits.is_get)
def login(integration_id: UUID) -> Response:
    """Another login for a connection."""
    row = _known(integration_id)
    described = view.described(row.partner)
    if not described.fields or row.state is ConnectionState.DISCONNECTED:
        raise NotFound
    form = forms.login_form(described.fields)
    if form.validate_on_submit():
        try:
            connections.renew(integration_id=row.id, given=forms.given(form, described), by=actor())
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "good")
            return htmx.go(url_for("connections.show", integration_id=row.id))
    return _login_page(form, row.partner, row)


@bp.post("/settings/connections/<uuid:integration_id>")
@right(Right.MANAGE_COMPANY)
@limits.limiter.limit(limits.LOGIN)
def try_out(integration_id: UUID) -> Response:
    """Ask the partner whether login and place are good, and say so."""
    checked = connections.check(integration_id=integration_id, by=actor())
    return _show_page(_known(integration_id), checked)


@bp.post("/settings/connections/<uuid:integration_id>/refreshing")
@right(Right.MANAGE_COMPANY)
def refresh(integration_id: UUID) -> Response:
    """Ask the partner now."""
    row = _known(integration_id)
    connections.refresh(integration_id=integration_id, by=actor())
    partner = view.described(row.partner).name
    flash(_("%(partner)s is being asked. What is new appears by itself.", partner=partner), "good")
    return htmx.go(url_for("connections.show", integration_id=integration_id))


@bp.post("/bank/refreshing")
@right(Right.EDIT_INVOICES)
def refresh_all() -> Response:
    """Ask the bank now, for every connection."""
    connections.refresh_bank(by=actor())
    flash(_("The bank is being asked. New movements appear by themselves."), "good")
    return htmx.go(url_for("banking.index"))


@bp.post("/settings/connections/<uuid:integration_id>/ending")
@right(Right.MANAGE_COMPANY)
def end(integration_id: UUID) -> Response:
    """End a connection; what it brought stays."""
    closes = request.form.get("closes") == "1"
    connections.disconnect(integration_id=integration_id, by=actor(), closes=closes)
    flash(_("The connection was ended. What it brought stays."), "good")
    return htmx.go(url_for("connections.index"))


@bp.get("/bank/accounts/<uuid:account_id>/check")
@right(Right.SEE_MONEY)
def check(account_id: UUID) -> Response:
    """What the bank said an account held, day by day, against its movements."""
    account = accounts.account(account_id)
    if account is None:
        raise NotFound
    return htmx.page(
        "connections/check.html",
        account=account,
        days=proofs.proof(account_id),
        difference=proofs.difference(account_id),
    )


def _show_page(row: "Integration", checked: Checked | None = None) -> Response:
    return htmx.page(
        "connections/show.html",
        findings=view.findings(row.partner, checked) if checked else [],
        **_shown(row),
    )


def _shown(row: "Integration") -> dict[str, Any]:  # Any: what a template takes
    before = _asked_moment()
    found = queries.runs(row.id, before=before)
    shown = found[: queries.SHOWN_RUNS]
    is_more = len(found) > queries.SHOWN_RUNS
    more_url = None
    if is_more:
        last = shown[-1].started_at.isoformat()
        more_url = url_for("connections.show", integration_id=row.id, before=last)
    brought = queries.accounts(row.id)
    (line,) = view.health([row], moment=now(), accounts=brought)
    return {
        "line": line,
        "row": row,
        "accounts": brought,
        "runs": shown,
        "more_url": more_url,
        "view": view,
        "left_open": connections.left_open(row),
    }


def _login_page(form: Form, partner: Partner, row: "Integration | None") -> Response:
    return htmx.page(
        "connections/login.html",
        status=422 if form.is_submitted() else 200,
        form=form,
        partner=partner,
        described=view.described(partner),
        row=row,
    )


def _known(integration_id: UUID) -> "Integration":
    row = queries.connection(integration_id)
    if row is None:
        raise NotFound
    return row


def _asked_moment() -> datetime | None:
    text = request.args.get("before", "")
    try:
        found = datetime.fromisoformat(text.replace(" ", "+")) if text else None
    except ValueError:
        raise NotFound from None
    return found if found is None or found.tzinfo else None
