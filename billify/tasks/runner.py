"""Runs one job: claim the row, do the work while holding the claim, record how it went."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from uuid import UUID

import structlog
from flask import Flask, current_app

from billify.application import faults, jobs
from billify.data import tenancy
from billify.domain import faults as fault_rules
from billify.domain.jobs import HEARTBEAT
from billify.tasks import registry

log = structlog.get_logger()


class WorkersDied(Exception):
    """A job that kills each process that does it; it is given up without another try."""


def run(job_id: str, company_id: str) -> None:
    """What the queue calls. A bell for a job that is done or taken finds nothing to do."""
    with (
        structlog.contextvars.bound_contextvars(job_id=job_id, company_id=company_id),
        tenancy.company_scope(UUID(company_id)),
    ):
        claimed = jobs.claim(job_id=UUID(job_id))
        if claimed is not None:
            _do(claimed)


def _do(claimed: jobs.Claimed) -> None:
    try:
        if claimed.is_spent:
            raise WorkersDied(f"{claimed.attempts - 1} workers died of it")
        body = registry.find(claimed.name).body
        with _heartbeat(current_app._get_current_object(), claimed):  # type: ignore[attr-defined]
            body(**claimed.arguments)
    except Exception as error:  # noqa: BLE001  every failure is recorded on the row
        jobs.fail(
            job=claimed,
            error=fault_rules.said_by(error),
            stack=fault_rules.stack_of(error),
            when_dead=_when_dead(claimed),
        )
        faults.record(error, during=claimed.name)
        return
    jobs.finish(job=claimed)
    log.info("job.done", job=claimed.name, attempts=claimed.attempts)


def _when_dead(claimed: jobs.Claimed) -> Callable[[], None] | None:
    """What is to be said where people look, when the job is given up."""
    if claimed.name not in registry.names():
        return None
    give_up = registry.find(claimed.name).when_dead
    return None if give_up is None else partial(give_up, **claimed.arguments)


@contextmanager
def _heartbeat(app: Flask, claimed: jobs.Claimed) -> Iterator[None]:
    """Hold the claim while the work takes long; a killed process stops beating and loses it."""
    done = threading.Event()
    company_id = tenancy.current().company_id

    def beat() -> None:
        while not done.wait(HEARTBEAT.total_seconds()):
            with app.app_context(), tenancy.company_scope(company_id):  # type: ignore[arg-type]
                if not jobs.beat(job=claimed):
                    return

    thread = threading.Thread(target=beat, daemon=True, name="heartbeat")
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(timeout=5)
