"""People beyond their roles: what is sent to them once, how they write days, who looks along."""

from datetime import datetime, timedelta
from enum import StrEnum


class TokenPurpose(StrEnum):
    """What a link in a mail is good for, once."""

    RESET_PASSWORD = "reset_password"
    CHANGE_EMAIL = "change_email"
    UNDO_EMAIL = "undo_email"


class DateStyle(StrEnum):
    """How a person wants days written."""

    SLASHES = "slashes"
    DASHES = "dashes"
    YEAR_FIRST = "year_first"


class SupportState(StrEnum):
    """Staff ask to look along with a person's eyes; nothing is seen before the person allows it."""

    ASKED = "asked"
    ALLOWED = "allowed"
    REFUSED = "refused"
    ENDED = "ended"


INVITATION_LASTS = timedelta(days=14)
RESET_LASTS = timedelta(hours=1)
CHANGE_LASTS = timedelta(hours=24)
UNDO_LASTS = timedelta(days=7)
SUPPORT_LASTS = timedelta(hours=1)
"""How long support may look along after the person has allowed it."""
SUPPORT_WAITS = timedelta(days=3)
"""How long a person may take to answer; after it support has to ask again."""


def support_now(*, state: SupportState, until: datetime | None, now: datetime) -> SupportState:
    """How an access stands at this moment: a question and a permission end by themselves."""
    is_open = state in (SupportState.ASKED, SupportState.ALLOWED)
    if is_open and (until is None or until <= now):
        return SupportState.ENDED
    return state
