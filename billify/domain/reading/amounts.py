"""Amounts, percentages and currencies as they are printed, in any of Europe's habits."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from billify.domain.reading.layout import Cell, Line, Sheet
from billify.domain.reading.words import Box, Word, around

CENT = Decimal("0.01")
_TOO_LARGE = Decimal(10) ** 11
"""Longer numbers are codes, not amounts."""

_SIGNS = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "kč": "CZK",
    "zł": "PLN",
    "rm": "MYR",
    "rs": "INR",
    "fcfa": "XOF",
    "us$": "USD",
    "euro": "EUR",
    "euros": "EUR",
    "sfr": "CHF",
    "ft": "HUF",
    "lei": "RON",
    "лв": "BGN",
    "r$": "BRL",
    "tl": "TRY",
    "₺": "TRY",
    "bs": "VES",
    "₴": "UAH",
    "₽": "RUB",
    "rp": "IDR",
    "฿": "THB",
    "₫": "VND",
    "₩": "KRW",
    "₪": "ILS",
    "kn": "HRK",
    "dh": "MAD",
    "dt": "TND",
}
_CODE_LIST = (
    "EUR USD GBP CHF SEK NOK DKK CZK PLN HUF RON BGN INR MYR JPY CAD AUD NZD ZAR XOF XAF SGD AED "
    "TRY CNY BRL MXN UAH RUB VES IDR THB VND KRW ILS HRK MAD TND DZD"
)
_CODES = frozenset(_CODE_LIST.split())
_SIGN = (
    r"(?:€|\$|£|¥|₹|US\$|R\$|EUR|USD|GBP|CHF|RM|INR|Rs\.?|Fr\.|CZK|Kč|PLN|zł|SEK|DKK|NOK|e|F|HUF|Ft|"
    r"RON|lei|BGN|лв\.?|TL|TRY|₺|₴|₽|Bs\.?|Rp\.?|฿|₫|₩|₪|kr\.?|kn|DH|DT|MAD|TND)"
)
_NUMBER = r"\d{1,3}(?:[.,'’ ]\d{3})+(?:[.,]\d{1,6})?|\d+(?:[.,]\d{1,6})?|[.,]\d{2}"
_PRINTED = re.compile(
    rf"^[:=(]?(?P<before>[-+–−]?\s?{_SIGN}?\s?|{_SIGN}\s?[-+–−])(?P<number>{_NUMBER})"
    rf"(?P<after>,-|\.-|-|–)?\s?(?P<sign>{_SIGN}|%)?(?P<end>-|[)*;.,:]+)?$"
)
_THOUSANDS = re.compile(r"^[-–−]?\d{1,3}$")
_GROUP = re.compile(r"^\d{3}(?:[.,]\d{1,4})?$")
_BROKEN_HEAD = re.compile(r"^[-€$£]?\d{1,6}[.,]$")
_SIGNED_END = re.compile(r"[-–−]?(?:€|\$|£|EUR)?[-–−]?[;:.)]?$")
_BROKEN_TAIL = re.compile(r"^\d{3}[.,]\d{2}$")
_CENTS = re.compile(r"^\d{2}$")


@dataclass(frozen=True, slots=True, eq=False)
class Amount:
    """A number as printed, with its place."""

    value: Decimal
    decimals: int
    currency: str | None
    is_percent: bool
    words: tuple[Word, ...]
    line: Line
    cell: Cell

    @property
    def is_money(self) -> bool:
        """Two decimals or a currency beside it."""
        return not self.is_percent and (self.decimals == 2 or self.currency is not None)

    @property
    def box(self) -> Box:
        """Where it stands."""
        return around(self.words)


def parsed(text: str, *, comma_is_decimal: bool | None = None) -> Decimal | None:
    """The value of a printed number; None for what is no number, like 1.234,5,6."""
    found = _PRINTED.match(" ".join(text.split()))
    if found is None:
        return None
    value, _ = _value(found["number"], comma_is_decimal)
    if value is None:
        return None
    return -value if _is_negative(found) else value


def decimal_comma(sheets: Iterable[Sheet]) -> bool | None:
    """True when this document writes 1,50 and False for 1.50; None when it does not show."""
    votes: Counter[bool] = Counter()
    for sheet in sheets:
        for cell in sheet.cells:
            for word in cell.words:
                found = re.search(r"\d([.,])\d{2}(?!\d|[.,]\d)\W*$", word.text)
                if found:
                    votes[found[1] == ","] += 1
    if not votes:
        return None
    return votes[True] >= votes[False]


def amounts(sheets: Iterable[Sheet], *, comma_is_decimal: bool | None) -> list[Amount]:
    """Every number on the pages that could be an amount, from top to bottom."""
    return [
        amount
        for sheet in sheets
        for line in sheet.lines
        for amount in _of_line(line, comma_is_decimal)
    ]


def currency_of(text: str) -> str | None:
    """The ISO code of a currency sign or code."""
    bare = text.strip("()[]:.,;").strip()
    if bare.upper() in _CODES:
        return bare.upper()
    return _SIGNS.get(bare.casefold())


def _of_line(line: Line, comma: bool | None) -> Iterator[Amount]:
    for cell in line.cells:
        at = 0
        while at < len(cell.words):
            used, amount = _at(cell, at, line, comma)
            if amount is not None:
                yield amount
            at += used


def _at(cell: Cell, at: int, line: Line, comma: bool | None) -> tuple[int, Amount | None]:
    """(words used, the amount that starts here)."""
    words = cell.words
    for count in (4, 3, 2, 1):
        group = words[at : at + count]
        if len(group) < count or (count > 1 and not _belong(group)):
            continue
        text = _joined(group)
        found = _PRINTED.match(text)
        if found is None:
            continue
        value, decimals = _value(found["number"], comma)
        if value is None or value >= _TOO_LARGE:
            continue
        value = -value if _is_negative(found) else value
        sign = (found["sign"] or re.sub(r"[-+–−\s]", "", found["before"])) or ""
        before = words[at - 1].text if at else _cell_before(cell, line)
        after = words[at + count].text if at + count < len(words) else _cell_after(cell, line)
        percent = sign == "%" or after.strip() in ("%", "%)", "%:")
        currency = None if percent else currency_of(sign) or currency_of(before)
        currency = currency or (None if percent else currency_of(after))
        if before.strip() in ("-", "–", "−") and at and value > 0:
            value = -value
        if found["after"] in (",-", ".-"):
            decimals = 2
        return count, Amount(value, decimals, currency, percent, tuple(group), line, cell)
    return 1, None


def _belong(group: list[Word]) -> bool:
    """True for words that are one number with spaces in it: 1 234,56 or an OCR's 16. 80."""
    texts = [word.text for word in group]
    for left, right in itertools.pairwise(group):
        tall = max(left.y1 - left.y0, right.y1 - right.y0)
        # A lone 1 is narrow: the wider of the two says how wide a figure is.
        letter = max((word.x1 - word.x0) / max(len(word.text), 1) for word in (left, right))
        if right.x0 - left.x1 > 1.2 * letter or tall <= 0:
            return False
    if len(texts) == 2 and _BROKEN_HEAD.match(texts[0]):
        # 16. 80, or 1, 034.00 where the thousands are parted by the other mark.
        other = texts[1][-3:-2]
        is_tail = _BROKEN_TAIL.match(texts[1]) and other != texts[0][-1]
        return bool(_CENTS.match(texts[1]) or is_tail)
    texts[-1] = _SIGNED_END.sub("", texts[-1])
    return (
        bool(_THOUSANDS.match(texts[0].lstrip("€$£")))
        and all(_GROUP.match(text) for text in texts[1:])
        and all("." not in text and "," not in text for text in texts[1:-1])
    )


