"""What staff tell everybody."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from billify.data.db import db
from billify.data.models import Announcement

SHOWN = 100


def newest() -> Sequence[Announcement]:
    """All announcements, those that begin last first."""
    return db.session.scalars(
        select(Announcement)
        .order_by(Announcement.starts_at.desc(), Announcement.id.desc())
        .limit(SHOWN)
    ).all()


def not_over(now: datetime) -> Sequence[Announcement]:
    """Those that stand now or will, oldest first."""
    return db.session.scalars(
        select(Announcement)
        .where(Announcement.ends_at > now)
        .order_by(Announcement.starts_at, Announcement.id)
        .limit(SHOWN)
    ).all()


def to_tell(now: datetime) -> Sequence[Announcement]:
    """Those that have begun and that nobody was told yet."""
    return db.session.scalars(
        select(Announcement)
        .where(
            Announcement.starts_at <= now,
            Announcement.ends_at > now,
            Announcement.told_at.is_(None),
        )
        .order_by(Announcement.starts_at, Announcement.id)
        .limit(SHOWN)
    ).all()


def get(announcement_id: UUID) -> Announcement | None:
    """One announcement."""
    return db.session.scalars(
        select(Announcement).where(Announcement.id == announcement_id)
    ).one_or_none()


def mark_told(announcement_id: UUID, now: datetime) -> None:
    """Every company has its job."""
    db.session.execute(
        update(Announcement)
        .where(Announcement.id == announcement_id)
        .values(told_at=now)
        .execution_options(synchronize_session=False)
    )


def remove(announcement: Announcement) -> None:
    """Take an announcement away for good."""
    db.session.delete(announcement)
    db.session.flush()
