"""What becomes worth telling by itself, as time goes by."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from billify.data.db import db
from billify.data.models import ConnectedAccount, Integration
from billify.domain.connections import FOLLOWING, ConnectionState

MOST = 500


@dataclass(frozen=True, slots=True)
class Consent:
    """The consent for an account, and when it ends."""

    account_id: UUID
    integration_id: UUID
    name: str
    ends: datetime


def ending_consents(until: datetime) -> list[Consent]:
    """Consents of accounts that are followed, which end before then, soonest first."""
    rows = db.session.execute(
        select(
            ConnectedAccount.id,
            ConnectedAccount.integration_id,
            ConnectedAccount.name,
            ConnectedAccount.consent_ends,
        )
        .join(Integration, Integration.id == ConnectedAccount.integration_id)
        .where(
            Integration.state.in_([ConnectionState.ACTIVE, ConnectionState.RECONNECT]),
            ConnectedAccount.state.in_(FOLLOWING),
            ConnectedAccount.consent_ends < until,
        )
        .order_by(ConnectedAccount.consent_ends, ConnectedAccount.id)
        .limit(MOST)
    )
    return [Consent(row[0], row[1], row[2], row[3]) for row in rows if row[3] is not None]
