"""Invoices that only the accounting knows, and what hangs on one when another takes its place."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import case, func, select, update

from billify.data.db import db
from billify.data.models import AccountingItem, Allocation, Invoice
from billify.data.queries.accounting import PARTNERS
from billify.domain.invoices import InvoiceStatus

_COUNTED = (InvoiceStatus.OPEN, InvoiceStatus.PAID)


def shells_like(invoice: Invoice) -> Sequence[Invoice]:
    """Invoices of the accounting alone with the same number."""
    return db.session.scalars(
        select(Invoice)
        .where(
            Invoice.id != invoice.id,
            Invoice.number_key == invoice.number_key,
            Invoice.direction == invoice.direction,
            Invoice.source.in_(PARTNERS),
            Invoice.document_id.is_(None),
            Invoice.status.in_(_COUNTED),
        )
        .order_by(Invoice.issue_date.desc(), Invoice.id)
        .limit(20)
    ).all()


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
