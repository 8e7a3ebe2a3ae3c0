"""Who is signed in, and where they belong."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import contains_eager

from billify.data.db import db
from billify.data.models import Company, LoginSession, Membership, User


def user_by_email(email: str) -> User | None:
    """The person with this address, whatever its capitals."""
    return db.session.scalars(select(User).where(User.email == email.lower())).one_or_none()


def user(user_id: UUID) -> User | None:
    """One person."""
    return db.session.get(User, user_id)


def session_by_token(token_hash: bytes) -> LoginSession | None:
    """The device session of a cookie, with its person."""
    return db.session.scalars(
        select(LoginSession)
        .join(LoginSession.user)
        .where(LoginSession.token_hash == token_hash)
        .options(contains_eager(LoginSession.user))
    ).one_or_none()


def live_sessions(user_id: UUID, now: datetime) -> Sequence[LoginSession]:
    """The devices a person is signed in on, last used first."""
    return db.session.scalars(
        select(LoginSession)
        .where(
            LoginSession.user_id == user_id,
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > now,
        )
        .order_by(LoginSession.seen_at.desc(), LoginSession.id)
        .limit(100)
    ).all()


def revoke(session_id: UUID, user_id: UUID, now: datetime) -> bool:
    """End one of the person's sessions; False when there was none to end."""
    result = db.session.execute(
        update(LoginSession)
        .where(
            LoginSession.id == session_id,
            LoginSession.user_id == user_id,
            LoginSession.revoked_at.is_(None),
        )
        .values(revoked_at=now)
        .returning(LoginSession.id)
        .execution_options(synchronize_session=False)
    )
    return result.first() is not None


def seen(session_id: UUID, now: datetime) -> None:
    """Note that a device was used."""
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.id == session_id)
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def places(user_id: UUID) -> Sequence[Membership]:
    """Every company a person belongs to, by name; the company is loaded with it."""
    return db.session.scalars(
        select(Membership)
        .join(Membership.company)
        .where(Membership.user_id == user_id)
        .options(contains_eager(Membership.company))
        .order_by(Company.name, Company.id)
        .limit(500)
    ).all()


def slug_is_taken(slug: str) -> bool:
    """Does any company have this address? Asked by sign-up, within `unscoped`."""
    return db.session.scalar(select(Company.id).where(Company.slug == slug)) is not None
