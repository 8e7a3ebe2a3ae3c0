"""The outbox of mails: what was sent, what waits, what failed, and each mail as it reads."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from jinja2 import TemplateNotFound
from werkzeug.exceptions import NotFound

from billify.application import mails, ports
from billify.application.back_office import looking
from billify.domain.mails import MailState
from billify.domain.refusal import Refusal
from billify.web import htmx, keyset, languages, mail_paper
from billify.web.access import staff, staff_member

bp = Blueprint("staff_mails", __name__, url_prefix="/mails")


@bp.get("")
@staff
def index() -> Response:
    """The outbox, newest first."""
    state = _state(request.args.get("state"))
    words = (request.args.get("q") or "").strip()[:200].replace("\x00", "") or None
    before = keyset.row_id("before")
    found = mails.page(state=state, words=words, before=before)
    more_url = None
    if found.has_more:
        last = found.mails[-1].id
        more_url = url_for("staff_mails.index", state=state, q=words, before=last)
    # Any: what the template takes
    shown: dict[str, Any] = {"mails": found.mails, "more_url": more_url}
    if request.headers.get("HX-Request-Type") == "partial" and before:
        return htmx.fragment("back_office/_mails_more.html", **shown)
    settings = ports.settings().mail
    return htmx.page(
        "back_office/mails.html",
        counts={one.value: found.counts.get(one, 0) for one in MailState},
        state=state,
        q=words,
        has_server=settings.host is not None,
        **shown,
    )


@bp.get("/<uuid:mail_id>")
@staff
def show(mail_id: UUID) -> Response:
    """One mail, whole, as it is sent."""
    mail, paper = _opened(mail_id)
    settings = ports.settings().mail
    return htmx.page(
        "back_office/mail.html",
        mail=mail,
        paper=paper,
        sender=settings.sender,
        has_server=settings.host is not None,
        has_secrets=_has_secrets(),
    )


@bp.get("/<uuid:mail_id>/page")
@staff
def page(mail_id: UUID) -> Response:
    """The HTML of a mail for a frame that runs nothing and asks for nothing."""
    paper = _opened(mail_id)[1]
    if paper is None:
        raise NotFound
    response = make_response(paper.html.replace("<head>", '<head><base target="_blank">', 1))
    response.headers["Content-Security-Policy"] = (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';"
        f" style-src {mail_paper.style_source()}; frame-ancestors 'self'"
    )
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@bp.post("/<uuid:mail_id>/sending")
@staff
def retry(mail_id: UUID) -> Response:
    """Send it anew."""
    return _after(lambda: mails.retry(mail_id=mail_id), _("The mail is sent again."), mail_id)


@bp.post("/<uuid:mail_id>/discarding")
@staff
def discard(mail_id: UUID) -> Response:
    """Never send it."""
    return _after(lambda: mails.discard(mail_id=mail_id), _("The mail was discarded."), mail_id)


@bp.post("/sending")
@staff
def retry_failed() -> Response:
    """Send all anew that failed."""
    count = mails.retry_failed()
    said = ngettext("%(num)d mail is sent again.", "%(num)d mails are sent again.", count)
    flash(said, "good")
    return htmx.go(url_for("staff_mails.index"))


def _after(act: Any, said: str, mail_id: UUID) -> Response:  # Any: a use case about one mail
    try:
        mail = act()
    except Refusal as refusal:
        flash(languages.sentence(refusal), "bad")
    else:
        if mail.about_company is not None:
            looking.note(what="mails", company_id=mail.about_company, by=staff_member())
        flash(said, "good")
    return htmx.go(url_for("staff_mails.show", mail_id=mail_id))


def _opened(mail_id: UUID) -> tuple[Any, mails.Paper | None]:  # Any: a row, for the template
    """A mail and its words. Whoever it tells about can see that staff have read it."""
    mail, facts = mails.opened(mail_id=mail_id)
    looking.note_each(what="mails", company_ids=_told_about(mail, facts), by=staff_member())
    if facts is None:
        return mail, None
    try:
        paper = mail_paper.render(
            kind=mail.kind, language=mail.language, facts=facts, has_secrets=_has_secrets()
        )
    except TemplateNotFound:
        return mail, None
    return mail, paper


def _has_secrets() -> bool:
    """Are links that open something shown whole? Only where Billify is tried out and no mail
    server brings them: whoever opens one is let in as somebody else."""
    settings = ports.settings()
    return settings.mail.host is None and not settings.is_production


def _told_about(mail: Any, facts: mails.Facts | None) -> set[UUID]:  # Any: a row
    """The companies a mail tells about: its own, and those of a digest of several."""
    found = {UUID(line["company_id"]) for line in (facts or {}).get("lines", ())}
    return found | ({mail.about_company} if mail.about_company else set())


def _state(asked: str | None) -> MailState | None:
    return MailState(asked) if asked in set(MailState) else None
