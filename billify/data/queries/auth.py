"""Who is signed in, and where they belong."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, text, update
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


def devices(user_id: UUID) -> Sequence[str | None]:
    """What the browsers said of themselves that this person signed in with, as long as kept."""
    found = select(LoginSession.device).where(LoginSession.user_id == user_id).distinct()
    return db.session.scalars(found).all()


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


def revoke_others(user_id: UUID, now: datetime, *, but: UUID | None = None) -> int:
    """End the sessions of a person, all or all but one; how many there were."""
    result = db.session.execute(
        update(LoginSession)
        .where(
            LoginSession.user_id == user_id,
            LoginSession.id != but if but is not None else LoginSession.id.is_not(None),
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > now,
        )
        .values(revoked_at=now)
        .returning(LoginSession.id)
        .execution_options(synchronize_session=False)
    )
    return len(result.all())


def seen(session_id: UUID, now: datetime) -> None:
    """Note that a device was used."""
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.id == session_id)
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def second_step_since(user_id: UUID) -> datetime | None:
    """Since when a code of an app is asked for after the password."""
    return db.session.scalar(select(User.totp_since).where(User.id == user_id))


def count_wrong(user_id: UUID) -> int | None:
    """One more wrong password or code; how many there are in a row, None for nobody.

    It does not wait for the disk, so that counting for somebody takes as long as for nobody.
    """
    db.session.execute(text("SET LOCAL synchronous_commit TO off"))
    return db.session.scalar(
        update(User)
        .where(User.id == user_id)
        .values(failed_logins=func.least(User.failed_logins + 1, MOST_COUNTED))
        .returning(User.failed_logins)
        .execution_options(synchronize_session="fetch")
    )


MOST_COUNTED = 30_000
"""A smallint holds no more."""


def lock_until(user_id: UUID, moment: datetime) -> None:
    """Close an account to guesses until then."""
    db.session.execute(update(User).where(User.id == user_id).values(locked_until=moment))


def clear_wrong(user_id: UUID, now: datetime) -> bool:
    """Forget the wrong ones, unless they have closed the account meanwhile; is it open?"""
    found = db.session.scalar(
        update(User)
        .where(User.id == user_id, or_(User.locked_until.is_(None), User.locked_until <= now))
        .values(failed_logins=0, locked_until=None)
        .returning(User.id)
        .execution_options(synchronize_session="fetch")
    )
    return found is not None


def release(user_id: UUID) -> None:
    """Open an account again and forget the wrong ones."""
    db.session.execute(
        update(User).where(User.id == user_id).values(failed_logins=0, locked_until=None)
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
