"""The track record: how well the forecast did, open to everyone who sees the money."""

from datetime import date

from flask import Blueprint, Response, g, request

from billify.application import track_record
from billify.domain.roles import Right
from billify.web import htmx, track_record_view
from billify.web.access import right, today
from billify.web.forms import parse_day

bp = Blueprint("track_record", __name__)


@bp.get("/track-record")
@right(Right.SEE_MONEY)
def index() -> Response:
    """What was said weeks ago, against what happened; `said` names another day to look at."""
    text = request.args.get("said", "").strip()
    asked, error = _day(text)
    found = track_record.record(today=today(), currency=g.company.currency, asked=asked)
    return htmx.page(
        "track_record/index.html",
        view=track_record_view.view(found, text=text, error=error, today=today()),
    )


def _day(text: str) -> tuple[date | None, str]:
    """The day that an address asks for, or a sentence on why it is none."""
    if not text:
        return None, ""
    try:
        return parse_day(text), ""
    except ValueError as error:
        return None, str(error)
