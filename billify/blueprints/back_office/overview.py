"""The first page of the back office: does everything run?"""

from flask import Blueprint, Response

from billify.application import health
from billify.web import htmx
from billify.web.access import staff

bp = Blueprint("back_office", __name__)


@bp.get("/")
@staff
def index() -> Response:
    """Each part that Billify leans on, with how long it took to answer."""
    return htmx.page("back_office/index.html", parts=health.check())
