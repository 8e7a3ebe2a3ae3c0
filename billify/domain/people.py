"""People beyond their roles: what is sent to them once, how they write days, who looks along."""

from datetime import timedelta
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
