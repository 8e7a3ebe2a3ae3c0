"""What staff tell everybody: written in up to four languages, for a while."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from billify.application.back_office import announcements
from billify.data.queries import announcements as queries
from billify.domain.announcements import LANGUAGES, LONGEST, text_in
from billify.domain.brussels import BRUSSELS
from billify.domain.refusal import NotFound, Refusal
from billify.web import htmx, languages
from billify.web.access import now, staff, staff_member
from billify.web.forms import DayField, Form, OptionalText, at_most, required

if TYPE_CHECKING:
    from billify.data.models import Announcement

bp = Blueprint("announcements", __name__, url_prefix="/announcements")
_TIME = re.compile(r"([01]?\d|2[0-3])[:.h]([0-5]\d)")
USUAL_LENGTH = timedelta(days=1)


class TimeField(OptionalText):
    """A time of the day on the clock of Brussels, hh:mm."""

    def process_formdata(self, values: Sequence[str]) -> None:
        """Read hh:mm; anything else gets a sentence."""
        super().process_formdata(values)
        if self.data is not None and not _TIME.fullmatch(self.data):
            raise ValueError(_("Write the time as hh:mm."))

    @property
    def time(self) -> time:
        """The time that was filled in, midnight when none was."""
        found = _TIME.fullmatch(self.data or "")
        return time(int(found[1]), int(found[2])) if found else time(0)


class AnnouncementForm(Form):
    """A text in each language, and from when until when it stands."""

    nl = OptionalText("Nederlands", [at_most(LONGEST)])
    fr = OptionalText("Français", [at_most(LONGEST)])
    en = OptionalText("English", [at_most(LONGEST)])
    de = OptionalText("Deutsch", [at_most(LONGEST)])
    starts_on = DayField(_l("From"), [required()])
    starts_at = TimeField(_l("Time"))
    ends_on = DayField(_l("Until"), [required()])
    ends_at = TimeField(_l("Time"))
    is_warning = BooleanField(_l("It is a warning"))

    @classmethod
    def of(cls, row: "Announcement | None", moment: datetime) -> "AnnouncementForm":
        """What is announced, or a form for something new from now on."""
        words = row.words if row else {}
        begin = (row.starts_at if row else moment).astimezone(BRUSSELS)
        end = (row.ends_at if row else moment + USUAL_LENGTH).astimezone(BRUSSELS)
        return cls(
            **{code: words.get(code) for code in LANGUAGES},
            starts_on=begin.date(),
            starts_at=f"{begin:%H:%M}",
            ends_on=end.date(),
            ends_at=f"{end:%H:%M}",
            is_warning=bool(row and row.is_warning),
        )


@bp.get("")
@staff
def index() -> Response:
    """What is announced, was and will be."""
    here = languages.current()
    return htmx.page(
        "back_office/announcements.html",
        found=[
            (row, *text_in(words=row.words, language=here), _missing(row))
            for row in queries.newest()
        ],
        now=now(),
    )


@bp.route("/new", methods=["GET", "POST"])
@staff
def new() -> Response:
    """Announce something."""
    return _form(None)


@bp.route("/<uuid:announcement_id>", methods=["GET", "POST"])
@staff
def change(announcement_id: UUID) -> Response:
    """Change what was announced."""
    row = queries.get(announcement_id)
    if row is None:
        raise NotFound
    return _form(row)


@bp.post("/<uuid:announcement_id>/removal")
@staff
def remove(announcement_id: UUID) -> Response:
    """Take an announcement back."""
    announcements.remove(announcement_id=announcement_id, by=staff_member())
    flash(_("The announcement is gone."), "good")
    return htmx.go(url_for(".index"))


def _form(row: "Announcement | None") -> Response:
    form = AnnouncementForm.of(row, now())
    if form.validate_on_submit():
        try:
            announcements.write(
                announcement_id=row.id if row else None,
                words={code: form[code].data for code in LANGUAGES},
                is_warning=bool(form.is_warning.data),
                starts_at=_moment(form.starts_on.data, form.starts_at.time),
                ends_at=_moment(form.ends_on.data, form.ends_at.time),
                by=staff_member(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved. Everybody sees it within a minute of its beginning."), "good")
            return htmx.go(url_for(".index"))
    status = 422 if form.is_submitted() else 200
    return htmx.page("back_office/announcement.html", form=form, row=row, status=status)


def _moment(day: date | None, at: time) -> datetime:
    assert day is not None, "the form has asked for it"
    return datetime.combine(day, at, BRUSSELS)


def _missing(row: "Announcement") -> list[str]:
    return [code for code in LANGUAGES if not row.words.get(code)]
