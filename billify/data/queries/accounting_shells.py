"""Invoices that only the accounting knows, and what hangs on one when another takes its place."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import and_, case, exists, func, or_, select, update

from billify.data.db import db
from billify.data.models import AccountingItem, Allocation, Invoice
from billify.data.queries.accounting import PARTNERS
from billify.domain.duplicates import SHORTEST_PART
from billify.domain.invoices import InvoiceStatus

_COUNTED = (InvoiceStatus.OPEN, InvoiceStatus.PAID)


@dataclass(frozen=True, slots=True)
class Shell:
    """An invoice of the accounting alone; `has_number` where that told its number."""

    invoice: Invoice
    has_number: bool


def shells_like(invoice: Invoice) -> list[Shell]:
    """Those with the number of an invoice; and with its total, those of its contact or with a
    number of which the one is part of the other."""
    key = invoice.number_key or ""
    is_total = Invoice.gross_amount == invoice.gross_amount
    longer = func.strpos(Invoice.number_key, key) > 0
    shorter = func.strpos(key, Invoice.number_key) > 0
    is_part = and_(longer | shorter, func.length(Invoice.number_key) >= SHORTEST_PART)
    ways = [and_(is_total, Invoice.contact_id == invoice.contact_id)]
    if key:
        ways.append(Invoice.number_key == key)
    if len(key) >= SHORTEST_PART:
        ways.append(and_(is_total, is_part))
    has_number = exists().where(
        AccountingItem.invoice_id == Invoice.id, AccountingItem.number_key != ""
    )
    rows = db.session.execute(
        select(Invoice, has_number)
        .where(
            Invoice.id != invoice.id,
            Invoice.direction == invoice.direction,
            Invoice.source.in_(PARTNERS),
            Invoice.document_id.is_(None),
            Invoice.status.in_(_COUNTED),
            or_(*ways),
        )
        .order_by(Invoice.issue_date.desc(), Invoice.id)
        .limit(20)
    )
    return [Shell(row[0], row[1]) for row in rows]


def move(shell_id: UUID, *, to: UUID) -> Decimal:
    """Let bank lines, items and credit notes of one invoice belong to another from now on; gives
    what the lines that stand have settled."""
    settled = db.session.scalar(
        select(
            func.sum(
                (Allocation.amount + Allocation.written_off)
                * case((Allocation.reopens, -1), else_=1)
            )
        ).where(Allocation.invoice_id == shell_id, Allocation.undone_at.is_(None))
    )
    for statement in (
        update(Allocation).where(Allocation.invoice_id == shell_id).values(invoice_id=to),
        update(AccountingItem).where(AccountingItem.invoice_id == shell_id).values(invoice_id=to),
        update(Invoice)
        .where(Invoice.credited_invoice_id == shell_id)
        .values(credited_invoice_id=to, version=Invoice.version + 1),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
    return settled or Decimal("0.00")
