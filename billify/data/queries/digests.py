"""What is due to be told by mail, of whomever and in whichever company."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import Company, Membership, Notification, User

MOST_AT_ONCE = 1000


def due(now: datetime) -> dict[UUID, list[UUID]]:
    """People to whom a mail is due, and the companies it is about. Asked unscoped."""
    rows = db.session.execute(
        select(Notification.user_id, Notification.company_id)
        .where(Notification.mail_due <= now, Notification.mailed_at.is_(None))
        .distinct()
        .order_by(Notification.user_id, Notification.company_id)
        .limit(MOST_AT_ONCE)
    )
    found: dict[UUID, list[UUID]] = {}
    for user_id, company_id in rows:
        found.setdefault(user_id, []).append(company_id)
    return found


def take(user_id: UUID, now: datetime) -> Sequence[Notification]:
    """Mark what is due to a person in the company of the scope as mailed, and give it, oldest
    first; what another process has just taken is left out."""
    rows = db.session.scalars(
        update(Notification)
        .where(
            Notification.company_id == tenancy.current().company_id,
            Notification.user_id == user_id,
            Notification.mail_due <= now,
            Notification.mailed_at.is_(None),
        )
        .values(mailed_at=now)
        .returning(Notification)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).all()
    return sorted(rows, key=lambda row: (row.created_at, row.id))


def place(user_id: UUID) -> Company | None:
    """The company of the scope, when the person belongs to it and it is not suspended."""
    return db.session.scalars(
        select(Company)
        .join(Membership, Membership.company_id == Company.id)
        .where(
            Company.id == tenancy.current().company_id,
            Company.suspended_at.is_(None),
            Membership.user_id == user_id,
        )
    ).one_or_none()


def reader(user_id: UUID) -> User | None:
    """Somebody who can log in."""
    return db.session.scalars(
        select(User).where(
            User.id == user_id, User.suspended_at.is_(None), User.removed_at.is_(None)
        )
    ).one_or_none()


def pending(user_id: UUID) -> Sequence[Notification]:
    """What waits for its mail in the company of the scope, locked."""
    return db.session.scalars(
        select(Notification)
        .where(
            Notification.user_id == user_id,
            Notification.mail_due.is_not(None),
            Notification.mailed_at.is_(None),
        )
        .order_by(Notification.id)
        .limit(MOST_AT_ONCE)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
