"""What is kept about one person, for the file they may ask for; and those files."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from billify.data.db import db
from billify.data.models import (
    AuditEvent,
    Document,
    LoginSession,
    Mail,
    Notification,
    NotificationChoice,
    Passkey,
    PersonExport,
    RecoveryCode,
    SupportAccess,
    User,
)

MOST = 100_000
MOST_FILES = 20
Row = dict[str, Any]  # Any: values of columns
Column = InstrumentedAttribute[Any]  # Any: of whatever type

ACCOUNT: tuple[Column, ...] = (
    User.id,
    User.name,
    User.email,
    User.email_confirmed_at,
    User.language,
    User.date_style,
    User.digest_hour,
    User.quiet_from,
    User.quiet_until,
    User.totp_since,
    User.is_staff,
    User.created_at,
)
"""The account without what proves who one is."""


def account(user_id: UUID) -> Row:
    """The account itself."""
    return _rows(ACCOUNT, User.id == user_id, order=User.id)[0]


def of_person(user_id: UUID) -> dict[str, list[Row]]:
    """What hangs on the person. Asked in their own scope."""
    session, mail, key = LoginSession, Mail, Passkey
    return {
        "sessions": _rows(
            (
                session.created_at,
                session.seen_at,
                session.address,
                session.device,
                session.expires_at,
                session.revoked_at,
            ),
            session.user_id == user_id,
            order=session.created_at,
        ),
        "passkeys": _rows(
            (key.name, key.created_at, key.used_at), key.user_id == user_id, order=key.created_at
        ),
        "recovery_codes": _rows(
            (RecoveryCode.used_at,), RecoveryCode.user_id == user_id, order=RecoveryCode.id
        ),
        "notification_choices": _rows(
            (NotificationChoice.kind, NotificationChoice.in_app, NotificationChoice.mail),
            NotificationChoice.user_id == user_id,
            order=NotificationChoice.kind,
        ),
        "mails": _rows(
            (mail.kind, mail.recipient, mail.subject, mail.state, mail.created_at, mail.sent_at),
            mail.user_id == user_id,
            order=mail.created_at,
        ),
    }


def in_company(user_id: UUID) -> dict[str, list[Row]]:
    """What a company keeps of a person. Asked in the scope of that company."""
    told, event, document, access = Notification, AuditEvent, Document, SupportAccess
    return {
        "notifications": _rows(
            (told.kind, told.facts, told.created_at, told.read_at, told.mailed_at),
            told.user_id == user_id,
            order=told.created_at,
        ),
        "deeds": _rows(
            (event.at, event.verb, event.subject_type, event.subject_id, event.address),
            event.user_id == user_id,
            order=event.seq,
        ),
        "documents": _rows(
            (document.name, document.media_type, document.size, document.created_at),
            document.uploaded_by == user_id,
            order=document.created_at,
        ),
        "support": _rows(
            (access.staff_name, access.reason, access.state, access.asked_at, access.until),
            access.user_id == user_id,
            order=access.asked_at,
        ),
    }


def files(user_id: UUID) -> Sequence[PersonExport]:
    """The files a person asked for, newest first."""
    return db.session.scalars(
        select(PersonExport)
        .where(PersonExport.user_id == user_id)
        .order_by(PersonExport.asked_at.desc(), PersonExport.id.desc())
        .limit(MOST_FILES)
        .execution_options(populate_existing=True)
    ).all()


def lock_person(user_id: UUID) -> User | None:
    """A person, locked until the commit and as they stand now."""
    return db.session.scalars(
        select(User)
        .where(User.id == user_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def file(export_id: UUID, user_id: UUID) -> PersonExport | None:
    """One of a person's own files."""
    return db.session.scalars(
        select(PersonExport).where(PersonExport.id == export_id, PersonExport.user_id == user_id)
    ).one_or_none()


def claim(now: datetime, lease: timedelta, attempts: int) -> PersonExport | None:
    """Hold the file that waits longest to be made, so that no other process makes it."""
    open_ = (
        select(PersonExport.id)
        .where(
            PersonExport.made_at.is_(None),
            PersonExport.gone_at.is_(None),
            PersonExport.attempts < attempts,
            or_(PersonExport.lease_until.is_(None), PersonExport.lease_until < now),
        )
        .order_by(PersonExport.asked_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return db.session.scalars(
        update(PersonExport)
        .where(PersonExport.id == open_)
        .values(lease_until=now + lease, attempts=PersonExport.attempts + 1)
        .returning(PersonExport)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one_or_none()


def settle(export_id: UUID, lease_until: datetime | None, **values: object) -> bool:
    """Note that a file was made; False when another process holds it by now."""
    found = db.session.execute(
        update(PersonExport)
        .where(
            PersonExport.id == export_id,
            PersonExport.lease_until == lease_until,
            PersonExport.made_at.is_(None),
            PersonExport.gone_at.is_(None),
        )
        .values(lease_until=None, **values)
        .returning(PersonExport.id)
        .execution_options(synchronize_session=False)
    )
    return found.first() is not None


def is_kept(user_id: UUID, sha256: str) -> bool:
    """Is there a file of the person with these bytes that can be fetched?"""
    kept = select(PersonExport.id).where(
        PersonExport.user_id == user_id,
        PersonExport.sha256 == sha256,
        PersonExport.gone_at.is_(None),
    )
    return db.session.execute(kept.limit(1)).first() is not None


def expired(now: datetime, attempts: int) -> Sequence[PersonExport]:
    """Files whose time is over, and those that could not be made."""
    return db.session.scalars(
        select(PersonExport)
        .where(
            PersonExport.gone_at.is_(None),
            or_(
                PersonExport.expires_at <= now,
                PersonExport.made_at.is_(None)
                & (PersonExport.attempts >= attempts)
                & (func.coalesce(PersonExport.lease_until, now) <= now),
            ),
        )
        .order_by(PersonExport.asked_at)
        .limit(MOST_FILES)
    ).all()


def _rows(columns: tuple[Column, ...], which: Any, *, order: Any) -> list[Row]:  # Any: SQL
    found = db.session.execute(select(*columns).where(which).order_by(order).limit(MOST))
    return [dict(row._mapping) for row in found]
