"""The queue: rings a worker with the key of a job row. A lost bell costs seconds, never a job."""

import time
from uuid import UUID

from redis import Redis
from rq import Queue
from rq.exceptions import DuplicateJobError

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
