"""Taking a person out of every table that tells who they are."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Delete, Update, delete, func, or_, update

from billify.data.db import db
from billify.data.models import (
    Invitation,
    LoginSession,
    Mail,
    Notification,
    NotificationChoice,
    Passkey,
    PersonToken,
    RecoveryCode,
    SupportAccess,
)
from billify.domain.mails import MailState
from billify.domain.people import SupportState


def forget_told(user_id: UUID) -> None:
    """What a person was told in the company of the scope."""
    _do(delete(Notification).where(Notification.user_id == user_id))


def forget_in_company(user_id: UUID, email: str, now: datetime) -> None:
    """What a company keeps of a person beside its books."""
    forget_told(user_id)
    _do(
        update(Invitation)
        .where(or_(Invitation.accepted_by == user_id, func.lower(Invitation.email) == email))
        .values(email="", withdrawn_at=func.coalesce(Invitation.withdrawn_at, now))
    )
    _do(
        update(SupportAccess)
        .where(
            SupportAccess.user_id == user_id,
            SupportAccess.state.in_([SupportState.ASKED, SupportState.ALLOWED]),
        )
        .values(state=SupportState.ENDED, ended_at=now)
    )


def forget_person(user_id: UUID, now: datetime) -> None:
    """Keys, codes, links, choices; devices keep when they were and nothing more. Asked in the
    person's own scope."""
    for table in (Passkey, RecoveryCode, PersonToken, NotificationChoice):
        _do(delete(table).where(table.user_id == user_id))
    _do(
        update(LoginSession)
        .where(LoginSession.user_id == user_id)
        .values(
            revoked_at=func.coalesce(LoginSession.revoked_at, now),
            address=None,
            device=None,
            looking_company=None,
            looking_access=None,
        )
    )


def forget_mails(user_id: UUID, email: str) -> None:
    """Mails to a person, about whatever company, and those to their address from before it had an
    account: they keep when they were and nothing more. Asked unscoped."""
    theirs = or_(Mail.user_id == user_id, func.lower(Mail.recipient) == email)
    _do(
        update(Mail)
        .where(theirs, Mail.state == MailState.WAITING)
        .values(state=MailState.DISCARDED)
    )
    _do(update(Mail).where(theirs).values(recipient="", subject="", body=None, error=None))


def _do(statement: Update | Delete) -> None:
    # Any: SQLAlchemy's own options
    options: dict[str, Any] = {"synchronize_session": False}
    db.session.execute(statement.execution_options(**options))
