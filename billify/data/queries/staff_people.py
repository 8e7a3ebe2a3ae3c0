"""People as the back office lists them. A person is no company's row; where they belong is."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, or_, select, tuple_, update

from billify.data.db import db
from billify.data.models import LoginSession, Membership, Passkey, User


class Kind(StrEnum):
    """The tabs of the list."""

    ALL = "all"
    STAFF = "staff"
    LOCKED = "locked"
    SUSPENDED = "suspended"


class Row(NamedTuple):
    """A person as the list shows them."""

    id: UUID
    name: str
    email: str
    language: str
    is_staff: bool
    suspended_at: datetime | None
    locked_until: datetime | None
    totp_since: datetime | None
    seen_at: datetime | None
    key: str


def page(
    *, words: str, kind: Kind, after: tuple[str, UUID] | None, size: int, now: datetime
) -> tuple[list[Row], tuple[str, UUID] | None]:
    """People by name behind a place, and the place after which there are more."""
    seen = (
        select(func.max(LoginSession.seen_at))
        .where(LoginSession.user_id == User.id)
        .scalar_subquery()
    )
    query = select(
        User.id,
        User.name,
        User.email,
        User.language,
        User.is_staff,
        User.suspended_at,
        User.locked_until,
        User.totp_since,
        seen,
        func.lower(User.name),
    ).where(User.removed_at.is_(None), *_having(words), *_of(kind, now))
    if after is not None:
        query = query.where(
            tuple_(func.lower(User.name), User.id) > tuple_(literal(after[0]), literal(after[1]))
        )
    query = query.order_by(func.lower(User.name), User.id).limit(size + 1)
    found = [Row._make(row) for row in db.session.execute(query)]
    shown = found[:size]
    return shown, (shown[-1].key, shown[-1].id) if len(found) > size else None


def get(user_id: UUID) -> User | None:
    """One person who is still one."""
    return db.session.scalars(
        select(User).where(User.id == user_id, User.removed_at.is_(None))
    ).one_or_none()


def lock(user_id: UUID) -> User | None:
    """The same, locked until the commit and as it stands now."""
    return db.session.scalars(
        select(User)
        .where(User.id == user_id, User.removed_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def passkeys(user_id: UUID) -> int:
    """How many passkeys a person has; asked in that person's scope."""
    return db.session.scalar(select(func.count(Passkey.id)).where(Passkey.user_id == user_id)) or 0


def memberships(user_id: UUID) -> Sequence[Membership]:
    """Where a person belongs, in the order of companies' keys; asked in that person's scope."""
    return db.session.scalars(
        select(Membership).where(Membership.user_id == user_id).order_by(Membership.company_id)
    ).all()


def end_sessions(user_id: UUID, now: datetime) -> int:
    """Sign out every device of a person; gives how many."""
    ended = db.session.execute(
        update(LoginSession)
        .where(
            LoginSession.user_id == user_id,
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > now,
        )
        .values(revoked_at=now)
        .returning(LoginSession.id)
        .execution_options(synchronize_session=False)
    )
    return len(ended.all())


def _having(words: str) -> list[ColumnElement[bool]]:
    return [
        or_(
            func.lower(User.name).contains(word, autoescape=True),
            User.email.contains(word, autoescape=True),
        )
        for word in words.lower().split()
    ]


def _of(kind: Kind, now: datetime) -> list[ColumnElement[bool]]:
    if kind is Kind.STAFF:
        return [User.is_staff.is_(True)]
    if kind is Kind.LOCKED:
        return [User.locked_until > now]
    return [User.suspended_at.is_not(None)] if kind is Kind.SUSPENDED else []
