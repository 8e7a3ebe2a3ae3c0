"""Links in mails to a person, found by what is kept of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from billify.data.db import db
from billify.data.models import PersonToken
from billify.domain.people import TokenPurpose


def by_hash(token_hash: bytes) -> PersonToken | None:
    """The link with this hash, as it stands now."""
    return db.session.scalars(
        select(PersonToken)
        .where(PersonToken.token_hash == token_hash)
        .execution_options(populate_existing=True)
    ).one_or_none()


def lock_by_hash(token_hash: bytes) -> PersonToken | None:
    """The same, locked until the commit, so that it is used once."""
    return db.session.scalars(
        select(PersonToken)
        .where(PersonToken.token_hash == token_hash)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def count_open(user_id: UUID, now: datetime, purpose: TokenPurpose) -> int:
    """How many links of a purpose to this person are good."""
    counted = select(func.count(PersonToken.id)).where(
        PersonToken.user_id == user_id,
        PersonToken.purpose == purpose,
        PersonToken.used_at.is_(None),
        PersonToken.expires_at > now,
    )
    return db.session.scalar(counted) or 0


def use_up(user_id: UUID, now: datetime, *purposes: TokenPurpose) -> None:
    """Links of these purposes to this person are good for nothing from now on."""
    db.session.execute(
        update(PersonToken)
        .where(
            PersonToken.user_id == user_id,
            PersonToken.purpose.in_(purposes),
            PersonToken.used_at.is_(None),
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
