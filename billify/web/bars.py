"""Bars above the page: what staff announce, who of them looks or asks to, and with whose eyes."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import Flask, Response, g, request
from flask_babel import gettext as _

from billify.application.back_office import announcements
from billify.application.back_office import looking as looking_rules
from billify.application.back_office.announcements import Standing
from billify.data.queries import support
from billify.domain.announcements import text_in
from billify.web import access, errors, languages, looking

COOKIE = "read_announcements"
MOST_REMEMBERED = 20
SUPPORT_PAGE = "support.index"


@dataclass(frozen=True, slots=True)
class Bar:
    """An announcement in the reader's language, or in one that stands in for it."""

    id: str
    text: str
    language: str | None
    """The language it is in, when that is not the reader's."""
    is_warning: bool


def init_app(app: Flask) -> None:
    """Templates ask for the bars by these names; support takes no file along."""
    app.jinja_env.globals |= {
        "announcement_bars": announcement_bars,
        "support_bars": support_bars,
        "looking_along": looking.current,
    }
    app.after_request(_keep_files)


def announcement_bars() -> list[Bar]:
    """What is announced now and this device has not put away; to who is signed in."""
    if access.signed_in() is None:
        return []
    put_away = remembered()
    standing = announcements.standing(now=access.now())
    return [_bar(one) for one in standing if str(one.id) not in put_away]


def remembered() -> Collection[str]:
    """The announcements that this device has put away."""
    return request.cookies.get(COOKIE, "").split(".")


def support_bars() -> list[object]:
    """Who of the staff asks the person, or looks with their eyes, in this company. Nearly always
    nobody, which the company's own row says already."""
    company = g.get("company")
    if looking.current() is not None or company is None or "actor" not in g:
        return []
    if company.support_until is None or company.support_until <= access.now():
        return []
    if request.endpoint == SUPPORT_PAGE:
        return []
    user_id = access.actor().user_id
    if user_id is None:
        return []
    return [one for one in support.of_person(user_id) if looking_rules.is_open(one)]


def _bar(one: Standing) -> Bar:
    wanted = languages.current()
    text, language = text_in(words=one.words, language=wanted)
    return Bar(str(one.id), text, language if language != wanted else None, one.is_warning)


def _keep_files(response: Response) -> Response:
    """A file that has left can't be taken back, so support sees pages and takes none along."""
    is_file = "attachment" in response.headers.get("Content-Disposition", "")
    if looking.current() is None or not is_file:
        return response
    response.close()
    return errors.answer(403, _("You look along with somebody: files stay here."))
