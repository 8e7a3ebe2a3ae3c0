"""The app whose codes are asked for, and the codes that stand in for it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from billify.data.db import db
from billify.data.models import RecoveryCode, User


def sealed_seed(user_id: UUID) -> bytes | None:
    """The sealed seed of a person's app, confirmed or not."""
    return db.session.scalar(select(User.totp_seed).where(User.id == user_id))


def begin(user_id: UUID, seed: bytes) -> bool:
    """Keep the seed of an app that is being set up; False when one is in use."""
    found = db.session.scalar(
        update(User)
        .where(User.id == user_id, User.totp_since.is_(None))
        .values(totp_seed=seed)
        .returning(User.id)
    )
    return found is not None


def confirm(user_id: UUID, now: datetime) -> bool:
    """From now on codes are asked for; False when they were already, or nothing was begun."""
    found = db.session.scalar(
        update(User)
        .where(User.id == user_id, User.totp_since.is_(None), User.totp_seed.is_not(None))
        .values(totp_since=now)
        .returning(User.id)
    )
    return found is not None


def take_step(user_id: UUID, step: int) -> bool:
    """Use up a step and all before it; False when somebody was faster."""
    found = db.session.scalar(
        update(User)
        .where(User.id == user_id, User.totp_step < step)
        .values(totp_step=step)
        .returning(User.id)
    )
    return found is not None


def remove(user_id: UUID) -> None:
    """Forget the app and every recovery code. The last step stays used."""
    db.session.execute(
        update(User).where(User.id == user_id).values(totp_seed=None, totp_since=None)
    )
    forget_codes(user_id)


def forget_codes(user_id: UUID) -> None:
    """No recovery code of the person is good any longer."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def add_codes(user_id: UUID, hashes: Sequence[bytes]) -> None:
    """Keep the hashes of new recovery codes."""
    rows = [{"user_id": user_id, "code_hash": one} for one in hashes]
    db.session.execute(insert(RecoveryCode), rows)


def take_code(user_id: UUID, code_hash: bytes, now: datetime) -> bool:
    """Use up a recovery code; False when there is none such, or it was used."""
    found = db.session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == code_hash,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    return found is not None


def codes_left(user_id: UUID) -> int:
    """How many recovery codes are still good."""
    return (
        db.session.scalar(
            select(func.count()).where(
                RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
            )
        )
        or 0
    )
