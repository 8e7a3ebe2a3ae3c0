"""Bank lines behind a figure: a window of booked lines, their sum, and a page of them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, exists, func, or_, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from billify.data.db import db
from billify.data.models import Allocation, BankTransaction, Category, OwnTransfer
from billify.domain.banking import WAITING, MovementState


@dataclass(frozen=True, slots=True)
class LineWindow:
    """Booked lines in one currency, from `since` until `until` included.

    `category` is the code or id of one; `name` the other side's, whatever its letters' size;
    `sign` 1 is money in and -1 out; `explains_nothing` leaves out what settles an invoice, and
    transfers of our own; `only_waiting` takes lines that nobody explained.
    """

    currency: str
    since: date | None = None
    until: date | None = None
    account_id: UUID | None = None
    category: str | None = None
    name: str | None = None
    sign: int = 0
    least: Decimal | None = None
    most: Decimal | None = None
    explains_nothing: bool = False
    only_waiting: bool = False


@dataclass(frozen=True, slots=True)
class LineRow:
    """One booked line; money out is below zero."""

    id: UUID
    day: date
    name: str
    words: str
    amount: Decimal


def total(window: LineWindow) -> tuple[Decimal, int]:
    """The sum of a window's lines, and how many they are."""
    amount, count = db.session.execute(
        select(func.coalesce(func.sum(BankTransaction.amount), 0), func.count()).where(
            *_conditions(window)
        )
    ).one()
    return Decimal(amount), count


def rows(
    window: LineWindow, *, after: tuple[date, UUID] | None = None, limit: int
) -> list[LineRow]:
    """The lines of a window by day, after a given one."""
    key = (BankTransaction.booked_on, BankTransaction.id)
    query = select(
        BankTransaction.id,
        BankTransaction.booked_on,
        BankTransaction.counterparty_name,
        BankTransaction.remittance_information,
        BankTransaction.amount,
    ).where(*_conditions(window))
    if after is not None:
        query = query.where(tuple_(*key) > after)
    return [LineRow(*row) for row in db.session.execute(query.order_by(*key).limit(limit))]


def _conditions(window: LineWindow) -> list[ColumnElement[bool]]:
    line = BankTransaction
    found: list[ColumnElement[bool]] = [
        line.state == MovementState.BOOKED,
        line.currency == window.currency,
    ]
    if window.since is not None:
        found.append(line.booked_on >= window.since)
    if window.until is not None:
        found.append(line.booked_on <= window.until)
    if window.account_id is not None:
        found.append(line.account_id == window.account_id)
    if window.category is not None:
        found.append(line.category_id.in_(_categories(window.category)))
    if window.name is not None:
        found.append(func.lower(_NAME) == window.name.lower())
    if window.sign:
        found.append(line.amount > 0 if window.sign > 0 else line.amount < 0)
    if window.least is not None and window.most is not None:
        found.append(line.amount.between(window.least, window.most))
    if window.explains_nothing or window.only_waiting:
        found.append(~settles())
    if window.only_waiting:
        found.append(line.match_state.in_(WAITING))
    return found


# Whoever has no name goes by the words of the line, as in `forecast_history`.
_NAME = func.coalesce(
    func.nullif(func.btrim(BankTransaction.counterparty_name), ""),
    func.left(
        func.btrim(
            func.regexp_replace(BankTransaction.remittance_information, "[0-9/.:-]+", "", "g")
        ),
        40,
    ),
)


def _categories(wanted: str) -> Any:  # Any: a subquery
    return select(Category.id).where(
        or_(Category.code == wanted, cast(Category.id, String) == wanted)
    )


def settles() -> ColumnElement[bool]:
    """Does a line settle an invoice, or belong to a transfer between own accounts?"""
    line = BankTransaction
    return or_(
        exists().where(Allocation.transaction_id == line.id, Allocation.undone_at.is_(None)),
        exists().where(OwnTransfer.out_id == line.id),
        exists().where(OwnTransfer.in_id == line.id),
    )
