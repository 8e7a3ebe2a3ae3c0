"""Bank."""

from flask import Blueprint, Response

from billify.web import htmx
from billify.web.access import member

bp = Blueprint("banking", __name__)


@bp.get("/bank")
@member
def index() -> Response:
    """The first page of this room."""
    return htmx.page("banking/index.html")
