"""The audit log: who did what, in the transaction that did it, each row chained to the last."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from billify.data import tenancy
from billify.data.db import before_commit, db
from billify.data.models import AuditEvent
from billify.data.queries import audit as queries
from billify.domain import audit as rules
from billify.domain.roles import Actor, Staff

Values = dict[str, Any]  # Any: JSON


def record(
    verb: str,
    subject: Any,  # Any: a row of any table with an id
    *,
    by: Actor | Staff | None,
    before: Values | None = None,
    after: Values | None = None,
) -> None:
    """Write down a deed within the running transaction; without a person it was the system."""
    company_id = tenancy.company_id()
    pending: list[AuditEvent] = db.session.info.setdefault("audit", [])
    pending.append(
        AuditEvent(
            company_id=company_id,
            at=datetime.now(UTC),
            user_id=by.user_id if by else None,
            actor=by.name if by else "Billify",
            verb=verb,
            subject_type=subject.__tablename__,
            subject_id=subject.id,
            before=rules.plain(before),
            after=rules.plain(after),
            address=by.address if by else None,
        )
    )
    before_commit("audit", _chain)


def _chain() -> None:
    """Number and hash the new rows; the head's lock keeps two writers from one number.

    A transaction that worked for several companies adds to the chain of each, in one order of
    companies, so that two such transactions can't wait for each other.
    """
    pending: list[AuditEvent] = db.session.info.pop("audit", [])
    for company_id in sorted({event.company_id for event in pending}):
        with tenancy.company_scope(company_id):
            _chain_of(company_id, [one for one in pending if one.company_id == company_id])


def _chain_of(company_id: UUID, events: list[AuditEvent]) -> None:
    head = queries.lock_head(company_id)
    for event in events:
        head.seq += 1
        event.seq, event.previous_hash = head.seq, head.hash
        event.hash = head.hash = rules.link(head.hash, _facts(event))
        db.session.add(event)
    db.session.flush()


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not hold: the row's number and what is wrong."""

    seq: int
    wrong: str


def verify() -> list[Break]:
    """Walk the company's chain; a changed, removed or reordered row breaks it."""
    company_id = tenancy.company_id()
    breaks: list[Break] = []
    last, last_hash = 0, rules.START
    for event in queries.chain():
        if event.seq != last + 1:
            breaks.append(Break(last + 1, "missing"))
        elif event.previous_hash != last_hash:
            breaks.append(Break(event.seq, "does not follow the row before it"))
        if rules.link(event.previous_hash, _facts(event)) != event.hash:
            breaks.append(Break(event.seq, "changed"))
        last, last_hash = event.seq, event.hash
    head = queries.head(company_id)
    if ((head.seq, head.hash) if head else (0, rules.START)) != (last, last_hash):
        end = max(head.seq if head else 0, last)
        breaks.append(Break(end, "the end of the chain is missing or changed"))
    return breaks


def _facts(event: AuditEvent) -> Values:
    return {
        "company_id": str(event.company_id),
        "seq": event.seq,
        "at": event.at.astimezone(UTC).isoformat(),
        "user_id": _text(event.user_id),
        "actor": event.actor,
        "verb": event.verb,
        "subject_type": event.subject_type,
        "subject_id": _text(event.subject_id),
        "before": event.before,
        "after": event.after,
        "address": event.address,
    }


def _text(key: UUID | None) -> str | None:
    return None if key is None else str(key)
