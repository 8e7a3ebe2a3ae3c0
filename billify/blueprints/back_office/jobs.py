"""Queues, workers and the dead letters of all companies."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from billify.application.back_office import dead_letters, looking, queues
from billify.domain.refusal import Refusal
from billify.web import htmx, keyset, languages
from billify.web.access import now, staff, staff_member

bp = Blueprint("staff_jobs", __name__, url_prefix="/jobs")
_MOST_AT_ONCE = 500


@bp.get("")
@staff
def index() -> Response:
    """What waits and who does it, and below it the dead letters."""
    name = request.args.get("name") or None
    before = keyset.row_id("before")
    letters, more = dead_letters.page(name=name, before=before)
    more_url = url_for("staff_jobs.index", name=name, before=letters[-1].id) if more else None
    # Any: what the template takes
    found: dict[str, Any] = {"letters": letters, "more_url": more_url}
    if request.headers.get("HX-Request-Type") == "partial" and before:
        return htmx.fragment("back_office/_letters_more.html", **found)
    return htmx.page(
        "back_office/jobs.html",
        picture=queues.picture(now=now()),
        names=dead_letters.names(),
        name=name,
        **found,
    )


@bp.get("/<uuid:job_id>")
@staff
def show(job_id: UUID) -> Response:
    """One job with its reason, its stack and the ids it is about."""
    job = dead_letters.one(job_id=job_id)
    looking.note(what="jobs", company_id=job.company_id, by=staff_member())
    return htmx.page("back_office/job.html", job=job)


@bp.post("/replaying")
@staff
def replay() -> Response:
    """Start the marked jobs anew."""
    chosen = _chosen()
    count = dead_letters.replay(job_ids=chosen, by=staff_member())
    said = ngettext("%(num)d job begins anew.", "%(num)d jobs begin anew.", count)
    flash(said if count else _("Nothing was marked."), "good" if count else "warn")
    return htmx.go(_back())


@bp.post("/discarding")
@staff
def discard() -> Response:
    """Put the marked jobs away, with a reason."""
    reason = request.form.get("reason", "")
    try:
        count = dead_letters.discard(
            job_ids=_chosen(), reason=reason.replace("\x00", ""), by=staff_member()
        )
    except Refusal as refusal:
        flash(languages.sentence(refusal), "bad")
        return htmx.go(_back())
    said = ngettext("%(num)d job was put away.", "%(num)d jobs were put away.", count)
    flash(said if count else _("Nothing was marked."), "good" if count else "warn")
    return htmx.go(_back())


def _chosen() -> list[UUID]:
    """The marked jobs; what is no key is passed over."""
    found = []
    for text in request.form.getlist("ids")[:_MOST_AT_ONCE]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _back() -> str:
    return url_for("staff_jobs.index", name=request.args.get("name") or None)
