"""Budgets by category and month, and what really moved on the accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    func,
    literal_column,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy import cast as sql_cast

from billify.data.db import db
from billify.data.models import BankTransaction, Budget
from billify.domain.banking import MatchState, MovementState

ROWS_AT_ONCE = 200
MOST_ROWS = 20_000
Columns = TypeVarTuple("Columns")
# As a word of the statement: a parameter in a group would be another expression than in the list.
_MATCHED: ColumnElement[str] = literal_column(f"'{MatchState.MATCHED}'")


@dataclass(frozen=True, slots=True)
class Actual:
    """What booked lines of one kind add up to in a month; money out is below zero.

    Without a category `on_invoices` parts lines that settle invoices from those nobody sorted,
    and `is_in` money in from money out.
    """

    category_id: UUID | None
    month: date
    on_invoices: bool
    is_in: bool
    amount: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """The booked lines behind an actual, from `since` until `until`, both included.

    `category_id` None takes lines without one; then `on_invoices` and `is_in` say which.
    """

    category_id: UUID | None
    since: date
    until: date
    currency: str
    on_invoices: bool = False
    is_in: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A bank line behind an actual."""

    id: UUID
    account_id: UUID
    booked_on: date
    name: str
    message: str
    amount: Decimal


def planned(*, since: date, until: date) -> Sequence[Budget]:
    """The budgets of the months from `since` until `until`."""
    return db.session.scalars(
        select(Budget)
        .where(Budget.month >= since, Budget.month <= until)
        .order_by(Budget.month, Budget.category_id)
        .limit(MOST_ROWS)
    ).all()


def actuals(*, since: date, until: date, currency: str) -> list[Actual]:
    """What moved on the accounts in a currency by category and month, both days included.

    Transfers between own accounts are no income and no cost, and are left out.
    """
    is_free = BankTransaction.category_id.is_(None)
    days = _counted(
        select(
            BankTransaction.category_id.label("category_id"),
            BankTransaction.booked_on.label("day"),
            and_(is_free, BankTransaction.match_state == _MATCHED).label("on_invoices"),
            and_(is_free, BankTransaction.amount > 0).label("is_in"),
            func.sum(BankTransaction.amount).label("amount"),
            func.count().label("count"),
        ),
        since,
        until,
        currency,
    ).group_by(text("1, 2, 3, 4"))
    # First by day, so that the month is worked out of a few thousand rows and not of each line.
    by_day = days.subquery()
    year = sql_cast(func.extract("year", by_day.c.day), Integer).label("year")
    month = sql_cast(func.extract("month", by_day.c.day), Integer).label("month")
    query = select(
        by_day.c.category_id,
        year,
        month,
        by_day.c.on_invoices,
        by_day.c.is_in,
        func.sum(by_day.c.amount),
        sql_cast(func.sum(by_day.c.count), Integer),
    )
    found = db.session.execute(
        query.group_by(text("1, 2, 3, 4, 5")).order_by(text("2, 3, 1, 4, 5")).limit(MOST_ROWS)
    ).all()
    return [Actual(row[0], date(row[1], row[2], 1), *row[3:]) for row in found]


def put(row: Budget | None, category_id: UUID, month: date, amount: Decimal | None) -> None:
    """Write a budget down, change the one that is there, or take it away."""
    if row is not None and amount is not None:
        row.amount = amount
    elif row is not None:
        db.session.delete(row)
    elif amount is not None:
        db.session.add(Budget(category_id=category_id, month=month, amount=amount))


def total(wanted: Wanted) -> tuple[Decimal, int]:
    """The sum of the lines behind an actual, and how many they are."""
    amount, count = db.session.execute(
        _of(select(func.coalesce(func.sum(BankTransaction.amount), 0), func.count()), wanted)
    ).one()
    return Decimal(amount), count


def lines(
    wanted: Wanted, *, after: tuple[date, UUID] | None = None, limit: int = ROWS_AT_ONCE
) -> list[Line]:
    """The lines behind an actual by day, after a given one."""
    query = _of(
        select(
            BankTransaction.id,
            BankTransaction.account_id,
            BankTransaction.booked_on,
            BankTransaction.counterparty_name,
            BankTransaction.remittance_information,
            BankTransaction.amount,
        ),
        wanted,
    )
    if after is not None:
        query = query.where(tuple_(BankTransaction.booked_on, BankTransaction.id) > after)
    order = (BankTransaction.booked_on, BankTransaction.id)
    return [Line(*row) for row in db.session.execute(query.order_by(*order).limit(limit)).all()]


def foreign_count(*, since: date, until: date, currency: str) -> int:
    """How many lines with a category are in a currency that the budget does not count."""
    query = select(func.count()).where(
        BankTransaction.category_id.is_not(None),
        BankTransaction.booked_on >= since,
        BankTransaction.booked_on <= until,
        BankTransaction.currency != currency,
    )
    return db.session.scalar(query) or 0


def _of(query: Select[*Columns], wanted: Wanted) -> Select[*Columns]:
    query = _counted(query, wanted.since, wanted.until, wanted.currency)
    if wanted.category_id is not None:
        return query.where(BankTransaction.category_id == wanted.category_id)
    is_matched = BankTransaction.match_state == _MATCHED
    return query.where(
        BankTransaction.category_id.is_(None),
        is_matched if wanted.on_invoices else ~is_matched,
        BankTransaction.amount > 0 if wanted.is_in else BankTransaction.amount <= 0,
    )


def _counted(query: Select[*Columns], since: date, until: date, currency: str) -> Select[*Columns]:
    """Booked lines of these days in a currency, own transfers left out."""
    return query.where(
        BankTransaction.booked_on >= since,
        BankTransaction.booked_on <= until,
        BankTransaction.state == MovementState.BOOKED,
        BankTransaction.currency == currency,
        or_(
            BankTransaction.category_id.is_not(None),
            BankTransaction.match_state != MatchState.TRANSFER,
        ),
    )
