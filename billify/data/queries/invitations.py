"""Who is invited to a company."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from billify.data.db import db
from billify.data.models import Invitation

MOST = 200


def pending() -> Sequence[Invitation]:
    """Invitations that nobody took and nobody withdrew, newest first; also those that ended."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .order_by(Invitation.created_at.desc(), Invitation.id)
        .limit(MOST)
    ).all()


def by_hash(token_hash: bytes) -> Invitation | None:
    """The invitation of a link, as it stands now."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.token_hash == token_hash)
        .execution_options(populate_existing=True)
    ).one_or_none()


def lock_by_hash(token_hash: bytes) -> Invitation | None:
    """The same, locked until the commit, so that it is taken once."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.token_hash == token_hash)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def lock(invitation_id: UUID) -> Invitation | None:
    """One invitation, locked until the commit."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.id == invitation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def pending_of(email: str) -> Invitation | None:
    """The newest invitation to an address that nobody took or withdrew, locked."""
    return db.session.scalars(
        select(Invitation)
        .where(
            Invitation.email == email,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .order_by(Invitation.created_at.desc(), Invitation.id)
        .limit(1)
        .with_for_update()
    ).one_or_none()


def pending_by(user_id: UUID) -> Sequence[Invitation]:
    """Those of `pending` that a person has sent last, locked."""
    return db.session.scalars(
        select(Invitation)
        .where(
            Invitation.invited_by == user_id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .order_by(Invitation.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def count_since(moment: datetime) -> int:
    """How many mails of invitations the company has asked for since a moment, at least."""
    rows = db.session.scalars(
        select(Invitation.times_sent).where(Invitation.sent_at >= moment).limit(1000)
    )
    return sum(rows)
