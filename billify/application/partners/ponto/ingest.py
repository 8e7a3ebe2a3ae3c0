"""Movements that a connection tells, written down with balances and cursor in one transaction."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from billify.application import banking, jobs, live
from billify.application.partners.protocol import Counted
from billify.data.db import transaction
from billify.data.models import BankAccount, ConnectedAccount
from billify.data.queries import bank_sync as queries
from billify.data.queries import banking as accounts
from billify.data.queries import connections
from billify.domain import bank_sync as rules
from billify.domain.bank_files import fields
from billify.domain.bank_sync import Change, Plan, Row, Told
from billify.domain.banking import MovementState
from billify.domain.brussels import day_of
from billify.domain.jobs import QUEUE_OF
from billify.integrations import ponto

PROPOSE = "matching.propose"
"""The job that looks for invoices, once there is one."""
ASKED = 5
"""So many movements are looked up one by one before a change of all keys is believed."""
StillTold = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Close:
    """The end of a reading: what the partner said of the account when it began.

    `is_steady` when it still said the same at the end, so that balance and movements belong
    together. Without a cursor the next run reads again.
    """

    told: ponto.Account
    pending: tuple[Told, ...]
    cursor: str
    at: datetime
    is_steady: bool = True


def as_told(found: ponto.Transaction, *, prefix: str = "") -> Told:
    """A transaction of Ponto as a movement; what is no IBAN stays in the message's company."""
    reference = fields.structured_in(found.message) or fields.creditor_in(found.message)
    return Told(
        booked_on=found.booked_on,
        amount=found.amount,
        counterparty_account=_iban(found.counterpart_reference),
        reference=reference,
        key=f"{prefix}{found.id}",
        value_date=found.value_date,
        name=found.counterpart_name,
        message=found.message,
    )


@lru_cache(maxsize=4096)
def _iban(text: str) -> str | None:
    """The other side's account, where it is an IBAN; most come back again and again."""
    account = fields.account_number(text)
    return account if fields.is_iban(account) else None


def write(
    *,
    connected_id: UUID,
    account_id: UUID,
    told: Sequence[Told],
    still_told: StillTold,
    counted: Counted,
    resume: str | None = None,
    close: Close | None = None,
) -> None:
    """Write down a part of what an account has, and how far the reading is, all or nothing.

    `still_told` asks the partner whether it still tells a movement under its old key; that
    happens before the transaction. With `close` the reading is complete.
    """
    asked: dict[str, bool] = {}
    while unsure := _write(connected_id, account_id, told, asked, counted, resume, close):
        asked |= _asked(unsure, still_told)


def _write(
    connected_id: UUID,
    account_id: UUID,
    told: Sequence[Told],
    asked: Mapping[str, bool],
    counted: Counted,
    resume: str | None,
    close: Close | None,
) -> list[str]:
    """One try; gives the keys to ask about when nothing could be written without that."""
    with transaction():
        connected = connections.lock_account(connected_id)
        account = accounts.lock_account(account_id)
        if connected is None or account is None or connected.account_id != account_id:
            return []
        known, others = _there(connected, told)
        found = [row.key for row in rules.suspects(told, by_key=known, others=others)]
        unsure = [key for key in found if key not in asked]
        if unsure:
            return unsure
        gone = [key for key in found if not asked[key]]
        plan = rules.plan(told, by_key=known, others=others, gone=gone)
        was_complete = connected.is_complete
        _apply(connected, account, plan)
        counted.added += len(plan.added)
        counted.changed += len(plan.changed) + len(plan.adopted)
        counted.known += plan.known
        if close is None:
            connected.resume = resume
        else:
            counted.pending += _close(connected, account, close)
        if (was_complete and plan.added) or (close is not None and counted.added):
            _after_new(account.id)
        if plan.added or plan.changed or plan.adopted or close is not None:
            live.touch("bank", "cash-flow")
    return []


def _asked(unsure: Sequence[str], still_told: StillTold) -> dict[str, bool]:
    """Whether the bank still tells movements under their old keys.

    When the first few are all gone, the bank has changed its keys and the others are gone too.
    """
    first = {key: still_told(key) for key in unsure[:ASKED]}
    if len(first) == ASKED and not any(first.values()):
        return dict.fromkeys(unsure, False)
    return first | {key: still_told(key) for key in unsure[ASKED:]}


