"""Sealed seeds of apps, for a change of the keys that seal."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import undefer

from billify.data.db import db
from billify.data.models import User


def seeded() -> Sequence[UUID]:
    """Everyone whose app has a seed here, confirmed or not."""
    return db.session.scalars(select(User.id).where(User.totp_seed.is_not(None))).all()


def lock_seeded(user_id: UUID) -> User | None:
    """A person with the seed as it stands now, locked until the commit."""
    return db.session.scalars(
        select(User)
        .where(User.id == user_id)
        .options(undefer(User.totp_seed))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
