"""What the accounting told of open items, for lists and pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, literal, or_, select, tuple_

from billify.data.db import db
from billify.data.models import AccountingItem, Integration
from billify.domain import identity
from billify.domain.accounting.items import is_invoice
from billify.domain.connections import ConnectionState, Partner
from billify.domain.invoices import InvoiceDirection

PARTNERS = (Partner.YUKI,)
"""Who tells open items; an invoice that was made from one has its partner as `source`."""
_MOST_WORDS = 6


class Row(NamedTuple):
    """An item as a list shows it; a credit note is below zero."""

    id: UUID
    direction: InvoiceDirection
    kind_id: int | None
    contact_name: str
    number: str
    description: str
    issue_date: date
    due_date: date | None
    open_amount: Decimal
    original_amount: Decimal
    document_external_id: str
    settled_on: date | None
    invoice_id: UUID | None

    @property
    def is_invoice(self) -> bool:
        """Whether it is an invoice or credit note; others are shown as they are."""
        return is_invoice(self.direction, self.kind_id)


@dataclass(frozen=True, slots=True)
class Sum:
    """How many items are open in one direction, and what they come to."""

    direction: InvoiceDirection
    count: int
    amount: Decimal


def integration() -> Integration | None:
    """The company's connection to its accounting, unless it was ended."""
    return db.session.scalars(
        select(Integration)
        .where(Integration.partner.in_(PARTNERS), Integration.state != ConnectionState.DISCONNECTED)
        .order_by(Integration.created_at.desc(), Integration.id)
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()


def page(
    *,
    integration_id: UUID,
    direction: InvoiceDirection,
    words: str = "",
    after: tuple[date, UUID] | None = None,
    size: int = 50,
) -> tuple[Sequence[Row], tuple[date, UUID] | None]:
    """Open items of one direction, oldest first, and the place after which there are more."""
    query = _rows().where(
        AccountingItem.integration_id == integration_id,
        AccountingItem.direction == direction,
        AccountingItem.settled_on.is_(None),
        *(
            or_(
                AccountingItem.contact_key.contains(word, autoescape=True),
                AccountingItem.number_key.contains(word.upper(), autoescape=True),
            )
            for word in identity.search_key(words).split()[:_MOST_WORDS]
        ),
    )
    if after is not None:
        here = tuple_(AccountingItem.issue_date, AccountingItem.id)
        query = query.where(
            here > tuple_(literal(after[0]), literal(after[1], AccountingItem.id.type))
        )
    order = (AccountingItem.issue_date, AccountingItem.id)
    found = db.session.execute(query.order_by(*order).limit(size + 1)).all()
    rows = [Row._make(row) for row in found[:size]]
    return rows, (rows[-1].issue_date, rows[-1].id) if len(found) > size else None


def sums(integration_id: UUID) -> Sequence[Sum]:
    """What is open there by direction."""
    found = db.session.execute(
        select(AccountingItem.direction, func.count(), func.sum(AccountingItem.open_amount))
        .where(AccountingItem.integration_id == integration_id, AccountingItem.settled_on.is_(None))
        .group_by(AccountingItem.direction)
        .order_by(AccountingItem.direction)
    )
    return [Sum(InvoiceDirection(row[0]), row[1], row[2]) for row in found]


def item(item_id: UUID) -> AccountingItem | None:
    """One item of the company, as it was last told."""
    return db.session.scalars(
        select(AccountingItem)
        .where(AccountingItem.id == item_id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def items_of(invoice_id: UUID) -> Sequence[Row]:
    """The items that an invoice is in the accounting, those that are open first."""
    found = db.session.execute(
        _rows()
        .where(AccountingItem.invoice_id == invoice_id)
        .order_by(AccountingItem.settled_on.is_not(None), AccountingItem.first_seen_at.desc())
        .limit(20)
    )
    return [Row._make(row) for row in found]


def _rows() -> "Select[tuple[object, ...]]":
    return select(*(getattr(AccountingItem, column) for column in Row._fields))
