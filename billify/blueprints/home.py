"""Home."""

from flask import Blueprint, Response

from billify.web import htmx
from billify.web.access import member

bp = Blueprint("home", __name__)


@bp.get("/")
@member
def index() -> Response:
    """The first page of this room."""
    return htmx.page("home/index.html")
