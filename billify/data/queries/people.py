"""Companies and the people in them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from billify.data.db import db
from billify.data.models import Company, Membership, User


def companies() -> Sequence[Company]:
    """Every company the scope may see, by address."""
    return db.session.scalars(select(Company).order_by(Company.slug).limit(100_000)).all()


def members() -> Sequence[tuple[Membership, User]]:
    """The people of the company, by name."""
    rows = db.session.execute(
        select(Membership, User)
        .join(User, User.id == Membership.user_id)
        .order_by(User.name, User.id)
        .limit(1000)
    ).all()
    return [(row[0], row[1]) for row in rows]


def member(user_id: UUID) -> Membership | None:
    """A person's place in the company."""
    return db.session.scalars(select(Membership).where(Membership.user_id == user_id)).one_or_none()
