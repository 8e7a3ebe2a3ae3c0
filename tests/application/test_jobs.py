"""Jobs: written with the work, claimed once, retried, given up, found again. Never lost."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from billify.application import jobs, ports
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import Job
from billify.data.queries import jobs as queries
from billify.data.types import uuid7
from billify.domain import jobs as rules
from billify.domain.jobs import JobStatus
from billify.integrations import queue, valkey
from tests.cast import Cast, Member
from tests.committed import at_once

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def anna(cast: Cast) -> Iterator[Member]:
    ports.redis().flushdb()
    with tenancy.company_scope(cast.anna.actor.company_id, cast.anna.user_id):
        yield cast.anna


def ask() -> Job:
    """A job to read a document."""
    with transaction():
        jobs.later("documents.read", document_id=uuid7())
    return db.session.scalars(select(Job).order_by(Job.id.desc()).limit(1)).one()


def again(job: Job) -> Job:
    """The row as it stands now."""
    return db.session.scalars(
        select(Job).where(Job.id == job.id).execution_options(populate_existing=True)
    ).one()


def change(job: Job, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(Job).where(Job.id == job.id).values(**values))


def bells(name: str = "ocr") -> list[str]:
    """The jobs the waiting bells ring for."""
    waiting = Queue(name, connection=ports.redis())
    return [one.args[0] for one in waiting.jobs]


class TestAsking:
    def test_the_bell_rings_after_the_commit_with_ids_only(self, anna: Member) -> None:
        with transaction():
            jobs.later("documents.read", document_id=uuid7())
            assert bells() == []

        job = db.session.scalars(select(Job)).one()
        assert bells() == [str(job.id)]
        assert Queue("ocr", connection=ports.redis()).jobs[0].args == (
            str(job.id),
            str(anna.company_id),
        )

    def test_no_bell_and_no_row_when_the_work_fails(self, anna: Member) -> None:
        with pytest.raises(ZeroDivisionError), transaction():
            jobs.later("documents.read", document_id=uuid7())
            raise ZeroDivisionError

        assert bells() == []
        assert db.session.scalars(select(Job)).all() == []

    def test_it_wants_a_transaction_and_a_company(self, cast: Cast) -> None:
        with pytest.raises(tenancy.NoScope), transaction():
            jobs.later("documents.read", document_id=uuid7())
        with (
            tenancy.company_scope(cast.anna.actor.company_id),
            pytest.raises(RuntimeError, match="transaction"),
        ):
            jobs.later("documents.read", document_id=uuid7())

    def test_a_job_without_a_queue_is_a_mistake(self, anna: Member) -> None:
        with pytest.raises(KeyError), transaction():
            jobs.later("documents.raed", document_id=uuid7())

    def test_a_queue_that_is_away_loses_nothing(
        self, anna: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(*_: object, **__: object) -> None:
            raise valkey.Down("away")

        monkeypatch.setattr(queue, "ring", away)

        job = ask()

        assert again(job).status is JobStatus.WAITING


class TestClaiming:
    def test_a_job_is_claimed_once(self, anna: Member) -> None:
        job = ask()

        first, second = jobs.claim(job_id=job.id), jobs.claim(job_id=job.id)

        assert first is not None
        assert first.name == "documents.read"
        assert first.arguments == job.arguments
        assert first.attempts == 1
        assert second is None

    def test_a_claim_lasts_as_long_as_its_lease(self, anna: Member) -> None:
        job = ask()
        first = jobs.claim(job_id=job.id, now=job.run_at)
        assert first is not None

        within = jobs.claim(job_id=job.id, now=job.run_at + rules.LEASE)
        later = jobs.claim(job_id=job.id, now=job.run_at + rules.LEASE + timedelta(seconds=1))

        assert within is None
        assert later is not None
        assert later.attempts == 2
        assert later.claim != first.claim

    def test_a_beat_holds_the_claim(self, anna: Member) -> None:
        job = ask()
        claimed = jobs.claim(job_id=job.id)
        assert claimed is not None
        change(job, lease_until=NOW)

        assert jobs.beat(job=claimed)

        assert again(job).lease_until > datetime.now(UTC) + rules.LEASE / 2

    def test_who_lost_the_claim_changes_nothing(self, anna: Member) -> None:
        job = ask()
        first = jobs.claim(job_id=job.id)
        change(job, lease_until=NOW)
        second = jobs.claim(job_id=job.id)
        assert first is not None
        assert second is not None

        assert not jobs.beat(job=first)
        jobs.finish(job=first)
        jobs.fail(job=first, error="late", stack="")

        row = again(job)
        assert row.status is JobStatus.RUNNING
        assert row.claim == second.claim
        assert row.error is None

    def test_a_job_of_another_company_is_not_claimed(self, anna: Member, cast: Cast) -> None:
        job = ask()

        with tenancy.company_scope(cast.chloe.actor.company_id):
            assert jobs.claim(job_id=job.id) is None

    @pytest.mark.parametrize("status", [JobStatus.DONE, JobStatus.DEAD, JobStatus.DISCARDED])
    def test_what_is_over_is_not_claimed(self, status: JobStatus, anna: Member) -> None:
        job = ask()
        change(job, status=status)

        assert jobs.claim(job_id=job.id) is None

    def test_what_is_not_due_is_not_claimed(self, anna: Member) -> None:
        job = ask()
        change(job, run_at=datetime.now(UTC) + timedelta(seconds=5))

        assert jobs.claim(job_id=job.id) is None

    def test_of_many_claimers_at_the_same_moment_one_wins(
        self, real: Flask, real_cast: Cast
    ) -> None:
        company_id = real_cast.anna.actor.company_id
        with tenancy.company_scope(company_id):
            job = ask()

        def claim() -> jobs.Claimed | None:
            with tenancy.company_scope(company_id):
                return jobs.claim(job_id=job.id)

        claims = at_once(real, *[claim] * 8)

        assert len([one for one in claims if one is not None]) == 1


class TestFailing:
    def test_a_failed_job_waits_longer_each_time(self, anna: Member) -> None:
        job = ask()
        waits = []
        for _ in range(4):
            change(job, run_at=NOW)
            claimed = jobs.claim(job_id=job.id)
            assert claimed is not None
            before = datetime.now(UTC)
            assert not jobs.fail(job=claimed, error="no", stack="trace")
            waits.append((again(job).run_at - before).total_seconds())

        for wait, least in zip(waits, (2.5, 5, 10, 20), strict=True):
            assert least <= wait <= least * 2 + 1

    def test_the_reason_and_the_stack_are_kept_within_bounds(self, anna: Member) -> None:
        job = ask()
        claimed = jobs.claim(job_id=job.id)
        assert claimed is not None

        jobs.fail(job=claimed, error="e" * 9_000, stack="s" * 90_000 + "end")

        row = again(job)
        assert row.error == "e" * 500
        assert row.stack is not None
        assert len(row.stack) == 8_000
        assert row.stack.endswith("end")

    def test_the_last_failure_lays_it_in_the_box(self, anna: Member) -> None:
        job, told = ask(), []
        change(job, attempts=rules.MOST_ATTEMPTS - 1)
        claimed = jobs.claim(job_id=job.id)
        assert claimed is not None

        is_dead = jobs.fail(job=claimed, error="x", stack="", when_dead=lambda: told.append(1))

        assert is_dead
        assert told == [1]
        assert again(job).status is JobStatus.DEAD
        assert jobs.claim(job_id=job.id) is None
        assert [one.id for one in queries.dead()] == [job.id]

    def test_who_lost_the_claim_does_not_declare_it_dead(self, anna: Member) -> None:
        job, told = ask(), []
        change(job, attempts=rules.MOST_ATTEMPTS - 1)
        claimed = jobs.claim(job_id=job.id)
        change(job, claim=uuid7())
        assert claimed is not None

        assert not jobs.fail(job=claimed, error="x", stack="", when_dead=lambda: told.append(1))
        assert told == []

    def test_dead_and_told_are_one_step(self, anna: Member) -> None:
        """Else a document stays "reading" for ever when the second half fails."""

        def broken() -> None:
            raise ZeroDivisionError

        job = ask()
        change(job, attempts=rules.MOST_ATTEMPTS - 1)
        claimed = jobs.claim(job_id=job.id)
        assert claimed is not None

        with pytest.raises(ZeroDivisionError):
            jobs.fail(job=claimed, error="x", stack="", when_dead=broken)

        assert again(job).status is JobStatus.RUNNING

    def test_a_failure_is_recorded_behind_a_broken_transaction(
        self, real: Flask, real_cast: Cast
    ) -> None:
        with tenancy.company_scope(real_cast.anna.actor.company_id):
            job = ask()
            claimed = jobs.claim(job_id=job.id)
            assert claimed is not None
            with pytest.raises(Exception, match="division"):
                db.session.execute(select(1 / (Job.attempts - Job.attempts)))

            jobs.fail(job=claimed, error="division", stack="")

            assert again(job).error == "division"

    def test_a_replay_starts_a_dead_job_anew(self, anna: Member) -> None:
        job = ask()
        change(job, status=JobStatus.DEAD, attempts=rules.MOST_ATTEMPTS)
        ports.redis().flushdb()

        jobs.replay(job_id=job.id)

        assert bells() == [str(job.id)]
        claimed = jobs.claim(job_id=job.id)
        assert claimed is not None
        assert claimed.attempts == 1

    @pytest.mark.parametrize("status", [JobStatus.WAITING, JobStatus.RUNNING, JobStatus.DONE])
    def test_only_the_dead_are_replayed(self, status: JobStatus, anna: Member) -> None:
        job = ask()
        change(job, status=status)
        ports.redis().flushdb()

        jobs.replay(job_id=job.id)

        assert bells() == []
        assert again(job).status is status

    def test_beats_go_on_while_the_database_is_away(
        self, anna: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(*_: object) -> bool:
            raise OperationalError("UPDATE", {}, Exception("gone"))

        job = ask()
        claimed = jobs.claim(job_id=job.id)
        assert claimed is not None
        monkeypatch.setattr(queries, "extend", away)

        assert jobs.beat(job=claimed)


class TestSweeping:
    def test_a_lost_bell_is_rung_again(self, anna: Member) -> None:
        job = ask()
        ports.redis().flushdb()
        long_ago = datetime.now(UTC) - rules.RING_AGAIN - timedelta(seconds=1)
        change(job, run_at=long_ago, rung_at=long_ago)

        assert jobs.sweep() == 1

        assert bells() == [str(job.id)]

    def test_a_bell_that_has_just_rung_is_left_alone(self, anna: Member) -> None:
        ask()

        assert jobs.sweep() == 0

    def test_a_job_rings_when_it_becomes_due_again(self, anna: Member) -> None:
        job = ask()
        now = datetime.now(UTC)
        change(job, rung_at=now - timedelta(seconds=4), run_at=now - timedelta(seconds=1))

        assert jobs.sweep() == 1

    def test_a_dead_worker_s_job_rings_when_its_lease_is_over(self, anna: Member) -> None:
        job = ask()
        jobs.claim(job_id=job.id)
        long_ago = datetime.now(UTC) - timedelta(minutes=1)
        change(job, rung_at=long_ago, lease_until=datetime.now(UTC) + timedelta(seconds=9))
        assert jobs.sweep() == 0

        change(job, lease_until=datetime.now(UTC) - timedelta(seconds=1))

        assert jobs.sweep() == 1

    @pytest.mark.parametrize("status", [JobStatus.DONE, JobStatus.DEAD, JobStatus.DISCARDED])
    def test_what_is_over_does_not_ring(self, status: JobStatus, anna: Member) -> None:
        job = ask()
        change(job, status=status, rung_at=NOW, run_at=NOW, lease_until=NOW)

        assert jobs.sweep() == 0

    def test_jobs_of_all_companies_are_swept(self, cast: Cast) -> None:
        ports.redis().flushdb()
        asked: list[UUID] = []
        for member in (cast.anna, cast.chloe):
            with tenancy.company_scope(member.actor.company_id):
                job = ask()
                change(job, rung_at=NOW, run_at=NOW)
                asked.append(job.id)
        ports.redis().flushdb()

        assert jobs.sweep() == 2
        assert sorted(bells()) == sorted(str(one) for one in asked)

    def test_two_bells_for_one_try_are_one(self, anna: Member) -> None:
        job = ask()
        change(job, rung_at=NOW, run_at=NOW)

        assert jobs.sweep() == 1

        assert bells() == [str(job.id)]

    def test_while_the_queue_is_away_the_sweep_goes_on(
        self, anna: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(2):
            change(ask(), rung_at=NOW, run_at=NOW)

        def away(*_: object, **__: object) -> None:
            raise valkey.Down("away")

        monkeypatch.setattr(queue, "ring", away)

        assert jobs.sweep() == 2


def test_no_secret_and_nothing_of_a_person_goes_into_a_job(anna: Member) -> None:
    """Arguments and bells hold keys of rows only."""
    job = ask()

    assert all(UUID(value) for value in job.arguments.values())
    client: Redis = ports.redis()
    stored = b" ".join(
        part
        for key in client.scan_iter("rq:job:*")
        for part in client.hgetall(key).values()  # type: ignore[union-attr]
    )
    for word in (anna.name, anna.email, "factuur", json.dumps("name")):
        assert word.encode() not in stored
