"""Connections, the accounts they lead to, and the log of their runs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, update

from billify.data.db import db
from billify.data.models import (
    Company,
    ConnectedAccount,
    Integration,
    LoginSession,
    Membership,
    SyncLog,
)
from billify.data.types import uuid7
from billify.domain.connections import AccountState, Cause, ConnectionState, RunState, Trouble
from billify.domain.features import ACCOUNTING_PARTNERS, Feature

MOST = 50
MOST_ACCOUNTS = 500
SHOWN_RUNS = 30
_DUE_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Spent:
    """What the runs of a connection cost and brought since some moment."""

    runs: int = 0
    calls: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """A connection whose time has come, whoever's it is."""

    id: UUID
    company_id: UUID


def due(now: datetime, *, ahead: timedelta) -> list[Due]:
    """Connections of all companies that are due; also those whose last run lies `ahead`. Those
    of a suspended company rest, and so does accounting where it is switched off."""
    is_off = and_(
        Integration.partner.in_(ACCOUNTING_PARTNERS),
        Company.switched_off.contains([Feature.ACCOUNTING]),
    )
    rows = db.session.execute(
        select(Integration.id, Integration.company_id)
        .join(Company, Company.id == Integration.company_id)
        .where(
            Integration.state == ConnectionState.ACTIVE,
            _is_due(now, ahead),
            Company.suspended_at.is_(None),
            not_(is_off),
        )
        .order_by(Integration.next_run)
        .limit(_DUE_AT_ONCE)
    )
    return [Due(*row) for row in rows]


def sealed() -> Sequence[UUID]:
    """The connections that have credentials."""
    return db.session.scalars(
        select(Integration.id)
        .where(Integration.credentials.is_not(None))
        .order_by(Integration.created_at, Integration.id)
    ).all()


def take_due(integration_id: UUID, now: datetime, *, ahead: timedelta, until: datetime) -> bool:
    """Take a connection's turn, which then comes again at `until`; False when it was taken."""
    found = db.session.execute(
        update(Integration)
        .where(
            Integration.id == integration_id,
            Integration.state == ConnectionState.ACTIVE,
            _is_due(now, ahead),
        )
        .values(next_run=until, last_run=now)
        .returning(Integration.id)
        .execution_options(synchronize_session=False)
    )
    return found.first() is not None


def connections() -> Sequence[Integration]:
    """The company's connections, newest first; those that were ended come last."""
    return db.session.scalars(
        select(Integration)
        .order_by(
            (Integration.state == ConnectionState.DISCONNECTED), Integration.created_at.desc()
        )
        .limit(MOST)
        .execution_options(populate_existing=True)
    ).all()


