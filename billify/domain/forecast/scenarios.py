"""What might be: changes to a forecast, read from an address and written back. No numpy in here.

Each change is a word and a short text, as in `late=<contact>:30`, `lose=<contact>@2027-01`,
`hire=2800@2027-01`, `buy=12000:21@2027-02-15`, `price=5@2027-01`, `vat=30` and
`loan=25000:36:4.5@2027-01`: what is asked, parted by colons, and behind the @ the month or the day
it begins. What they do to a forecast stands in `scenario_flows`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from billify.domain.forecast.shapes import MONTHS_AHEAD
from billify.domain.refusal import N_, Refusal

ZERO = Decimal("0.00")
MOST_CHANGES = 12
"""In one scenario; more than a page can tell apart."""
MOST_DAYS = 365
MOST_MONTHS = 360
LARGEST = Decimal(1_000_000_000)
_NUMBER = re.compile(r"-?\d{1,10}(\.\d{1,2})?")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class Kind(StrEnum):
    """What may change; the value is its name in an address."""

    LATE = "late"
    LOSE = "lose"
    HIRE = "hire"
    BUY = "buy"
    PRICE = "price"
    VAT = "vat"
    LOAN = "loan"


@dataclass(frozen=True, slots=True)
class Change:
    """One change; which values count depends on its kind.

    `late` and `lose` name a contact. `days`: how much later (below zero: earlier). `amount`: the
    gross wage of a month, a price without VAT, or what is borrowed. `percent`: of a price, of VAT,
    or the interest of a year. `months`: how long a loan runs. `on`: the day, or a month's first.
    """

    kind: Kind
    contact: str = ""
    days: int = 0
    amount: Decimal = ZERO
    percent: Decimal = ZERO
    months: int = 0
    on: date | None = None


class Unreadable(Refusal):
    """A change that makes no sense; `field` is the one of `Change` it is about."""

    def __init__(self, field: str, message: str, **params: object) -> None:
        super().__init__(message, **params)
        self.field = field


def read(*, kind: Kind, text: str, today: date) -> Change:
    """The change that an address names. Refuses what can't be read, with a sentence."""
    head, mark, when = text.strip().partition("@")
    parts = head.split(":")
    names = _PARTS[kind]
    begins = _BEGINS[kind]
    least = len(names) - (kind is Kind.BUY)
    if not least <= len(parts) <= len(names) or bool(mark) != bool(begins):
        raise Unreadable("kind", N_("Write it like %(example)s."), example=_EXAMPLES[kind])
    # Any: each value by its own reader, which gives the type that Change has for the name
    values: dict[str, Any] = {
        name: _READ[name](name, part) for name, part in zip(names, parts, strict=False)
    }
    if begins:
        values["on"] = _day(when) if begins == "day" else _month(when)
    return checked(change=Change(kind, **values), today=today)


def write(change: Change) -> str:
    """The change as it stands in an address; `read` gives it back."""
    names = _PARTS[change.kind]
    parts = [_plain(getattr(change, name)) for name in names]
    if change.kind is Kind.BUY and not change.percent:
        parts.pop()
    text = ":".join(parts)
    if change.on is None:
        return text
    begins = change.on.isoformat()
    return f"{text}@{begins if _BEGINS[change.kind] == 'day' else begins[:7]}"


def checked(*, change: Change, today: date) -> Change:
    """The same change, when its values are likely. Refuses others, each at its field."""
    _check_days(change)
    _check_amounts(change)
    if change.on is not None:
        _check_begin(change, today)
    return change


