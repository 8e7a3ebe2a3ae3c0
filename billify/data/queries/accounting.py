"""What the accounting told: items for lists and pages, balances, and what is held against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from billify.data.db import db
from billify.data.models import (
    AccountingBalance,
    AccountingItem,
    Allocation,
    BankTransaction,
    Integration,
    Invoice,
)
from billify.domain import identity
from billify.domain.accounting.differences import Ours, Theirs
from billify.domain.accounting.items import INVOICES
from billify.domain.connections import ConnectionState, Partner
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus

PARTNERS = (Partner.YUKI,)
MOST_BALANCES = 5_000
MOST_HELD = 50_000
"""Items and invoices that are held against each other at once."""
_MOST_WORDS = 6
_CASH = ("55", "57")
"""Accounts at banks and cash in hand in the Belgian chart of accounts (royal decree of 21 October
2018, annex 1)."""


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
        return INVOICES[InvoiceDirection(self.direction)] == self.kind_id


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


def balance_day(integration_id: UUID) -> date | None:
    """The last day whose balances were told."""
    return db.session.scalar(
        select(func.max(AccountingBalance.day)).where(
            AccountingBalance.integration_id == integration_id
        )
    )


def balances(
    *, integration_id: UUID, day: date, only_cash: bool = False
) -> Sequence[AccountingBalance]:
    """The ledger's balances of a day by account; with `only_cash` those of banks and cash."""
    query = select(AccountingBalance).where(
        AccountingBalance.integration_id == integration_id, AccountingBalance.day == day
    )
    if only_cash:
        query = query.where(_is_cash())
    return db.session.scalars(query.order_by(AccountingBalance.code).limit(MOST_BALANCES)).all()


def cash_position(*, integration_id: UUID, day: date) -> Decimal:
    """What banks and cash come to in the books at the end of a day."""
    found = db.session.scalar(
        select(func.sum(AccountingBalance.amount)).where(
            AccountingBalance.integration_id == integration_id,
            AccountingBalance.day == day,
            _is_cash(),
        )
    )
    return found or Decimal("0.00")


def theirs(*, integration_id: UUID, settled_since: date) -> list[Theirs]:
    """What the accounting holds: every open item, and those that were settled since a day."""
    found = db.session.execute(
        select(
            AccountingItem.id,
            AccountingItem.direction,
            AccountingItem.number,
            AccountingItem.contact_name,
            AccountingItem.issue_date,
            AccountingItem.due_date,
            AccountingItem.original_amount,
            AccountingItem.open_amount,
            AccountingItem.first_seen_at,
            AccountingItem.settled_on,
            AccountingItem.invoice_id,
            AccountingItem.kind_id,
        )
        .where(
            AccountingItem.integration_id == integration_id,
            or_(AccountingItem.settled_on.is_(None), AccountingItem.settled_on >= settled_since),
        )
        .order_by(AccountingItem.issue_date, AccountingItem.id)
        .limit(MOST_HELD)
    )
    return [
        Theirs(
            id=row.id,
            direction=InvoiceDirection(row.direction),
            number=row.number,
            contact=row.contact_name,
            issued=row.issue_date,
            due=row.due_date,
            total=row.original_amount or row.open_amount,
            open=Decimal("0.00") if row.settled_on else row.open_amount,
            came_on=row.first_seen_at.date(),
            settled_on=row.settled_on,
            invoice_id=row.invoice_id,
            is_invoice=INVOICES[InvoiceDirection(row.direction)] == row.kind_id,
        )
        for row in found
    ]


def ours(*, integration_id: UUID, issued_since: date) -> list[Ours]:
    """What is held against it: invoices that an item is, and others of a later day than this one
    that were approved, issued or wait for that. Paid is what bank lines settled."""
    of_item = exists().where(
        AccountingItem.invoice_id == Invoice.id, AccountingItem.integration_id == integration_id
    )
    paid = (
        select(
            func.coalesce(
                func.sum(
                    (Allocation.amount + Allocation.written_off)
                    * case((Allocation.reopens, -1), else_=1)
                ),
                0,
            ).label("amount"),
            func.max(BankTransaction.booked_on).label("on_day"),
            func.max(cast(BankTransaction.id, Text)).label("line"),
        )
        .join(BankTransaction, BankTransaction.id == Allocation.transaction_id)
        .where(Allocation.invoice_id == Invoice.id, Allocation.undone_at.is_(None))
        .lateral("paid")
    )
    sign = case((Invoice.kind == InvoiceKind.CREDIT_NOTE, -1), else_=1)
    found = db.session.execute(
        select(
            Invoice.id,
            Invoice.direction,
            Invoice.status,
            Invoice.number,
            Invoice.party_name,
            Invoice.issue_date,
            Invoice.due_date,
            (Invoice.gross_amount * sign).label("total"),
            (Invoice.open_amount * sign).label("open"),
            Invoice.currency,
            Invoice.source,
            Invoice.document_id,
            Invoice.created_at,
            (paid.c.amount * sign).label("paid"),
            paid.c.on_day,
            paid.c.line,
        )
        .join(paid, literal(True))
        .where(
            or_(of_item, and_(Invoice.issue_date >= issued_since, Invoice.status.in_(_HELD))),
        )
        .order_by(Invoice.issue_date, Invoice.id)
        .limit(MOST_HELD)
    )
    return [
        Ours(
            id=row.id,
            direction=InvoiceDirection(row.direction),
            status=InvoiceStatus(row.status),
            number=row.number or "",
            contact=row.party_name,
            issued=row.issue_date,
            due=row.due_date,
            total=row.total,
            open=row.open,
            currency=row.currency,
            has_document=row.document_id is not None or row.source not in PARTNERS,
            came_on=row.created_at.date(),
            paid=row.paid,
            paid_on=row.on_day,
            line_id=UUID(row.line) if row.line else None,
        )
        for row in found
    ]


_HELD = (
    InvoiceStatus.OPEN,
    InvoiceStatus.PAID,
    InvoiceStatus.TO_APPROVE,
    InvoiceStatus.TO_CHECK,
)


def _rows() -> "Select[tuple[object, ...]]":
    return select(*(getattr(AccountingItem, column) for column in Row._fields))


def _is_cash() -> ColumnElement[bool]:
    return or_(*(AccountingBalance.code.startswith(start) for start in _CASH))
