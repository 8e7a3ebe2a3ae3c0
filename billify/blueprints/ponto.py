"""What is Ponto's own about a connection: consent, and the accounts it leads to."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, Response, flash, g, request, url_for
from flask_babel import gettext as _

from billify.application.partners.ponto import connecting
from billify.data.queries import cash_flow
from billify.data.queries import connections as queries
from billify.domain.connections import ConnectionState, Partner
from billify.domain.refusal import NotFound, Refusal
from billify.domain.roles import Right
from billify.web import connection_forms as forms
from billify.web import htmx, languages
from billify.web.access import actor, right, today

if TYPE_CHECKING:
    from billify.data.models import Integration

bp = Blueprint("ponto", __name__)
BANKS = frozenset({Partner.PONTO, Partner.PONTO_CONNECT})


@bp.get("/settings/connections/<uuid:integration_id>/allowing")
@right(Right.MANAGE_COMPANY)
def allow(integration_id: UUID) -> Response:
    """The way to Ponto, where a person allows it."""
    row = _known(integration_id)
    address = None
    if row.partner is Partner.PONTO_CONNECT:
        address = connecting.consent_address(
            integration_id=row.id, slug=g.company.slug, redirect_url=_redirect()
        )
    if address is None:
        return htmx.go(url_for("connections.show", integration_id=row.id))
    return htmx.page("connections/allow.html", row=row, address=address, is_renewal=False)


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
            return htmx.go(url_for("ponto.choose", integration_id=row.id))
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


@bp.post("/settings/connections/<uuid:integration_id>/renewal")
@right(Right.MANAGE_COMPANY)
def renew(integration_id: UUID) -> Response:
    """Ask for consent once more."""
    row = _known(integration_id)
    if row.partner is Partner.PONTO_CONNECT and row.state is ConnectionState.ACTIVE:
        address = connecting.renewal_address(
            integration_id=integration_id, redirect_url=_redirect(), by=actor()
        )
        return htmx.page("connections/allow.html", row=row, address=address, is_renewal=True)
    connecting.begin_again(integration_id=integration_id, by=actor())
    return htmx.go(url_for("ponto.allow", integration_id=integration_id))


def _known(integration_id: UUID) -> "Integration":
    row = queries.connection(integration_id)
    if row is None or row.partner not in BANKS:
        raise NotFound
    return row


def _redirect() -> str:
    return url_for("consents.ponto", _external=True)
