"""Bank accounts kept by hand, and movements of any source.

Whatever moves money goes through `record_movements`, which keeps the account's balance and its
daily balances true in the same transaction. Pending movements move nothing until they are booked.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from billify.application import audit, live, matching
from billify.data.db import transaction
from billify.data.models import BankAccount
from billify.data.queries import banking as queries
from billify.domain import references
from billify.domain.banking import AccountKind, MovementState
from billify.domain.refusal import N_, NotAllowed, NotFound, Refusal
from billify.domain.roles import Actor, Right

LARGEST = Decimal("999999999999.99")
_TOPICS = ("bank", "cash-flow")


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of an account as it is told; money in is above zero."""

    booked_on: date
    amount: Decimal
    counterparty_name: str = ""
    counterparty_iban: str | None = None
    remittance_information: str = ""
    structured_communication: str | None = None
    external_id: str | None = None
    value_date: date | None = None
    state: MovementState = MovementState.BOOKED
    import_id: UUID | None = None
    connection_key: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """An account as a person describes it."""

    name: str
    iban: str | None
    kind: AccountKind
    currency: str = "EUR"


def open_account(
    *,
    account: Account,
    opening_balance: Decimal,
    opening_day: date,
    today: date,
    by: Actor | None,
    as_of: datetime | None = None,
) -> BankAccount:
    """Add an account with what it holds on a day. Refuses a bad IBAN and one that is known."""
    _require(by)
    _refuse_future(opening_day, today)
    with transaction() as session:
        row = BankAccount(balance=opening_balance, as_of=as_of or datetime.now(UTC))
        _describe(row, account)
        row.currency = account.currency
        session.add(row)
        session.flush()
        queries.keep_balance(row.id, opening_day, opening_balance)
        after = _facts(row) | {"balance": opening_balance, "on": opening_day}
        audit.record("account.added", row, by=by, after=after)
        live.touch(*_TOPICS)
    return row


def change_account(*, account_id: UUID, account: Account, by: Actor) -> BankAccount:
    """Change the name, number or kind of an account; its currency stays."""
    _require(by)
    with transaction():
        row = _locked(account_id)
        before = _facts(row)
        _describe(row, account)
        audit.record("account.changed", row, by=by, before=before, after=_facts(row))
        live.touch(*_TOPICS)
    return row


def record_movements(
    *, account_id: UUID, movements: Sequence[Movement], as_of: datetime | None = None
) -> BankAccount:
    """Write movements down and let the balances follow. Refuses days before the opening one."""
    with transaction() as session:
        row = _locked(account_id)
        _refuse_before_opening(account_id, movements)
        moved = _moved(_added(row, movements))
        row.balance += sum(moved.values(), Decimal(0))
        if abs(row.balance) > LARGEST:
            raise Refusal(N_("This amount is too large."))
        row.as_of = max(row.as_of, as_of or datetime.now(UTC))
        session.flush()
        queries.move_balances(account_id, moved)
        live.touch(*_TOPICS)
    return row


def record_history(*, account_id: UUID, movements: Sequence[Movement]) -> BankAccount:
    """Write down movements of before what is known: the balance stays as it is today.

    So the balances of the days before these movements, and the first one known, move back.
    """
    with transaction() as session:
        row = _locked(account_id)
        opening = queries.opening_day(account_id)
        if opening is None:
            raise Refusal(N_("This day is before the first balance known of the account."))
        if movements:
            moved = _moved(_added(row, movements))
            first = min(min(moved, default=opening) - timedelta(days=1), opening)
            queries.begin_earlier(account_id, first, sum(moved.values(), Decimal(0)))
            session.flush()
            queries.move_balances(account_id, moved)
        live.touch(*_TOPICS)
    return row


def enter_movement(*, account_id: UUID, movement: Movement, today: date, by: Actor) -> BankAccount:
    """Write down a movement by hand. Refuses one of tomorrow: that is a plan."""
    _require(by)
    _refuse_future(movement.booked_on, today)
    with transaction():
        row = record_movements(account_id=account_id, movements=[movement])
        after = {
            "account": row.name,
            "on": movement.booked_on,
            "amount": movement.amount,
            "with": movement.counterparty_name,
        }
        audit.record("movement.entered", row, by=by, after=after)
        matching.ask()
    return row


