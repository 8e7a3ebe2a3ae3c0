"""Jobs: states, back-off and when to give up."""

from datetime import timedelta
from enum import StrEnum


class JobStatus(StrEnum):
    """The row is the truth; the queue is only a bell."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"
    DISCARDED = "discarded"


MOST_ATTEMPTS = 8
LEASE = timedelta(seconds=30)
HEARTBEAT = timedelta(seconds=8)
RING_AGAIN = timedelta(seconds=20)
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=30)


def pause(*, attempts: int, jitter: float) -> timedelta:
    """How long to wait after a failure: doubled each time, spread by `jitter` in 0..1.

    Full jitter keeps jobs that failed together from coming back together.
    """
    doubled = _FIRST_PAUSE * (1 << max(attempts - 1, 0))
    return min(doubled, _LONGEST_PAUSE) * (0.5 + jitter / 2)


def is_last(*, attempts: int) -> bool:
    """Has the job been tried often enough?"""
    return attempts >= MOST_ATTEMPTS


def is_spent(*, attempts: int) -> bool:
    """Is this a try too many? Only a job that takes its worker along gets here: a failure that
    could be recorded has made it dead before."""
    return attempts > MOST_ATTEMPTS


QUEUES = ("ocr", "sync", "default")

QUEUE_OF = {
    "announcements.tell": "default",
    "connection.refresh": "sync",
    "connection.sync": "sync",
    "documents.read": "ocr",
    "documents.split": "ocr",
    "documents.store": "default",
    "documents.forget": "default",
    "forecast.look_back": "default",
    "forecast.make": "default",
    "matching.propose": "default",
    "reading_memory.learn": "default",
    "retention.apply": "default",
}
"""Each job's queue. Reading has one of its own, so that a pile of scans delays nothing else."""

RENAMED = {"bank.refresh": "connection.refresh", "bank.sync": "connection.sync"}
"""Names of before, which jobs that wait since then still carry."""
