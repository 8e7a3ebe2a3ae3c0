"""The VAT of approved invoices behind a figure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import case, func, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from billify.data.db import db
from billify.data.models import Invoice, InvoiceVat
from billify.data.queries.forecast_known import ON_RETURN
from billify.domain.invoices import InvoiceDirection, InvoiceKind


@dataclass(frozen=True, slots=True)
class VatWindow:
    """Invoices of both directions in one currency, issued from `since` until `until` included."""

    currency: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class VatRow:
    """The VAT of one invoice: that of a sale is owed, that of a purchase comes back."""

    id: UUID
    number: str | None
    party: str
    kind: InvoiceKind
    issued: date
    amount: Decimal


def total(window: VatWindow) -> tuple[Decimal, int]:
    """VAT of sales less VAT of purchases, and of how many invoices with VAT."""
    amount, count = db.session.execute(
        select(func.coalesce(func.sum(_SIGNED), 0), func.count(InvoiceVat.invoice_id.distinct()))
        .select_from(Invoice)
        .join(InvoiceVat, InvoiceVat.invoice_id == Invoice.id)
        .where(*_conditions(window))
    ).one()
    return Decimal(amount), count


def rows(window: VatWindow, *, after: tuple[date, UUID] | None = None, limit: int) -> list[VatRow]:
    """The invoices by day of issue, after a given one."""
    key = (Invoice.issue_date, Invoice.id)
    query = (
        select(
            Invoice.id,
            Invoice.number,
            Invoice.party_name,
            Invoice.kind,
            Invoice.issue_date,
            func.sum(_SIGNED),
        )
        .join(InvoiceVat, InvoiceVat.invoice_id == Invoice.id)
        .where(*_conditions(window))
        .group_by(Invoice.id)
    )
    if after is not None:
        query = query.where(tuple_(*key) > after)
    found = db.session.execute(query.order_by(*key).limit(limit))
    return [VatRow(*row) for row in found]


_IS_OWED = (Invoice.direction == InvoiceDirection.SALE) == (Invoice.kind == InvoiceKind.INVOICE)
_SIGNED = case((_IS_OWED, InvoiceVat.amount), else_=-InvoiceVat.amount)


def _conditions(window: VatWindow) -> list[ColumnElement[bool]]:
    return [
        Invoice.status.in_(ON_RETURN),
        Invoice.currency == window.currency,
        Invoice.issue_date.between(window.since, window.until),
    ]
