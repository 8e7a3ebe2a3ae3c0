"""Reconciliation: what was found for a line, and what was decided."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import (
    AccountingItem,
    Allocation,
    BankTransaction,
    ContactIban,
    Invoice,
    Job,
    MatchProposal,
    MatchRejection,
    OwnTransfer,
)
from billify.data.queries.accounting import PARTNERS
from billify.data.types import uuid7
from billify.domain.banking import MatchState
from billify.domain.jobs import JobStatus

AT_ONCE = 5_000
_TAKEN = func.sum(
    case((Allocation.reopens, -1), else_=1) * (Allocation.amount + Allocation.written_off)
)


def take_turn() -> None:
    """One run of the matcher a company at a time, until the commit."""
    key = func.hashtextextended(f"matching {tenancy.current().company_id}", 0)
    db.session.execute(select(func.pg_advisory_xact_lock(key)))


def is_asked_again(name: str, now: datetime) -> bool:
    """Whether another job of this name is due: it will see all that this one would."""
    found = exists().where(Job.name == name, Job.status == JobStatus.WAITING, Job.run_at <= now)
    return bool(db.session.scalar(select(found)))


def mark_settled() -> None:
    """Lines that came together with what they settle wait for nothing."""
    settles = exists().where(
        Allocation.transaction_id == BankTransaction.id, Allocation.undone_at.is_(None)
    )
    db.session.execute(
        update(BankTransaction)
        .where(BankTransaction.match_state == MatchState.NEW, settles)
        .values(match_state=MatchState.MATCHED)
        .execution_options(synchronize_session=False)
    )


def replace_proposals(looked_at: Sequence[UUID], rows: Sequence[Mapping[str, object]]) -> None:
    """Put new proposals in the place of those of the lines that were looked at."""
    for at in range(0, len(looked_at), AT_ONCE):
        part = looked_at[at : at + AT_ONCE]
        db.session.execute(
            delete(MatchProposal)
            .where(MatchProposal.transaction_id.in_(part))
            .execution_options(synchronize_session=False)
        )
    company_id = tenancy.current().company_id
    if rows:
        db.session.execute(
            insert(MatchProposal),
            [{"id": uuid7(), "company_id": company_id, **row} for row in rows],
        )


def set_state(lines: Sequence[UUID], state: MatchState) -> None:
    """Say where lines stand."""
    for at in range(0, len(lines), AT_ONCE):
        db.session.execute(
            update(BankTransaction)
            .where(BankTransaction.id.in_(lines[at : at + AT_ONCE]))
            .values(match_state=state)
            .execution_options(synchronize_session="fetch")
        )


def proposals(lines: Iterable[UUID]) -> dict[UUID, list[MatchProposal]]:
    """The proposals of lines, the likeliest first."""
    found: dict[UUID, list[MatchProposal]] = {}
    rows = db.session.scalars(
        select(MatchProposal)
        .where(MatchProposal.transaction_id.in_(list(lines)))
        .order_by(MatchProposal.transaction_id, MatchProposal.rank)
        .limit(AT_ONCE)
    )
    for row in rows:
        found.setdefault(row.transaction_id, []).append(row)
    return found


def lock_lines(lines: Iterable[UUID]) -> dict[UUID, BankTransaction]:
    """Lines, locked in one order until the commit and as they stand now."""
    rows = db.session.scalars(
        select(BankTransaction)
        .where(BankTransaction.id.in_(list(lines)))
        .order_by(BankTransaction.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def lock_invoices(invoice_ids: Iterable[UUID]) -> dict[UUID, Invoice]:
    """Invoices, locked in one order until the commit and as they stand now."""
    rows = db.session.scalars(
        select(Invoice)
        .where(Invoice.id.in_(list(invoice_ids)))
        .order_by(Invoice.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def allocations(line_id: UUID) -> Sequence[Allocation]:
    """What a line settles by now."""
    return db.session.scalars(
        select(Allocation)
        .where(Allocation.transaction_id == line_id, Allocation.undone_at.is_(None))
        .order_by(Allocation.id)
    ).all()


def allocated(lines: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these lines that settle something."""
    return frozenset(
        db.session.scalars(
            select(Allocation.transaction_id).where(
                Allocation.transaction_id.in_(list(lines)), Allocation.undone_at.is_(None)
            )
        )
    )


