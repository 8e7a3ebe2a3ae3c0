"""Cash flow: balances, open amounts by the day they are expected, and the rows behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVarTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    text,
    tuple_,
    union_all,
)

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import BankAccount, Invoice, PlannedItem
from billify.domain.banking import AccountKind
from billify.domain.cash_flow import Planned
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus

ROWS_AT_ONCE = 200
MOST_ACCOUNTS = 200
_ONE_DAY = timedelta(days=1)
Columns = TypeVarTuple("Columns")
# As words of the statement, not as parameters: only so a prepared plan may use ix_invoice_open.
_OPEN: ColumnElement[bool] = Invoice.status == literal_column("'open'")
_IS_CREDIT: ColumnElement[bool] = Invoice.kind == literal_column("'credit_note'")


#: What an open invoice adds: a credit note takes away.
_SIGNED = case((_IS_CREDIT, -Invoice.open_amount), else_=Invoice.open_amount)


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
    contact: UUID | None = None


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
    found = db.session.execute(_OPEN_DAYS, {"today": today, "eve": today - _ONE_DAY}).all()
    return [OpenDay(*row) for row in found]


def total(window: Window) -> tuple[Decimal, int]:
    """The sum of a window's rows, and how many they are."""
    amount, count = db.session.execute(
        _of(select(func.coalesce(func.sum(_SIGNED), 0), func.count()), window)
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
            _SIGNED,
        ),
        window,
    )
    if after is not None:
        query = query.where(tuple_(Invoice.due_date, Invoice.id) > after)
    found = db.session.execute(query.order_by(Invoice.due_date, Invoice.id).limit(limit)).all()
    return [OpenRow(*row) for row in found]


def waiting() -> list[Waiting]:
    """How many invoices wait to be checked or approved, and for how much in all."""
    return [Waiting(*row) for row in db.session.execute(_WAITING).all()]


def open_and_waiting(today: date) -> tuple[list[OpenDay], list[Waiting]]:
    """`open_days` and `waiting` in one question to the database, as Home asks for both."""
    days = {"today": today, "eve": today - _ONE_DAY}
    open_days, waits = [], []
    for direction, status, currency, day, amount, count in db.session.execute(_BOTH, days):
        if day is None:
            waits.append(Waiting(direction, status, currency, count, amount))
        else:
            open_days.append(OpenDay(direction, currency, day, amount, count))
    return open_days, waits


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


def history(since: date) -> list[tuple[UUID, date, Decimal]]:
    """Kept balances since a day: account, day, balance; each account's last one before it too."""
    company_id = tenancy.company_id()
    found = db.session.execute(_HISTORY, {"company": company_id, "since": since}).all()
    return [(row.account_id, row.day, row.balance) for row in found]


def _of(query: Select[*Columns], window: Window) -> Select[*Columns]:
    query = query.where(
        _OPEN, Invoice.direction == window.direction, Invoice.currency == window.currency
    )
    if window.only_invoices:
        query = query.where(~_IS_CREDIT)
    if window.contact is not None:
        query = query.where(Invoice.contact_id == window.contact)
    if window.until is not None:
        query = query.where(Invoice.due_date <= window.until)
    if window.since is not None and window.late is not Late.ALL:
        since = Invoice.due_date >= window.since
        takes_credit = window.late is Late.CREDIT_NOTES
        query = query.where(or_(since, _IS_CREDIT) if takes_credit else since)
    return query


# The statements of Home stand ready: to build them anew took as long as to run them.
def _open_days() -> Select[InvoiceDirection, str, date, Decimal, int]:
    late_credit = func.greatest(Invoice.due_date, bindparam("today", type_=Date))
    expected_on = case((_IS_CREDIT, late_credit), else_=Invoice.due_date)
    day = func.greatest(expected_on, bindparam("eve", type_=Date)).label("day")
    group = (Invoice.direction, Invoice.currency, day)
    return (
        select(*group, func.sum(_SIGNED), func.count())
        .where(_OPEN)
        .group_by(Invoice.direction, Invoice.currency, day)
        .order_by(Invoice.direction, Invoice.currency, day)
    )


def _waiting() -> Select[InvoiceDirection, InvoiceStatus, str, int, Decimal]:
    gross = case((_IS_CREDIT, -Invoice.gross_amount), else_=Invoice.gross_amount)
    group = (Invoice.direction, Invoice.status, Invoice.currency)
    return (
        select(*group, func.count(), func.coalesce(func.sum(gross), 0))
        .where(
            Invoice.direction.in_(list(InvoiceDirection)),
            Invoice.status.in_([InvoiceStatus.TO_CHECK, InvoiceStatus.TO_APPROVE]),
        )
        .group_by(*group)
        .order_by(*group)
    )


def _both() -> CompoundSelect[Any]:  # Any: a union has no types of its own
    """The two below each other; only what is open has a day."""
    direction, currency, day, amount, count = _OPEN_DAYS.selected_columns
    opened = _OPEN_DAYS.with_only_columns(
        direction, Invoice.status, currency, day, amount, count
    ).group_by(Invoice.status)
    direction, status, currency, count, gross = _WAITING.selected_columns
    no_day = cast(null(), Date)
    waits = _WAITING.with_only_columns(direction, status, currency, no_day, gross, count)
    return union_all(opened.order_by(None), waits.order_by(None))


_OPEN_DAYS = _open_days()
_WAITING = _waiting()
_BOTH = _both()
_HISTORY = text("""
    SELECT bank_account.id AS account_id, last.day, last.balance
    FROM bank_account CROSS JOIN LATERAL (
        SELECT day, balance FROM cash_flow_position
        WHERE company_id = :company AND account_id = bank_account.id AND day < :since
        ORDER BY day DESC LIMIT 1
    ) AS last
    WHERE bank_account.company_id = :company
    UNION ALL
    SELECT account_id, day, balance FROM cash_flow_position
    WHERE company_id = :company AND day >= :since
    ORDER BY day
""")
