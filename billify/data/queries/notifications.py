"""What people were told, by which way, and whom there is to tell."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import Membership, Notification, NotificationChoice, User
from billify.data.types import uuid7
from billify.domain.notifications import Hours, MailWish, NotificationKind, Wish
from billify.domain.roles import Role

MOST_ROWS = 50
MOST_MEMBERS = 1000


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may be told: their role here, and when they want mails."""

    user_id: UUID
    role: Role
    hours: Hours


def readers() -> list[Reader]:
    """The people of the company who can log in."""
    found = db.session.execute(
        select(
            Membership.user_id,
            Membership.role,
            User.digest_hour,
            User.quiet_from,
            User.quiet_until,
        )
        .join(User, User.id == Membership.user_id)
        .where(User.suspended_at.is_(None), User.removed_at.is_(None))
        .order_by(Membership.user_id)
        .limit(MOST_MEMBERS)
    )
    return [
        Reader(row.user_id, Role(row.role), Hours(row[2], row[3], row[4])) for row in found.all()
    ]


def choices(
    users: Collection[UUID], kind: NotificationKind | None = None
) -> dict[tuple[UUID, NotificationKind], Wish]:
    """What these people chose, of one kind or of all. Asked in a person's scope or unscoped."""
    asked = select(NotificationChoice).where(NotificationChoice.user_id.in_(users))
    if kind is not None:
        asked = asked.where(NotificationChoice.kind == kind)
    rows = db.session.scalars(
        asked.order_by(NotificationChoice.user_id, NotificationChoice.kind).limit(
            MOST_MEMBERS * len(NotificationKind)
        )
    )
    return {
        (row.user_id, NotificationKind(row.kind)): Wish(row.in_app, MailWish(row.mail))
        for row in rows
    }


def keep_choices(user_id: UUID, wishes: Mapping[NotificationKind, Wish]) -> None:
    """Keep what a person chose of each kind."""
    query = insert(NotificationChoice).values(
        [
            {"user_id": user_id, "kind": kind, "in_app": wish.in_app, "mail": wish.mail}
            for kind, wish in wishes.items()
        ]
    )
    db.session.execute(
        query.on_conflict_do_update(
            index_elements=["user_id", "kind"],
            set_={"in_app": query.excluded.in_app, "mail": query.excluded.mail},
        )
    )


def add(rows: Sequence[Mapping[str, Any]]) -> int:  # Any: values of columns
    """Tell what was not told yet; says how many rows that was."""
    company_id = tenancy.company_id()
    found = db.session.execute(
        insert(Notification)
        .values([{"id": uuid7(), "company_id": company_id, **row} for row in rows])
        .on_conflict_do_nothing()
        .returning(Notification.id)
    )
    return len(found.all())


def lock_gathering(
    kind: NotificationKind, group: str, users: Collection[UUID], mailed_since: datetime
) -> dict[UUID, Notification]:
    """The unread row of each person that more of the same kind may join, locked."""
    rows = db.session.scalars(
        select(Notification)
        .where(
            Notification.kind == kind,
            Notification.user_id.in_(users),
            Notification.read_at.is_(None),
            Notification.facts["group"].astext == group,
            Notification.mailed_at.is_(None) | (Notification.mailed_at > mailed_since),
        )
        .order_by(Notification.user_id, Notification.created_at)
        .limit(MOST_MEMBERS)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.user_id: row for row in rows}


def withdraw(kind: NotificationKind, key: str) -> bool:
    """Take back what was neither read nor mailed, alone or gathered with others; was there any?"""
    rows = db.session.scalars(
        select(Notification)
        .where(
            Notification.kind == kind,
            (Notification.key == key) | Notification.facts["keys"].contains([key]),
            Notification.read_at.is_(None),
            Notification.mailed_at.is_(None),
        )
        .order_by(Notification.id)
        .limit(MOST_MEMBERS)
        .with_for_update()
    ).all()
    for row in rows:
        if row.facts.get("count", 1) > 1:
            others = [one for one in row.facts["keys"] if one != key]
            row.facts = {**row.facts, "keys": others, "count": row.facts["count"] - 1}
        else:
            db.session.delete(row)
    db.session.flush()
    return bool(rows)


def page(
    user_id: UUID, after: tuple[datetime, UUID] | None = None, most: int = MOST_ROWS
) -> Sequence[Notification]:
    """What a person was told in the app, newest first: one more than a page, if there is more."""
    asked = select(Notification).where(
        Notification.user_id == user_id, Notification.is_shown.is_(True)
    )
    if after is not None:
        asked = asked.where(tuple_(Notification.created_at, Notification.id) < after)
    return db.session.scalars(
        asked.order_by(Notification.created_at.desc(), Notification.id.desc()).limit(most + 1)
    ).all()


def unread(user_id: UUID) -> int:
    """How much of it is unread."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Notification)
            .where(
                Notification.company_id == tenancy.company_id(),
                Notification.user_id == user_id,
                Notification.is_shown.is_(True),
                Notification.read_at.is_(None),
            )
        )
        or 0
    )


def lock(notification_id: UUID, user_id: UUID) -> Notification | None:
    """One of a person's own rows, locked until the commit."""
    return db.session.scalars(
        select(Notification)
        .where(Notification.id == notification_id, Notification.user_id == user_id)
        .with_for_update()
    ).one_or_none()


def read_all(user_id: UUID, now: datetime) -> int:
    """Mark all of a person's rows as read; says how many were not."""
    found = db.session.execute(
        update(Notification)
        .where(Notification.user_id == user_id, Notification.read_at.is_(None))
        .values(read_at=now)
        .returning(Notification.id)
        .execution_options(synchronize_session=False)
    )
    return len(found.all())
