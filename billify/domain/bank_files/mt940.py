"""SWIFT MT940 and MT942 as banks really write them: own tags, broken lines, impossible days."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from billify.domain.bank_files import fields
from billify.domain.bank_files.shapes import Movement, Statement, Unreadable
from billify.domain.refusal import N_

_TAGS = "20|21|23|25P?|28C?|13D?|34F|60[FM]|61|86|62[FM]|64|65|90[CD]|NS"
_TAG = re.compile(rf"\s*:({_TAGS}):(.*)", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\n|\r")
_SIGN = re.compile(rf"^[ \t]*:(?:{_TAGS}):", re.MULTILINE)
_BALANCE = re.compile(r"\s*([CD])\s*([0-9]{6})\s*([A-Z]{3})\s*([0-9][0-9.,]*)")
_ENTRY = re.compile(
    r"""\s*(?P<value>[0-9]{6}) (?P<entry>[0-9]{4}|[ ]{4})? \s*
        (?P<mark>R[CD]|E[CD]|[CD]) (?P<funds>[A-Z])?? \s*
        (?P<amount>[0-9][0-9.,]*) (?P<rest>.*)""",
    re.VERBOSE | re.DOTALL,
)
_AMOUNT = re.compile(r"[0-9]{1,15}(?:[.,][0-9]{0,10})?|[0-9]{1,3}(?:\.[0-9]{3}){1,4},[0-9]{0,10}")
_END = re.compile(r"-(?:\}.*|XXX)?\s*", re.DOTALL)
_BOX = re.compile(r"\?([0-9]{2})")
_WORDS = re.compile(
    r"/(TRTP|IBAN|BIC|NAME|REMI|EREF|ORDP|BENM|ISDT|CSID|MARF|CNTP|ADDR|PREF|RTRN|PURP|ULTC|ULTD"
    r"|ULTB|TRCD|ACCW|BUSP|SVCL|USTD|STRD|SUM)/"
)
_OUT = {"D", "RC", "ED"}
"""What leaves the account: a debit, or a credit that is taken back (RC)."""


@dataclass(slots=True)
class _Account:
    """A statement while its tags are read."""

    account: str | None = None
    currency: str | None = None
    number: str | None = None
    opening: Decimal | None = None
    opening_date: date | None = None
    closing: Decimal | None = None
    closing_date: date | None = None
    movements: list[Movement] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been told of it yet."""
        return self == _Account()


def looks_like(text: str) -> bool:
    """Whether a line begins with a tag of MT940."""
    return bool(_SIGN.search(text))


def read(text: str) -> list[Statement]:
    """The statements of a file. Refuses an amount or balance that cannot be read, with its line."""
    accounts = [_Account()]
    was_entry = False
    for line, tag, value in _tagged(text):
        if _begins_anew(accounts[-1], tag):
            accounts.append(_following(accounts[-1], tag))
        if tag == "86" and was_entry:
            _describe(accounts[-1], value)
        else:
            _take(accounts[-1], tag, value, line)
        was_entry = tag == "61" or (was_entry and tag in ("86", "NS"))
    found = [_statement(one) for one in accounts if not one.is_empty]
    if all(one.is_empty for one in found):
        raise Unreadable(N_("Line %(line)d: the file tells no movement and no balance."), line=1)
    return found


def _tagged(text: str) -> Iterator[tuple[int, str, str]]:
    """Each tag with the line it stands on and all lines of its value."""
    begun: tuple[int, str, list[str]] | None = None
    for number, line in enumerate(_LINE_END.split(text), 1):
        found = _TAG.match(line)
        if found:
            if begun:
                yield begun[0], begun[1], "\n".join(begun[2])
            begun = number, found[1], [found[2]]
        elif _END.fullmatch(line):
            if begun:
                yield begun[0], begun[1], "\n".join(begun[2])
            begun = None
        elif begun:
            begun[2].append(line)
    if begun:
        yield begun[0], begun[1], "\n".join(begun[2])


def _begins_anew(account: _Account, tag: str) -> bool:
    """A statement begins with its reference; some banks leave that out and go on with 25 or 60."""
    if tag == "20":
        return not account.is_empty
    has_more = bool(account.movements) or account.closing is not None
    if tag in ("25", "25P"):
        return account.account is not None and has_more
    return tag in ("60F", "60M") and account.closing is not None


def _following(before: _Account, tag: str) -> _Account:
    """A new balance without a new account is of the account before it."""
    if tag in ("60F", "60M"):
        return _Account(account=before.account, number=before.number)
    return _Account()


def _take(account: _Account, tag: str, value: str, line: int) -> None:
    first = value.split("\n")[0].strip()
    if tag in ("25", "25P"):
        account.account, account.currency = _number(first, account.currency)
    elif tag in ("28", "28C"):
        account.number = first or None
    elif tag == "34F" and account.currency is None:
        account.currency = first[:3] or None
    elif tag in ("60F", "60M") and account.opening is None:
        account.currency, account.opening, account.opening_date = _balance(value, line)
    elif tag in ("62F", "62M"):
        currency, account.closing, account.closing_date = _balance(value, line)
        account.currency = account.currency or currency
    elif tag == "61":
        account.movements.append(_entry(value, line))


