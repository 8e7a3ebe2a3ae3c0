"""Sheets for a meeting with the bank: on screen, in print and as a PDF, in four languages."""

from flask import Blueprint, Response, g, request, url_for

from billify.application import bank_meeting, printing
from billify.domain.meeting_paper import MeetingPaper
from billify.domain.roles import Right
from billify.web import htmx, languages, limits, meeting_paper
from billify.web.access import right, today

bp = Blueprint("bank_meeting", __name__)
NAMES = {"nl": "Nederlands", "fr": "Français", "en": "English", "de": "Deutsch"}


@bp.get("/bank-meeting")
@right(Right.SEE_MONEY)
def index() -> Response:
    """The sheets as they will be printed; `language` chooses theirs, apart from the person's."""
    paper = _paper()
    tabs = [
        (name, url_for("bank_meeting.index", language=code), code == paper.language, None)
        for code, name in NAMES.items()
    ]
    return htmx.page("bank_meeting/index.html", paper=paper, tabs=tabs)


@bp.get("/bank-meeting/pdf")
@right(Right.SEE_MONEY)
@limits.limiter.limit(limits.PRINT)
def pdf() -> Response:
    """The same as a PDF."""
    paper = _paper()
    name = f"{g.slug}-{today().isoformat()}-{paper.language}.pdf"
    return Response(
        printing.meeting_pdf(paper=paper, on=today()),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _paper() -> MeetingPaper:
    asked = request.args.get("language", "")
    language = asked if asked in languages.LANGUAGES else languages.current()
    found = bank_meeting.meeting(today=today(), currency=g.company.currency)
    return meeting_paper.of(found, company=g.company, language=language)
