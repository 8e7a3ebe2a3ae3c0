"""The passkeys of people."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, literal, or_, select, update

from billify.data.db import db
from billify.data.models import Passkey


def of_person(user_id: UUID) -> Sequence[Passkey]:
    """A person's passkeys, newest first."""
    return db.session.scalars(
        select(Passkey)
        .where(Passkey.user_id == user_id)
        .order_by(Passkey.created_at.desc(), Passkey.id)
        .limit(100)
    ).all()


def by_credential(credential_id: bytes) -> Passkey | None:
    """The passkey with this id, whoever's it is. Asked at login, within `unscoped`."""
    return db.session.scalars(
        select(Passkey).where(Passkey.credential_id == credential_id)
    ).one_or_none()


def one(passkey_id: UUID, user_id: UUID) -> Passkey | None:
    """One of the person's passkeys."""
    return db.session.scalars(
        select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user_id)
    ).one_or_none()


def used(passkey_id: UUID, count: int, is_backed_up: bool, now: datetime) -> bool:
    """Note a use; False when the counter has not moved on since, as one sent twice would show.

    Keys that are kept on several devices always say zero (W3C, 6.1.1).
    """
    moves_on = or_(Passkey.sign_count < count, and_(Passkey.sign_count == 0, literal(count) == 0))
    found = db.session.scalar(
        update(Passkey)
        .where(Passkey.id == passkey_id, moves_on)
        .values(sign_count=count, is_backed_up=is_backed_up, used_at=now)
        .returning(Passkey.id)
    )
    return found is not None


def remove_all(user_id: UUID) -> int:
    """Forget every passkey of a person; how many there were."""
    found = db.session.execute(
        delete(Passkey).where(Passkey.user_id == user_id).returning(Passkey.id)
    )
    return len(found.all())


def remove(passkey_id: UUID, user_id: UUID) -> bool:
    """Forget one of the person's passkeys; False when there is none such."""
    found = db.session.scalar(
        delete(Passkey)
        .where(Passkey.id == passkey_id, Passkey.user_id == user_id)
        .returning(Passkey.id)
    )
    return found is not None
