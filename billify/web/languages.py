"""The person's language: their own choice, else the device's, else what the browser asks for."""

from flask import Flask, request
from flask_babel import Babel, get_locale, gettext

from billify.domain.refusal import Refusal
from billify.web import words
from billify.web.access import signed_in

NAMES = (("nl", "Nederlands"), ("fr", "Français"), ("en", "English"), ("de", "Deutsch"))
"""Each language is named in itself."""
LANGUAGES = tuple(code for code, _name in NAMES)
COOKIE = "language"


def init_app(app: Flask) -> None:
    """Let every text of a request be in one language."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=_choose, default_locale="en", default_timezone="Europe/Brussels")
    words.init_app(app)
    app.jinja_env.filters["phrase"] = phrase


def current() -> str:
    """The language of this request: nl, fr, en or de."""
    locale = get_locale()
    return locale.language if locale else "en"


def sentence(refusal: Refusal) -> str:
    """What a refusal says, in the person's language."""
    return phrase(refusal.message, refusal.params)


def phrase(message: str, params: dict[str, object] | None = None) -> str:
    """A sentence that was marked with N_, in the person's language."""
    translated: str = gettext(message)
    return translated % params if params else translated


def _choose() -> str:
    one = signed_in()
    if one is not None and one.language in LANGUAGES:
        return str(one.language)
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES) or "en"
