"""What a person was told in a company: the bell, the list, and marking as read."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, current_app, g, request, url_for

from billify.application import notifications
from billify.data.queries import notifications as queries
from billify.domain.refusal import NotFound
from billify.web import access, htmx, notification_words
from billify.web.access import actor, member

bp = Blueprint("notifications", __name__)


@bp.get("/notifications")
@member
def index() -> Response:
    """What one was told here, newest first."""
    found = queries.page(_me(), _after())
    shown = list(found[: queries.MOST_ROWS])
    more_url = None
    if len(found) > queries.MOST_ROWS:
        last = shown[-1]
        more_url = url_for("notifications.index", after=f"{last.created_at.isoformat()}_{last.id}")
    is_more = request.headers.get("HX-Request-Type") == "partial" and "after" in request.args
    return htmx.page(
        "notifications/_more.html" if is_more else "notifications/index.html",
        rows=shown,
        more_url=more_url,
        unread=0 if is_more else queries.unread(_me()),
        choices_url=_choices_url(),
    )


@bp.get("/notifications/bell")
@member
def bell() -> Response:
    """The bell with the number of what is unread."""
    return htmx.fragment("notifications/_bell.html", unread=queries.unread(_me()))


@bp.post("/notifications/<uuid:notification_id>/opening")
@member
def open_one(notification_id: UUID) -> Response:
    """Go where a row leads; it is read from then on."""
    row = notifications.read(notification_id=notification_id, by=actor())
    if not row.path:
        return htmx.go(url_for("notifications.index"))
    return htmx.go(notification_words.address(g.company.slug, row.path))


@bp.post("/notifications/reading")
@member
def read_all() -> Response:
    """All of it is read."""
    notifications.read_all(by=actor())
    return htmx.go(url_for("notifications.index"))


def _choices_url() -> str | None:
    endpoint = "notification_choices.index"
    return url_for(endpoint) if endpoint in current_app.view_functions else None


def _me() -> UUID:
    return access.me().user_id


def _after() -> tuple[datetime, UUID] | None:
    text = request.args.get("after")
    if not text:
        return None
    try:
        moment, key = text.split("_")
        after = datetime.fromisoformat(moment), UUID(key)
    except ValueError:
        raise NotFound from None
    if after[0].tzinfo is None:
        raise NotFound
    return after
