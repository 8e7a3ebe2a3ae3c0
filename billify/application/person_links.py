"""Links in mails to a person, each good once and not for long. Only a hash of one is kept."""

from datetime import UTC, datetime, timedelta

from billify.application import mails
from billify.data import tenancy
from billify.data.db import db
from billify.data.models import PersonToken, User
from billify.domain import passwords
from billify.domain.people import CHANGE_LASTS, TokenPurpose


def new(
    *, user: User, purpose: TokenPurpose, lasts: timedelta, email: str | None = None
) -> tuple[str, datetime]:
    """A new link's secret, and until when it is good; within the running transaction."""
    secret, until = passwords.new_token(), datetime.now(UTC) + lasts
    db.session.add(
        PersonToken(
            user_id=user.id,
            purpose=purpose,
            token_hash=passwords.token_hash(secret),
            email=email,
            expires_at=until,
        )
    )
    db.session.flush()
    return secret, until


def send_confirmation(*, user: User) -> None:
    """Send a person the link that shows that mails to their address reach them.

    It is a change of address to the one they have; within the running transaction.
    """
    with tenancy.user_scope(user.id):
        secret, until = new(
            user=user, purpose=TokenPurpose.CHANGE_EMAIL, lasts=CHANGE_LASTS, email=user.email
        )
        mails.write(
            kind="confirm_email",
            to=user.email,
            language=user.language,
            facts={
                "name": user.name,
                "email": user.email,
                "until": until.isoformat(),
                "opens": f"/email-address/{secret}",
            },
            user_id=user.id,
        )
