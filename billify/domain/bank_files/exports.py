"""The movements of a bank's CSV or XLSX export, oldest first, and the balances it tells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from billify.domain import identity
from billify.domain.bank_files import cells, csv_profiles, fields
from billify.domain.bank_files.columns import Role
from billify.domain.bank_files.shapes import Movement, Remark, Statement, Unreadable
from billify.domain.bank_files.tables import Row, Table
from billify.domain.refusal import N_

_FREE = (Role.STRUCTURED, Role.MESSAGE, Role.DESCRIPTION)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row that is a movement, with what the export says around it."""

    movement: Movement
    account: str | None
    currency: str | None
    product: str
    balance: Decimal | None
    moment: str


@dataclass(frozen=True, slots=True)
class _Way:
    """How this file writes amounts and days."""

    mark: str
    is_month_first: bool


def read(table: Table) -> tuple[list[Statement], list[Remark]]:
    """A statement for each account, currency and product. Refuses a row that can't be read."""
    way = _way(table)
    lines: list[_Line] = []
    refused = waiting = 0
    for row in table.rows:
        state = _state(table, row)
        if state in csv_profiles.REFUSED:
            refused += 1
        elif state in csv_profiles.WAITING or _is_unfinished(table, row):
            waiting += 1
        elif (line := _line(table, row, way)) is not None:
            lines.append(line)
    closing = _last_balance(table, way)
    statements = [_statement(group, closing) for group in _groups(lines)]
    if not statements and closing is None:
        raise Unreadable(
            N_("Line %(line)d: the file tells no movement and no balance."), line=table.line
        )
    return statements or [_nothing(table, closing)], list(_notes(refused, waiting))


def _way(table: Table) -> _Way:
    amounts = (Role.AMOUNT, Role.CREDIT, Role.DEBIT, Role.BALANCE, Role.FEE)
    days = (Role.BOOKED, Role.VALUED)
    return _Way(
        mark=cells.decimal_mark(_texts(table, amounts)),
        is_month_first=cells.is_month_first(_texts(table, days)),
    )


def _texts(table: Table, roles: Sequence[Role]) -> Iterator[str]:
    for row in table.rows:
        for role in roles:
            text = _cell(table, row, role)
            if text:
                yield text


def _cell(table: Table, row: Row, role: Role) -> str:
    """The first cell of a role that holds something."""
    for place in table.places.get(role, ()):
        if place < len(row[1]) and row[1][place].strip():
            return row[1][place]
    return ""


def _state(table: Table, row: Row) -> str:
    return identity.search_key(_cell(table, row, Role.STATE))


def _is_unfinished(table: Table, row: Row) -> bool:
    """Revolut lists what has begun but isn't completed, without a second day."""
    return (
        table.bank == "Revolut"
        and not _cell(table, row, Role.BOOKED)
        and bool(_cell(table, row, Role.VALUED))
    )


def _line(table: Table, row: Row, way: _Way) -> _Line | None:
    written = _cell(table, row, Role.BOOKED) or _cell(table, row, Role.VALUED)
    amount = _amount(table, row, way)
    if not written and amount is None:
        return None  # a title or a sum beneath the movements
    booked = cells.day(written, month_first=way.is_month_first)
    if booked is None:
        raise Unreadable(
            N_("Line %(line)d: “%(text)s” is not a day."), line=row[0], text=written.strip()[:30]
        )
    if amount is None:
        raise Unreadable(N_("Line %(line)d: the amount cannot be read."), line=row[0])
    account = fields.account_number(_cell(table, row, Role.ACCOUNT))
    is_number = _is_number(account)
    product = fields.one_line(_cell(table, row, Role.PRODUCT), "" if is_number else account)
    return _Line(
        movement=_movement(table, row, booked, amount, way),
        account=account if is_number else None,
        currency=(_cell(table, row, Role.CURRENCY).strip().upper()[:3] or table.currency),
        product=product,
        balance=_optional(table, row, Role.BALANCE, way),
        moment=written,
    )


def _is_number(account: str | None) -> bool:
    return sum(letter.isdigit() for letter in account or "") >= 5


def _amount(table: Table, row: Row, way: _Way) -> Decimal | None:
    """One column, or one for what came in and one for what went out; a fee may come on top."""
    whole = _cell(table, row, Role.AMOUNT)
    if whole:
        amount = cells.amount(whole, way.mark)
        direction = identity.search_key(_cell(table, row, Role.DIRECTION))
        if amount is not None and direction in csv_profiles.OUT:
            amount = -abs(amount)
    else:
        into = _optional(table, row, Role.CREDIT, way)
        out = _optional(table, row, Role.DEBIT, way)
        if into is None and out is None:
            return None
        amount = abs(into or Decimal(0)) - abs(out or Decimal(0))
    fee = _optional(table, row, Role.FEE, way) if table.is_fee_apart else None
    return amount - fee if amount is not None and fee else amount


