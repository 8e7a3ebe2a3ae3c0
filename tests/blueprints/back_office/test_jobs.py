"""Queues and dead letters as staff see them: looked into, started anew, put away."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from billify.application import jobs, ports
from billify.application.back_office import dead_letters
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import AuditEvent, Job
from billify.data.types import uuid7
from billify.domain.jobs import JobStatus
from billify.domain.refusal import Refusal
from tests.cast import Cast, Member

HOUR = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clean(app: object) -> Iterator[None]:
    ports.redis().flushdb()
    yield
    tenancy.leave()


def dead(member: Member, **given: Any) -> UUID:
    """A job of a person's company that was given up."""
    values = {"name": "documents.read", "queue": "ocr", "status": JobStatus.DEAD, "attempts": 8}
    with tenancy.company_scope(member.actor.company_id), transaction() as session:
        row = Job(id=uuid7(), arguments={"document_id": str(uuid7())}, **(values | given))
        session.add(row)
    return row.id


def row_of(member: Member, job_id: UUID) -> Job:
    with tenancy.company_scope(member.actor.company_id):
        return db.session.scalars(
            select(Job).where(Job.id == job_id).execution_options(populate_existing=True)
        ).one()


def verbs(member: Member) -> list[tuple[str, str]]:
    with tenancy.company_scope(member.actor.company_id):
        events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()
    return [(event.verb, event.actor) for event in events]


def test_the_letters_of_all_companies_stand_together(cast: Cast, staff: FlaskClient) -> None:
    dead(cast.anna, error="ValueError")
    dead(cast.chloe, name="bank.sync", queue="sync")

    page = staff.get("/back-office/jobs").text

    assert "Bakkerij Anna" in page
    assert "Chocolaterie Chloé" in page
    assert "ValueError" in page


def test_letters_are_found_by_the_name_of_their_job(cast: Cast, staff: FlaskClient) -> None:
    dead(cast.anna)
    dead(cast.chloe, name="bank.sync", queue="sync")

    page = staff.get("/back-office/jobs?name=bank.sync").text

    assert "Chocolaterie Chloé" in page
    assert "Bakkerij Anna" not in page


def test_a_letter_tells_its_stack_and_leaves_a_mark_in_the_company(
    cast: Cast, staff: FlaskClient
) -> None:
    job_id = dead(cast.anna, error="ValueError", stack="billify/x.py:1 in read")

    page = staff.get(f"/back-office/jobs/{job_id}").text

    assert "billify/x.py:1 in read" in page
    assert verbs(cast.anna) == [("staff.looked", "Dirk")]
    assert verbs(cast.chloe) == []


def test_marked_letters_begin_anew(cast: Cast, staff: FlaskClient) -> None:
    ours, theirs, other = dead(cast.anna), dead(cast.chloe), dead(cast.anna)

    answer = staff.post("/back-office/jobs/replaying", data={"ids": [str(ours), str(theirs)]})

    assert answer.status_code == 303
    assert row_of(cast.anna, ours).status is JobStatus.WAITING
    assert row_of(cast.chloe, theirs).status is JobStatus.WAITING
    assert row_of(cast.anna, other).status is JobStatus.DEAD
    assert verbs(cast.chloe) == [("job.replayed", "Dirk")]


def test_a_letter_is_put_away_with_a_reason_that_the_company_can_read(
    cast: Cast, staff: FlaskClient
) -> None:
    job_id = dead(cast.anna)

    staff.post("/back-office/jobs/discarding", data={"ids": str(job_id), "reason": "Sent twice"})

    row = row_of(cast.anna, job_id)
    assert (row.status, row.note) == (JobStatus.DISCARDED, "Sent twice")
    assert verbs(cast.anna) == [("job.discarded", "Dirk")]
    assert "Sent twice" in staff.get(f"/back-office/jobs/{job_id}").text


def test_without_a_reason_nothing_is_put_away(cast: Cast, staff: FlaskClient) -> None:
    job_id = dead(cast.anna)

    staff.post("/back-office/jobs/discarding", data={"ids": str(job_id), "reason": "  "})

    assert row_of(cast.anna, job_id).status is JobStatus.DEAD
    with pytest.raises(Refusal):
        dead_letters.discard(job_ids=[job_id], reason="", by=None)


def test_only_what_is_dead_can_be_dealt_with(cast: Cast) -> None:
    job_id = dead(cast.anna, status=JobStatus.WAITING)

    assert dead_letters.replay(job_ids=[job_id, uuid7()], by=None) == 0
    assert dead_letters.discard(job_ids=[job_id], reason="x", by=None) == 0
    assert verbs(cast.anna) == []


def test_bad_keys_are_passed_over(staff: FlaskClient) -> None:
    answer = staff.post("/back-office/jobs/replaying", data={"ids": ["x", "y"]})

    assert answer.status_code == 303
    assert staff.get("/back-office/jobs?before=x").status_code == 404
    assert staff.get(f"/back-office/jobs/{uuid7()}").status_code == 404


def test_queues_tell_what_waits_and_that_nobody_does_it(cast: Cast, staff: FlaskClient) -> None:
    dead(cast.anna, status=JobStatus.WAITING, run_at=HOUR)

    page = staff.get("/back-office/jobs").text

    assert "No worker looks after the queue ocr" in page
    assert "02/03/2026" in page


def test_a_queue_that_is_away_hides_no_letter(
    cast: Cast, staff: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead(cast.anna)

    def away() -> None:
        raise jobs.valkey.Down("away")

    monkeypatch.setattr("billify.application.back_office.queues.ports.redis", away)
    page = staff.get("/back-office/jobs").text

    assert "The queue does not answer" in page
    assert "Bakkerij Anna" in page
