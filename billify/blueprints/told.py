"""Announcements of staff, put away by who has read them."""

from uuid import UUID

from flask import Blueprint, Response, request, url_for

from billify.web import bars, htmx
from billify.web.access import person

bp = Blueprint("told", __name__)
_ONE_MONTH = 31 * 24 * 3600


@bp.post("/announcements/<uuid:announcement_id>/dismissal")
@person
def put_away(announcement_id: UUID) -> Response:
    """No longer show this one on this device."""
    kept = [one for one in bars.remembered() if one and one != str(announcement_id)]
    response = htmx.go(_back())
    response.set_cookie(
        bars.COOKIE,
        ".".join([*kept, str(announcement_id)][-bars.MOST_REMEMBERED :]),
        max_age=_ONE_MONTH,
        httponly=True,
        samesite="Lax",
    )
    return response


def _back() -> str:
    """The page of ours that it stood on."""
    came_from = request.referrer or ""
    own = request.host_url
    if not came_from.startswith(own):
        return url_for("auth.start")
    # One slash: two would be the address of another site.
    return "/" + came_from.removeprefix(own).lstrip("/\\")
