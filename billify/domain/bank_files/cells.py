"""Amounts and days as exports write them: each file has its own way, found from all its cells."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from billify.domain.bank_files import fields

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari janvier januar january",
            "feb februari fevrier fev februar february fevr",
            "mrt maart mars mar marz maerz march mrz",
            "apr april avril avr",
            "mei mai may",
            "jun juni juin june",
            "jul juli juillet juil july",
            "aug augustus aout august",
            "sep sept september septembre",
            "okt oktober octobre oct october",
            "nov november novembre",
            "dec december decembre dez dezember",
        ),
        1,
    )
    for name in names.split()
}
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])")
_TIGHT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?![0-9])")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})(?![0-9])")
_DAY_NAMED = re.compile(r"([0-9]{1,2})[ .-]+([^\W\d_]+)\.?[ ,-]+([0-9]{4})")
_MONTH_NAMED = re.compile(r"([^\W\d_]+)\.?[ ]+([0-9]{1,2}),?[ ]+([0-9]{4})")
_ACCENTS = str.maketrans("éûôä", "euoa")
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f'’]+")
_SHAPE = re.compile(r"[0-9]{1,15}(?:\.[0-9]{0,10})?|\.[0-9]{1,10}")
_EXCEL_DAYS = (1, 2_900_000)


class Number(str):
    """A cell that a spreadsheet holds as a number: written with a point, whatever the rest is."""

    __slots__ = ()


def decimal_mark(texts: Iterable[str]) -> str:
    """Whether decimals come after a comma or a point, judged by the cells that leave no doubt."""
    votes = {",": 0, ".": 0}
    doubtful = {",": 0, ".": 0}
    for text in texts:
        marks = [letter for letter in text if letter in votes]
        if isinstance(text, Number) or not marks:
            continue
        last = marks[-1]
        if len(set(marks)) == 2 or not re.search(rf"\{last}[0-9]{{3}}\D*$", text):
            votes[last] += 1 if marks.count(last) == 1 else 0
        else:
            doubtful[last] += 1
    if votes[","] != votes["."]:
        return "," if votes[","] > votes["."] else "."
    # Only “1.234” and the like: that mark groups thousands, so the other one is for decimals.
    return "," if doubtful["."] > doubtful[","] else "."


def amount(text: str, mark: str) -> Decimal | None:
    """The amount of a cell, or None: minus before, behind or brackets; currency left out."""
    if isinstance(text, Number):
        return _spreadsheet_number(text)
    bare = _SPACES.sub("", text).replace("−", "-")
    bare = re.sub(r"^(?:EUR|€|[A-Z]{3}|[$£])|(?:€|[A-Z]{3}|[$£])$", "", bare)
    is_out = bare.startswith("-") or bare.endswith("-") or re.fullmatch(r"\(.*\)", bare) is not None
    bare = bare.strip("+-()")
    bare = re.sub(r"^(?:€|[$£])|(?:€|[$£])$", "", bare)
    other = "." if mark == "," else ","
    bare = bare.replace(other, "").replace(mark, ".")
    if not _SHAPE.fullmatch(bare):
        return None
    return -Decimal(bare) if is_out else Decimal(bare)


def is_month_first(texts: Iterable[str]) -> bool:
    """Whether days are written as in America: only when no other reading is possible."""
    pairs = [found for text in texts if (found := _YEAR_LAST.match(text.strip()))]
    has_late_second = any(int(found[2]) > 12 for found in pairs)
    return has_late_second and all(int(found[1]) <= 12 for found in pairs)


def day(text: str, *, month_first: bool = False) -> date | None:
    """The day of a cell; a time behind it is left out. A number counts as spreadsheets do."""
    bare = text.strip()
    if isinstance(text, Number) or re.fullmatch(r"[0-9]{5}(?:\.[0-9]+)?", bare):
        return _spreadsheet_day(bare)
    if found := _YEAR_FIRST.match(bare) or _TIGHT.match(bare):
        return fields.day(int(found[1]), int(found[2]), int(found[3]))
    if found := _YEAR_LAST.match(bare):
        first, second = int(found[1]), int(found[2])
        year = int(found[3]) if len(found[3]) == 4 else fields.short_year(found[3])
        return fields.day(year, *((first, second) if month_first else (second, first)))
    if found := _DAY_NAMED.match(bare):
        return _named(found[3], found[2], found[1])
    if found := _MONTH_NAMED.match(bare):
        return _named(found[3], found[1], found[2])
    return None


def _named(year: str, month: str, number: str) -> date | None:
    known = _MONTHS.get(month.casefold().translate(_ACCENTS))
    return fields.day(int(year), known, int(number)) if known else None


def _spreadsheet_number(text: str) -> Decimal | None:
    """Spreadsheets keep binary fractions: what is beyond four decimals is noise."""
    try:
        number = Decimal(text)
    except ArithmeticError:
        return None
    if not number.is_finite() or abs(number) >= 10**15:
        return None
    return number.quantize(Decimal("0.0001")).normalize() + 0


def _spreadsheet_day(text: str) -> date | None:
    number = fields.plain_amount(text)
    if number is None or not _EXCEL_DAYS[0] <= number <= _EXCEL_DAYS[1]:
        return None
    return date(1899, 12, 30) + timedelta(days=int(number))
