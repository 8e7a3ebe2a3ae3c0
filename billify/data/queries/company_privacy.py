"""Who took data out of the company, and with whom support looked along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, literal_column, select

from billify.data.db import db
from billify.data.models import AuditEvent, SupportAccess, User
from billify.domain.people import SupportState, support_now

SHOWN = 10
PAGE = 50
_EXPORTED: ColumnElement[str] = literal_column("'%.exported'")
"""How the verb of every export ends; written out, so that the index of these rows is taken."""


@dataclass(frozen=True, slots=True)
class Access:
    """One time that support asked to look along, and with whom."""

    row: SupportAccess
    person: str
    state: SupportState


def exports(*, before: int | None = None, most: int = SHOWN) -> Sequence[AuditEvent]:
    """What was taken out and by whom, newest first."""
    asked = select(AuditEvent).where(AuditEvent.verb.like(_EXPORTED))
    if before is not None:
        asked = asked.where(AuditEvent.seq < before)
    return db.session.scalars(asked.order_by(AuditEvent.seq.desc()).limit(most)).all()


def accesses(*, now: datetime) -> list[Access]:
    """The last times that support asked, newest first, as they stand now."""
    rows = db.session.execute(
        select(SupportAccess, User.name)
        .join(User, User.id == SupportAccess.user_id)
        .order_by(SupportAccess.asked_at.desc(), SupportAccess.id)
        .limit(PAGE)
    ).all()
    return [
        Access(row, name, support_now(state=row.state, until=row.until, now=now))
        for row, name in rows
    ]
