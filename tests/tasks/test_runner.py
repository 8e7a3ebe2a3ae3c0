"""The runner: claims the row, does the work under a beating claim, writes down how it went."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import structlog
from sqlalchemy import select, update
from structlog.testing import capture_logs

from billify.application import jobs
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import Job
from billify.domain import jobs as rules
from billify.domain.jobs import JobStatus
from billify.tasks import registry, runner
from tests.cast import Cast, Member


class Body:
    """A job's body and its last word, that note how they were called."""

    def __init__(self) -> None:
        self.calls: list[dict[str, str]] = []
        self.given_up: list[dict[str, str]] = []
        self.seen: list[tenancy.Scope] = []
        self.error: Exception | None = None
        self.takes = 0.0

    def __call__(self, **arguments: str) -> None:
        self.calls.append(arguments)
        self.seen.append(tenancy.current())
        time.sleep(self.takes)
        if self.error:
            raise self.error

    def give_up(self, **arguments: str) -> None:
        self.given_up.append(arguments)


@pytest.fixture
def body(monkeypatch: pytest.MonkeyPatch) -> Body:
    made = Body()
    registry.load()
    monkeypatch.setitem(
        registry._jobs, "documents.read", registry.Registered(made, when_dead=made.give_up)
    )
    return made


@pytest.fixture
def anna(cast: Cast) -> Iterator[Member]:
    yield cast.anna
    tenancy.leave()


def ask(member: Member, **values: Any) -> UUID:
    with tenancy.company_scope(member.actor.company_id), transaction() as session:
        jobs.later("documents.read", document_id="a-key")
        job = session.scalars(select(Job)).one()
        if values:
            session.execute(update(Job).where(Job.id == job.id).values(**values))
    return job.id


def row(member: Member) -> Job:
    with tenancy.company_scope(member.actor.company_id):
        return db.session.scalars(select(Job).execution_options(populate_existing=True)).one()


def run(job_id: UUID, member: Member) -> None:
    runner.run(str(job_id), str(member.company_id))


def test_a_job_is_done_in_its_company(anna: Member, body: Body) -> None:
    run(ask(anna), anna)

    assert body.calls == [{"document_id": "a-key"}]
    assert body.seen == [tenancy.Scope(company_id=anna.company_id)]
    assert row(anna).status is JobStatus.DONE
    assert row(anna).finished_at is not None
    assert tenancy.current() == tenancy.NOBODY


def test_a_second_bell_finds_nothing_to_do(anna: Member, body: Body) -> None:
    job_id = ask(anna)

    run(job_id, anna)
    run(job_id, anna)

    assert len(body.calls) == 1
    assert row(anna).attempts == 1


def test_a_bell_of_another_company_does_nothing(anna: Member, body: Body, cast: Cast) -> None:
    run(ask(anna), cast.chloe)

    assert body.calls == []
    assert row(anna).status is JobStatus.WAITING


def test_a_failure_is_written_down_and_tried_again(anna: Member, body: Body) -> None:
    body.error = ValueError("no such thing")

    run(ask(anna), anna)

    job = row(anna)
    assert (job.status, job.attempts) == (JobStatus.WAITING, 1)
    assert job.error == "ValueError"
    assert "in __call__" in (job.stack or "")
    assert "no such thing" not in (job.stack or "")
    assert job.run_at > datetime.now(UTC)
    assert body.given_up == []


def test_the_last_failure_is_told_where_people_look(anna: Member, body: Body) -> None:
    body.error = ValueError("no")

    run(ask(anna, attempts=rules.MOST_ATTEMPTS - 1), anna)

    assert row(anna).status is JobStatus.DEAD
    assert body.given_up == [{"document_id": "a-key"}]


def test_a_job_that_kills_its_workers_is_given_up_without_another_try(
    anna: Member, body: Body
) -> None:
    """A killed process writes nothing down, so only the count of claims tells."""
    job_id = ask(
        anna,
        attempts=rules.MOST_ATTEMPTS,
        status=JobStatus.RUNNING,
        lease_until=datetime.now(UTC) - timedelta(seconds=1),
    )

    run(job_id, anna)

    assert body.calls == []
    assert row(anna).status is JobStatus.DEAD
    assert row(anna).error == "WorkersDied: 8 workers died of it"
    assert body.given_up == [{"document_id": "a-key"}]


def test_a_job_nobody_knows_ends_in_the_box(anna: Member, body: Body) -> None:
    job_id = ask(anna, name="documents.gone", attempts=rules.MOST_ATTEMPTS - 1)

    run(job_id, anna)

    assert row(anna).status is JobStatus.DEAD
    assert "KeyError" in (row(anna).error or "")


def test_the_claim_is_held_while_the_work_takes_long(
    anna: Member, body: Body, monkeypatch: pytest.MonkeyPatch
) -> None:
    beats: list[jobs.Claimed] = []
    monkeypatch.setattr(runner, "HEARTBEAT", timedelta(milliseconds=20))
    monkeypatch.setattr(jobs, "beat", lambda *, job: beats.append(job) is None)
    body.takes = 0.2

    run(ask(anna), anna)

    assert len(beats) >= 3
    count = len(beats)
    time.sleep(0.1)
    assert len(beats) == count


def test_who_loses_the_claim_beats_no_longer(
    anna: Member, body: Body, monkeypatch: pytest.MonkeyPatch
) -> None:
    beats: list[jobs.Claimed] = []
    monkeypatch.setattr(runner, "HEARTBEAT", timedelta(milliseconds=20))
    monkeypatch.setattr(jobs, "beat", lambda *, job: beats.append(job))
    body.takes = 0.2

    run(ask(anna), anna)

    assert len(beats) == 1


def test_each_line_in_the_log_names_the_job_and_no_person(
    anna: Member, body: Body, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (jobs, runner):
        # A logger keeps the settings it was first used with.
        monkeypatch.setattr(module, "log", structlog.get_logger())
    body.error = ValueError(f"{anna.email} BE68 5390 0754 7034")
    job_id = ask(anna)

    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        run(job_id, anna)

    assert [line["event"] for line in lines] == ["job.failed"]
    assert lines[0]["job_id"] == str(job_id)
    assert lines[0]["company_id"] == str(anna.company_id)
    assert anna.email not in str(lines)
    assert "5390 0754" not in str(lines)