def _joined(group: list[Word]) -> str:
    if len(group) == 2 and _BROKEN_HEAD.match(group[0].text):
        return group[0].text + group[1].text
    return " ".join(word.text for word in group)


def _cell_before(cell: Cell, line: Line) -> str:
    at = line.cells.index(cell)
    return line.cells[at - 1].words[-1].text if at else ""


def _cell_after(cell: Cell, line: Line) -> str:
    at = line.cells.index(cell)
    return line.cells[at + 1].words[0].text if at + 1 < len(line.cells) else ""


def _is_negative(found: re.Match[str]) -> bool:
    if found["after"] in ("-", "–") or found["end"] == "-":
        return True
    bracketed = found.string.startswith("(") and ")" in (found["end"] or "")
    if bracketed and found["sign"] != "%":
        return True
    return any(sign in found["before"] for sign in "-–−")


def _value(number: str, comma: bool | None) -> tuple[Decimal | None, int]:
    """(value, decimals): which mark parts the decimals shows in the number or the document."""
    bare = re.sub(r"[ '’]", "", number)
    marks = re.findall(r"[.,]", bare)
    if not marks:
        return Decimal(bare), 0
    last = marks[-1]
    decimals = len(bare) - bare.rindex(last) - 1
    if len(set(marks)) == 2:
        return _decimal(bare, last), decimals
    if len(marks) > 1:
        return Decimal(bare.replace(last, "")), 0
    if decimals == 3 and not (comma is not None and (last == ",") == comma):
        return Decimal(bare.replace(last, "")), 0
    return _decimal(bare, last), decimals


def _decimal(bare: str, mark: str) -> Decimal | None:
    other = "," if mark == "." else "."
    if bare.count(mark) > 1:
        return None
    return Decimal(bare.replace(other, "").replace(mark, "."))
