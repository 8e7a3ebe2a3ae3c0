"""Whether this process can do its work now: the parts it leans on, each asked and timed."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from sqlalchemy.exc import SQLAlchemyError

from billify.application import ports
from billify.data import migrate, tenancy
from billify.data.db import db
from billify.data.queries import health as queries
from billify.data.queries import jobs
from billify.domain.jobs import QUEUES
from billify.integrations import queue, valkey
from billify.integrations.storage import StorageDown


@dataclass(frozen=True, slots=True)
class Part:
    """One part's answer. The note is for the operator; it names no host and no person."""

    name: str
    is_ok: bool
    ms: float
    note: str | None = None


def check() -> list[Part]:
    """Ask the database, its schema, the queue and the storage."""
    return [
        _timed("database", _database),
        _timed("schema", _schema),
        _timed("queue", _queue),
        _timed("storage", _storage),
    ]


def bells_by_queue() -> dict[str, int]:
    """How many bells wait in each queue; nothing when the queue can't be asked."""
    try:
        return {name: queue.depth(ports.redis(), name) for name in QUEUES}
    except valkey.Down:
        return {}


def jobs_by_state() -> dict[str, int]:
    """How many jobs are waiting, running or dead; nothing when the database can't be asked."""
    try:
        with tenancy.unscoped("counting the jobs of all companies for the operator"):
            return jobs.count_by_state()
    except SQLAlchemyError:
        db.session.rollback()
        return {}


class _Failed(Exception):
    """A part does not work; the message is its note."""


def _timed(name: str, ask: Callable[[], str | None]) -> Part:
    started = time.perf_counter()
    try:
        note = ask()
        is_ok = True
    except _Failed as failed:
        note = str(failed)
        is_ok = False
    return Part(name, is_ok, round((time.perf_counter() - started) * 1000, 1), note)


def _database() -> None:
    _revision()


def _schema() -> None:
    found, wanted = _revision(), _newest_revision()
    if found != wanted:
        raise _Failed(f"stands at {found or 'nothing'}, this version wants {wanted}")


def _queue() -> None:
    try:
        valkey.ping(ports.redis())
    except valkey.Down as error:
        raise _Failed("does not answer") from error


def _storage() -> str | None:
    """A store that is down is a note and no failure while the spool takes over (ADR 0008)."""
    storage = ports.storage()
    try:
        storage.check()
    except StorageDown:
        pass
    else:
        return None
    try:
        storage.check_spool()
    except StorageDown as error:
        raise _Failed("neither the store nor the spool can be used") from error
    return "the store is down; files wait in the spool"


def _revision() -> str:
    try:
        return queries.schema_revision()
    except queries.DatabaseAway as error:
        raise _Failed("does not answer") from error


@cache
def _newest_revision() -> str:
    return migrate.head()