def set_balance(
    *, account_id: UUID, balance: Decimal, day: date, today: date, note: str, by: Actor
) -> BankAccount:
    """Say what an account holds at the end of a day, as when cash was counted.

    The difference becomes a movement with this note, so the lines still add up.
    """
    _require(by)
    _refuse_future(day, today)
    with transaction():
        row = _locked(account_id)
        known = queries.balance_on(account_id, day)
        if known is None:
            raise Refusal(N_("This day is before the first balance known of the account."))
        difference = balance - known
        moved = [Movement(day, difference, remittance_information=note)] if difference else []
        row = record_movements(account_id=account_id, movements=moved)
        audit.record(
            "balance.set", row, by=by, before={"balance": known}, after={"balance": balance}
        )
    return row


def recount(*, account_id: UUID, opening_day: date, opening_balance: Decimal) -> BankAccount:
    """Work the balances out anew from the movements; for a seed that wrote many lines at once."""
    with transaction():
        row = _locked(account_id)
        row.balance = queries.recount(
            account_id, opening_day=opening_day, opening_balance=opening_balance
        )
        live.touch(*_TOPICS)
    return row


def _describe(row: BankAccount, account: Account) -> None:
    iban = references.normalise_iban(account.iban) if account.iban else None
    known = queries.account_by_iban(iban) if iban else None
    if known is not None and known.id != row.id:
        raise Refusal(N_("This IBAN already belongs to the account %(name)s."), name=known.name)
    row.name, row.iban, row.kind = account.name, iban, account.kind


def _refuse_before_opening(account_id: UUID, movements: Sequence[Movement]) -> None:
    opening = queries.opening_day(account_id)
    if any(opening is None or one.booked_on < opening for one in movements):
        raise Refusal(N_("This day is before the first balance known of the account."))


def _added(row: BankAccount, movements: Sequence[Movement]) -> Sequence[Movement]:
    """Write movements down; those whose connection key was there already are not among the new."""
    if not movements:
        return movements
    known = queries.add_movements([values_of(row, movement=one) for one in movements])
    return [one for one in movements if one.connection_key not in known] if known else movements


def _moved(movements: Sequence[Movement]) -> dict[date, Decimal]:
    """What booked movements add up to on each day."""
    moved: defaultdict[date, Decimal] = defaultdict(Decimal)
    for one in movements:
        if one.state is MovementState.BOOKED:
            moved[one.booked_on] += one.amount
    return moved


def values_of(row: BankAccount, *, movement: Movement) -> dict[str, object]:
    """A movement as the columns of an account's row."""
    return {
        "account_id": row.id,
        "currency": row.currency,
        "booked_on": movement.booked_on,
        "value_date": movement.value_date,
        "amount": movement.amount,
        "counterparty_name": movement.counterparty_name,
        "counterparty_iban": movement.counterparty_iban,
        "remittance_information": movement.remittance_information,
        "structured_communication": movement.structured_communication,
        "external_id": movement.external_id,
        "state": movement.state,
        "import_id": movement.import_id,
        "connection_key": movement.connection_key,
    }


def _refuse_future(day: date, today: date) -> None:
    if day > today:
        raise Refusal(N_("This day has yet to come. Take today or a day before it."))


def _locked(account_id: UUID) -> BankAccount:
    row = queries.lock_account(account_id)
    if row is None:
        raise NotFound
    return row


def _require(by: Actor | None) -> None:
    """Nobody in particular means Billify itself: a seed, a bank connection."""
    if by is not None and not by.can(Right.EDIT_INVOICES):
        raise NotAllowed


def _facts(row: BankAccount) -> dict[str, object]:
    return {"name": row.name, "iban": row.iban, "kind": row.kind, "currency": row.currency}