def _optional(table: Table, row: Row, role: Role, way: _Way) -> Decimal | None:
    text = _cell(table, row, role)
    return cells.amount(text, way.mark) if text else None


def _movement(table: Table, row: Row, booked: date, amount: Decimal, way: _Way) -> Movement:
    texts = [_all(table, row, role) for role in _FREE]
    name = _cell(table, row, Role.COUNTERPARTY_NAME)
    other = _cell(table, row, Role.COUNTERPARTY_ACCOUNT)
    if not _is_number(other):
        name, other = name or other, ""  # some banks write the name where others put the number
    if Role.PAYEE in table.places:
        name = name if amount > 0 else _cell(table, row, Role.PAYEE)
    message = next((text for text in texts[1:] if text), "")
    return Movement(
        booked_on=booked,
        amount=amount,
        value_date=cells.day(_cell(table, row, Role.VALUED), month_first=way.is_month_first),
        counterparty_name=fields.one_line(name),
        counterparty_account=fields.account_number(other),
        message=message or fields.one_line(texts[0]),
        structured=next((one for text in texts if (one := fields.structured_in(text))), None),
        creditor_reference=next((one for text in texts if (one := fields.creditor_in(text))), None),
        reference=fields.one_line(_cell(table, row, Role.REFERENCE)) or None,
        line=row[0],
    )


def _all(table: Table, row: Row, role: Role) -> str:
    """What the columns of a role hold together; the description is one of them."""
    if role is Role.DESCRIPTION:
        return fields.one_line(_cell(table, row, role))
    places = table.places.get(role, ())
    return fields.one_line(*(row[1][at] for at in places if at < len(row[1])))


def _groups(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    groups: dict[tuple[str | None, str | None, str], list[_Line]] = {}
    for line in lines:
        groups.setdefault((line.account, line.currency, line.product), []).append(line)
    yield from groups.values()


def _statement(lines: list[_Line], closing: Decimal | None) -> Statement:
    ordered = _oldest_first(lines)
    opening, last = _balances(ordered)
    first = ordered[0]
    return Statement(
        account=first.account,
        currency=first.currency,
        movements=tuple(one.movement for one in ordered),
        opening_balance=opening,
        closing_balance=last if last is not None else closing,
        opening_date=min(one.movement.booked_on for one in ordered),
        closing_date=max(one.movement.booked_on for one in ordered),
        product=first.product,
    )


def _oldest_first(lines: list[_Line]) -> list[_Line]:
    """Most exports begin with the newest; where balances are told they say which way it goes."""
    turned = lines[::-1]
    is_newest_first = lines[0].movement.booked_on > lines[-1].movement.booked_on
    ways = [turned, lines] if is_newest_first else [lines, turned]
    ways += [sorted(way, key=lambda one: (one.movement.booked_on, one.moment)) for way in ways]
    return max(ways, key=_links)


def _links(lines: Sequence[_Line]) -> int:
    """How many balances follow from the one before."""
    pairs = pairwise(lines)
    return sum(
        before.balance is not None and after.balance == before.balance + after.movement.amount
        for before, after in pairs
    )


def _balances(lines: Sequence[_Line]) -> tuple[Decimal | None, Decimal | None]:
    """What was there before the first line and after the last, from the balances told."""
    told = [(at, one.balance) for at, one in enumerate(lines) if one.balance is not None]
    if not told:
        return None, None
    amounts = [one.movement.amount for one in lines]
    (first, opening), (last, closing) = told[0], told[-1]
    return (
        opening - sum(amounts[: first + 1], Decimal(0)),
        closing + sum(amounts[last + 1 :], Decimal(0)),
    )


def _last_balance(table: Table, way: _Way) -> Decimal | None:
    """Belfius tells it above the header."""
    for row in table.before:
        if len(row) > 1 and identity.search_key(row[0]) in csv_profiles.LAST_BALANCE:
            mark = cells.decimal_mark([row[1]]) if any(one in row[1] for one in ",.") else way.mark
            return cells.amount(row[1], mark)
    return None


def _nothing(table: Table, closing: Decimal | None) -> Statement:
    return Statement(account=None, currency=table.currency, closing_balance=closing)


def _notes(refused: int, waiting: int) -> Iterator[Remark]:
    if refused:
        yield Remark(
            N_("Movements that the bank refused and that were left out: %(count)d."),
            {"count": refused},
        )
    if waiting:
        yield Remark(
            N_("Movements still to be booked and left out: %(count)d."), {"count": waiting}
        )
