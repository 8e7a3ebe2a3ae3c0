"""The queue: rings a worker with the key of a job row. A lost bell costs seconds, never a job."""

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from redis import Redis
from rq import Queue, Worker
from rq.cron import CronScheduler
from rq.exceptions import DuplicateJobError
from rq.worker import BaseWorker

BODY = "billify.tasks.runner.run"
LONGEST_RUN = 900
_SAME_BELL_FOR = 120


def ring(client: Redis, *, queue: str, job_id: UUID, company_id: UUID, attempts: int) -> None:
    """Ring for one job; while an equal bell still waits, a second one is not added."""
    bell = f"{job_id}-{attempts}-{int(time.time() // _SAME_BELL_FOR)}"
    try:
        Queue(queue, connection=client).enqueue_call(
            BODY,
            args=(str(job_id), str(company_id)),
            timeout=LONGEST_RUN,
            result_ttl=0,
            failure_ttl=_SAME_BELL_FOR,
            job_id=bell,
            unique=True,
        )
    except DuplicateJobError:
        return


def depth(client: Redis, queue: str) -> int:
    """How many bells wait in a queue."""
    return Queue(queue, connection=client).count


@dataclass(frozen=True, slots=True)
class Alive:
    """A process that takes bells, or the clock: what it is called there, and its last beat."""

    name: str
    queues: tuple[str, ...]
    beat: datetime | None
    born: datetime | None = None
    job_id: UUID | None = None
    bell: str = ""


def workers(client: Redis) -> list[Alive]:
    """The workers that have registered and not left, as the queue knows them."""
    return sorted((_alive(one) for one in Worker.all(connection=client)), key=_by_queue)


def clocks(client: Redis) -> list[Alive]:
    """The clocks that have registered and not left."""
    found = CronScheduler.all(client, cleanup=False)
    return [Alive(one.name, (), _utc(one.last_heartbeat)) for one in found]


def _alive(worker: BaseWorker) -> Alive:
    bell = worker.get_current_job_id() or ""
    job_id = None
    with suppress(ValueError):
        job_id = UUID(bell[:36]) if bell else None
    return Alive(
        name=worker.name,
        queues=tuple(worker.queue_names()),
        beat=_utc(worker.last_heartbeat),
        born=_utc(worker.birth_date),
        job_id=job_id,
        bell=bell,
    )


def _by_queue(one: Alive) -> tuple[tuple[str, ...], str]:
    return one.queues, one.name


def _utc(moment: datetime | None) -> datetime | None:
    """The queue's own times carry no zone and are in UTC."""
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=UTC)
