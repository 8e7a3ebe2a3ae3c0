"""Removing what is older than it has to be, a bounded number of rows at a time.

Only what is named here is ever removed by age. Invoices, allocations, bank lines, accounting
items, contacts and the audit log are not.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import aliased

from billify.data.db import db
from billify.data.models import (
    Document,
    Invitation,
    Invoice,
    Job,
    LoginSession,
    Mail,
    Notification,
    PersonExport,
    PersonToken,
    SyncLog,
)
from billify.domain.connections import RunState
from billify.domain.documents import DocumentStatus
from billify.domain.jobs import JobStatus
from billify.domain.mails import MailState

BATCH = 1000


def runs(before: datetime) -> int:
    """Runs of connections that began before then and are over."""
    return _remove(SyncLog, SyncLog.started_at < before, SyncLog.state != RunState.RUNNING)


def told(before: datetime) -> int:
    """What people were told before then."""
    return _remove(Notification, Notification.created_at < before)


def jobs(before: datetime) -> int:
    """Jobs that ended before then, done or discarded."""
    return _remove(
        Job,
        Job.status.in_([JobStatus.DONE, JobStatus.DISCARDED]),
        func.coalesce(Job.finished_at, Job.created_at) < before,
    )


def mails(before: datetime) -> int:
    """Mails of before then that nobody waits for: about the company of the scope, or all of them
    when asked unscoped."""
    return _remove(Mail, Mail.created_at < before, Mail.state != MailState.WAITING)


def invitations(before: datetime) -> int:
    """Invitations that ended before then, taken or not."""
    ended = func.coalesce(Invitation.accepted_at, Invitation.withdrawn_at, Invitation.expires_at)
    return _remove(Invitation, ended < before)


def put_away(before: datetime) -> Sequence[UUID]:
    """Files put away before then that are no invoice and no whole of which parts are kept."""
    part = aliased(Document)
    return db.session.scalars(
        select(Document.id)
        .where(
            Document.status == DocumentStatus.SET_ASIDE,
            Document.created_at < before,
            ~exists().where(Invoice.document_id == Document.id),
            ~exists().where(part.split_from_id == Document.id),
        )
        .order_by(Document.created_at, Document.id)
        .limit(BATCH)
    ).all()


def tokens(before: datetime) -> int:
    """Links of mails that ended before then. Asked unscoped."""
    return _remove(PersonToken, func.coalesce(PersonToken.used_at, PersonToken.expires_at) < before)


def sessions(before: datetime) -> int:
    """Sessions of devices that ended before then."""
    return _remove(
        LoginSession, func.coalesce(LoginSession.revoked_at, LoginSession.expires_at) < before
    )


def files(before: datetime) -> int:
    """Rows of files that people fetched, gone before then. Asked unscoped."""
    return _remove(PersonExport, PersonExport.gone_at < before)


def _remove(table: Any, *which: ColumnElement[bool]) -> int:  # Any: a model with an id
    """At most a batch of rows; those that somebody works on are left for next time."""
    chosen = (
        select(table.id)
        .where(*which)
        .order_by(table.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    found = db.session.execute(
        delete(table)
        .where(table.id.in_(chosen))
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )
    return len(found.all())
