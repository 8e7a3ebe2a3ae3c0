"""Connections of all companies by their health."""

from uuid import UUID

from flask import Blueprint, Response, request

from billify.application.back_office import connections, looking
from billify.data.queries.staff_connections import Health
from billify.web import connection_view, htmx, searching
from billify.web.access import now, staff, staff_member

bp = Blueprint("staff_connections", __name__, url_prefix="/connections")


@bp.get("")
@staff
def index() -> Response:
    """The worst first."""
    health = _health()
    words = searching.words(request.args)
    found, is_more = connections.page(health=health, words=words, now=now())
    return htmx.page(
        "back_office/connections.html",
        found=found,
        is_more=is_more,
        health=health,
        words=words,
        counts=connections.counts(now=now()),
        view=connection_view,
    )


@bp.get("/<uuid:integration_id>")
@staff
def show(integration_id: UUID) -> Response:
    """One connection and its newest runs."""
    seen, runs = connections.one(integration_id=integration_id, now=now())
    looking.note(what="connections", company_id=seen.line.company_id, by=staff_member())
    return htmx.page(
        "back_office/connection.html",
        seen=seen,
        runs=runs,
        view=connection_view,
    )


def _health() -> Health:
    try:
        return Health(request.args.get("view", "all"))
    except ValueError:
        return Health.ALL
