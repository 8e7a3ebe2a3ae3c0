"""Jobs: written with the work that asks for them, claimed once, retried, never lost.

The row is the truth and the queue is a bell: DESIGN section 7, ADR 0005.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError

from billify.application import ports
from billify.data import tenancy
from billify.data.db import after_commit, db, transaction
from billify.data.models import Job
from billify.data.queries import jobs as queries
from billify.domain import jobs as rules
from billify.domain.jobs import JobStatus
from billify.integrations import queue, valkey

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job this worker holds until its lease runs out."""

    id: UUID
    claim: UUID
    name: str
    arguments: dict[str, Any]  # Any: JSON, ids as text
    attempts: int

    @property
    def is_spent(self) -> bool:
        """Has every try before this one ended with the death of its worker?"""
        return rules.is_spent(attempts=self.attempts)


def later(name: str, **ids: UUID | str) -> UUID:
    """Ask for a job within the running transaction; the bell rings after its commit. Gives its
    key."""
    company_id = tenancy.company_id()
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    job = Job(
        name=name,
        arguments={key: str(value) for key, value in ids.items()},
        queue=rules.QUEUE_OF[name],
        request_id=request_id,
    )
    db.session.add(job)
    db.session.flush()
    after_commit(lambda: _ring(job.id, company_id, job.queue, 0))
    return job.id


def is_waiting(*, job_id: UUID) -> bool:
    """Has a job yet to be done? One that is dead or done has not."""
    return queries.is_waiting(job_id)


def forget(*, job_id: UUID) -> None:
    """Remove a job that is done and comes back every minute anew; others stay."""
    queries.forget_done(job_id)


def claim(*, job_id: UUID, now: datetime | None = None) -> Claimed | None:
    """Take a job that is due or was left behind; None when another worker has it."""
    with transaction():
        found = queries.claim(job_id, now or datetime.now(UTC), rules.LEASE)
    if found is None:
        return None
    return Claimed(*found)


def beat(*, job: Claimed) -> bool:
    """Hold the claim a while longer; False when it was lost. While the database is away the
    work goes on, and the next beat asks again."""
    try:
        with transaction():
            return queries.extend(job.id, job.claim, datetime.now(UTC) + rules.LEASE)
    except OperationalError as error:
        log.warning("job.no_beat", job_id=str(job.id), error=type(error).__name__)
        return True


def finish(*, job: Claimed) -> None:
    """The job is done."""
    with transaction():
        queries.finish(job.id, job.claim, datetime.now(UTC))


def fail(
    *, job: Claimed, error: str, stack: str, when_dead: Callable[[], None] | None = None
) -> bool:
    """Try again later, or lay the job in the dead-letter box; True when it is dead.

    What `when_dead` writes stands or falls with that. A job whose claim was lost is left to the
    worker that has it.
    """
    # The work may have left a transaction that failed behind it.
    db.session.rollback()
    now = datetime.now(UTC)
    pause = rules.pause(attempts=job.attempts, jitter=random.random())  # noqa: S311  spreads load only
    wants_death = rules.is_last(attempts=job.attempts)
    with transaction():
        is_ours = queries.fail(
            job.id,
            job.claim,
            status=JobStatus.DEAD if wants_death else JobStatus.WAITING,
            run_at=now + pause,
            error=error[:500],
            stack=stack[-8000:],
        )
        is_dead = is_ours and wants_death
        if is_dead and when_dead is not None:
            when_dead()
    log.warning("job.failed", job=job.name, job_id=str(job.id), attempts=job.attempts, dead=is_dead)
    return is_dead


def replay(*, job_id: UUID) -> bool:
    """Take a dead job out of the box and start it anew; False when it is not dead."""
    with transaction():
        found = queries.revive(job_id, datetime.now(UTC))
        if found is not None:
            after_commit(lambda: _ring(*found))
    return found is not None


def dead() -> list[dict[str, str | int | None]]:
    """The dead-letter boxes of all companies, newest first, for the operator."""
    with tenancy.unscoped("the operator sees dead jobs of all companies"):
        return [
            {
                "id": str(job.id),
                "name": job.name,
                "company": str(job.company_id),
                "attempts": job.attempts,
                "error": job.error,
                "created": job.created_at.isoformat(),
            }
            for job in queries.dead()
        ]


def sweep() -> int:
    """Ring again for jobs that are due or whose worker died; returns how many."""
    now = datetime.now(UTC)
    with tenancy.unscoped("jobs of all companies are swept by one clock"):
        with transaction():
            left = queries.take_left_behind(now, rules.RING_AGAIN)
        for job_id, company_id, name, attempts in left:
            _ring(job_id, company_id, name, attempts)
    return len(left)


def _ring(job_id: UUID, company_id: UUID, name: str, attempts: int) -> None:
    try:
        queue.ring(
            ports.redis(), queue=name, job_id=job_id, company_id=company_id, attempts=attempts
        )
    except valkey.Down as error:
        log.warning("job.unrung", job=str(job_id), error=type(error).__name__)
