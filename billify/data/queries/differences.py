"""What the three-way difference compares: the cases in which sides may differ, and no others.

The database leaves out what is alike on all sides, so that a page of a large company reads what
it shows; what a difference is, `domain/accounting/differences.py` decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    RowMapping,
    and_,
    case,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from billify.data.db import db
from billify.data.models import (
    AccountingBalance,
    AccountingItem,
    Allocation,
    BankAccount,
    BankTransaction,
    CashFlowPosition,
    Document,
    Integration,
    Invoice,
    Membership,
    User,
)
from billify.data.queries.accounting import PARTNERS
from billify.domain.accounting.differences import OWN_CURRENCY, ZERO, Cash, Ours, Theirs
from billify.domain.accounting.items import INVOICES, is_invoice
from billify.domain.banking import AccountKind
from billify.domain.brussels import day_of
from billify.domain.connections import ConnectionState
from billify.domain.invoices import InvoiceKind, InvoiceStatus
from billify.domain.roles import Role

MOST_CASES = 2_000
MOST_CODES = 50

_IS_CREDIT = Invoice.kind == literal_column("'credit_note'")
_TOTAL = case((_IS_CREDIT, -Invoice.gross_amount), else_=Invoice.gross_amount)
_OPEN = case((_IS_CREDIT, -Invoice.open_amount), else_=Invoice.open_amount)


def _total_of(item: Any) -> Any:  # Any: the table or another name of it, and a column
    """What an entry comes to; where that is not told, its invoice's total, else what is open."""
    return func.coalesce(func.nullif(item.original_amount, 0), _TOTAL, item.open_amount)


_BANKS, _TILLS = "55", "57"
"""What accounts at banks and cash in hand begin with in the Belgian chart of accounts (royal
decree of 21 October 2018, annex 1)."""
_MONEY_CODES = or_(*(AccountingBalance.code.startswith(start) for start in (_BANKS, _TILLS)))

_INVOICE = (
    Invoice.id.label("invoice_id"),
    Invoice.direction,
    Invoice.status,
    Invoice.kind,
    Invoice.number,
    Invoice.party_name,
    Invoice.issue_date,
    Invoice.due_date,
    _TOTAL.label("total"),
    _OPEN.label("open"),
    Invoice.currency,
    Invoice.document_id,
    Invoice.source,
    Invoice.decided_at,
    Invoice.created_at,
)
_ITEM = (
    AccountingItem.id.label("item_id"),
    AccountingItem.direction.label("item_direction"),
    AccountingItem.number.label("item_number"),
    AccountingItem.contact_name,
    AccountingItem.issue_date.label("item_issued"),
    AccountingItem.due_date.label("item_due"),
    _total_of(AccountingItem).label("item_total"),
    AccountingItem.open_amount.label("item_open"),
    AccountingItem.first_seen_at,
    AccountingItem.settled_on,
    AccountingItem.kind_id,
)


@dataclass(frozen=True, slots=True)
class Sources:
    """The connection to the accounting, and since when each source is as it stands.

    `first_day` is the day the accounting was read first; None before that.
    """

    integration_id: UUID
    name: str
    state: ConnectionState
    made_at: datetime
    accounting: datetime | None
    bank: datetime | None
    documents: datetime | None
    accountant: str | None
    """The address of the accountant who joined first."""

    @property
    def first_day(self) -> date | None:
        """The day on the clock of Brussels."""
        return day_of(self.made_at) if self.accounting else None

    @property
    def last_day(self) -> date | None:
        """The day the accounting was read last."""
        return day_of(self.accounting) if self.accounting else None


