"""What a mail says, in the language of who gets it: made when it leaves, and when staff look.

A kind is two templates, `templates/mail/<kind>.txt` with the block `subject`, and `.html`. They
get the mail's facts, `url(path)` for an address, `moment(text)` and `day(text)` for times.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_babel import force_locale, gettext
from markupsafe import Markup

from billify.application.mails import Paper
from billify.domain.refusal import N_
from billify.web import filters, languages

CHOICES = {"notification": "notification_choices.index", "digest": "notification_choices.index"}
"""Kinds that a person can do without, and the page where they say so."""
KINDS = {
    "invitation": N_("Invitation"),
    "confirm_email": N_("Confirm the address"),
    "reset_password": N_("New password"),
    "password_changed": N_("Password changed"),
    "change_email": N_("New e-mail address"),
    "email_changed": N_("E-mail address changed"),
    "locked_out": N_("Account closed to guesses"),
    "way_in": N_("Change to the log-in"),
    "support_asks": N_("Support asks to look along"),
    "notification": N_("Notification"),
    "digest": N_("Daily digest"),
}
HIDDEN = "…"
_STYLE_FILE = Path(__file__).resolve().parent.parent / "templates" / "mail" / "style.css"
_BLANK_LINES = re.compile(r"\n{3,}")


def init_app(app: Flask) -> None:
    """Templates say `mail.kind|mail_kind`."""
    app.jinja_env.filters["mail_kind"] = kind_name


def kind_name(kind: str) -> str:
    """What a kind of mail is called on screen."""
    known = KINDS.get(kind)
    return str(gettext(known)) if known else kind


def render(
    *,
    kind: str,
    language: str,
    facts: Mapping[str, Any],  # Any: JSON
    has_secrets: bool = True,
) -> Paper:
    """A mail's subject, text and HTML. Without secrets links that open something are cut short.

    Raises jinja2.TemplateNotFound for a kind that has no templates.
    """
    shown = dict(facts)
    if not has_secrets and "opens" in shown:
        shown["opens"] = f"{shown['opens'].rpartition('/')[0]}/{HIDDEN}"
    choices_url = _choices_url(kind)
    given = shown | {
        "language": language,
        "url": _url,
        "moment": _moment,
        "day": _day,
        "choices_url": choices_url,
    }
    with force_locale(language if language in languages.LANGUAGES else "en"):
        plain = current_app.jinja_env.get_template(f"mail/{kind}.txt")
        as_text = given | {"_": _unescaped}
        block = plain.blocks["subject"](plain.new_context(as_text))
        subject = " ".join("".join(block).split())
        text = _BLANK_LINES.sub("\n\n", plain.render(as_text)).strip() + "\n"
        page = current_app.jinja_env.get_template(f"mail/{kind}.html")
        html = page.render(given | {"subject": subject, "style": _style()})
    return Paper(subject=subject, text=text, html=html, choices_url=choices_url)


def style_source() -> str:
    """The style of mails as a content policy names it."""
    digest = hashlib.sha256(_css().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _unescaped(message: str, **values: object) -> str:
    """A text as it is read in plain text, where `O'Brien & Co` needs no escaping."""
    found: str = gettext(message) % values
    return found


def _url(path: str) -> str:
    """The whole address of a path of ours."""
    return f"{current_app.config['SETTINGS'].public_url}{path}"


def _choices_url(kind: str) -> str | None:
    endpoint = CHOICES.get(kind)
    if endpoint is None or endpoint not in current_app.view_functions:
        return None
    path = current_app.url_map.bind("localhost").build(endpoint)
    return _url(path)


def _moment(text: str) -> str:
    return filters.moment(datetime.fromisoformat(text))


def _day(text: str) -> str:
    return filters.day(date.fromisoformat(text))


@lru_cache(maxsize=1)
def _css() -> str:
    return _STYLE_FILE.read_text()


def _style() -> Markup:
    return Markup("<style>{}</style>").format(Markup(_css()))
