"""What the accountant of the demo company has in the books: its own invoices, and what it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from billify.data.db import db
from billify.data.models import (
    Allocation,
    BankAccount,
    BankTransaction,
    CashFlowPosition,
    Contact,
    Integration,
    Invoice,
)
from billify.data.queries.accounting import PARTNERS
from billify.domain.banking import AccountKind
from billify.domain.connections import Partner
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus

MOST = 2_000


@dataclass(frozen=True, slots=True)
class Booked:
    """An invoice as it may stand in the books; amounts above zero for both kinds."""

    id: UUID
    direction: InvoiceDirection
    kind: InvoiceKind
    is_paid: bool
    number: str
    party: str
    vat_number: str
    contact_id: UUID
    issued: date
    due: date
    gross: Decimal
    open: Decimal
    message: str
    paid_on: date | None


def invoices(*, paid_since: date) -> Sequence[Booked]:
    """Open invoices in euro, and those whose last payment is of that day or later."""
    paid_on = (
        select(func.max(BankTransaction.booked_on))
        .join(Allocation, Allocation.transaction_id == BankTransaction.id)
        .where(Allocation.invoice_id == Invoice.id, Allocation.undone_at.is_(None))
        .correlate(Invoice)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Invoice, Contact.vat_number, paid_on.label("paid_on"))
        .join(Contact, Contact.id == Invoice.contact_id)
        .where(
            Invoice.status.in_([InvoiceStatus.OPEN, InvoiceStatus.PAID]),
            Invoice.currency == "EUR",
            Invoice.source.not_in(PARTNERS),
            (Invoice.status == InvoiceStatus.OPEN) | (paid_on >= paid_since),
        )
        .order_by(Invoice.issue_date, Invoice.number, Invoice.id)
        .limit(MOST)
    )
    return [_booked(row, vat, day) for row, vat, day in rows]


def balances(*, until: date) -> Sequence[tuple[AccountKind, str, Decimal]]:
    """Each bank account in euro with what it held at the end of a day."""
    last = (
        select(CashFlowPosition.balance)
        .where(CashFlowPosition.account_id == BankAccount.id, CashFlowPosition.day <= until)
        .order_by(CashFlowPosition.day.desc())
        .limit(1)
        .correlate(BankAccount)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(BankAccount.kind, BankAccount.name, func.coalesce(last, 0))
        .where(BankAccount.currency == "EUR")
        .order_by(BankAccount.kind, BankAccount.id)
    )
    return [(AccountKind(kind), name, balance) for kind, name, balance in rows]


def has_connection() -> bool:
    """Was the accounting ever connected?"""
    found = db.session.scalar(
        select(Integration.id).where(Integration.partner == Partner.YUKI).limit(1)
    )
    return found is not None


def _booked(row: Invoice, vat_number: str | None, paid_on: date | None) -> Booked:
    assert row.contact_id is not None, "who is asked for money is known"
    gross = row.gross_amount or Decimal("0.00")
    return Booked(
        id=row.id,
        direction=row.direction,
        kind=row.kind,
        is_paid=row.status is InvoiceStatus.PAID,
        number=row.number or "",
        party=row.party_name,
        vat_number=vat_number or "",
        contact_id=row.contact_id,
        issued=row.issue_date,
        due=row.due_date,
        gross=gross,
        open=row.open_amount,
        message=row.payment_reference or row.number or "",
        paid_on=paid_on,
    )
