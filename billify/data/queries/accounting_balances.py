"""Balances of the ledger as the accounting told them, by day."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete, or_

from billify.data.db import db
from billify.data.models import AccountingBalance
from billify.data.queries import bulk

KEPT = timedelta(days=400)
"""A year can be held against the year before."""


def replace(
    integration_id: UUID, day: date, told: Mapping[str, tuple[str, Decimal]], *, at: datetime
) -> None:
    """The ledger's accounts hold this at the end of a day: description and amount by code."""
    db.session.execute(
        delete(AccountingBalance)
        .where(
            AccountingBalance.integration_id == integration_id,
            or_(AccountingBalance.day == day, AccountingBalance.day < day - KEPT),
        )
        .execution_options(synchronize_session=False)
    )
    bulk.add_at_once(
        AccountingBalance,
        [
            {
                "integration_id": integration_id,
                "code": code,
                "day": day,
                "description": description,
                "amount": amount,
                "told_at": at,
            }
            for code, (description, amount) in told.items()
        ],
    )
