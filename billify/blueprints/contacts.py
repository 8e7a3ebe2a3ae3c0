"""Contacts."""

from flask import Blueprint, Response

from billify.web import htmx
from billify.web.access import member

bp = Blueprint("contacts", __name__)


@bp.get("/contacts")
@member
def index() -> Response:
    """The first page of this room."""
    return htmx.page("contacts/index.html")
