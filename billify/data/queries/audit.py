"""The audit chain's rows and its head."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from billify.data.db import db
from billify.data.models import AuditEvent, AuditHead
from billify.domain.audit import START

SHOWN = 50
_AT_ONCE = 1000


def lock_head(company_id: UUID) -> AuditHead:
    """The head of the company's chain, locked until the commit; made when there is none yet."""
    db.session.execute(
        insert(AuditHead)
        .values(company_id=company_id, seq=0, hash=START)
        .on_conflict_do_nothing(index_elements=["company_id"])
    )
    return db.session.scalars(
        select(AuditHead)
        .where(AuditHead.company_id == company_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def head(company_id: UUID) -> AuditHead | None:
    """The head of the company's chain."""
    return db.session.scalars(
        select(AuditHead)
        .where(AuditHead.company_id == company_id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def chain() -> Iterator[AuditEvent]:
    """Every row of the company's chain in order, as it stands in the table now."""
    return iter(
        db.session.scalars(
            select(AuditEvent)
            .order_by(AuditEvent.seq)
            .execution_options(yield_per=_AT_ONCE, populate_existing=True)
        )
    )


def of_subject(subject_id: UUID, limit: int = 50) -> list[AuditEvent]:
    """What was done to one thing, newest first."""
    return list(
        db.session.scalars(
            select(AuditEvent)
            .where(AuditEvent.subject_id == subject_id)
            .order_by(AuditEvent.seq.desc())
            .limit(limit)
        )
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for in a company's log. Days are whole days of the clock given with them."""

    verb: str | None = None
    actor: str = ""
    subject_type: str | None = None
    subject_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


def search(wanted: Wanted, *, before: int | None) -> list[AuditEvent]:
    """A page of what was done and one more when there is more, newest first."""
    query = select(AuditEvent)
    if wanted.verb is not None:
        query = query.where(AuditEvent.verb == wanted.verb)
    if wanted.actor:
        query = query.where(
            func.lower(AuditEvent.actor).contains(wanted.actor.lower(), autoescape=True)
        )
    if wanted.subject_type is not None:
        query = query.where(AuditEvent.subject_type == wanted.subject_type)
    if wanted.subject_id is not None:
        query = query.where(AuditEvent.subject_id == wanted.subject_id)
    if wanted.since is not None:
        query = query.where(AuditEvent.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEvent.at < wanted.until)
    if before is not None:
        query = query.where(AuditEvent.seq < before)
    return list(db.session.scalars(query.order_by(AuditEvent.seq.desc()).limit(SHOWN + 1)))
