"""A person's own data as a page that can be read without Billify."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import force_locale
from markupsafe import Markup

from billify.web import filters, languages, notification_words, verbs


def render(data: dict[str, Any]) -> str:  # Any: JSON, as application/personal_data.py collects it
    """The page, in the person's language."""
    language = data["account"]["language"]
    with force_locale(language if language in languages.LANGUAGES else "en"):
        page = current_app.jinja_env.get_template("privacy/export.html")
        return page.render(
            data=data,
            language=language,
            style=_style(),
            moment=_moment,
            told=notification_words.sentence,
            verb=verbs.name,
        )


def _moment(text: str | None) -> str:
    return filters.moment(datetime.fromisoformat(text)) if text else "–"


@lru_cache(maxsize=1)
def _style() -> Markup:
    """The page stands alone, so its style is written into it."""
    text = (Path(current_app.root_path) / "templates" / "privacy" / "export.css").read_text()
    return Markup("<style>{}</style>").format(Markup(text))
