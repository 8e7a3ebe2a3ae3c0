"""The bank room: accounts, movements, and the kept daily balances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete, func, or_, select, text, tuple_

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import BankAccount, BankTransaction, CashFlowPosition
from billify.data.queries import bulk

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which movements a list shows; words are sought in the other side and the message."""

    account_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A kept balance that is not what the movements add up to; None: no balance was kept."""

    account_id: UUID
    day: date
    kept: Decimal | None
    truth: Decimal


def account(account_id: UUID) -> BankAccount | None:
    """One account of the company."""
    return db.session.scalars(select(BankAccount).where(BankAccount.id == account_id)).one_or_none()


def lock_account(account_id: UUID) -> BankAccount | None:
    """One account, locked until the commit and as it stands now."""
    return db.session.scalars(
        select(BankAccount)
        .where(BankAccount.id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def account_by_iban(iban: str) -> BankAccount | None:
    """The company's account with this number."""
    return db.session.scalars(select(BankAccount).where(BankAccount.iban == iban)).one_or_none()


def movements(
    wanted: Wanted, *, after: tuple[date, UUID] | None = None
) -> Sequence[BankTransaction]:
    """A page of movements and one more when there is more, newest first."""
    query = select(BankTransaction)
    if wanted.account_id is not None:
        query = query.where(BankTransaction.account_id == wanted.account_id)
    if wanted.since is not None:
        query = query.where(BankTransaction.booked_on >= wanted.since)
    if wanted.until is not None:
        query = query.where(BankTransaction.booked_on <= wanted.until)
    for word in wanted.words.split()[:6]:
        query = query.where(
            or_(
                BankTransaction.counterparty_name.icontains(word, autoescape=True),
                BankTransaction.remittance_information.icontains(word, autoescape=True),
            )
        )
    if after is not None:
        query = query.where(tuple_(BankTransaction.booked_on, BankTransaction.id) < after)
    newest = (BankTransaction.booked_on.desc(), BankTransaction.id.desc())
    return db.session.scalars(query.order_by(*newest).limit(PAGE + 1)).all()


def add_movements(rows: Sequence[Mapping[str, object]]) -> set[str]:
    """Write new movements of the company; all rows name the same columns.

    One whose connection key the account has already is left out; gives the keys left out.
    """
    unique = ("company_id", "account_id", "connection_key")
    return bulk.add_unknown(BankTransaction, rows, key="connection_key", unique=unique)


def opening_day(account_id: UUID) -> date | None:
    """The first day an account's balance is known of."""
    return db.session.scalar(
        select(func.min(CashFlowPosition.day)).where(CashFlowPosition.account_id == account_id)
    )


def balance_on(account_id: UUID, day: date) -> Decimal | None:
    """The balance at the end of a day; None before the first known one."""
    return db.session.scalar(
        select(CashFlowPosition.balance)
        .where(CashFlowPosition.account_id == account_id, CashFlowPosition.day <= day)
        .order_by(CashFlowPosition.day.desc())
        .limit(1)
    )


def keep_balance(account_id: UUID, day: date, balance: Decimal) -> None:
    """Write down the balance of an account that has none yet."""
    db.session.add(CashFlowPosition(account_id=account_id, day=day, balance=balance))
    db.session.flush()


def move_balances(account_id: UUID, moved: Mapping[date, Decimal]) -> None:
    """Let the kept balances follow what moved on each day, and all balances after it.

    Two statements for any number of days: a day without a balance begins with the one before it.
    """
    if not moved:
        return
    days = sorted(moved)
    values = {
        "company": tenancy.company_id(),
        "account": account_id,
        "days": days,
        "amounts": [moved[day] for day in days],
    }
    db.session.execute(_BEGIN_DAYS, values)
    db.session.execute(_MOVE_DAYS, values)


def begin_earlier(account_id: UUID, day: date, less: Decimal) -> None:
    """Let an account's balances begin on an earlier day, all of them lower by an amount."""
    values = {"company": tenancy.company_id(), "account": account_id, "day": day, "less": less}
    db.session.execute(_BEGIN_EARLIER, values)
    db.session.execute(_LOWER, values)


