"""Settings → Connections: connect the bank, pick accounts, see each run, renew, end."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, Response, flash, g, request, url_for
from flask_babel import gettext as _

from billify.application import connections
from billify.application.partners.ponto import connecting
from billify.data.queries import bank_sync as proofs
from billify.data.queries import banking as accounts
from billify.data.queries import cash_flow
from billify.data.queries import connections as queries
from billify.domain.connections import TROUBLES, ConnectionState, Partner
from billify.domain.refusal import NotFound, Refusal
from billify.domain.roles import Right
from billify.web import connection_forms as forms
from billify.web import connection_view as view
from billify.web import htmx, languages, limits
from billify.web.access import actor, right, today
from billify.web.connection_forms import KeysForm

if TYPE_CHECKING:
    from billify.data.models import Integration

bp = Blueprint("connections", __name__)
DASHBOARD = "https://dashboard.myponto.com"


@bp.get("/settings/connections")
@right(Right.MANAGE_COMPANY)
def index() -> Response:
    """Every connection, with its accounts."""
    rows = queries.connections()
    found = queries.accounts(*(one.id for one in rows))
    return htmx.page(
        "connections/index.html", rows=rows, accounts=found, view=view, troubles=TROUBLES
    )


@bp.route("/settings/connections/new", methods=["GET", "POST"])
@right(Right.MANAGE_COMPANY)
@limits.limiter.limit(limits.LOGIN, exempt_when=limits.is_get)
def new() -> Response:
    """Connect with keys of one's own, or go to Ponto Connect."""
    form = KeysForm()
    if form.validate_on_submit():
        try:
            row = connecting.connect_with_keys(
                client_id=form.client_id.data or "",
                client_secret=form.client_secret.data or "",
                by=actor(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return htmx.go(url_for("connections.choose", integration_id=row.id))
    return _keys_page(form, None)


@bp.post("/settings/connections/consents")
@right(Right.MANAGE_COMPANY)
def begin() -> Response:
    """Begin with Ponto Connect."""
    row = connecting.begin(by=actor())
    return htmx.go(url_for("connections.show", integration_id=row.id))


@bp.get("/settings/connections/<uuid:integration_id>")
@right(Right.MANAGE_COMPANY)
def show(integration_id: UUID) -> Response:
    """One connection: its state, its accounts and its runs."""
    row = _known(integration_id)
    address = None
    if row.partner is Partner.PONTO_CONNECT:
        address = connecting.consent_address(
            integration_id=row.id, slug=g.company.slug, redirect_url=_redirect()
        )
    return htmx.page("connections/show.html", consent_url=address, **_shown(row))


@bp.get("/settings/connections/<uuid:integration_id>/runs")
@right(Right.MANAGE_COMPANY)
def runs(integration_id: UUID) -> Response:
    """State, accounts and runs once more, for a page that shows them."""
    return htmx.fragment("connections/_live.html", **_shown(_known(integration_id)))


@bp.route("/settings/connections/<uuid:integration_id>/consent", methods=["GET", "POST"])
@right(Right.MANAGE_COMPANY)
def consent(integration_id: UUID) -> Response:
    """Back from Ponto with its answer: a press of a button takes it."""
    row = _known(integration_id)
    fault = None
    if "error" in request.args or not request.args.get("code"):
        fault = _("Ponto did not give its consent. Nothing was changed.")
    elif request.method == "POST":
        try:
            connecting.finish(
                integration_id=row.id,
                code=request.args["code"][:2000],
                state=request.args.get("state", "")[:500],
                redirect_url=_redirect(),
                by=actor(),
            )
        except Refusal as refusal:
            fault = languages.sentence(refusal)
        else:
            return htmx.go(url_for("connections.choose", integration_id=row.id))
    return htmx.page(
        "connections/consent.html",
        status=422 if fault and request.method == "POST" else 200,
        row=row,
        fault=fault,
    )


@bp.route("/settings/connections/<uuid:integration_id>/accounts", methods=["GET", "POST"])
@right(Right.MANAGE_COMPANY)
def choose(integration_id: UUID) -> Response:
    """Pick the accounts and where their movements go."""
    row = _known(integration_id)
    offered = queries.accounts(row.id)
    fault = None
    if request.method == "POST":
        try:
            connecting.choose(
                integration_id=row.id,
                choices=forms.choices(request.form, offered),
                today=today(),
                by=actor(),
            )
        except Refusal as refusal:
            fault = languages.sentence(refusal)
        else:
            flash(_("The first movements are on their way."), "good")
            return htmx.go(url_for("connections.show", integration_id=row.id))
    suggested = connecting.suggestions(offered=offered)
    shown = [(one, forms.picked(one, suggested, request.form)) for one in offered]
    return htmx.page(
        "connections/accounts.html",
        status=422 if fault else 200,
        row=row,
        offered=shown,
        options=forms.options(cash_flow.accounts()),
        fault=fault,
    )


@bp.route("/settings/connections/<uuid:integration_id>/keys", methods=["GET", "POST"])
@right(Right.MANAGE_COMPANY)
@limits.limiter.limit(limits.LOGIN, exempt_when=limits.is_get)
def keys(integration_id: UUID) -> Response:
    """Other keys for a connection."""
    row = _known(integration_id)
    form = KeysForm()
    if form.validate_on_submit():
        try:
            connecting.renew_keys(
                integration_id=row.id,
                client_id=form.client_id.data or "",
                client_secret=form.client_secret.data or "",
                by=actor(),
            )
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "good")
            return htmx.go(url_for("connections.show", integration_id=row.id))
    return _keys_page(form, row)


@bp.post("/settings/connections/<uuid:integration_id>/renewal")
@right(Right.MANAGE_COMPANY)
def renew(integration_id: UUID) -> Response:
    """Ask for consent once more."""
    row = _known(integration_id)
    if row.partner is Partner.PONTO:
        return htmx.go(url_for("connections.keys", integration_id=integration_id))
    if row.state is ConnectionState.ACTIVE:
        address = connecting.renewal_address(
            integration_id=integration_id, redirect_url=_redirect(), by=actor()
        )
        return htmx.page("connections/renewal.html", row=row, address=address)
    connecting.begin_again(integration_id=integration_id, by=actor())
    return htmx.go(url_for("connections.show", integration_id=integration_id))


@bp.post("/settings/connections/<uuid:integration_id>/refreshing")
@right(Right.MANAGE_COMPANY)
def refresh(integration_id: UUID) -> Response:
    """Ask the bank now."""
    connections.refresh(integration_id=integration_id, by=actor())
    flash(_("The bank is being asked. New movements appear by themselves."), "good")
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
    """End a connection; its movements stay."""
    connections.disconnect(integration_id=integration_id, by=actor())
    flash(_("The connection was ended. Its movements stay."), "good")
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


def _shown(row: "Integration") -> dict[str, Any]:  # Any: what a template takes
    before = _asked_moment()
    found = queries.runs(row.id, before=before)
    shown = found[: queries.SHOWN_RUNS]
    is_more = len(found) > queries.SHOWN_RUNS
    more_url = None
    if is_more:
        last = shown[-1].started_at.isoformat()
        more_url = url_for("connections.show", integration_id=row.id, before=last)
    return {
        "row": row,
        "accounts": queries.accounts(row.id),
        "runs": shown,
        "more_url": more_url,
        "view": view,
        "troubles": TROUBLES,
        "dashboard": DASHBOARD,
    }


def _keys_page(form: KeysForm, row: "Integration | None") -> Response:
    return htmx.page(
        "connections/keys.html",
        status=422 if form.is_submitted() else 200,
        form=form,
        row=row,
        has_connect=row is None and connecting.has_connect(),
        dashboard=DASHBOARD,
    )


def _known(integration_id: UUID) -> "Integration":
    row = queries.connection(integration_id)
    if row is None:
        raise NotFound
    return row


def _redirect() -> str:
    return url_for("consents.ponto", _external=True)


def _asked_moment() -> datetime | None:
    text = request.args.get("before", "")
    try:
        found = datetime.fromisoformat(text.replace(" ", "+")) if text else None
    except ValueError:
        raise NotFound from None
    return found if found is None or found.tzinfo else None
