"""The outbox of mails."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from billify.data.db import db
from billify.data.models import Mail
from billify.domain.mails import MailState

SHOWN = 50


def insert_new(values: dict[str, Any]) -> bool:  # Any: column values
    """Put a mail into the outbox; False when there is one with its key already."""
    made = (insert(Mail).values(**values).on_conflict_do_nothing(index_elements=["key"])).returning(
        Mail.id
    )
    return db.session.execute(made).first() is not None


def claim(now: datetime, lease: timedelta) -> Mail | None:
    """Hold the mail that is due longest, so that no other process sends it; None when there is
    none left."""
    due = (
        select(Mail.id)
        .where(
            Mail.state == MailState.WAITING,
            Mail.send_at <= now,
            or_(Mail.lease_until.is_(None), Mail.lease_until < now),
        )
        .order_by(Mail.send_at, Mail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return db.session.scalars(
        update(Mail)
        .where(Mail.id == due)
        .values(lease_until=now + lease, attempts=Mail.attempts + 1)
        .returning(Mail)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one_or_none()


def settle(mail_id: UUID, lease_until: datetime, values: dict[str, Any]) -> bool:  # Any: columns
    """Say how the sending went; False when the claim was lost meanwhile."""
    result = db.session.execute(
        update(Mail)
        .where(
            Mail.id == mail_id,
            Mail.state == MailState.WAITING,
            Mail.lease_until == lease_until,
        )
        .values(lease_until=None, **values)
        .returning(Mail.id)
        .execution_options(synchronize_session=False)
    )
    return result.first() is not None


def discard_waiting(key: str) -> None:
    """Let the mail of a key never leave, and forget what it says, unless it has left."""
    db.session.execute(
        update(Mail)
        .where(Mail.key == key, Mail.state == MailState.WAITING)
        .values(state=MailState.DISCARDED, body=None)
        .execution_options(synchronize_session=False)
    )


def lock_unsent(user_id: UUID, kinds: Collection[str]) -> Sequence[Mail]:
    """Mails of these kinds to a person that may still leave, locked."""
    return db.session.scalars(
        select(Mail)
        .where(
            Mail.user_id == user_id,
            Mail.kind.in_(kinds),
            Mail.state.in_((MailState.WAITING, MailState.FAILED)),
            Mail.body.is_not(None),
        )
        .order_by(Mail.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def lock(mail_id: UUID) -> Mail | None:
    """One mail, locked until the commit and as it stands now."""
    return db.session.scalars(
        select(Mail)
        .where(Mail.id == mail_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def mail(mail_id: UUID) -> Mail | None:
    """One mail."""
    return db.session.scalars(select(Mail).where(Mail.id == mail_id)).one_or_none()


def page(
    *, state: MailState | None, words: str | None, before: UUID | None, most: int = SHOWN
) -> Sequence[Mail]:
    """Mails newest first, and one more than `most` when there are more. Keys are in order of
    time, so the last one shown is where the next page begins."""
    query = select(Mail).order_by(Mail.id.desc()).limit(most + 1)
    if state is not None:
        query = query.where(Mail.state == state)
    if words:
        query = query.where(
            or_(Mail.recipient.icontains(words, autoescape=True), Mail.kind == words)
        )
    if before is not None:
        query = query.where(Mail.id < before)
    return db.session.scalars(query).all()


def counts() -> dict[MailState, int]:
    """How many mails there are in each state."""
    rows = db.session.execute(select(Mail.state, func.count()).group_by(Mail.state)).all()
    return {state: many for state, many in rows}  # noqa: C416  dict() can't tell a row's types


def revive_failed(now: datetime) -> int:
    """Let mails that failed wait anew, where what they say is kept; how many they are."""
    revived = db.session.scalars(
        update(Mail)
        .where(Mail.state == MailState.FAILED, Mail.body.is_not(None))
        .values(state=MailState.WAITING, attempts=0, error=None, send_at=now)
        .returning(Mail.id)
        .execution_options(synchronize_session=False)
    )
    return len(revived.all())


def sealed() -> Sequence[UUID]:
    """The mails whose body is kept."""
    return db.session.scalars(select(Mail.id).where(Mail.body.is_not(None))).all()
