"""Open sales invoices of a demo company that somebody has something to say of."""

from datetime import date

from sqlalchemy import select

from billify.data.db import db
from billify.data.models import Invoice
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus

MOST = 200


def open_sales(today: date) -> tuple[Invoice | None, Invoice | None]:
    """The largest that is not due yet, and the smallest of those that are overdue."""
    found = db.session.scalars(
        select(Invoice)
        .where(
            Invoice.direction == InvoiceDirection.SALE,
            Invoice.kind == InvoiceKind.INVOICE,
            Invoice.status == InvoiceStatus.OPEN,
            Invoice.open_amount == Invoice.gross_amount,
        )
        .order_by(Invoice.open_amount.desc(), Invoice.id)
        .limit(MOST)
    ).all()
    coming = [one for one in found if one.due_date > today]
    late = [one for one in found if one.due_date < today]
    return (coming[0] if coming else None), (late[-1] if late else None)
