"""Single invoices: for the check screen, for locking, for telling duplicates."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload, selectinload

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import (
    AccountingItem,
    Allocation,
    BankTransaction,
    Document,
    Invoice,
    NumberSeries,
)
from billify.data.types import uuid7
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus

_LIKE_AT_MOST = 20


def get(invoice_id: UUID) -> Invoice | None:
    """One invoice with its contact."""
    return db.session.scalars(
        select(Invoice).where(Invoice.id == invoice_id).options(joinedload(Invoice.contact))
    ).one_or_none()


def entered(invoice_id: UUID) -> Invoice | None:
    """The invoice that was entered under this key; nobody else enters it before the commit."""
    key = func.hashtextextended(str(invoice_id), 0)
    db.session.execute(select(func.pg_advisory_xact_lock(key)))
    return get(invoice_id)


def whole(invoice_id: UUID) -> Invoice | None:
    """One invoice with contact, document and its reading, lines and VAT rows."""
    return db.session.scalars(
        select(Invoice)
        .where(Invoice.id == invoice_id)
        .options(
            joinedload(Invoice.contact),
            joinedload(Invoice.document).undefer(Document.reading),
            selectinload(Invoice.lines),
            selectinload(Invoice.vat_rows),
        )
    ).one_or_none()


def lock(invoice_id: UUID) -> Invoice | None:
    """One invoice with lines and VAT rows, locked until the commit and as it stands now."""
    return db.session.scalars(
        select(Invoice)
        .where(Invoice.id == invoice_id)
        .options(selectinload(Invoice.lines), selectinload(Invoice.vat_rows))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def lock_of_document(document_id: UUID) -> Invoice | None:
    """The invoice drafted from a document, locked."""
    found = db.session.scalar(select(Invoice.id).where(Invoice.document_id == document_id).limit(1))
    return lock(found) if found else None


def let_go_of_document(invoice: Invoice) -> None:
    """Take the document away from an invoice, so that another can have it."""
    invoice.document_id = None
    db.session.flush()


def numbered(*, direction: InvoiceDirection, contact_id: UUID, number_key: str) -> UUID | None:
    """The invoice of a contact with this number; None when there is none, or more than one."""
    found = db.session.scalars(
        select(Invoice.id)
        .where(
            Invoice.direction == direction,
            Invoice.contact_id == contact_id,
            Invoice.number_key == number_key,
            Invoice.kind == InvoiceKind.INVOICE,
            Invoice.status.not_in([InvoiceStatus.REJECTED, InvoiceStatus.SET_ASIDE]),
        )
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def remove(invoice: Invoice) -> None:
    """Take an invoice away, with its lines; an item of the accounting it was is none now."""
    db.session.execute(
        update(AccountingItem)
        .where(AccountingItem.invoice_id == invoice.id)
        .values(invoice_id=None)
        .execution_options(synchronize_session=False)
    )
    db.session.delete(invoice)
    db.session.flush()


def like(
    *,
    invoice_id: UUID | None,
    direction: InvoiceDirection,
    contact_id: UUID | None,
    number_key: str | None,
    gross: Decimal | None,
    issued: date,
) -> Sequence[Invoice]:
    """Invoices of the same contact with this number, or with this amount on this day."""
    if contact_id is None:
        return []
    same = [and_(Invoice.gross_amount == gross, Invoice.issue_date == issued)]
    if number_key:
        same.append(Invoice.number_key == number_key)
    query = (
        select(Invoice)
        .where(
            Invoice.contact_id == contact_id,
            Invoice.direction == direction,
            Invoice.status != InvoiceStatus.REJECTED,
            or_(*same),
        )
        .order_by(Invoice.issue_date.desc(), Invoice.id.desc())
        .limit(_LIKE_AT_MOST)
    )
    if invoice_id is not None:
        query = query.where(Invoice.id != invoice_id)
    return db.session.scalars(query).all()


def allocations(invoice_id: UUID) -> Sequence[tuple[Allocation, BankTransaction]]:
    """The payments of an invoice that stand, oldest first."""
    rows = db.session.execute(
        select(Allocation, BankTransaction)
        .join(BankTransaction, Allocation.transaction_id == BankTransaction.id)
        .where(Allocation.invoice_id == invoice_id, Allocation.undone_at.is_(None))
        .order_by(BankTransaction.booked_on, Allocation.id)
        .limit(100)
    ).all()
    return [(row[0], row[1]) for row in rows]


def is_sale_numbered(number_key: str) -> bool:
    """Has an issued sales invoice this number?"""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Invoice.direction == InvoiceDirection.SALE,
                    Invoice.number_key == number_key,
                    Invoice.status.in_([InvoiceStatus.OPEN, InvoiceStatus.PAID]),
                )
            )
        )
    )


def next_number(series: str, year: int) -> int:
    """Take the next number; the row stays locked, so numbers have no gap and no twin."""
    db.session.execute(
        insert(NumberSeries)
        .values(
            id=uuid7(), company_id=tenancy.company_id(), series=series, year=year, last_number=0
        )
        .on_conflict_do_nothing(index_elements=["company_id", "series", "year"])
    )
    taken: int = db.session.execute(
        update(NumberSeries)
        .where(NumberSeries.series == series, NumberSeries.year == year)
        .values(last_number=NumberSeries.last_number + 1)
        .returning(NumberSeries.last_number)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return taken
