"""Settings."""

from flask import Blueprint, Response

from billify.web import htmx
from billify.web.access import member

bp = Blueprint("companies", __name__)


@bp.get("/settings")
@member
def settings() -> Response:
    """The first page of this room."""
    return htmx.page("companies/index.html")
