"""Sales."""

from flask import Blueprint, Response

from billify.web import htmx
from billify.web.access import member

bp = Blueprint("sales", __name__)


@bp.get("/sales")
@member
def index() -> Response:
    """The first page of this room."""
    return htmx.page("sales/index.html")
