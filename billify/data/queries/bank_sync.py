"""Movements as a connection tells them: what is there, what changes, and the proof of balances."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Text,
    delete,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy import Row as SqlRow
from sqlalchemy.dialects.postgresql import ARRAY

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import BankTransaction
from billify.data.queries import bulk
from billify.domain.bank_sync import Change, Row
from billify.domain.banking import MovementState

SHOWN_DAYS = 31
_COLUMNS = (
    BankTransaction.id,
    BankTransaction.connection_key,
    BankTransaction.booked_on,
    BankTransaction.amount,
    BankTransaction.external_id,
    BankTransaction.counterparty_iban,
    BankTransaction.structured_communication,
    BankTransaction.value_date,
    BankTransaction.counterparty_name,
    BankTransaction.remittance_information,
)


@dataclass(frozen=True, slots=True)
class ProofDay:
    """A day on which the bank told what an account holds, against the movements since the last.

    `missing` is what the movements lack to make up the difference; zero when it ties.
    """

    day: date
    opening: Decimal | None
    moved: Decimal
    closing: Decimal
    missing: Decimal


def by_key(account_id: UUID, keys: Collection[str]) -> dict[str, Row]:
    """The booked movements of an account that a connection knows by these keys.

    As a join: for `= ANY(…)` a prepared plan compares every row with every key.
    """
    if not keys:
        return {}
    wanted = _listed(keys, Text())
    rows = db.session.execute(
        select(*_COLUMNS)
        .join(wanted, wanted.c.value == BankTransaction.connection_key)
        .where(
            BankTransaction.account_id == account_id,
            BankTransaction.connection_key.is_not(None),
            BankTransaction.state == MovementState.BOOKED,
        )
    )
    return {str(row.connection_key): _row(row) for row in rows}


def on_days(account_id: UUID, days: Collection[date]) -> list[Row]:
    """The booked movements of these days."""
    if not days:
        return []
    wanted = _listed(days, Date())
    rows = db.session.execute(
        select(*_COLUMNS)
        .join(wanted, wanted.c.value == BankTransaction.booked_on)
        .where(
            BankTransaction.account_id == account_id,
            BankTransaction.state == MovementState.BOOKED,
        )
        .order_by(BankTransaction.booked_on, BankTransaction.id)
    )
    return [_row(row) for row in rows]


def _listed(values: Collection[Any], kind: Any) -> Any:  # Any: values, their type, a table of them
    array = literal(list(values), ARRAY(kind))
    return func.unnest(array).table_valued("value").render_derived(name="wanted")


def last_day(account_id: UUID) -> date | None:
    """The newest day that a connection brought to an account."""
    return db.session.scalar(
        select(func.max(BankTransaction.booked_on)).where(
            BankTransaction.account_id == account_id,
            BankTransaction.connection_key.is_not(None),
            BankTransaction.state == MovementState.BOOKED,
        )
    )


def change(changes: Sequence[Change]) -> None:
    """Let rows say what was told, under its key."""
    for one in changes:
        db.session.execute(
            update(BankTransaction)
            .where(BankTransaction.id == one.row.id)
            .values(
                connection_key=one.told.key,
                booked_on=one.told.booked_on,
                value_date=one.told.value_date,
                amount=one.told.amount,
                counterparty_name=one.told.name,
                counterparty_iban=one.told.counterparty_account,
                remittance_information=one.told.message,
                structured_communication=one.told.reference,
            )
            .execution_options(synchronize_session=False)
        )


def replace_pending(account_id: UUID, rows: Sequence[Mapping[str, object]]) -> int:
    """Pending movements are these from now on, told by their keys; how many came or went."""
    of_account = _pending(account_id)
    found = db.session.scalars(select(BankTransaction.connection_key).where(*of_account)).all()
    there = {str(key) for key in found}
    wanted = {str(row["connection_key"]): row for row in rows}
    left = there - set(wanted)
    if left:
        db.session.execute(
            delete(BankTransaction)
            .where(*of_account, BankTransaction.connection_key.in_(left))
            .execution_options(synchronize_session=False)
        )
    for key in sorted(there & set(wanted)):
        db.session.execute(
            update(BankTransaction)
            .where(*of_account, BankTransaction.connection_key == key)
            .values(**wanted[key])
            .execution_options(synchronize_session=False)
        )
    new = [row for key, row in wanted.items() if key not in there]
    if new:
        bulk.add_at_once(BankTransaction, new)
    return len(left) + len(new)


def forget_pending(account_id: UUID) -> None:
    """Nobody tells any more what became of them."""
    replace_pending(account_id, [])


def keep_told(account_id: UUID, day: date, balance: Decimal, told_at: datetime) -> None:
    """What the bank says an account holds; the last word of a day counts."""
    db.session.execute(
        _KEEP_TOLD,
        {
            "company": tenancy.company_id(),
            "account": account_id,
            "day": day,
            "balance": balance,
            "at": told_at,
        },
    )


def proof(account_id: UUID) -> list[ProofDay]:
    """The last days on which the bank told a balance, newest first."""
    rows = db.session.execute(
        _PROOF, {"company": tenancy.company_id(), "account": account_id, "count": SHOWN_DAYS}
    )
    return [ProofDay(*row) for row in rows]


def difference(account_id: UUID) -> tuple[Decimal, date] | None:
    """What the movements lack by now, and since which told day; None when the account ties.

    A movement that comes in late makes its day differ and a later one make up for it, so what
    counts is what is left at the end.
    """
    rows = db.session.execute(
        _DIFFERENCE, {"company": tenancy.company_id(), "account": account_id}
    ).all()
    if not rows or not rows[0].lacks:
        return None
    since = rows[0].day
    for row in rows:
        if row.lacks != rows[0].lacks:
            break
        since = row.day
    return rows[0].lacks, since


def _pending(account_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        BankTransaction.account_id == account_id,
        BankTransaction.state == MovementState.PENDING,
        BankTransaction.connection_key.is_not(None),
    )


def _row(row: "SqlRow[*tuple[Any, ...]]") -> Row:  # Any: column values
    found = row._mapping
    return Row(
        booked_on=found["booked_on"],
        amount=found["amount"],
        external_id=found["external_id"],
        counterparty_account=found["counterparty_iban"],
        reference=found["structured_communication"],
        key=found["connection_key"] or "",
        value_date=found["value_date"],
        name=found["counterparty_name"],
        message=found["remittance_information"],
        id=found["id"],
    )


_KEEP_TOLD = text("""
    INSERT INTO told_balance (company_id, account_id, day, balance, told_at)
    VALUES (:company, :account, :day, :balance, :at)
    ON CONFLICT (company_id, account_id, day) DO UPDATE
    SET balance = excluded.balance, told_at = excluded.told_at
    WHERE excluded.told_at >= told_balance.told_at
