"""What the matcher is given: lines that wait, what is owed, and what is known of the past."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, select

from billify.data.db import db
from billify.data.models import (
    AccountingItem,
    Allocation,
    BankAccount,
    BankTransaction,
    Contact,
    ContactIban,
    Invoice,
    MatchRejection,
)
from billify.data.queries.accounting import PARTNERS
from billify.data.queries.matching import taken_of
from billify.domain.banking import MatchState, MovementState
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus

MOST_INVOICES = 200_000
MOST_SETTLED = 20_000
MOST_CONTACTS = 100_000
LATE_DAYS = 30
"""So long after the accounting told of a payment its bank line may still come in."""


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
    """Every open invoice, and those settled that were issued since a day.

    What the accounting told as settled lately, and no bank line here has, is given as open: the
    line that settled it may come in later.
    """
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
    waiting = _settled_there()
    found = [Owed(*row) for row in rows]
    return [one._replace(open=waiting.get(one.id, one.open)) for one in found]


def _settled_there() -> dict[UUID, Decimal]:
    """Invoices that only the accounting knows and told as settled lately, and what no line here
    has of each."""
    found = db.session.execute(
        select(Invoice.id, Invoice.gross_amount)
        .join(AccountingItem, AccountingItem.invoice_id == Invoice.id)
        .where(
            Invoice.status == InvoiceStatus.PAID,
            Invoice.source.in_(PARTNERS),
            AccountingItem.settled_on >= func.current_date() - LATE_DAYS,
            AccountingItem.settled_elsewhere > 0,
        )
        .distinct()
        .limit(MOST_SETTLED)
    ).all()
    taken = taken_of([row.id for row in found]) if found else {}
    return {row.id: row.gross_amount - taken.get(row.id, 0) for row in found}


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
