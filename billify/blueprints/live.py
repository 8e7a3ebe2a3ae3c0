"""What changed: open pages ask every few seconds, and mostly hear that nothing did."""

import json

from flask import Blueprint, Response, request, url_for

from billify.application import live
from billify.web import htmx
from billify.web.access import member

bp = Blueprint("live", __name__)


@bp.get("/live")
@member
def changes() -> Response:
    """204 when nothing changed since the given state, else an event for each changed topic."""
    since, now = request.args.get("since", ""), live.state()
    if now is None or now == since:
        return Response(status=204)
    response = htmx.fragment("layouts/_live.html", live_url=url_for("live.changes", since=now))
    if since != "start":
        changed = live.changed(since=since, now=now)
        response.headers["HX-Trigger"] = json.dumps({f"{topic}-changed": True for topic in changed})
    return response