""")

_PROOF = text("""
    WITH said AS (
        SELECT told.day, told.balance, coalesce(kept.balance, 0) AS kept
        FROM told_balance AS told LEFT JOIN LATERAL (
            SELECT balance FROM cash_flow_position AS before
            WHERE before.company_id = told.company_id AND before.account_id = told.account_id
                AND before.day <= told.day
            ORDER BY before.day DESC LIMIT 1
        ) AS kept ON true
        WHERE told.company_id = :company AND told.account_id = :account
    ), days AS (
        SELECT day, balance, kept, lag(balance) OVER w AS opening, lag(kept) OVER w AS kept_before
        FROM said WINDOW w AS (ORDER BY day)
    )
    SELECT day, opening, kept - coalesce(kept_before, kept), balance,
        balance - kept - coalesce(opening - kept_before, 0)
    FROM days ORDER BY day DESC LIMIT :count
""")
_DIFFERENCE = text("""
    SELECT told.day, told.balance - coalesce(kept.balance, 0) AS lacks
    FROM told_balance AS told LEFT JOIN LATERAL (
        SELECT balance FROM cash_flow_position AS before
        WHERE before.company_id = told.company_id AND before.account_id = told.account_id
            AND before.day <= told.day
        ORDER BY before.day DESC LIMIT 1
    ) AS kept ON true
    WHERE told.company_id = :company AND told.account_id = :account
    ORDER BY told.day DESC LIMIT 400
""")
