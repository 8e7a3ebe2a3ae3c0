"""Cash flow: balances, open amounts by the day they are expected, and the rows behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import (
    Case,
    ColumnElement,
    Date,
    Select,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import aliased

from billify.data.db import db
from billify.data.models import BankAccount, CashFlowPosition, Invoice, PlannedItem
from billify.domain.banking import AccountKind
from billify.domain.cash_flow import Planned
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus

ROWS_AT_ONCE = 200
MOST_ACCOUNTS = 200
MOST_PLANNED = 10_000
_ONE_DAY = timedelta(days=1)
Columns = TypeVarTuple("Columns")
# As words of the statement, not as parameters: only so a prepared plan may use ix_invoice_open.
_OPEN: ColumnElement[bool] = Invoice.status == literal_column("'open'")
_IS_CREDIT: ColumnElement[bool] = Invoice.kind == literal_column("'credit_note'")


class Late(StrEnum):
    """Which rows of before a window come along with it."""

    NONE = "none"
    CREDIT_NOTES = "credit_notes"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Window:
    """Open invoices of one direction and currency, due from `since` until `until` included.

    Without bounds it is all of them; `only_invoices` leaves credit notes out.
    """

    direction: InvoiceDirection
    currency: str
    since: date | None = None
    until: date | None = None
    late: Late = Late.NONE
    only_invoices: bool = False


@dataclass(frozen=True, slots=True)
class OpenDay:
    """What is open of one direction and currency on one day; the day before today is overdue."""

    direction: InvoiceDirection
    currency: str
    day: date
    amount: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One open invoice; a credit note counts below zero."""

    id: UUID
    number: str | None
    party: str
    kind: InvoiceKind
    issued: date
    due: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Waiting:
    """Invoices a person still has to do something with."""

    direction: InvoiceDirection
    status: InvoiceStatus
    currency: str
    count: int
    gross: Decimal


def accounts() -> Sequence[BankAccount]:
    """Every account of the company: current ones first, cash last."""
    found = db.session.scalars(
        select(BankAccount).order_by(BankAccount.name, BankAccount.id).limit(MOST_ACCOUNTS)
    ).all()
    kinds = list(AccountKind)
    return sorted(found, key=lambda one: kinds.index(one.kind))


def open_days(today: date) -> list[OpenDay]:
    """Open amounts by direction, currency and day; a late credit note counts today."""
    day = func.greatest(_expected_on(today), cast(today - _ONE_DAY, Date))
    rows = db.session.execute(
        select(Invoice.direction, Invoice.currency, day, func.sum(_signed()), func.count())
        .where(_OPEN)
        .group_by(Invoice.direction, Invoice.currency, day)
        .order_by(Invoice.direction, Invoice.currency, day)
    ).all()
    return [OpenDay(*row) for row in rows]


def total(window: Window) -> tuple[Decimal, int]:
    """The sum of a window's rows, and how many they are."""
    amount, count = db.session.execute(
        _of(select(func.coalesce(func.sum(_signed()), 0), func.count()), window)
    ).one()
    return Decimal(amount), count


def rows(
    window: Window,
    *,
    after: tuple[date, UUID] | None = None,
    limit: int = ROWS_AT_ONCE,
) -> list[OpenRow]:
    """The invoices of a window by due date, after a given one."""
    query = _of(
        select(
            Invoice.id,
            Invoice.number,
            Invoice.party_name,
            Invoice.kind,
            Invoice.issue_date,
            Invoice.due_date,
            _signed(),
        ),
        window,
    )
    if after is not None:
        query = query.where(tuple_(Invoice.due_date, Invoice.id) > after)
    found = db.session.execute(query.order_by(Invoice.due_date, Invoice.id).limit(limit)).all()
    return [OpenRow(*row) for row in found]


def waiting() -> list[Waiting]:
    """How many invoices wait to be checked or approved, and for how much in all."""
    signed = case((_IS_CREDIT, -Invoice.gross_amount), else_=Invoice.gross_amount)
    group = (Invoice.direction, Invoice.status, Invoice.currency)
    found = db.session.execute(
        select(*group, func.count(), func.coalesce(func.sum(signed), 0))
        .where(
            Invoice.direction.in_(list(InvoiceDirection)),
            Invoice.status.in_([InvoiceStatus.TO_CHECK, InvoiceStatus.TO_APPROVE]),
        )
        .group_by(*group)
        .order_by(*group)
    ).all()
    return [Waiting(*row) for row in found]


def planned(since: date) -> list[Planned]:
    """Planned items that may still come on a day or after it."""
    found = db.session.scalars(
        select(PlannedItem)
        .where(or_(PlannedItem.until.is_(None), PlannedItem.until >= since))
        .order_by(PlannedItem.starts_on, PlannedItem.id)
        .limit(MOST_PLANNED)
    ).all()
    return [as_planned(item) for item in found]


def as_planned(item: PlannedItem) -> Planned:
    """The rule of a planned item as the domain reckons with it."""
    return Planned(
        id=str(item.id),
        what=item.name,
        amount=item.amount,
        rhythm=item.rhythm,
        first=item.starts_on,
        until=item.until,
        day=item.day,
        shift=item.shift,
    )


def history(since: date, *, currency: str) -> list[tuple[UUID, date, Decimal]]:
    """Kept balances since a day: account, day, balance; each account's last one before it too."""
    before = aliased(CashFlowPosition)
    # A lateral row per account: as a subquery in the condition it would run for every day there is.
    last = (
        select(before.day)
        .where(
            before.company_id == BankAccount.company_id,
            before.account_id == BankAccount.id,
            before.day <= since,
        )
        .order_by(before.day.desc())
        .limit(1)
        .correlate(BankAccount)
        .lateral("last")
    )
    found = db.session.execute(
        select(CashFlowPosition.account_id, CashFlowPosition.day, CashFlowPosition.balance)
        .join(
            BankAccount,
            (BankAccount.company_id == CashFlowPosition.company_id)
            & (BankAccount.id == CashFlowPosition.account_id),
        )
        .outerjoin(last, true())
        .where(
            BankAccount.currency == currency,
            CashFlowPosition.day >= func.coalesce(last.c.day, cast(since, Date)),
        )
        .order_by(CashFlowPosition.day, CashFlowPosition.account_id)
    ).all()
    return [(row.account_id, row.day, row.balance) for row in found]


def _signed() -> Case[Decimal]:
    """What an open invoice adds: a credit note takes away."""
    return case((_IS_CREDIT, -Invoice.open_amount), else_=Invoice.open_amount)


def _expected_on(today: date) -> Case[date]:
    late_credit = func.greatest(Invoice.due_date, cast(today, Date))
    return case((_IS_CREDIT, late_credit), else_=Invoice.due_date)


def _of(query: Select[*Columns], window: Window) -> Select[*Columns]:
    query = query.where(
        _OPEN, Invoice.direction == window.direction, Invoice.currency == window.currency
    )
    if window.only_invoices:
        query = query.where(~_IS_CREDIT)
    if window.until is not None:
        query = query.where(Invoice.due_date <= window.until)
    if window.since is not None and window.late is not Late.ALL:
        since = Invoice.due_date >= window.since
        takes_credit = window.late is Late.CREDIT_NOTES
        query = query.where(or_(since, _IS_CREDIT) if takes_credit else since)
    return query
