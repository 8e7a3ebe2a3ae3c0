"""Jobs: claims by conditional update, and what was left behind."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, exists, func, not_, or_, select, update

from billify.data.db import db
from billify.data.models import Company, Job
from billify.data.types import uuid7
from billify.domain.jobs import JobStatus

_SWEEP_AT_MOST = 500


def claim(
    job_id: UUID, now: datetime, lease: timedelta
) -> tuple[UUID, UUID, str, dict[str, Any], int] | None:
    """Take the job if it is due or its worker's lease ran out: (id, claim, name, arguments, n)."""
    token = uuid7()
    row = db.session.execute(
        update(Job)
        .where(Job.id == job_id, _is_free(now))
        .values(
            status=JobStatus.RUNNING,
            claim=token,
            lease_until=now + lease,
            attempts=Job.attempts + 1,
        )
        .returning(Job.id, Job.claim, Job.name, Job.arguments, Job.attempts)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return None if row is None else (row.id, token, row.name, row.arguments, row.attempts)


def is_waiting(job_id: UUID) -> bool:
    """Does the job wait for its turn, or run?"""
    found = db.session.scalar(
        select(Job.id).where(
            Job.id == job_id, Job.status.in_([JobStatus.WAITING, JobStatus.RUNNING])
        )
    )
    return found is not None


def forget_done(job_id: UUID) -> None:
    """Remove a job when it is done."""
    db.session.execute(
        delete(Job)
        .where(Job.id == job_id, Job.status == JobStatus.DONE)
        .execution_options(synchronize_session=False)
    )


def extend(job_id: UUID, claim: UUID, until: datetime) -> bool:
    """Hold the claim until then; False when it is no longer ours."""
    return _change(job_id, claim, lease_until=until)


def finish(job_id: UUID, claim: UUID, now: datetime) -> bool:
    """Mark the job done; False when the claim is no longer ours."""
    return _change(
        job_id, claim, status=JobStatus.DONE, finished_at=now, lease_until=None, error=None
    )


def fail(
    job_id: UUID, claim: UUID, *, status: JobStatus, run_at: datetime, error: str, stack: str
) -> bool:
    """Record a failure; False when the claim is no longer ours."""
    return _change(
        job_id, claim, status=status, run_at=run_at, error=error, stack=stack, lease_until=None
    )


def revive(job_id: UUID, now: datetime) -> tuple[UUID, UUID, str, int] | None:
    """A dead job waits again: (id, company, queue, attempts), None when it is not dead."""
    row = db.session.execute(
        update(Job)
        .where(Job.id == job_id, Job.status == JobStatus.DEAD)
        .values(status=JobStatus.WAITING, run_at=now, rung_at=now, attempts=0, finished_at=None)
        .returning(Job.id, Job.company_id, Job.queue, Job.attempts)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return None if row is None else (row.id, row.company_id, row.queue, row.attempts)


def take_left_behind(now: datetime, pause: timedelta) -> list[tuple[UUID, UUID, str, int]]:
    """Jobs whose bell was lost or whose worker died, marked as rung: (id, company, queue, n)."""
    left = (
        select(Job.id)
        .where(
            _is_free(now),
            or_(Job.rung_at < now - pause, Job.rung_at < Job.run_at),
        )
        .order_by(Job.run_at)
        .limit(_SWEEP_AT_MOST)
        .with_for_update(skip_locked=True)
    )
    rows = db.session.execute(
        update(Job)
        .where(Job.id.in_(left.scalar_subquery()))
        .values(rung_at=now)
        .returning(Job.id, Job.company_id, Job.queue, Job.attempts)
        .execution_options(synchronize_session=False)
    ).all()
    return [(row.id, row.company_id, row.queue, row.attempts) for row in rows]


def dead(limit: int = 100) -> Sequence[Job]:
    """The dead-letter box, newest first."""
    return db.session.scalars(
        select(Job).where(Job.status == JobStatus.DEAD).order_by(Job.id.desc()).limit(limit)
    ).all()


def count_by_state() -> dict[str, int]:
    """How many jobs are in each state; finished ones are not counted."""
    rows = db.session.execute(
        select(Job.status, func.count())
        .where(Job.status.in_([JobStatus.WAITING, JobStatus.RUNNING, JobStatus.DEAD]))
        .group_by(Job.status)
    ).all()
    return {status.value: count for status, count in rows}


def _is_free(now: datetime) -> Any:  # Any: an SQL condition
    """Due, or left behind; and not of a suspended company, whose jobs wait until it goes on."""
    is_suspended = exists().where(Company.id == Job.company_id, Company.suspended_at.is_not(None))
    return and_(
        or_(
            and_(Job.status == JobStatus.WAITING, Job.run_at <= now),
            and_(Job.status == JobStatus.RUNNING, Job.lease_until < now),
        ),
        not_(is_suspended),
    )


def _change(job_id: UUID, claim: UUID, **values: object) -> bool:
    result = db.session.execute(
        update(Job)
        .where(Job.id == job_id, Job.claim == claim, Job.status == JobStatus.RUNNING)
        .values(**values)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    return result.first() is not None