def connection(integration_id: UUID) -> Integration | None:
    """One connection, as it stands now."""
    return db.session.scalars(
        select(Integration)
        .where(Integration.id == integration_id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def lock_connection(integration_id: UUID) -> Integration | None:
    """One connection, locked until the commit and as it stands now."""
    return db.session.scalars(
        select(Integration)
        .where(Integration.id == integration_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def accounts(*integration_ids: UUID) -> Sequence[ConnectedAccount]:
    """The accounts of connections, by name."""
    return db.session.scalars(
        select(ConnectedAccount)
        .where(ConnectedAccount.integration_id.in_(integration_ids))
        .order_by(ConnectedAccount.name, ConnectedAccount.reference, ConnectedAccount.id)
        .limit(MOST_ACCOUNTS)
        .execution_options(populate_existing=True)
    ).all()


def followed() -> Sequence[tuple[Integration, ConnectedAccount | None]]:
    """Every connection that works or should, once with each account of the company that it
    brings; one that brings none comes once, alone."""
    rows = db.session.execute(
        select(Integration, ConnectedAccount)
        .join(
            ConnectedAccount,
            and_(
                ConnectedAccount.integration_id == Integration.id,
                ConnectedAccount.account_id.is_not(None),
            ),
            isouter=True,
        )
        .where(Integration.state.in_([ConnectionState.ACTIVE, ConnectionState.RECONNECT]))
        .order_by(ConnectedAccount.id, Integration.id)
        .limit(MOST_ACCOUNTS)
    )
    return [(row[0], row[1]) for row in rows]


def add(row: ConnectedAccount) -> None:
    """One more account of a connection."""
    db.session.add(row)
    db.session.flush()


def lock_account(connected_id: UUID) -> ConnectedAccount | None:
    """One account of a connection, locked until the commit and as it stands now."""
    return db.session.scalars(
        select(ConnectedAccount)
        .where(ConnectedAccount.id == connected_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def follower(account_id: UUID) -> ConnectedAccount | None:
    """What brings the movements of a bank account."""
    return db.session.scalars(
        select(ConnectedAccount).where(ConnectedAccount.account_id == account_id)
    ).one_or_none()


def let_go(integration_id: UUID) -> None:
    """The accounts of a connection are no longer brought by it."""
    db.session.execute(
        update(ConnectedAccount)
        .where(ConnectedAccount.integration_id == integration_id)
        .values(account_id=None, state=AccountState.OFFERED, cursor="", resume=None)
        .execution_options(synchronize_session=False)
    )


def keep_run(log: SyncLog) -> None:
    """Write down how a run went."""
    db.session.add(log)
    db.session.flush()


def run(run_id: UUID) -> SyncLog | None:
    """One run."""
    return db.session.scalars(
        select(SyncLog).where(SyncLog.id == run_id).execution_options(populate_existing=True)
    ).one_or_none()


def last_run(integration_id: UUID) -> SyncLog | None:
    """The newest run of a connection, locked until the commit."""
    return db.session.scalars(
        select(SyncLog)
        .where(SyncLog.integration_id == integration_id)
        .order_by(SyncLog.started_at.desc(), SyncLog.id.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def runs(integration_id: UUID, *, before: datetime | None = None) -> Sequence[SyncLog]:
    """A page of runs and one more when there is more, newest first."""
    query = select(SyncLog).where(SyncLog.integration_id == integration_id)
    if before is not None:
        query = query.where(SyncLog.started_at < before)
    return db.session.scalars(
        query.order_by(SyncLog.started_at.desc(), SyncLog.id.desc()).limit(SHOWN_RUNS + 1)
    ).all()


def spent(integration_ids: Collection[UUID], *, since: datetime) -> dict[UUID, Spent]:
    """What connections cost since then; a connection without runs is left out."""
    rows = db.session.execute(
        select(
            SyncLog.integration_id,
            func.sum(SyncLog.runs),
            func.sum(SyncLog.requests),
            func.sum(SyncLog.bytes),
        )
        .where(SyncLog.integration_id.in_(integration_ids), SyncLog.started_at >= since)
        .group_by(SyncLog.integration_id)
    )
    return {row[0]: Spent(int(row[1]), int(row[2]), int(row[3])) for row in rows}


def end_dead_runs(integration_id: UUID, *, before: datetime, now: datetime) -> None:
    """Runs that say nothing since long have died with their worker."""
    db.session.execute(
        update(SyncLog)
        .where(
            SyncLog.integration_id == integration_id,
            SyncLog.state == RunState.RUNNING,
            SyncLog.started_at < before,
        )
        .values(state=RunState.FAILED, trouble=Trouble.STOPPED, finished_at=now)
        .execution_options(synchronize_session=False)
    )


def is_somebody_here(since: datetime) -> bool:
    """Has a person of the company looked at anything lately?"""
    found = db.session.scalar(
        select(LoginSession.id)
        .join(Membership, Membership.user_id == LoginSession.user_id)
        .where(LoginSession.seen_at > since, LoginSession.revoked_at.is_(None))
        .limit(1)
    )
    return found is not None


def new_run(integration_id: UUID, cause: Cause, started_at: datetime) -> SyncLog:
    """A run that begins; it is not written down yet."""
    return SyncLog(
        id=uuid7(), integration_id=integration_id, cause=cause, started_at=started_at,
        state=RunState.RUNNING, runs=1, requests=0, bytes=0, milliseconds=0, added=0, changed=0,
        known=0, odd=0, pending=0, partner_code="", partner_request="",
    )  # fmt: skip


def _is_due(now: datetime, ahead: timedelta) -> ColumnElement[bool]:
    # A last run in the future tells that the clock was set back: then the time of the next one is
    # not worth anything either.
    return or_(
        Integration.next_run <= now,
        and_(Integration.last_run.is_not(None), Integration.last_run > now + ahead),
    )
