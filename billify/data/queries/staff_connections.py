"""Connections of all companies by their health. Only those that work or want a new login can be
seen without a company; their credentials are never asked for."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select

from billify.data.db import db
from billify.data.models import Company, Integration, SyncLog
from billify.domain.connections import ConnectionState, Partner, Trouble

SHOWN = 100
SHOWN_RUNS = 30
LATE = timedelta(minutes=10)
"""A run that has been due for so long is late: the clock or the workers don't keep up."""


class Health(StrEnum):
    """The tabs of the list."""

    ALL = "all"
    TROUBLE = "trouble"
    LATE = "late"


class Line(NamedTuple):
    """A connection and how it fares."""

    id: UUID
    company_id: UUID
    company: str
    partner: Partner
    state: ConnectionState
    name: str
    trouble: Trouble | None
    failures: int
    fresh_at: datetime | None
    last_run: datetime | None
    next_run: datetime


class Run(NamedTuple):
    """One run, or some that found nothing in a row."""

    started_at: datetime
    finished_at: datetime | None
    state: str
    runs: int
    requests: int
    bytes: int
    milliseconds: int
    added: int
    changed: int
    trouble: Trouble | None
    partner_code: str
    calls_today: int
    """Of all runs of the connection that began since midnight."""


def page(*, health: Health, words: str, now: datetime) -> list[Line]:
    """The worst first: no login, then failures in a row, then whatever is late longest."""
    query = select(*_COLUMNS).join(Company, Company.id == Integration.company_id)
    query = query.where(Integration.state.in_(_SEEN), *_of(health, now))
    if words:
        query = query.where(func.lower(Company.name).contains(words.lower(), autoescape=True))
    rows = db.session.execute(
        query.order_by(
            case((Integration.state == ConnectionState.RECONNECT, 0), else_=1),
            Integration.failures.desc(),
            case((Integration.trouble.is_not(None), 0), else_=1),
            Integration.next_run,
            Integration.id,
        ).limit(SHOWN + 1)
    )
    return [Line._make(row) for row in rows]


def counts(*, now: datetime) -> tuple[int, int, int]:
    """How many connections there are, in trouble, and late."""
    row = db.session.execute(
        select(
            func.count(),
            func.count().filter(_in_trouble()),
            func.count().filter(_is_late(now)),
        )
        .select_from(Integration)
        .where(Integration.state.in_(_SEEN))
    ).one()
    return row[0], row[1], row[2]


def one(integration_id: UUID) -> Line | None:
    """One connection."""
    row = db.session.execute(
        select(*_COLUMNS)
        .join(Company, Company.id == Integration.company_id)
        .where(Integration.id == integration_id)
    ).one_or_none()
    return None if row is None else Line._make(row)


def calls(*, since: datetime, integration_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many calls the runs that began since then have made, of the company in scope."""
    rows = db.session.execute(
        select(SyncLog.integration_id, func.sum(SyncLog.requests))
        .where(SyncLog.integration_id.in_(integration_ids), SyncLog.started_at >= since)
        .group_by(SyncLog.integration_id)
    ).all()
    return {row[0]: int(row[1]) for row in rows}


def runs(integration_id: UUID, *, since: datetime) -> list[Run]:
    """The newest runs of a connection of the company in scope, and the calls since then."""
    calls = func.sum(SyncLog.requests).filter(SyncLog.started_at >= since).over()
    rows = db.session.execute(
        select(
            SyncLog.started_at,
            SyncLog.finished_at,
            SyncLog.state,
            SyncLog.runs,
            SyncLog.requests,
            SyncLog.bytes,
            SyncLog.milliseconds,
            SyncLog.added,
            SyncLog.changed,
            SyncLog.trouble,
            SyncLog.partner_code,
            func.coalesce(calls, 0),
        )
        .where(SyncLog.integration_id == integration_id)
        .order_by(SyncLog.started_at.desc(), SyncLog.id.desc())
        .limit(SHOWN_RUNS)
    )
    return [Run._make(row) for row in rows]


_SEEN = (ConnectionState.ACTIVE, ConnectionState.RECONNECT)
_COLUMNS = (
    Integration.id,
    Integration.company_id,
    Company.name,
    Integration.partner,
    Integration.state,
    Integration.name,
    Integration.trouble,
    Integration.failures,
    Integration.fresh_at,
    Integration.last_run,
    Integration.next_run,
)


def _of(health: Health, now: datetime) -> tuple[ColumnElement[bool], ...]:
    if health is Health.TROUBLE:
        return (_in_trouble(),)
    return (_is_late(now),) if health is Health.LATE else ()


def _in_trouble() -> ColumnElement[bool]:
    return (Integration.state == ConnectionState.RECONNECT) | Integration.trouble.is_not(None)


def _is_late(now: datetime) -> ColumnElement[bool]:
    return (Integration.state == ConnectionState.ACTIVE) & (Integration.next_run < now - LATE)