def month_after(first: date, months: int) -> date:
    """The first day of the month so many months after that of a day."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def last_month(today: date) -> date:
    """The first day of the last month that a forecast of today knows."""
    return month_after(today, MONTHS_AHEAD - 1)


def begins_on(kind: Kind) -> str:
    """Whether such a change begins on a `day`, with a `month`, or at once (empty)."""
    return _BEGINS[kind]


def fields_of(kind: Kind) -> tuple[str, ...]:
    """The values of `Change` that such a change asks for, in their order."""
    return (*_PARTS[kind], *(("on",) if _BEGINS[kind] else ()))


def _check_days(change: Change) -> None:
    if change.kind is Kind.LATE and not (change.days and abs(change.days) <= MOST_DAYS):
        raise Unreadable(
            "days",
            N_("Write how many days later, from 1 to %(most)s; with a minus for earlier."),
            most=MOST_DAYS,
        )
    if change.kind is Kind.VAT and not 1 <= change.days <= MOST_DAYS:
        raise Unreadable(
            "days", N_("Write how many days later, from 1 to %(most)s."), most=MOST_DAYS
        )


def _check_amounts(change: Change) -> None:
    if "amount" in _PARTS[change.kind] and not 0 < change.amount <= LARGEST:
        raise Unreadable("amount", N_("Write an amount above zero."))
    if change.kind is Kind.PRICE and not (change.percent and -90 <= change.percent <= 200):
        raise Unreadable("percent", N_("Write a change from -90 to 200 percent, not zero."))
    if change.kind is Kind.BUY and not 0 <= change.percent <= 30:
        raise Unreadable("percent", N_("Write a VAT rate from 0 to 30 percent."))
    if change.kind is Kind.LOAN:
        if not 0 <= change.percent <= 30:
            raise Unreadable("percent", N_("Write a yearly interest from 0 to 30 percent."))
        if not 1 <= change.months <= MOST_MONTHS:
            raise Unreadable(
                "months", N_("Write how many months, from 1 to %(most)s."), most=MOST_MONTHS
            )


def _check_begin(change: Change, today: date) -> None:
    begins = change.on
    first = today if _BEGINS[change.kind] == "day" else today.replace(day=1)
    if begins is None or begins < first:
        raise Unreadable("on", N_("This lies in the past: nothing of it is still to come."))
    if begins.replace(day=1) > last_month(today):
        message = N_("The forecast looks %(months)s months ahead, not further.")
        raise Unreadable("on", message, months=MONTHS_AHEAD)


def _contact(field: str, text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise Unreadable(field, N_("Choose a customer from the list.")) from None


def _whole(field: str, text: str) -> int:
    if not re.fullmatch(r"-?\d{1,5}", text):
        raise Unreadable(field, N_("Write a whole number."))
    return int(text)


def _number(field: str, text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise Unreadable(field, N_("Write a number, with at most two decimals behind a point."))
    return Decimal(text)


def _month(text: str) -> date:
    found = _MONTH.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2]), 1) if found else _no_day()
    except ValueError:
        raise Unreadable("on", N_("Choose a month.")) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else _no_day()
    except ValueError:
        raise Unreadable("on", N_("This day does not exist.")) from None


def _no_day() -> date:
    raise ValueError


def _plain(value: object) -> str:
    """A number without idle zeros, so that an address stays short."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


_PARTS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        Kind.LATE: ("contact", "days"),
        Kind.LOSE: ("contact",),
        Kind.HIRE: ("amount",),
        Kind.BUY: ("amount", "percent"),
        Kind.PRICE: ("percent",),
        Kind.VAT: ("days",),
        Kind.LOAN: ("amount", "months", "percent"),
    }
)
_BEGINS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.LATE: "",
        Kind.LOSE: "month",
        Kind.HIRE: "month",
        Kind.BUY: "day",
        Kind.PRICE: "month",
        Kind.VAT: "",
        Kind.LOAN: "month",
    }
)
_EXAMPLES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.LATE: "late=…:30",
        Kind.LOSE: "lose=…@2027-01",
        Kind.HIRE: "hire=2800@2027-01",
        Kind.BUY: "buy=12000:21@2027-02-15",
        Kind.PRICE: "price=5@2027-01",
        Kind.VAT: "vat=30",
        Kind.LOAN: "loan=25000:36:4.5@2027-01",
    }
)
_READ = MappingProxyType(
    {
        "contact": _contact,
        "days": _whole,
        "amount": _number,
        "percent": _number,
        "months": _whole,
    }
)
