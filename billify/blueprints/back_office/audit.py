"""The audit logs of companies: one at a time, and each look at one is a line in it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from billify.application.back_office import audit_log, looking
from billify.blueprints.companies import SUBJECTS
from billify.data.queries.audit import Wanted
from billify.domain.brussels import BRUSSELS
from billify.domain.refusal import NotFound
from billify.web import htmx
from billify.web.access import staff, staff_member
from billify.web.forms import parse_day
from billify.web.verbs import VERBS

bp = Blueprint("staff_audit", __name__, url_prefix="/audit")


@bp.get("")
@staff
def index() -> Response:
    """Choose a company."""
    words = _text("q")
    return htmx.page(
        "back_office/audit_companies.html",
        companies=audit_log.companies(words=words),
        words=words,
        most=audit_log.MOST_COMPANIES,
    )


@bp.get("/<uuid:company_id>")
@staff
def show(company_id: UUID) -> Response:
    """A company's log, searched by what was done, by whom, to what and when."""
    before = request.args.get("before", type=int)
    is_more = before is not None and request.headers.get("HX-Request-Type") == "partial"
    name = audit_log.company_name(company_id=company_id)
    looking.note(what="audit", company_id=company_id, by=staff_member())
    template = "back_office/_audit_more.html" if is_more else "back_office/audit.html"
    return htmx.page(template, **_shown(company_id, name, before))


@bp.post("/<uuid:company_id>")
@staff
def verify(company_id: UUID) -> Response:
    """Walk the whole chain and tell how it went."""
    name = audit_log.company_name(company_id=company_id)
    looking.note(what="audit", company_id=company_id, by=staff_member())
    walked = audit_log.walk(company_id=company_id)
    return htmx.page("back_office/audit.html", walked=walked, **_shown(company_id, name, None))


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as the address says them."""

    verb: str
    actor: str
    subject_type: str
    subject_id: str
    since: str
    until: str

    @property
    def days(self) -> tuple[str, str]:
        """The first and the last day."""
        return self.since, self.until


def _shown(company_id: UUID, name: str, before: int | None) -> dict[str, Any]:
    # Any: what the template takes
    asked = Asked(*(_text(key) for key in Asked.__slots__))
    wanted, problem = _wanted(asked)
    events, more = audit_log.page(company_id=company_id, wanted=wanted, before=before)
    kept = {key: getattr(asked, key) or None for key in Asked.__slots__}
    more_url = None
    if more:
        more_url = url_for("staff_audit.show", company_id=company_id, before=events[-1].seq, **kept)
    return {
        "company_id": company_id,
        "company_name": name,
        "events": events,
        "more_url": more_url,
        "asked": asked,
        "problem": problem,
        "kept": kept,
        "verbs": [("", _("Everything done")), *((key, _(words)) for key, words in VERBS.items())],
        "subjects": SUBJECTS,
    }


def _wanted(asked: Asked) -> tuple[Wanted, str | None]:
    """What the filters mean, and a sentence on a day that is none."""
    since = until = problem = None
    try:
        since = parse_day(asked.since) if asked.since else None
        until = parse_day(asked.until) if asked.until else None
    except ValueError as error:
        problem = str(error)
    wanted = Wanted(
        verb=asked.verb if asked.verb in VERBS else None,
        actor=asked.actor,
        subject_type=asked.subject_type or None,
        subject_id=_key(asked.subject_id),
        since=_start(since) if since else None,
        until=_start(until + timedelta(days=1)) if until else None,
    )
    return wanted, problem


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=BRUSSELS)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def _text(name: str) -> str:
    return request.args.get(name, "").strip()[:200].replace("\x00", "")