def reject(line_id: UUID, invoice_ids: Iterable[UUID], by: UUID | None, at: datetime) -> None:
    """Keep that a line and these invoices do not belong together."""
    company_id = tenancy.current().company_id
    rows = [
        {
            "id": uuid7(),
            "company_id": company_id,
            "transaction_id": line_id,
            "invoice_id": one,
            "made_by": by,
            "created_at": at,
        }
        for one in invoice_ids
    ]
    if rows:
        db.session.execute(upsert(MatchRejection).values(rows).on_conflict_do_nothing())


def drop_proposals(line_id: UUID, *, ranks: Sequence[int] | None = None) -> None:
    """Remove a line's proposals, or those of some ranks."""
    query = delete(MatchProposal).where(MatchProposal.transaction_id == line_id)
    if ranks is not None:
        query = query.where(MatchProposal.rank.in_(ranks))
    db.session.execute(query.execution_options(synchronize_session=False))


def join_transfers(pairs: Sequence[tuple[UUID, UUID]], at: datetime) -> None:
    """Keep which line went out and which came in."""
    company_id = tenancy.current().company_id
    rows = [
        {"id": uuid7(), "company_id": company_id, "out_id": out, "in_id": into, "created_at": at}
        for out, into in pairs
    ]
    if rows:
        db.session.execute(upsert(OwnTransfer).values(rows).on_conflict_do_nothing())


def part_transfer(line_id: UUID) -> list[UUID]:
    """Forget a pair; gives the lines it joined."""
    gone = db.session.execute(
        delete(OwnTransfer)
        .where(or_(OwnTransfer.out_id == line_id, OwnTransfer.in_id == line_id))
        .returning(OwnTransfer.out_id, OwnTransfer.in_id)
    ).all()
    return [one for row in gone for one in row]


def learn_iban(
    contact_id: UUID, iban: str, day: date, *, times: int, confirmed_by: UUID | None
) -> None:
    """Count a payment between a contact and an account, or (below zero) take it back."""
    values: dict[str, Any] = {  # Any: columns
        "id": uuid7(),
        "company_id": tenancy.current().company_id,
        "contact_id": contact_id,
        "iban": iban,
        "first_seen": day,
        "times_paid": max(times, 0),
        "confirmed_by": confirmed_by,
    }
    query = upsert(ContactIban).values(values)
    db.session.execute(
        query.on_conflict_do_update(
            index_elements=["company_id", "iban", "contact_id"],
            set_={
                "times_paid": func.greatest(ContactIban.times_paid + times, 0),
                "confirmed_by": func.coalesce(
                    query.excluded.confirmed_by, ContactIban.confirmed_by
                ),
            },
        )
    )


def forget_unpaid_iban(contact_id: UUID, iban: str, day: date) -> None:
    """Forget an account that was first seen that day, and no payment or person stands for now."""
    db.session.execute(
        delete(ContactIban)
        .where(
            ContactIban.contact_id == contact_id,
            ContactIban.iban == iban,
            ContactIban.first_seen == day,
            ContactIban.times_paid == 0,
            ContactIban.confirmed_by.is_(None),
        )
        .execution_options(synchronize_session=False)
    )


def taken_of(invoice_ids: Sequence[UUID]) -> dict[UUID, Decimal]:
    """What bank lines have settled of each of these invoices."""
    rows = db.session.execute(
        select(Allocation.invoice_id, _TAKEN)
        .where(Allocation.invoice_id.in_(invoice_ids), Allocation.undone_at.is_(None))
        .group_by(Allocation.invoice_id)
    )
    return {row[0]: row[1] for row in rows}


def differences() -> list[tuple[UUID, Decimal, Decimal]]:
    """Invoices whose open amount is not the total less what settles it: key, open, truth. Those
    that only the accounting knows, or that it has settled, have payments of its own."""
    truth = func.coalesce(Invoice.gross_amount, 0) - _TAKEN
    rows = db.session.execute(
        select(Invoice.id, Invoice.open_amount, truth)
        .join(Allocation, Allocation.invoice_id == Invoice.id)
        .where(
            Allocation.undone_at.is_(None),
            Invoice.source.not_in(PARTNERS),
            ~exists().where(
                AccountingItem.invoice_id == Invoice.id, AccountingItem.settled_on.is_not(None)
            ),
        )
        .group_by(Invoice.id, Invoice.open_amount, Invoice.gross_amount)
        .having(Invoice.open_amount != truth)
        .order_by(Invoice.id)
        .limit(AT_ONCE)
    )
    return [(row[0], row[1], row[2]) for row in rows]