def _number(text: str, known: str | None) -> tuple[str | None, str | None]:
    """The account, without the currency that some banks write behind it."""
    found = re.fullmatch(r"(.*[0-9])\s*([A-Z]{3})", text)
    if found:
        return fields.account_number(found[1]), found[2]
    return fields.account_number(text), known


def _balance(value: str, line: int) -> tuple[str, Decimal, date | None]:
    found = _BALANCE.match(value)
    if found is None:
        raise Unreadable(N_("Line %(line)d: the balance cannot be read."), line=line)
    amount = _amount(found[4], line)
    return found[3], -amount if found[1] == "D" else amount, _day(found[2])


def _entry(value: str, line: int) -> Movement:
    found = _ENTRY.match(value)
    if found is None:
        raise Unreadable(N_("Line %(line)d: the movement cannot be read."), line=line)
    amount = _amount(found["amount"], line)
    valued = _day(found["value"])
    booked = _booked(found["entry"] or "", found["value"]) or valued
    if booked is None:
        raise Unreadable(N_("Line %(line)d: the movement has no readable day."), line=line)
    reference, _, further = found["rest"].partition("\n")
    own, _, of_bank = reference.partition("//")
    extra = fields.one_line(further)
    return Movement(
        booked_on=booked,
        amount=-amount if found["mark"] in _OUT else amount,
        value_date=valued,
        counterparty_account=extra if fields.is_iban(extra) else None,
        message="" if fields.is_iban(extra) else extra,
        structured=fields.structured_in(extra),
        reference=fields.one_line(of_bank) or _own_reference(own),
        line=line,
    )


def _own_reference(text: str) -> str | None:
    """What follows the four characters of the kind; NONREF says that there is none."""
    bare = text.strip()[4:].strip()
    return bare if bare and bare != "NONREF" else None


def _booked(entry: str, value: str) -> date | None:
    """The entry day has no year: it is the one nearest to the value day."""
    if not entry.strip():
        return None
    year, month = fields.short_year(value[:2]), int(value[2:4])
    booked_month = int(entry[:2])
    if booked_month - month > 6:
        year -= 1
    elif month - booked_month > 6:
        year += 1
    return fields.nearest_day(year, booked_month, int(entry[2:]))


def _describe(account: _Account, value: str) -> None:
    """Field 86 tells about the entry before it, in boxes ?20, in words /NAME/, or freely."""
    last = account.movements[-1]
    joined = "".join(line if line else " " for line in value.split("\n"))
    if _BOX.search(joined):
        name, number, message = _boxes(joined)
    elif _WORDS.search(joined):
        name, number, message = _words(joined)
    else:
        name, number, message = "", None, value.replace("\n", " ")
    message = fields.one_line(message)
    if not message and name:
        message = last.message
    account.movements[-1] = replace(
        last,
        counterparty_name=fields.one_line(name) or last.counterparty_name,
        counterparty_account=number or last.counterparty_account,
        message=message if name else fields.one_line(last.message, message),
        structured=last.structured or fields.structured_in(message),
        creditor_reference=last.creditor_reference or fields.creditor_in(message),
    )


def _boxes(text: str) -> tuple[str, str | None, str]:
    """?20 to ?29 and ?60 to ?63 are the message, ?31 the account, ?32 and ?33 the name."""
    parts = _BOX.split(text)
    boxes: dict[str, str] = {}
    for key, content in zip(parts[1::2], parts[2::2], strict=True):
        boxes.setdefault(key, content)
    message = "".join(boxes.get(f"{key}", "") for key in (*range(20, 30), *range(60, 64)))
    kind = boxes.get("00", "")
    name = f"{boxes.get('32', '')}{boxes.get('33', '')}"
    return name, fields.account_number(boxes.get("31")), message or kind


def _words(text: str) -> tuple[str, str | None, str]:
    """/IBAN/, /NAME/ and /REMI/, each up to the next of such words."""
    parts = _WORDS.split(text)
    words: dict[str, str] = {}
    for key, content in zip(parts[1::2], parts[2::2], strict=True):
        words.setdefault(key, content.strip("/ "))
    message = words.get("REMI") or words.get("TRTP") or parts[0]
    return words.get("NAME", ""), fields.account_number(words.get("IBAN")), message


def _statement(one: _Account) -> Statement:
    return Statement(
        account=one.account,
        currency=one.currency,
        movements=tuple(one.movements),
        opening_balance=one.opening,
        closing_balance=one.closing,
        opening_date=one.opening_date,
        closing_date=one.closing_date,
        number=one.number,
    )


def _amount(text: str, line: int) -> Decimal:
    """`300,` and `1234,5`; a few banks write a point, or group thousands with it."""
    if not _AMOUNT.fullmatch(text):
        raise Unreadable(N_("Line %(line)d: the amount cannot be read."), line=line)
    bare = text.replace(".", "") if "," in text else text
    return Decimal(bare.replace(",", ".").rstrip("."))


def _day(digits: str) -> date | None:
    return fields.nearest_day(fields.short_year(digits[:2]), int(digits[2:4]), int(digits[4:6]))
