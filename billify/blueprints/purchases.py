"""Purchases."""

from flask import Blueprint, Response

from billify.web import htmx
from billify.web.access import member

bp = Blueprint("purchases", __name__)


@bp.get("/purchases")
@member
def index() -> Response:
    """The first page of this room."""
    return htmx.page("purchases/index.html")
