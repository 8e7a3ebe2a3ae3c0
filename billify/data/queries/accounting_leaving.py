"""Items of connections that were ended: brought over to a new one of the same books, or left."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, select, update
from sqlalchemy.orm import aliased

from billify.data.db import db
from billify.data.models import AccountingItem, Allocation, Integration, Invoice
from billify.data.queries.accounting import PARTNERS
from billify.domain.connections import ConnectionState
from billify.domain.invoices import InvoiceStatus


def ended(row: Integration) -> Sequence[Integration]:
    """Earlier connections to this partner, the last one first."""
    return db.session.scalars(
        select(Integration)
        .where(
            Integration.partner == row.partner,
            Integration.state == ConnectionState.DISCONNECTED,
            Integration.id != row.id,
        )
        .order_by(Integration.created_at.desc(), Integration.id)
    ).all()


def bring_over(integration_id: UUID, *, to: UUID) -> None:
    """Let the items of a connection be another's, unless that one has them already."""
    there = aliased(AccountingItem)
    is_there = exists().where(
        there.integration_id == to, there.external_id == AccountingItem.external_id
    )
    db.session.execute(
        update(AccountingItem)
        .where(AccountingItem.integration_id == integration_id, ~is_there)
        .values(integration_id=to)
        .execution_options(synchronize_session=False)
    )


def take_up(integration_id: UUID) -> None:
    """Let what was left with other books be open again: it is these books' own. A sale whose
    number another has by now stays where it is."""
    other = aliased(Invoice)
    is_numbered = exists().where(
        other.direction == Invoice.direction,
        other.number_key == Invoice.number_key,
        other.direction == "sale",
        other.status.in_([InvoiceStatus.OPEN, InvoiceStatus.PAID]),
    )
    db.session.execute(
        update(Invoice)
        .where(
            Invoice.id.in_(_invoices_of(integration_id)),
            Invoice.source.in_(PARTNERS),
            Invoice.document_id.is_(None),
            Invoice.status == InvoiceStatus.SET_ASIDE,
            Invoice.decided_by.is_(None),
            ~is_numbered,
        )
        .values(status=InvoiceStatus.OPEN, version=Invoice.version + 1)
        .execution_options(synchronize_session=False)
    )


def set_aside(integration_id: UUID) -> int:
    """Put what only these books know, and no bank line has touched, out of the way; how many."""
    found = db.session.execute(
        update(Invoice)
        .where(_is_left(integration_id), ~_is_paid())
        .values(status=InvoiceStatus.SET_ASIDE, decided_by=None, version=Invoice.version + 1)
        .returning(Invoice.id)
        .execution_options(synchronize_session=False)
    )
    return len(found.all())


def close(integration_id: UUID) -> Sequence[tuple[UUID, Decimal]]:
    """Close what only these books know and bank lines have settled in part; gives what was
    open of each."""
    rows = db.session.execute(
        select(Invoice.id, Invoice.open_amount)
        .where(_is_left(integration_id), _is_paid())
        .order_by(Invoice.id)
        .with_for_update()
    ).all()
    db.session.execute(
        update(Invoice)
        .where(Invoice.id.in_([row.id for row in rows]))
        .values(status=InvoiceStatus.PAID, open_amount=Decimal("0.00"), version=Invoice.version + 1)
        .execution_options(synchronize_session=False)
    )
    return [(row.id, row.open_amount) for row in rows]


def count_left(integration_id: UUID) -> int:
    """How many invoices that only these books know are open."""
    found = select(func.count()).select_from(Invoice).where(_is_left(integration_id))
    return int(db.session.scalar(found) or 0)


def is_touched(invoice_id: UUID) -> bool:
    """Whether a bank line settles something of an invoice."""
    stands = exists().where(Allocation.invoice_id == invoice_id, Allocation.undone_at.is_(None))
    return bool(db.session.scalar(select(stands)))


def _is_left(integration_id: UUID) -> ColumnElement[bool]:
    return and_(
        Invoice.id.in_(_invoices_of(integration_id)),
        Invoice.source.in_(PARTNERS),
        Invoice.document_id.is_(None),
        Invoice.status == InvoiceStatus.OPEN,
    )


def _is_paid() -> ColumnElement[bool]:
    return exists().where(Allocation.invoice_id == Invoice.id, Allocation.undone_at.is_(None))


def _invoices_of(integration_id: UUID) -> "ScalarSelect[UUID | None]":
    found = select(AccountingItem.invoice_id).where(
        AccountingItem.integration_id == integration_id, AccountingItem.invoice_id.is_not(None)
    )
    return found.scalar_subquery()
