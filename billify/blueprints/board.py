"""The board: every company of a person side by side. It belongs to no company."""

from flask import Blueprint, Response, request

from billify.application import board
from billify.web import board_view, htmx
from billify.web.access import me, now, person, today

bp = Blueprint("board", __name__)


@bp.get("/board")
@person
def index() -> Response:
    """A row a company: position, lowest point, what is behind, what waits."""
    wanted = board_view.asked(request.args)
    found = board.rows(user_id=me().user_id, now=now(), today=today())
    shown = board_view.shown(found, wanted)
    return htmx.page(
        "board/index.html",
        asked=wanted,
        is_any=bool(found),
        lines=[board_view.line(row) for row in shown],
        totals=board.totals(shown),
        tabs=board_view.tabs(found, wanted),
        heads=board_view.heads(wanted),
        note=board_view.note(today(), len(shown), len(found)),
    )
