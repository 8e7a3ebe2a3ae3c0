"""What was told, what still holds, and the payments that may be worth telling."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import Alert, BankTransaction
from billify.data.queries.figure_lines import settles
from billify.data.types import uuid7
from billify.domain.banking import MovementState
from billify.domain.forecast.alerting import Payment, Usual
from billify.domain.forecast.shapes import AlertKind

MOST_SHOWN = 20
MOST_PAYMENTS = 10
_LARGE = 0.995


def showing() -> Sequence[Alert]:
    """Alerts that hold and that nobody has dismissed, newest first."""
    return db.session.scalars(
        select(Alert)
        .where(Alert.ended_at.is_(None), Alert.dismissed_at.is_(None))
        .order_by(Alert.raised_at.desc(), Alert.id.desc())
        .limit(MOST_SHOWN)
    ).all()


def lock(alert_id: UUID) -> Alert | None:
    """One alert, locked until the commit."""
    return db.session.scalars(
        select(Alert).where(Alert.id == alert_id).with_for_update()
    ).one_or_none()


def running_or_ended_since(moment: datetime) -> Sequence[Alert]:
    """Alerts that hold, then those that ended not long ago, locked until the commit."""
    return db.session.scalars(
        select(Alert)
        .where((Alert.ended_at.is_(None)) | (Alert.ended_at >= moment))
        .order_by(Alert.ended_at.desc().nulls_first(), Alert.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def add(*, kind: AlertKind, key: str, facts: dict[str, Any]) -> UUID | None:  # Any: JSON
    """Tell something, unless it is told already; gives the key of what is new."""
    company_id = tenancy.company_id()
    found = db.session.execute(
        insert(Alert)
        .values(id=uuid7(), company_id=company_id, kind=kind, key=key, facts=facts)
        .on_conflict_do_nothing()
        .returning(Alert.id)
    )
    return found.scalar_one_or_none()


def large_payments(*, since: date, currency: str, least: Decimal) -> list[Payment]:
    """The largest payments of the last days that settle no invoice."""
    line = BankTransaction
    found = db.session.execute(
        select(line.id, line.booked_on, line.counterparty_name, -line.amount)
        .where(
            line.state == MovementState.BOOKED,
            line.currency == currency,
            line.booked_on >= since,
            line.amount <= -least,
            ~settles(),
        )
        .order_by(line.amount, line.id)
        .limit(MOST_PAYMENTS)
    )
    return [Payment(str(key), day, name, amount) for key, day, name, amount in found]


def usual(*, since: date, before: date, currency: str) -> Usual:
    """Payments between two days: how many, and the size that one of two hundred passes."""
    count, large = db.session.execute(
        select(
            func.count(),
            func.percentile_disc(_LARGE).within_group(-BankTransaction.amount),
        ).where(*_out(since, before, currency))
    ).one()
    return Usual(count, Decimal(large or 0))


def largest_to(
    names: Collection[str], *, since: date, before: date, currency: str
) -> dict[str, Decimal]:
    """The largest payment to each of some parties between two days, by name in small letters."""
    name = func.lower(BankTransaction.counterparty_name)
    found = db.session.execute(
        select(name, func.max(-BankTransaction.amount))
        .where(*_out(since, before, currency), name.in_([one.lower() for one in names]))
        .group_by(name)
    )
    return {row[0]: row[1] for row in found}


def _out(since: date, before: date, currency: str) -> tuple[Any, ...]:  # Any: SQL conditions
    line = BankTransaction
    return (
        line.state == MovementState.BOOKED,
        line.currency == currency,
        line.amount < 0,
        line.booked_on >= since,
        line.booked_on < before,
    )
