"""The dead-letter box of all companies: looked into, started anew, or put away with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from billify.application import audit, jobs
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.queries import dead_letters as queries
from billify.data.queries.dead_letters import Letter
from billify.domain.jobs import JobStatus
from billify.domain.refusal import N_, NotFound, Refusal
from billify.domain.roles import Staff

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Opened:
    """A job with all that is known of it. Its arguments are ids."""

    id: UUID
    company_id: UUID
    company: str
    name: str
    queue: str
    status: JobStatus
    arguments: dict[str, Any]  # Any: JSON
    attempts: int
    error: str | None
    stack: str | None
    note: str | None
    request_id: str | None
    created_at: datetime
    run_at: datetime
    finished_at: datetime | None

    @property
    def is_dead(self) -> bool:
        """May it be started anew or put away?"""
        return self.status is JobStatus.DEAD


def page(*, name: str | None = None, before: UUID | None = None) -> tuple[list[Letter], bool]:
    """A page of dead letters, newest first, and whether more follow."""
    with tenancy.unscoped("staff see dead jobs of all companies"):
        found = queries.page(name=name, before=before)
    return found[: queries.SHOWN], len(found) > queries.SHOWN


def names() -> list[tuple[str, int]]:
    """Which jobs have dead letters, and how many."""
    with tenancy.unscoped("staff see dead jobs of all companies"):
        return queries.count_by_name()


def one(*, job_id: UUID) -> Opened:
    """One job, dead or dealt with. Raises NotFound."""
    with tenancy.unscoped("staff see dead jobs of all companies"):
        found = queries.one(job_id)
    if found is None:
        raise NotFound
    row, company = found
    return Opened(
        id=row.id,
        company_id=row.company_id,
        company=company,
        name=row.name,
        queue=row.queue,
        status=row.status,
        arguments=row.arguments,
        attempts=row.attempts,
        error=row.error,
        stack=row.stack,
        note=row.note,
        request_id=row.request_id,
        created_at=row.created_at,
        run_at=row.run_at,
        finished_at=row.finished_at,
    )


def company_name(*, company_id: UUID) -> str | None:
    """What a company is called."""
    with tenancy.unscoped("staff see what companies are called"):
        return queries.company_name(company_id)


def replay(*, job_ids: Sequence[UUID], by: Staff | None) -> int:
    """Start dead jobs anew; returns how many were dead. Without a person it was the operator."""
    return sum(_replay(job_id, by) for job_id in job_ids)


def discard(*, job_ids: Sequence[UUID], reason: str, by: Staff | None) -> int:
    """Put dead jobs away for good, with a reason; returns how many were dead.

    Raises Refusal without a reason.
    """
    said = reason.strip()
    if not said:
        raise Refusal(N_("Say why these are put away."))
    return sum(_discard(job_id, said[:LONGEST_REASON], by) for job_id in job_ids)


def _replay(job_id: UUID, by: Staff | None) -> bool:
    company_id = _company_of(job_id)
    if company_id is None:
        return False
    with tenancy.company_scope(company_id), transaction():
        row = queries.lock(job_id)
        if row is None or not jobs.replay(job_id=job_id):
            return False
        audit.record("job.replayed", row, by=by, after={"job": row.name})
    return True


def _discard(job_id: UUID, reason: str, by: Staff | None) -> bool:
    company_id = _company_of(job_id)
    if company_id is None:
        return False
    with tenancy.company_scope(company_id), transaction():
        row = queries.lock(job_id)
        if row is None or not queries.discard(job_id, reason=reason, now=datetime.now(UTC)):
            return False
        audit.record("job.discarded", row, by=by, after={"job": row.name, "reason": reason})
    return True


def _company_of(job_id: UUID) -> UUID | None:
    with tenancy.unscoped("staff look after dead jobs of all companies"):
        return queries.company_of(job_id)
