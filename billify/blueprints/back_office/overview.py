"""The first page of the back office: does everything run?"""

from flask import Blueprint, Response

from billify.application import health
from billify.application.back_office import figures
from billify.web import htmx, metrics
from billify.web.access import now, staff

bp = Blueprint("back_office", __name__)
SLOWEST = 10


@bp.get("/")
@staff
def index() -> Response:
    """Each part that Billify leans on, with how long it took to answer."""
    return htmx.page(
        "back_office/index.html",
        parts=health.check(),
        figures=figures.gather(now=now()),
        slowest=metrics.slowest(SLOWEST),
    )
