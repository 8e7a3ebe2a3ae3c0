"""Jobs of all companies as the back office sees them: what waits, what was done, dead letters."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from billify.data.db import db
from billify.data.models import Company, Job
from billify.domain.jobs import JobStatus

SHOWN = 50
_MOST_NAMES = 100


@dataclass(frozen=True, slots=True)
class Letter:
    """A job that was given up, and whose it is."""

    id: UUID
    company_id: UUID
    company: str
    name: str
    queue: str
    attempts: int
    error: str | None
    created_at: datetime
    run_at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """How many jobs of a queue are in a state, and since when the first of them is due."""

    queue: str
    status: JobStatus
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Hour:
    """What was done in an hour that begins at `at`."""

    at: datetime
    done: int
    given_up: int


def page(*, name: str | None, before: UUID | None) -> list[Letter]:
    """A page of dead letters and one more when there is more, newest first."""
    query = _letters()
    if name is not None:
        query = query.where(Job.name == name)
    if before is not None:
        query = query.where(Job.id < before)
    rows = db.session.execute(query.order_by(Job.id.desc()).limit(SHOWN + 1)).all()
    return [Letter(*row) for row in rows]


def one(job_id: UUID) -> tuple[Job, str] | None:
    """A job of whatever company and state, with the company's name."""
    row = db.session.execute(
        select(Job, Company.name)
        .join(Company, Company.id == Job.company_id)
        .where(Job.id == job_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def company_of(job_id: UUID) -> UUID | None:
    """Whose job it is."""
    return db.session.scalar(select(Job.company_id).where(Job.id == job_id))


def company_name(company_id: UUID) -> str | None:
    """What a company is called."""
    return db.session.scalar(select(Company.name).where(Company.id == company_id))


def lock(job_id: UUID) -> Job | None:
    """A job of the company in scope, locked until the commit and as it stands now."""
    return db.session.scalars(
        select(Job)
        .where(Job.id == job_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def discard(job_id: UUID, *, reason: str, now: datetime) -> bool:
    """Take a dead job out of the box for good; False when it is not dead."""
    found = db.session.execute(
        update(Job)
        .where(Job.id == job_id, Job.status == JobStatus.DEAD)
        .values(status=JobStatus.DISCARDED, note=reason, finished_at=now)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    return found.first() is not None


def count_by_name() -> list[tuple[str, int]]:
    """How many dead letters there are of each job, the most first."""
    rows = db.session.execute(
        select(Job.name, func.count())
        .where(Job.status == JobStatus.DEAD)
        .group_by(Job.name)
        .order_by(func.count().desc(), Job.name)
        .limit(_MOST_NAMES)
    ).all()
    return [(name, count) for name, count in rows]


def tallies() -> list[Tally]:
    """What waits, runs or is dead, by queue."""
    rows = db.session.execute(
        select(Job.queue, Job.status, func.count(), func.min(Job.run_at))
        .where(Job.status.in_([JobStatus.WAITING, JobStatus.RUNNING, JobStatus.DEAD]))
        .group_by(Job.queue, Job.status)
        .order_by(Job.queue, Job.status)
    ).all()
    return [Tally(*row) for row in rows]


def names_of(job_ids: list[UUID]) -> dict[UUID, str]:
    """What these jobs are called."""
    rows = db.session.execute(select(Job.id, Job.name).where(Job.id.in_(job_ids))).all()
    return {row.id: row.name for row in rows}


def by_hour(*, since: datetime) -> list[Hour]:
    """What was done and given up in each hour since then, the latest first.

    Looks only at jobs that were asked for since a day before: keys tell the time, and the key's
    index finds those without walking over years of jobs that are done.
    """
    hour = func.date_trunc("hour", Job.finished_at)
    first = _key_at(since - timedelta(days=1))
    rows = db.session.execute(
        select(hour, _count(JobStatus.DONE), _count(JobStatus.DISCARDED))
        .where(Job.id >= first, Job.finished_at >= since)
        .group_by(hour)
        .order_by(hour.desc())
        .limit(48)
    ).all()
    return [Hour(*row) for row in rows]


def _letters() -> Any:  # Any: a Select of the columns of a Letter
    return (
        select(
            Job.id,
            Job.company_id,
            Company.name,
            Job.name,
            Job.queue,
            Job.attempts,
            Job.error,
            Job.created_at,
            Job.run_at,
        )
        .join(Company, Company.id == Job.company_id)
        .where(Job.status == JobStatus.DEAD)
    )


def _count(status: JobStatus) -> ColumnElement[int]:
    return func.count().filter(Job.status == status)


def _key_at(moment: datetime) -> UUID:
    """The smallest key that could have been made then (RFC 9562, version 7)."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | 0x2 << 62)