@dataclass(frozen=True, slots=True)
class Compared:
    """Both sides of every case that may differ; `is_cut` when there are more."""

    ours: tuple[Ours, ...]
    theirs: tuple[Theirs, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger account of money, or an account of ours, at the end of a day.

    Only accounts at banks count: cash in hand is counted when somebody counts it.
    """

    code: str
    name: str
    amount: Decimal | None
    """None while it is not known."""
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Money:
    """What the ledger told last, and the bank at the end of the same day."""

    cash: Cash
    ledger: tuple[Ledger, ...]
    accounts: tuple[Ledger, ...]


def sources() -> Sources | None:
    """The newest connection to an accounting that was not ended, and how fresh each source is."""
    bank = select(func.min(BankAccount.as_of)).scalar_subquery()
    papers = select(func.max(Document.created_at)).scalar_subquery()
    accountant = (
        select(User.email)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.role == Role.ACCOUNTANT)
        .order_by(Membership.id)
        .limit(1)
        .scalar_subquery()
    )
    row = db.session.execute(
        select(
            Integration.id,
            Integration.name,
            Integration.state,
            Integration.created_at,
            Integration.fresh_at,
            bank,
            papers,
            accountant,
        )
        .where(
            Integration.partner.in_(PARTNERS),
            Integration.state != ConnectionState.DISCONNECTED,
        )
        .order_by(Integration.created_at.desc())
        .limit(1)
    ).first()
    return Sources(*row) if row else None


def compared(*, integration_id: UUID, first_day: date, most: int = MOST_CASES) -> Compared:
    """The cases in which sides may differ, at most `most` of items and of invoices each."""
    booked = _rows(_booked(integration_id), most)
    unbooked = _rows(_unbooked(integration_id, first_day), most)
    rows = [*booked[:most], *unbooked[:most]]
    return Compared(
        tuple({one.id: one for one in map(_ours, rows) if one is not None}.values()),
        tuple(one for one in map(_theirs, booked[:most]) if one is not None),
        is_cut=len(booked) > most or len(unbooked) > most,
    )


def money(*, integration_id: UUID) -> Money | None:
    """Bank and ledger beside each other; None when the ledger has told nothing yet."""
    balance = AccountingBalance
    told = and_(balance.integration_id == integration_id, _MONEY_CODES)
    day = select(func.max(balance.day)).where(told).scalar_subquery()
    last = (
        select(CashFlowPosition.balance)
        .where(CashFlowPosition.account_id == BankAccount.id, CashFlowPosition.day <= day)
        .order_by(CashFlowPosition.day.desc())
        .limit(1)
        .correlate(BankAccount)
        .scalar_subquery()
    )
    ledger = select(
        literal(True).label("is_ledger"),
        balance.code.label("code"),
        balance.description.label("name"),
        balance.amount.label("amount"),
        balance.day.label("day"),
        balance.told_at.label("as_of"),
        balance.code.startswith(_BANKS).label("counts"),
    ).where(told, balance.day == day)
    bank = select(
        literal(False),
        func.coalesce(BankAccount.iban, ""),
        BankAccount.name,
        last,
        day,
        BankAccount.as_of,
        BankAccount.kind != AccountKind.CASH,
    ).where(BankAccount.currency == OWN_CURRENCY)
    rows = db.session.execute(
        union_all(ledger, bank).order_by("is_ledger", "code", "name").limit(MOST_CODES)
    ).all()
    books = tuple(Ledger(row.code, row.name, row.amount, row.counts) for row in rows if row[0])
    if not books:
        return None
    ours = [row for row in rows if not row.is_ledger]
    held = tuple(Ledger(row.code, row.name, row.amount, row.counts) for row in ours)
    counted = [row for row in ours if row.counts]
    cash = Cash(
        rows[0].day,
        _sum(held),
        _sum(books),
        tuple(row.name for row in counted if row.amount is None or day_of(row.as_of) < row.day),
    )
    return Money(cash, books, held)


def _sum(accounts: Iterable[Ledger]) -> Decimal:
    return sum((one.amount or ZERO for one in accounts if one.counts), ZERO)


def _booked(integration_id: UUID) -> Any:  # Any: a query
    """Open items that are not alike here, and settled ones that are open here or differ."""
    item, successor = AccountingItem, aliased(AccountingItem)
    is_alike = and_(_total_of(item) == _TOTAL, item.open_amount == _OPEN)
    has_paper = or_(Invoice.document_id.is_not(None), Invoice.source.not_in(PARTNERS))
    is_counted = Invoice.status.in_([InvoiceStatus.OPEN, InvoiceStatus.PAID])
    # A sundry entry asks for no document, and is of interest only where it is an invoice's.
    is_alone = and_(
        Invoice.id.is_(None),
        or_(
            *(and_(item.direction == side, item.kind_id == kind) for side, kind in INVOICES.items())
        ),
    )
    differs = and_(Invoice.id.is_not(None), ~and_(has_paper, is_counted, is_alike))
    open_ones = and_(item.settled_on.is_(None), or_(is_alone, differs))
    # Booked anew under another key, the entry that went says nothing any more.
    is_booked_anew = exists().where(
        successor.integration_id == item.integration_id,
        successor.invoice_id == item.invoice_id,
        successor.settled_on.is_(None),
        _total_of(successor) == _TOTAL,
    )
    settled = and_(
        item.settled_on.is_not(None),
        or_(
            Invoice.status == InvoiceStatus.OPEN,
            and_(Invoice.status == InvoiceStatus.PAID, _total_of(item) != _TOTAL),
        ),
        ~is_booked_anew,
    )
    return (
        select(*_ITEM, *_INVOICE)
        .select_from(item)
        .outerjoin(Invoice, Invoice.id == item.invoice_id)
        .where(item.integration_id == integration_id, or_(open_ones, settled))
        # What is about money comes before what only lacks a paper.
        .order_by(or_(Invoice.id.is_(None), ~has_paper), item.first_seen_at, item.id)
    )


def _unbooked(integration_id: UUID, first_day: date) -> Any:  # Any: a query
    """Approved and issued invoices that no item is of, as far as the accounting could know."""
    paid_since = (
        select(Allocation.invoice_id)
        .join(BankTransaction, BankTransaction.id == Allocation.transaction_id)
        .where(Allocation.undone_at.is_(None), BankTransaction.booked_on > first_day)
    )
    return (
        select(*_INVOICE)
        .where(
            Invoice.status.in_([InvoiceStatus.OPEN, InvoiceStatus.PAID]),
            Invoice.source.not_in(PARTNERS),
            or_(
                Invoice.status == InvoiceStatus.OPEN,
                Invoice.issue_date > first_day,
                Invoice.id.in_(paid_since),
            ),
            ~exists().where(
                AccountingItem.invoice_id == Invoice.id,
                AccountingItem.integration_id == integration_id,
            ),
        )
        .order_by(Invoice.issue_date, Invoice.id)
    )


def _rows(query: Any, most: int) -> list[RowMapping]:  # Any: a query
    """The rows of a query, each with what the bank paid on its invoice."""
    cases = query.limit(most + 1).subquery()
    line, part = BankTransaction, Allocation
    sign = case((part.reopens, -1), else_=1)
    paid = (
        select(
            func.sum(sign * part.amount).label("paid"),
            func.sum(sign * part.written_off).label("written_off"),
            func.max(line.booked_on).label("paid_on"),
            func.array_agg(aggregate_order_by(line.id, line.booked_on.desc(), line.id.desc()))[
                1
            ].label("line_id"),
        )
        .join(line, line.id == part.transaction_id)
        .where(part.invoice_id == cases.c.invoice_id, part.undone_at.is_(None))
        .lateral()
    )
    found = db.session.execute(select(cases, paid).select_from(cases.join(paid, true())))
    return list(found.mappings())


def _ours(row: RowMapping) -> Ours | None:
    if row["invoice_id"] is None:
        return None
    sign = -1 if row["kind"] is InvoiceKind.CREDIT_NOTE else 1
    return Ours(
        id=row["invoice_id"],
        direction=row["direction"],
        status=row["status"],
        number=row["number"] or "",
        contact=row["party_name"],
        issued=row["issue_date"],
        due=row["due_date"],
        total=row["total"],
        open=row["open"] if row["status"] is InvoiceStatus.OPEN else ZERO,
        currency=row["currency"],
        has_document=row["document_id"] is not None or row["source"] not in PARTNERS,
        came_on=day_of(row["decided_at"] or row["created_at"]),
        paid=sign * (row["paid"] or ZERO),
        written_off=sign * (row["written_off"] or ZERO),
        paid_on=row["paid_on"],
        line_id=row["line_id"],
    )


def _theirs(row: RowMapping) -> Theirs:
    return Theirs(
        id=row["item_id"],
        direction=row["item_direction"],
        number=row["item_number"],
        contact=row["contact_name"],
        issued=row["item_issued"],
        due=row["item_due"],
        total=row["item_total"],
        open=ZERO if row["settled_on"] else row["item_open"],
        came_on=day_of(row["first_seen_at"]),
        settled_on=row["settled_on"],
        invoice_id=row["invoice_id"],
        is_invoice=is_invoice(row["item_direction"], row["kind_id"]),
    )
