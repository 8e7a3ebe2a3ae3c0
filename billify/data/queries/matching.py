"""Reconciliation: the lines that wait, what they may settle, and what was decided."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, case, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import (
    Allocation,
    BankAccount,
    BankTransaction,
    Contact,
    ContactIban,
    Invoice,
    Job,
    MatchProposal,
    MatchRejection,
    OwnTransfer,
)
from billify.data.types import uuid7
from billify.domain.banking import MatchState, MovementState
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.domain.jobs import JobStatus

MOST_INVOICES = 200_000
MOST_SETTLED = 20_000
MOST_CONTACTS = 100_000
AT_ONCE = 5_000


class Line(NamedTuple):
    """A bank line as the matcher needs it."""

    id: UUID
    account_iban: str | None
    booked_on: date
    amount: Decimal
    currency: str
    name: str
    iban: str | None
    text: str
    structured: str | None


class Owed(NamedTuple):
    """An invoice as the matcher needs it; amounts above zero."""

    id: UUID
    number: str | None
    direction: InvoiceDirection
    kind: InvoiceKind
    contact_id: UUID | None
    issue_date: date
    due_date: date
    currency: str
    gross: Decimal | None
    open: Decimal
    reference: str | None
    discount_percent: Decimal | None
    discount_until: date | None


class Earlier(NamedTuple):
    """A part of an earlier line that settled an invoice."""

    line: Line
    invoice_id: UUID
    amount: Decimal
    kind: InvoiceKind


_LINE = (
    BankTransaction.id,
    BankAccount.iban.label("account_iban"),
    BankTransaction.booked_on,
    BankTransaction.amount,
    BankTransaction.currency,
    BankTransaction.counterparty_name,
    BankTransaction.counterparty_iban,
    BankTransaction.remittance_information,
    BankTransaction.structured_communication,
)
_LIVE = and_(Allocation.transaction_id == BankTransaction.id, Allocation.undone_at.is_(None))


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
    db.session.execute(
        update(BankTransaction)
        .where(BankTransaction.match_state == MatchState.NEW, exists().where(_LIVE))
        .values(match_state=MatchState.MATCHED)
        .execution_options(synchronize_session=False)
    )


def waiting(*, new: int, others: int) -> list[Line]:
    """Booked lines that nothing explains yet: new ones first, then those looked at before.

    The newest of each, at most so many.
    """
    newest = (BankTransaction.booked_on.desc(), BankTransaction.id.desc())
    query = (
        select(*_LINE)
        .join(BankAccount, BankAccount.id == BankTransaction.account_id)
        .where(BankTransaction.state == MovementState.BOOKED)
        .order_by(*newest)
    )
    before = (MatchState.UNMATCHED, MatchState.PROPOSED)
    rows = [
        *db.session.execute(query.where(BankTransaction.match_state == MatchState.NEW).limit(new)),
        *db.session.execute(query.where(BankTransaction.match_state.in_(before)).limit(others)),
    ]
    return [_line(row) for row in rows]


def invoices(*, settled_since: date) -> list[Owed]:
    """Every open invoice, and those settled that were issued since a day."""
    columns = (
        Invoice.id,
        Invoice.number,
        Invoice.direction,
        Invoice.kind,
        Invoice.contact_id,
        Invoice.issue_date,
        Invoice.due_date,
        Invoice.currency,
        Invoice.gross_amount,
        Invoice.open_amount,
        Invoice.payment_reference,
        Invoice.discount_percent,
        Invoice.discount_until,
    )
    still_open = select(*columns).where(Invoice.status == InvoiceStatus.OPEN)
    paid = select(*columns).where(
        Invoice.status == InvoiceStatus.PAID, Invoice.issue_date >= settled_since
    )
    rows = [
        *db.session.execute(still_open.order_by(Invoice.due_date, Invoice.id).limit(MOST_INVOICES)),
        *db.session.execute(
            paid.order_by(Invoice.issue_date.desc(), Invoice.id).limit(MOST_SETTLED)
        ),
    ]
    return [Owed(*row) for row in rows]


def contacts() -> dict[UUID, tuple[str, list[str]]]:
    """Each contact's name and the accounts it is known for."""
    rows = db.session.execute(
        select(Contact.id, Contact.name, Contact.iban).order_by(Contact.id).limit(MOST_CONTACTS)
    )
    found: dict[UUID, tuple[str, list[str]]] = {
        row.id: (row.name, [row.iban] if row.iban else []) for row in rows
    }
    known = db.session.execute(
        select(ContactIban.contact_id, ContactIban.iban)
        .order_by(ContactIban.contact_id, ContactIban.iban)
        .limit(MOST_CONTACTS)
    )
    for contact_id, iban in known:
        if contact_id in found and iban not in found[contact_id][1]:
            found[contact_id][1].append(iban)
    return found


def earlier(*, since: date) -> list[Earlier]:
    """What lines since a day have settled and still do."""
    rows = db.session.execute(
        select(*_LINE, Allocation.invoice_id, Allocation.amount.label("part"), Invoice.kind)
        .join(BankAccount, BankAccount.id == BankTransaction.account_id)
        .join(Allocation, _LIVE)
        .join(Invoice, Invoice.id == Allocation.invoice_id)
        .where(BankTransaction.booked_on >= since, Allocation.reopens.is_(False))
        .order_by(BankTransaction.booked_on, BankTransaction.id, Allocation.id)
        .limit(MOST_SETTLED)
    )
    return [Earlier(_line(row), row.invoice_id, row.part, row.kind) for row in rows]


def own_ibans() -> frozenset[str]:
    """The numbers of the company's accounts."""
    found = db.session.scalars(select(BankAccount.iban).where(BankAccount.iban.is_not(None)))
    return frozenset(iban for iban in found if iban)


def rejections() -> frozenset[tuple[str, str]]:
    """Lines and invoices that do not belong together, as text."""
    rows = db.session.execute(
        select(MatchRejection.transaction_id, MatchRejection.invoice_id)
        .order_by(MatchRejection.id.desc())
        .limit(MOST_SETTLED)
    )
    return frozenset((str(line), str(invoice)) for line, invoice in rows)


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


def _line(row: Any) -> Line:  # Any: a row of _LINE and more
    return Line(
        row.id,
        row.account_iban,
        row.booked_on,
        row.amount,
        row.currency,
        row.counterparty_name,
        row.counterparty_iban,
        row.remittance_information,
        row.structured_communication,
    )


def differences() -> list[tuple[UUID, Decimal, Decimal]]:
    """Invoices whose open amount is not the total less what settles it: key, open, truth."""
    taken = func.sum(
        case((Allocation.reopens, -1), else_=1) * (Allocation.amount + Allocation.written_off)
    )
    truth = func.coalesce(Invoice.gross_amount, 0) - taken
    rows = db.session.execute(
        select(Invoice.id, Invoice.open_amount, truth)
        .join(Allocation, Allocation.invoice_id == Invoice.id)
        .where(Allocation.undone_at.is_(None))
        .group_by(Invoice.id, Invoice.open_amount, Invoice.gross_amount)
        .having(Invoice.open_amount != truth)
        .order_by(Invoice.id)
        .limit(AT_ONCE)
    )
    return [(row[0], row[1], row[2]) for row in rows]