def recount(account_id: UUID, *, opening_day: date, opening_balance: Decimal) -> Decimal:
    """Keep the balances anew from the movements alone; gives the last one."""
    company_id = tenancy.company_id()
    db.session.execute(
        delete(CashFlowPosition)
        .where(CashFlowPosition.account_id == account_id)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        _RECOUNT,
        {
            "company": company_id,
            "account": account_id,
            "day": opening_day,
            "balance": opening_balance,
        },
    )
    return balance_on(account_id, date.max) or opening_balance


def differences() -> list[Difference]:
    """Kept balances that do not follow from the movements, and days that lack one."""
    found = db.session.execute(_DIFFERENCES, {"company": tenancy.company_id()}).all()
    return [Difference(row.account_id, row.day, row.kept, row.truth) for row in found]


_BEGIN_DAYS = text("""
    INSERT INTO cash_flow_position (company_id, account_id, day, balance)
    SELECT :company, :account, day, coalesce((
        SELECT balance FROM cash_flow_position AS before
        WHERE before.company_id = :company AND before.account_id = :account
            AND before.day < moved.day
        ORDER BY before.day DESC LIMIT 1
    ), 0)
    FROM unnest(CAST(:days AS date[]), CAST(:amounts AS numeric[])) AS moved (day, amount)
    ON CONFLICT (company_id, account_id, day) DO NOTHING
""")
_MOVE_DAYS = text("""
    UPDATE cash_flow_position AS kept SET balance = kept.balance + run.amount
    FROM (
        SELECT day, sum(amount) OVER (ORDER BY day) AS amount, lead(day) OVER (ORDER BY day) AS next
        FROM unnest(CAST(:days AS date[]), CAST(:amounts AS numeric[])) AS moved (day, amount)
    ) AS run
    WHERE kept.company_id = :company AND kept.account_id = :account
        AND kept.day >= run.day AND (run.next IS NULL OR kept.day < run.next)
""")
_BEGIN_EARLIER = text("""
    INSERT INTO cash_flow_position (company_id, account_id, day, balance)
    SELECT :company, :account, :day, balance FROM cash_flow_position
    WHERE company_id = :company AND account_id = :account
    ORDER BY day LIMIT 1
    ON CONFLICT (company_id, account_id, day) DO NOTHING
""")
_LOWER = text("""
    UPDATE cash_flow_position SET balance = balance - :less
    WHERE company_id = :company AND account_id = :account
""")
_RECOUNT = text("""
    INSERT INTO cash_flow_position (company_id, account_id, day, balance)
    SELECT :company, :account, day, :balance + sum(moved) OVER (ORDER BY day)
    FROM (
        SELECT day, sum(moved) AS moved FROM (
            SELECT booked_on AS day, sum(amount) AS moved
            FROM bank_transaction
            WHERE company_id = :company AND account_id = :account AND state = 'booked'
            GROUP BY booked_on
            UNION ALL SELECT CAST(:day AS date), 0
        ) AS lines GROUP BY day
    ) AS days
""")

# What an account held before its first movement is its balance less all of them.
_DIFFERENCES = text("""
    WITH moved AS (
        SELECT account_id, booked_on AS day, sum(amount) AS amount
        FROM bank_transaction
        WHERE company_id = :company AND state = 'booked'
        GROUP BY account_id, booked_on
    ), kept AS (
        SELECT account_id, day, balance FROM cash_flow_position WHERE company_id = :company
    ), opening AS (
        SELECT bank_account.id AS account_id, balance - coalesce(sum(amount), 0) AS amount
        FROM bank_account LEFT JOIN moved ON moved.account_id = bank_account.id
        WHERE company_id = :company
        GROUP BY bank_account.id
    ), days AS (
        SELECT account_id, day, kept.balance AS kept, opening.amount
            + sum(coalesce(moved.amount, 0)) OVER (PARTITION BY account_id ORDER BY day) AS truth
        FROM moved FULL JOIN kept USING (account_id, day) JOIN opening USING (account_id)
    )
    SELECT account_id, day, kept, truth FROM days
    WHERE kept IS DISTINCT FROM truth
    ORDER BY account_id, day
    LIMIT 1000
""")
