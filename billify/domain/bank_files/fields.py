"""The small things every bank file holds: amounts, days, account numbers, references."""

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal

from billify.domain import references
from billify.domain.refusal import Refusal

_PLAIN = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{0,10})?|[+-]?\.[0-9]{1,10}")
_MARKED = re.compile(r"[+*]{3}([0-9/\s.]{12,24}?)[+*]{3}")
_SLASHED = re.compile(r"(?<![0-9/])([0-9]{3}\s?/\s?[0-9]{4}\s?/\s?[0-9]{5})(?![0-9/])")
_TWELVE = re.compile(r"[0-9]{12}")
_CREDITOR = re.compile(r"(?<![A-Z0-9])RF[0-9]{2}[A-Z0-9]{1,21}(?![A-Z0-9])")
_ACCOUNT = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


def plain_amount(text: str) -> Decimal | None:
    """The amount of a text written with a point, or None."""
    bare = text.strip()
    return Decimal(bare) if _PLAIN.fullmatch(bare) else None


def day(year: int, month: int, number: int) -> date | None:
    """A day of the calendar, or None."""
    try:
        return date(year, month, number)
    except ValueError:
        return None


def nearest_day(year: int, month: int, number: int) -> date | None:
    """As `day`, but 30 February is the last of that month: banks count thirty days in each."""
    if 1 <= month <= 12 and 1 <= number <= 31 and 1 <= year <= 9999:
        return date(year, month, min(number, monthrange(year, month)[1]))
    return None


def short_year(text: str) -> int:
    """The year of two digits: a statement is of 1980 or later."""
    return int(text) + (1900 if int(text) >= 80 else 2000)


def one_line(*parts: str | None) -> str:
    """Texts joined by single spaces."""
    return " ".join(" ".join(part or "" for part in parts).split())


def structured_in(text: str) -> str | None:
    """The Belgian structured communication inside a text, or which the text consists of."""
    bare = text.strip()
    if _TWELVE.fullmatch(bare):
        return references.structured(bare)
    for pattern in (_MARKED, _SLASHED):
        for found in pattern.finditer(text):
            known = references.structured(found[1])
            if known:
                return known
    return None


def creditor_in(text: str) -> str | None:
    """The RF creditor reference inside a text, or None."""
    for found in _CREDITOR.finditer(text.upper()):
        known = references.creditor(found[0])
        if known:
            return known
    return references.creditor(text) if text.strip()[:2].upper() == "RF" else None


def account_number(text: str | None) -> str | None:
    """An account as it is compared: no spaces, capitals; a Belgian number becomes its IBAN."""
    bare = re.sub(r"[\s\-]+", "", text or "").upper()
    if not bare:
        return None
    if re.fullmatch(r"[0-9]{12}", bare):
        return _belgian_iban(bare) or bare
    return bare


def is_iban(text: str | None) -> bool:
    """Whether a text is an IBAN with right check digits."""
    if not text or not _ACCOUNT.fullmatch(text):
        return False
    try:
        references.normalise_iban(text)
    except Refusal:
        return False
    return True


def _belgian_iban(number: str) -> str | None:
    """Twelve digits of which the last two check the first ten (the national number of before)."""
    if (int(number[:10]) % 97 or 97) != int(number[10:]) or not int(number):
        return None
    check = 98 - int(f"{number}111400") % 97
    return f"BE{check:02d}{number}"
