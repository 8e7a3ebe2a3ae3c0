"""A person's answer when support asks to look along; and the way to end it."""

from uuid import UUID

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _

from billify.application.back_office import looking
from billify.data.queries import support as queries
from billify.domain.people import SUPPORT_LASTS
from billify.domain.refusal import NotFound
from billify.web import htmx
from billify.web.access import actor, member

bp = Blueprint("support", __name__)


@bp.get("/support")
@member
def index() -> Response:
    """Who of the staff asked to look along with the person, and what came of it."""
    user_id = actor().user_id
    if user_id is None:
        raise NotFound
    rows = queries.of_person(user_id)
    return htmx.page(
        "support/index.html",
        accesses=[(row, looking.state_of(row)) for row in rows],
        minutes=int(SUPPORT_LASTS.total_seconds() // 60),
    )


@bp.post("/support/<uuid:access_id>/permission")
@member
def allow(access_id: UUID) -> Response:
    """Let support look with one's eyes for an hour."""
    looking.allow(access_id=access_id, by=actor())
    flash(_("Support may look along for an hour. You can end it at any moment."), "good")
    return htmx.go(url_for("support.index"))


@bp.post("/support/<uuid:access_id>/refusal")
@member
def refuse(access_id: UUID) -> Response:
    """Let support not look."""
    looking.refuse(access_id=access_id, by=actor())
    flash(_("Support does not look along."), "good")
    return htmx.go(url_for("support.index"))


@bp.post("/support/<uuid:access_id>/ending")
@member
def end(access_id: UUID) -> Response:
    """Take the permission back."""
    looking.end(access_id=access_id, by=actor())
    flash(_("Support no longer looks along."), "good")
    return htmx.go(url_for("support.index"))
