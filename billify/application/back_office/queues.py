"""Queues and workers: what waits and since when, who is there to do it, what was done lately.

Each answer is asked for by itself, so that a queue that is away hides nothing of the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from billify.application import health, ports
from billify.data import tenancy
from billify.data.db import db
from billify.data.queries import dead_letters as queries
from billify.data.queries.dead_letters import Hour, Tally
from billify.domain.jobs import QUEUES, JobStatus
from billify.integrations import queue, valkey
from billify.integrations.queue import Alive

SILENT_AFTER = timedelta(minutes=8)
"""A worker beats at least every seven minutes, as rq has it, and oftener while it works."""
CLOCK_SILENT_AFTER = timedelta(minutes=2)
HOURS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One queue: its bells (None when the queue can't be asked) and its jobs by state."""

    name: str
    bells: int | None
    waiting: int
    running: int
    dead: int
    oldest: datetime | None
    workers: int


@dataclass(frozen=True, slots=True)
class Busy:
    """A worker, and the job it does now."""

    alive: Alive
    job: str | None
    is_silent: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """All queues now. `workers` and `clocks` are None when the queue can't be asked."""

    lines: tuple[Line, ...]
    workers: tuple[Busy, ...] | None
    clocks: tuple[Busy, ...] | None
    hours: tuple[Hour, ...]

    @property
    def dead(self) -> int:
        """How many jobs were given up, and wait for someone."""
        return sum(line.dead for line in self.lines)

    @property
    def unserved(self) -> tuple[str, ...]:
        """Queues that no worker looks after."""
        if self.workers is None:
            return ()
        return tuple(line.name for line in self.lines if not line.workers)

    @property
    def has_clock(self) -> bool:
        """Does a clock tick? Also said when that can't be asked."""
        return self.clocks is None or any(not one.is_silent for one in self.clocks)


@dataclass(frozen=True, slots=True)
class Backlog:
    """Jobs of all queues by state, and since when the first of them is late."""

    waiting: int
    running: int
    dead: int
    late_since: datetime | None


def picture(*, now: datetime) -> Picture:
    """How the queues stand."""
    with tenancy.unscoped("staff see the queues of all companies"):
        tallies = queries.tallies()
        hours = queries.by_hour(since=now - timedelta(hours=HOURS))
        workers, clocks = _workers(now)
    bells = health.bells_by_queue()
    return Picture(
        lines=tuple(_line(name, tallies, bells, workers or (), now) for name in QUEUES),
        workers=workers,
        clocks=clocks,
        hours=tuple(hours),
    )


def backlog(*, now: datetime) -> Backlog | None:
    """What waits in all; None when the database can't be asked."""
    try:
        with tenancy.unscoped("staff see the queues of all companies"):
            tallies = queries.tallies()
    except SQLAlchemyError:
        db.session.rollback()
        return None
    waiting, running, dead = (
        sum(one.count for one in tallies if one.status is state)
        for state in (JobStatus.WAITING, JobStatus.RUNNING, JobStatus.DEAD)
    )
    return Backlog(waiting, running, dead, _oldest(tallies, now))


def _line(
    name: str,
    tallies: Sequence[Tally],
    bells: dict[str, int],
    workers: Sequence[Busy],
    now: datetime,
) -> Line:
    own = [one for one in tallies if one.queue == name]
    counts = {one.status: one.count for one in own}
    return Line(
        name=name,
        bells=bells.get(name),
        waiting=counts.get(JobStatus.WAITING, 0),
        running=counts.get(JobStatus.RUNNING, 0),
        dead=counts.get(JobStatus.DEAD, 0),
        oldest=_oldest(own, now),
        workers=sum(name in one.alive.queues and not one.is_silent for one in workers),
    )


def _oldest(tallies: Sequence[Tally], now: datetime) -> datetime | None:
    due = [one.oldest for one in tallies if one.status is JobStatus.WAITING and one.oldest <= now]
    return min(due, default=None)


def _workers(now: datetime) -> tuple[tuple[Busy, ...] | None, tuple[Busy, ...] | None]:
    try:
        alive, clocks = queue.workers(ports.redis()), queue.clocks(ports.redis())
    except valkey.Down:
        return None, None
    names = queries.names_of([one.job_id for one in alive if one.job_id])
    return (
        tuple(_busy(one, names, now, SILENT_AFTER) for one in alive),
        tuple(_busy(one, {}, now, CLOCK_SILENT_AFTER) for one in clocks),
    )


def _busy(alive: Alive, names: dict[UUID, str], now: datetime, silence: timedelta) -> Busy:
    job = names.get(alive.job_id) if alive.job_id else None
    is_silent = alive.beat is None or now - alive.beat > silence
    return Busy(alive, job or (alive.bell and "…") or None, is_silent)
