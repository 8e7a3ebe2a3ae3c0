"""CODA, the Belgian bank standard (Febelfin, version 2): records of 128 characters.

Record 0 opens a file, 1 a statement with its old balance, 21-22-23 are a movement, 31-32-33 what
the bank adds to it, 8 the new balance, 9 the sums. Positions in comments count from 1, as there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billify.domain import money
from billify.domain.bank_files import fields
from billify.domain.bank_files.shapes import Movement, Remark, Statement, Unreadable
from billify.domain.refusal import N_

WIDTH = 128
_FIRST = re.compile(r"0\s{4}\s*[0-9]{6}|00000[0-9]{6}")
_LINE_END = re.compile(r"\r\n|\n|\r")
_KNOWN = re.compile(r"0|1|2[123]|3[123]|4|8|9")
_STRUCTURED = ("101", "102")
"""Types of structured communication that hold a twelve-digit reference."""
_COUNTERPARTY = "001"


@dataclass(slots=True)
class _Entry:
    """A record 21 while its followers are read."""

    line: int
    is_detail: bool
    booked_on: date
    value_date: date | None
    amount: Decimal
    reference: str
    structured: str | None
    texts: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    name: str = ""
    account: str | None = None
    details: list["_Entry"] = field(default_factory=list)


@dataclass(slots=True)
class _Account:
    """A statement while its records are read."""

    account: str | None
    currency: str | None
    number: str
    holder: str
    opening: Decimal
    opening_date: date | None
    closing: Decimal | None = None
    closing_date: date | None = None
    entries: list[_Entry] = field(default_factory=list)


def looks_like(text: str) -> bool:
    """Whether a text begins as a CODA file does."""
    first = next((line for line in _LINE_END.split(text[:4000]) if line.strip()), "")
    is_record = bool(re.match(r"1[0-3]", first)) and len(first) == WIDTH
    return bool(_FIRST.match(first)) or is_record


def read(text: str) -> tuple[list[Statement], list[Remark]]:
    """The statements of a CODA file. Refuses a line that is no CODA record."""
    accounts: list[_Account] = []
    notes: list[Remark] = []
    first = 0
    for number, record in _records(text):
        kind = record[:2] if record[0] in "23" else record[0]
        if kind == "1":
            accounts.append(_opened(record, number))
        elif kind == "0":
            first = len(accounts)
        elif kind == "8" and accounts:
            _close(accounts[-1], record, number)
        elif kind == "9":
            notes += _sums(accounts[first:], record)
        elif kind in "48":
            continue
        elif not accounts:
            raise Unreadable(
                N_("Line %(line)d: a movement comes before the account it is of."), line=number
            )
        else:
            _take(accounts[-1], kind, record, number)
    return [_statement(one) for one in accounts], notes


def _records(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(_LINE_END.split(text), 1):
        bare = line.rstrip("\x1a")
        if not bare.strip():
            continue
        if len(bare.rstrip()) > WIDTH or not _KNOWN.match(bare):
            raise Unreadable(N_("Line %(line)d is not a CODA record."), line=number)
        yield number, bare.ljust(WIDTH)


def _opened(record: str, line: int) -> _Account:
    account, currency = _account(record[1], record[5:42])
    return _Account(
        account=account,
        currency=currency,
        number=record[125:128].strip() or record[2:5].strip(),
        holder=record[64:90].strip(),
        opening=_signed(record[42], record[43:58], line),
        opening_date=_day(record[58:64]),
    )


def _account(structure: str, field_text: str) -> tuple[str | None, str | None]:
    """Account and currency: 0 a Belgian number, 1 a foreign one, 2 and 3 an IBAN."""
    if structure == "0":
        return fields.account_number(field_text[:12]), field_text[13:16].strip() or None
    return fields.account_number(field_text[:34]), field_text[34:37].strip() or None


def _close(account: _Account, record: str, line: int) -> None:
    account.closing = _signed(record[41], record[42:57], line)
    account.closing_date = _day(record[57:63])


def _take(account: _Account, kind: str, record: str, line: int) -> None:
    if kind == "21":
        entry = _entry(record, line)
        if entry.is_detail and account.entries:
            account.entries[-1].details.append(entry)
        else:
            account.entries.append(entry)
        return
    if not account.entries:
        raise Unreadable(N_("Line %(line)d continues a movement that is not there."), line=line)
    last = account.entries[-1]
    current = last.details[-1] if last.details else last
    if kind == "22":
        current.texts.append(record[10:63])
    elif kind == "23":
        current.account = _counterparty(record[10:47])
        current.name = record[47:82].strip()
        current.texts.append(record[82:125])
    elif kind == "31" and record[39] == "1":
        if record[40:43] == _COUNTERPARTY and not current.name:
            current.name = record[43:113].strip()
    else:
        current.extra.append(record[40:113] if kind == "31" else record[10:115])


def _entry(record: str, line: int) -> _Entry:
    """Record 21: detail number 0000 is the movement itself, any other a part of it."""
    booked = _day(record[115:121])
    valued = _day(record[47:53])
    if booked is None and valued is None:
        raise Unreadable(N_("Line %(line)d: the movement has no readable day."), line=line)
    is_structured = record[61] == "1"
    code, reference = record[62:65], record[65:77]
    known = fields.structured_in(reference) if is_structured and code in _STRUCTURED else None
    return _Entry(
        line=line,
        is_detail=record[6:10] != "0000",
        booked_on=booked or valued or date.min,
        value_date=valued,
        amount=_signed(record[31], record[32:47], line),
        reference=record[10:31].strip(),
        structured=known,
        texts=[] if is_structured else [record[62:115]],
        extra=[_structured_text(code, record[62:115])] if is_structured and not known else [],
    )


def _structured_text(code: str, text: str) -> str:
    return text[3:].strip() if code in _STRUCTURED else text.strip()


def _counterparty(text: str) -> str | None:
    """The account of the other side: 34 characters, then a currency; some banks shift it."""
    found = re.match(r"\s*([A-Z0-9*]{5,34})(?:\s|$)", text.upper())
    return found[1] if found else fields.account_number(text[:34])


def _sums(accounts: Sequence[_Account], record: str) -> list[Remark]:
    """Record 9 sums what went out and came in; a difference says that lines were lost."""
    out, into = _cents(record[22:37]), _cents(record[37:52])
    if out is None or into is None or not accounts:
        return []
    amounts = [one.amount for account in accounts for one in account.entries]
    moved_in = sum((one for one in amounts if one > 0), Decimal(0))
    moved_out = -sum((one for one in amounts if one < 0), Decimal(0))
    if (moved_out, moved_in) == (out, into):
        return []
    return [
        Remark(
            N_(
                "The closing record counts %(out)s out and %(into)s in; the movements"
                " before it add up to %(moved_out)s and %(moved_in)s."
            ),
            {
                "out": money.show(out),
                "into": money.show(into),
                "moved_out": money.show(moved_out),
                "moved_in": money.show(moved_in),
            },
        )
    ]


def _statement(one: _Account) -> Statement:
    return Statement(
        account=one.account,
        currency=one.currency,
        movements=tuple(_movement(entry) for entry in one.entries),
        opening_balance=one.opening,
        closing_balance=one.closing,
        opening_date=one.opening_date,
        closing_date=one.closing_date,
        number=one.number or None,
        holder=one.holder,
    )


def _movement(entry: _Entry) -> Movement:
    """A communication runs over records 21, 22 and 23 without a space between them."""
    message = fields.one_line("".join(entry.texts))
    if not message:
        message = fields.one_line("".join(entry.extra))
    return Movement(
        booked_on=entry.booked_on,
        amount=entry.amount,
        value_date=entry.value_date,
        counterparty_name=fields.one_line(entry.name),
        counterparty_account=entry.account,
        message=message,
        structured=entry.structured or fields.structured_in(message),
        creditor_reference=fields.creditor_in(message),
        reference=entry.reference or None,
        details=tuple(_movement(one) for one in entry.details),
        line=entry.line,
    )


def _signed(sign: str, digits: str, line: int) -> Decimal:
    amount = _cents(digits)
    if amount is None or sign not in "01":
        raise Unreadable(N_("Line %(line)d: the amount cannot be read."), line=line)
    return -amount if sign == "1" else amount


def _cents(digits: str) -> Decimal | None:
    """Twelve digits and three decimals, without a point."""
    if not re.fullmatch(r"[0-9]{15}", digits):
        return None
    amount = Decimal(digits).scaleb(-3)
    return amount.quantize(money.CENT) if digits.endswith("0") else amount


def _day(digits: str) -> date | None:
    if not re.fullmatch(r"[0-9]{6}", digits):
        return None
    return fields.day(fields.short_year(digits[4:]), int(digits[2:4]), int(digits[:2]))
