"""The track record: forecasts as they were kept, and what came in meanwhile."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import exists, func, select

from billify.data.db import db
from billify.data.models import BankTransaction, ForecastSnapshot, OwnTransfer
from billify.domain.banking import MovementState

MOST_DAYS = 4000


def days() -> dict[date, bool]:
    """The days of which a forecast is kept, the newest first; was it made afterwards?"""
    found = db.session.execute(
        select(ForecastSnapshot.made_on, ForecastSnapshot.made_afterwards)
        .order_by(ForecastSnapshot.made_on.desc())
        .limit(MOST_DAYS)
    )
    return {row.made_on: row.made_afterwards for row in found}


def kept(wanted: Iterable[date]) -> Sequence[ForecastSnapshot]:
    """The forecasts of these days, oldest first."""
    return db.session.scalars(
        select(ForecastSnapshot)
        .where(ForecastSnapshot.made_on.in_(list(wanted)))
        .order_by(ForecastSnapshot.made_on)
    ).all()


def came_in(*, since: date, before: date, currency: str) -> Decimal:
    """What accounts in a currency took in on these days, transfers between them left out."""
    is_own = exists().where(OwnTransfer.in_id == BankTransaction.id)
    found = db.session.scalar(
        select(func.sum(BankTransaction.amount)).where(
            BankTransaction.amount > 0,
            BankTransaction.state == MovementState.BOOKED,
            BankTransaction.currency == currency,
            BankTransaction.booked_on >= since,
            BankTransaction.booked_on < before,
            ~is_own,
        )
    )
    return found or Decimal("0.00")
