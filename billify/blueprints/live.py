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
    versions = live.versions()
    if versions is None:
        return Response(status=204)
    now = ",".join(f"{topic}:{count}" for topic, count in sorted(versions.items())) or "none"
    since = request.args.get("since", "")
    if since == now:
        return Response(status=204)
    response = htmx.fragment("layouts/_live.html", live_url=url_for("live.changes", since=now))
    if since != "start":
        before = dict(part.split(":", 1) for part in since.split(",") if ":" in part)
        changed = [topic for topic, count in versions.items() if before.get(topic) != str(count)]
        response.headers["HX-Trigger"] = json.dumps({f"{topic}-changed": True for topic in changed})
    return response
