"""What staff tell everybody: in the languages it was written in, for as long as it stands."""

from collections.abc import Mapping
from datetime import datetime

from billify.domain.refusal import N_, Refusal

LANGUAGES = ("nl", "fr", "en", "de")
FALL_BACK = ("en", "nl", "fr", "de")
"""In which order a text stands in for one that is missing: English is read by most."""
LONGEST = 500


def checked(
    *, words: Mapping[str, str | None], starts_at: datetime, ends_at: datetime
) -> dict[str, str]:
    """The texts that were written, by language. Refuses none at all, and an end before the
    beginning."""
    found = {code: text for code in LANGUAGES if (text := (words.get(code) or "").strip())}
    if not found:
        raise Refusal(N_("Write the text in at least one language."))
    if ends_at <= starts_at:
        raise Refusal(N_("It ends before it begins."))
    return found


def text_in(*, words: Mapping[str, str], language: str) -> tuple[str, str]:
    """The text for a reader and the language it is in, which another stands in for when it is
    missing."""
    for code in (language, *FALL_BACK):
        if words.get(code):
            return words[code], code
    return "", language
