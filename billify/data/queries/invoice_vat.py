"""The VAT that invoices tell: those that only the accounting knows tell none."""

from datetime import date

from sqlalchemy import Subquery, case, func, select
from sqlalchemy.sql.elements import ColumnElement

from billify.data.models import Invoice, InvoiceVat
from billify.domain.invoices import InvoiceKind, InvoiceStatus

ON_RETURN = (InvoiceStatus.OPEN, InvoiceStatus.PAID)
"""Invoices whose VAT stands on a return; others are not approved yet."""


def approved(*conditions: ColumnElement[bool], currency: str, since: date, until: date) -> Subquery:
    """Each approved invoice issued within these days, both included.

    `sign` is -1 for a credit note; `vat` is None when the invoice tells no VAT, which is not the
    same as none.
    """
    told = func.coalesce(func.sum(InvoiceVat.amount), Invoice.vat_amount)
    return (
        select(
            Invoice.id,
            Invoice.direction,
            Invoice.kind,
            Invoice.number,
            Invoice.party_name,
            Invoice.contact_id,
            Invoice.issue_date,
            Invoice.due_date,
            Invoice.gross_amount,
            case((Invoice.kind == InvoiceKind.CREDIT_NOTE, -1), else_=1).label("sign"),
            told.label("vat"),
        )
        .outerjoin(InvoiceVat, InvoiceVat.invoice_id == Invoice.id)
        .where(
            Invoice.status.in_(ON_RETURN),
            Invoice.currency == currency,
            Invoice.issue_date.between(since, until),
            *conditions,
        )
        .group_by(Invoice.id)
        .subquery()
    )