def _there(connected: ConnectedAccount, told: Sequence[Told]) -> tuple[dict[str, Row], list[Row]]:
    """What is there on the days that are told, by key and otherwise.

    A key may also be there on another day, when the bank has corrected it. The first reading
    does not look for that among everything it has just written; the index of keys refuses twins.
    """
    assert connected.account_id is not None
    keys = {one.key for one in told}
    rows = queries.on_days(connected.account_id, {one.booked_on for one in told})
    known = {row.key: row for row in rows if row.key in keys}
    if connected.is_complete:
        known |= queries.by_key(connected.account_id, keys - known.keys())
    return known, [row for row in rows if row.key not in known]


def _apply(connected: ConnectedAccount, account: BankAccount, plan: Plan) -> None:
    """New rows and changed ones. While an account stands on the balance that the bank told,
    every movement lies behind that balance; later on only those of before the first day do."""
    opening = accounts.opening_day(account.id)
    earlier: list[Told] = []
    later: list[Told] = []
    for one in plan.added:
        is_history = connected.is_anchored or (opening is not None and one.booked_on < opening)
        (earlier if is_history else later).append(one)
    if earlier:
        banking.record_history(account_id=account.id, movements=_movements(earlier))
    if later:
        banking.record_movements(
            account_id=account.id, movements=_movements(later), as_of=account.as_of
        )
    _change(account, [*plan.changed, *plan.adopted], opening)


def _change(account: BankAccount, changes: Sequence[Change], opening: date | None) -> None:
    """Rows that say something else now, and balances that follow."""
    queries.change(changes)
    moved: defaultdict[date, Decimal] = defaultdict(Decimal)
    for one in changes:
        moved[one.row.booked_on] -= one.row.amount
        moved[one.told.booked_on] += one.told.amount
    moving = {day: amount for day, amount in moved.items() if amount}
    if not moving:
        return
    if opening is not None and min(moving) < opening:
        accounts.begin_earlier(account.id, min(moving) - timedelta(days=1), Decimal(0))
    account.balance += sum(moving.values(), Decimal(0))
    accounts.move_balances(account.id, moving)


def _movements(told: Sequence[Told]) -> list[banking.Movement]:
    return [_movement(one, MovementState.BOOKED) for one in told]


def _movement(one: Told, state: MovementState) -> banking.Movement:
    return banking.Movement(
        booked_on=one.booked_on,
        amount=one.amount,
        counterparty_name=one.name,
        counterparty_iban=one.counterparty_account,
        remittance_information=one.message,
        structured_communication=one.reference,
        value_date=one.value_date,
        state=state,
        connection_key=one.key,
    )


def _close(connected: ConnectedAccount, account: BankAccount, close: Close) -> int:
    """The reading is complete: pending movements, the bank's balance and the cursor."""
    waiting = [_movement(one, MovementState.PENDING) for one in close.pending]
    count = queries.replace_pending(
        account.id, [banking.values_of(account, movement=one) for one in waiting]
    )
    connected.is_complete, connected.resume = True, None
    connected.cursor, connected.fresh_at = close.cursor, close.at
    at = close.told.balance_at or close.at
    account.as_of = max(account.as_of, at)
    if close.told.balance is not None:
        connected.balance = close.told.balance
        if connected.is_anchored:
            _stand_on(account, close.told.balance)
            connected.is_anchored = not close.is_steady
        queries.keep_told(account.id, day_of(at), close.told.balance, at)
    return count


def _stand_on(account: BankAccount, balance: Decimal) -> None:
    """The account holds what the bank says, and all days before move along."""
    less, opening = account.balance - balance, accounts.opening_day(account.id)
    if less and opening is not None:
        accounts.begin_earlier(account.id, opening, less)
        account.balance = balance


def _after_new(account_id: UUID) -> None:
    """New movements may settle invoices; a first reading asks once, at its end."""
    if PROPOSE in QUEUE_OF:
        jobs.later(PROPOSE, account_id=account_id)
