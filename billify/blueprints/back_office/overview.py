"""The first page of the back office: does everything run?"""

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _l

from billify.application import health
from billify.application.back_office import figures
from billify.web import htmx, metrics
from billify.web.access import now, staff

bp = Blueprint("back_office", __name__)
SLOWEST = 10
PARTS = {
    "database": _l("Database"),
    "schema": _l("Schema"),
    "queue": _l("Queue"),
    "storage": _l("Storage"),
}
"""What application/health.py asks after, as people call it."""


@bp.get("/")
@staff
def index() -> Response:
    """Each part that Billify leans on, with how long it took to answer."""
    return htmx.page(
        "back_office/index.html",
        parts=health.check(),
        words=PARTS,
        figures=figures.gather(now=now()),
        slowest=metrics.slowest(SLOWEST),
    )
