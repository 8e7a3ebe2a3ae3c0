"""Bank files: looked at first, then imported, taken back whole when they should not have been.

What a file brings goes through `banking.record_movements`, so balances stay true, and every row
points to its import.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from billify.application import audit, banking, live, matching
from billify.data.db import transaction
from billify.data.models import BankAccount, BankImport
from billify.data.queries import bank_files as queries
from billify.data.queries import banking as accounts
from billify.domain import bank_files, money
from billify.domain.bank_files import BankFile, Columns, Role, State, UnknownColumns, fields, parts
from billify.domain.bank_files.parts import Part
from billify.domain.bank_files.twins import Known, Told, judge
from billify.domain.banking import AccountKind, ImportState
from billify.domain.refusal import N_, NotAllowed, NotFound, Refusal
from billify.domain.roles import Actor, Right

LARGEST = 10_000_000
KEPT_FOR = timedelta(days=2)
"""How long a file that nobody imports stays."""
_AHEAD = timedelta(days=31)
_EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class Choice:
    """Where the movements of a part go: to an account, or to a new one with what it held."""

    account_id: UUID | None = None
    name: str = ""
    opening_balance: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A part of a file beside the account it is of, and what of it is new there."""

    part: Part
    account: BankAccount | None
    told: tuple[Told, ...]
    too_early: int = 0

    @property
    def new(self) -> int:
        """How many movements would be added."""
        return sum(not one.is_known for one in self.told)

    @property
    def known(self) -> int:
        """How many movements are there already."""
        return sum(one.is_known for one in self.told)

    @property
    def after(self) -> Decimal | None:
        """What the account will hold, when it is known."""
        if self.account is None:
            return None
        added = (one.movement.amount for one in self.told if not one.is_known)
        return self.account.balance + sum(added, Decimal(0))


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as it is looked at before anything changes."""

    row: BankImport
    file: BankFile | None
    """None once it was imported."""
    seen: tuple[Seen, ...]
    accounts: tuple[BankAccount, ...]


def receive(*, content: bytes, name: str, by: Actor) -> BankImport:
    """Take in a file to look at. Refuses what is no bank file, with line and reason."""
    _require(by)
    if len(content) > LARGEST:
        raise Refusal(N_("This file is larger than a bank statement can be."))
    told_format, bank = _recognised(content)
    with transaction() as session:
        queries.forget_previews(datetime.now(UTC) - KEPT_FOR)
        row = BankImport(
            name=name.replace("\x00", "")[-200:],
            sha256=hashlib.sha256(content).hexdigest(),
            format=told_format,
            bank=bank,
            state=ImportState.PREVIEW,
            content=content,
            made_by=by.user_id,
        )
        session.add(row)
        session.flush()
        audit.record("bank_file.received", row, by=by, after={"name": row.name})
    return row


def _recognised(content: bytes) -> tuple[str, str]:
    """Format and bank; a table whose columns a person must explain has no bank yet."""
    try:
        found = bank_files.read(content)
    except UnknownColumns:
        return bank_files.Format.CSV.value, ""
    return found.format.value, found.bank


def preview(*, import_id: UUID, chosen: Mapping[str, str] | None = None) -> Preview:
    """What a file holds and what of it is new; `chosen` names accounts by the key of a part.

    Raises UnknownColumns when a person must explain.
    """
    row = queries.one(import_id)
    if row is None:
        raise NotFound
    if row.state is not ImportState.PREVIEW:
        return Preview(row, None, (), ())
    file = _read(_waiting(row))
    kept = queries.accounts()
    found = [
        (part, _account_of(part, kept, file.bank, (chosen or {}).get(part.key)))
        for part in parts.of(file.statements)
    ]
    return Preview(row, file, _seen(found, file), tuple(kept))


def _account_of(
    part: Part, kept: Sequence[BankAccount], bank: str, chosen: str | None
) -> BankAccount | None:
    """The account a person chose, else the one with its number, else where the last one went."""
    if chosen is not None:
        return next((one for one in kept if str(one.id) == chosen), None)
    if part.account:
        return next((one for one in kept if one.iban == part.account), None)
    before = queries.accounts_of_bank(bank) if bank else frozenset()
    fitting = [one for one in kept if one.id in before and one.currency == part.currency]
    return fitting[0] if len(fitting) == 1 else None


def columns_of(*, import_id: UUID) -> tuple[BankImport, UnknownColumns, dict[str, str]]:
    """The header of a table with some rows, and which role each of its columns has by now."""
    row = _waiting(queries.one(import_id))
    shown = bank_files.head(row.content or b"")
    kept = queries.mapping(_header_key(shown.header))
    return row, shown, dict(kept.columns) if kept else bank_files.guess(shown.header)


def explain_columns(*, import_id: UUID, columns: Mapping[str, str], by: Actor) -> None:
    """Keep what the columns mean, for this header and the company. Refuses too little to read."""
    _require(by)
    with transaction():
        row = _waiting(queries.lock(import_id))
        shown = bank_files.head(row.content or b"")
        wanted = _columns(columns)
        bank_files.read(row.content or b"", wanted=wanted)
        kept = queries.keep_mapping(_header_key(shown.header), columns, by.user_id)
        audit.record("columns.explained", kept, by=by, after={"columns": dict(columns)})


def book(*, import_id: UUID, choices: Mapping[str, Choice], today: date, by: Actor) -> BankImport:
    """Import what is new. A part without a choice is left out; parts are named by their key."""
    _require(by)
    with transaction():
        row = _waiting(queries.lock(import_id))
        file = _read(row)
        chosen = [
            (part, choices[part.key]) for part in parts.of(file.statements) if part.key in choices
        ]
        if not chosen:
            raise Refusal(N_("Choose an account for at least one part of the file."))
        for part, choice in chosen:
            _refuse_odd(part, today)
            account = _account(part, choice, today=today, by=by)
            (seen,) = _seen([(part, account)], file)
            row.added += seen.new
            row.known += seen.known
            _record(seen, account, row)
        row.state, row.imported_at, row.content = ImportState.IMPORTED, datetime.now(UTC), None
        row.bank = file.bank
        after = {"name": row.name, "added": row.added, "known": row.known}
        audit.record("bank_file.imported", row, by=by, after=after)
        matching.ask()
        live.touch("bank", "cash-flow")
    return row


def undo(*, import_id: UUID, by: Actor) -> BankImport:
    """Take an import back whole. Refused while one of its movements settles an invoice."""
    _require(by)
    with transaction():
        row = queries.lock(import_id)
        if row is None:
            raise NotFound
        if row.state is not ImportState.IMPORTED:
            raise Refusal(N_("This import was taken back already, or was never made."))
        settling = queries.settling(import_id)
        if settling:
            raise Refusal(
                N_("%(count)d of these movements settle an invoice. Undo those matches first."),
                count=settling,
            )
        _take_back(import_id)
        row.state, row.undone_at = ImportState.UNDONE, datetime.now(UTC)
        audit.record("bank_file.undone", row, by=by, before={"added": row.added})
        live.touch("bank", "cash-flow")
    return row


def throw_away(*, import_id: UUID, by: Actor) -> None:
    """Leave a file that was only looked at."""
    _require(by)
    with transaction():
        row = _waiting(queries.lock(import_id))
        audit.record("bank_file.left", row, by=by, before={"name": row.name})
        queries.remove(row)


def _take_back(import_id: UUID) -> None:
    moved: dict[UUID, dict[date, Decimal]] = {}
    for one in queries.moved(import_id):
        moved.setdefault(one.account_id, {})[one.day] = -one.amount
    for account_id in sorted(moved):
        account = accounts.lock_account(account_id)
        if account is not None:
            account.balance += sum(moved[account_id].values(), Decimal(0))
    queries.remove_movements(import_id)
    for account_id, days in moved.items():
        accounts.move_balances(account_id, days)


def _read(row: BankImport) -> BankFile:
    """The file, with its columns as a person of this company explained them."""
    content = row.content or b""
    try:
        found = bank_files.read(content)
        header: Sequence[str] = found.header
    except UnknownColumns as unknown:
        kept = queries.mapping(_header_key(unknown.header))
        if kept is None:
            raise
        return bank_files.read(content, wanted=_columns(kept.columns))
    kept = queries.mapping(_header_key(header)) if header else None
    return bank_files.read(content, wanted=_columns(kept.columns)) if kept else found


def _columns(said: Mapping[str, str]) -> Columns:
    return Columns(tuple((Role(role), name) for role, name in said.items() if name))


def _header_key(header: Sequence[str]) -> str:
    names = "|".join(bank_files.key(name) for name in header)
    return hashlib.sha256(names.encode()).hexdigest()


def _seen(found: Sequence[tuple[Part, BankAccount | None]], file: BankFile) -> tuple[Seen, ...]:
    """What of each part is new on its account; days before its first balance are left out."""
    ids = [account.id for _, account in found if account is not None]
    openings = queries.opening_days(ids) if ids else {}
    days = [one.booked_on for part, _ in found for one in part.movements]
    known = queries.known(ids, min(days), max(days)) if ids and days else {}
    return tuple(
        _judged(part, account, file, openings, known.get(account.id, []) if account else [])
        for part, account in found
    )


def _judged(
    part: Part,
    account: BankAccount | None,
    file: BankFile,
    openings: Mapping[UUID, date],
    known: Sequence[Known],
) -> Seen:
    booked = [one for one in part.movements if one.state is State.BOOKED and one.amount]
    told = judge(booked, format=file.format, known=known)
    if account is None:
        return Seen(part, None, told)
    opening = openings.get(account.id)
    kept = tuple(one for one in told if opening and one.movement.booked_on >= opening)
    return Seen(part, account, kept, too_early=len(told) - len(kept))


def _refuse_odd(part: Part, today: date) -> None:
    """What no column takes, or no bank books."""
    for one in part.movements:
        if one.amount != money.cents(one.amount) or abs(one.amount) > banking.LARGEST:
            raise Refusal(
                N_("Line %(line)d: %(amount)s is no amount that can be kept."),
                line=one.line or 0,
                amount=f"{one.amount:f}"[:40],
            )
        if not _EARLIEST <= one.booked_on <= today + _AHEAD:
            raise Refusal(
                N_("Line %(line)d: %(day)s is not likely as a day of booking."),
                line=one.line or 0,
                day=f"{one.booked_on:%d/%m/%Y}",
            )


def _account(part: Part, choice: Choice, *, today: date, by: Actor) -> BankAccount:
    if choice.account_id is not None:
        row = accounts.lock_account(choice.account_id)
        if row is None:
            raise NotFound
        if part.currency and row.currency != part.currency:
            raise Refusal(
                N_("%(name)s is kept in %(kept)s, but the file is in %(told)s."),
                name=row.name,
                kept=row.currency,
                told=part.currency,
            )
        return row
    if choice.opening_balance is None:
        raise Refusal(N_("Fill in what the account held before the first movement of the file."))
    iban = part.account if fields.is_iban(part.account) else None
    return banking.open_account(
        account=banking.Account(
            choice.name or part.account or part.currency or "",
            iban,
            AccountKind.CURRENT,
            part.currency or "EUR",
        ),
        opening_balance=money.cents(choice.opening_balance),
        opening_day=min(part.first_day or today, today),
        today=today,
        by=by,
        as_of=_evening(part),
    )


def _record(seen: Seen, account: BankAccount, row: BankImport) -> None:
    new = [_movement(one, row.id) for one in seen.told if not one.is_known]
    if new:
        banking.record_movements(account_id=account.id, movements=new, as_of=_evening(seen.part))


def _movement(told: Told, import_id: UUID) -> banking.Movement:
    one = told.movement
    account = one.counterparty_account
    return banking.Movement(
        booked_on=one.booked_on,
        amount=one.amount,
        counterparty_name=_storable(one.counterparty_name),
        counterparty_iban=account if fields.is_iban(account) else None,
        remittance_information=_storable(one.message),
        structured_communication=one.structured or one.creditor_reference,
        external_id=told.external_id,
        value_date=one.value_date,
        import_id=import_id,
    )


def _storable(text: str) -> str:
    """NUL can't be stored."""
    return text.replace("\x00", "")[:1000]


def _evening(part: Part) -> datetime:
    """A file tells how it stood when its last day closed, and never more than we know now."""
    last = part.closing_date or part.last_day or _EARLIEST
    return min(datetime.combine(last, time(20), UTC), datetime.now(UTC))


def _waiting(row: BankImport | None) -> BankImport:
    if row is None:
        raise NotFound
    if row.state is not ImportState.PREVIEW or row.content is None:
        raise Refusal(N_("This file was imported already."))
    return row


def _require(by: Actor) -> None:
    if not by.can(Right.EDIT_INVOICES):
        raise NotAllowed
