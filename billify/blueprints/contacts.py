"""Contacts."""

from flask import Blueprint, Response, request

from billify.data.queries import contacts as queries
from billify.domain import identity
from billify.domain.roles import Right
from billify.web import htmx
from billify.web.access import member, right

bp = Blueprint("contacts", __name__)


@bp.get("/contacts")
@member
def index() -> Response:
    """The first page of this room."""
    return htmx.page("contacts/index.html")


@bp.get("/contacts/options")
@right(Right.SEE_MONEY)
def options() -> Response:
    """Contacts whose name has the words typed so far, for the picker of a form."""
    typed = request.args.get("q") or request.args.get("contact_name") or ""
    words = identity.search_key(typed[:200])
    found = queries.found_by(words, 8) if words else []
    return htmx.fragment("contacts/_options.html", contacts=found)
