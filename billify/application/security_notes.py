"""Mails to a person about the ways into the account, so that nobody changes them unnoticed."""

from enum import StrEnum

from billify.application import mails
from billify.data import tenancy
from billify.data.models import User

ACCOUNT = "/account/security"
RESET = "/forgot-password"


class Note(StrEnum):
    """What has happened; each has its sentence in templates/mail/way_in.txt."""

    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    WAYS_REMOVED = "ways_removed"
    EMAIL_ASKED = "email_asked"
    NEW_DEVICE = "new_device"


def write(*, user: User, note: Note, **facts: object) -> None:
    """Tell the person within the running transaction; `facts` are words the sentence needs."""
    with tenancy.user_scope(user.id):
        mails.write(
            kind="way_in",
            to=user.email,
            language=user.language,
            facts={"note": str(note), "name": user.name, "path": ACCOUNT, **facts},
            user_id=user.id,
        )


def write_locked(*, user: User, until: str) -> None:
    """Tell the person that guesses have closed the account until a moment (ISO text)."""
    with tenancy.user_scope(user.id):
        mails.write(
            kind="locked_out",
            to=user.email,
            language=user.language,
            facts={"name": user.name, "locked_until": until, "path": RESET},
            user_id=user.id,
            key=f"locked_out:{user.id}:{until}",
        )


def write_password_changed(*, user: User) -> None:
    """Tell the person that the password is another one now."""
    with tenancy.user_scope(user.id):
        mails.write(
            kind="password_changed",
            to=user.email,
            language=user.language,
            facts={"name": user.name, "path": RESET},
            user_id=user.id,
        )
