"""The values on a paper that could be the one of a field, and how a value is written."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from billify.domain.reading import codes, dates, names
from billify.domain.reading.layout import Cell, Line
from billify.domain.reading.memory.scene import Place, Scene
from billify.domain.reading.words import Box, Word, around

CENT = Decimal("0.01")
DATES = frozenset(["issue_date", "due_date", "delivery_date"])
AMOUNTS = frozenset(["net_amount", "vat_amount", "gross_amount", "amount_due"])
CODES = {
    "supplier_vat": ("vat",),
    "buyer_vat": ("vat",),
    "iban": ("iban",),
    "bic": ("bic",),
    "payment_reference": ("ogm", "ogm_bare", "rf"),
}
NUMBERS = frozenset(["invoice_number", "order_reference", "payment_reference"])
NAMES = frozenset(["buyer_name"])
_LIKE_LETTERS = {"1": "I", "0": "O", "5": "S", "8": "B", "2": "Z"}
_LIKE_FIGURES = {"I": "1", "l": "1", "|": "1", "O": "0", "o": "0", "S": "5", "B": "8", "Z": "2"}
_TRIM = " :.,;#*()[]"
_MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Span:
    """A value on the page."""

    value: str
    """As a reading keeps it."""
    words: tuple[Word, ...]
    line: Line
    place: Place
    text: str = ""
    """As printed, of numbers and names."""
    is_valid: bool = True
    """Its check digits are right, or it has none; an amount is printed as money."""

    @property
    def page(self) -> int:
        """The page it stands on."""
        return self.line.page

    @property
    def box(self) -> Box:
        """Its place in points, as the facts have it."""
        return around(self.words)


@dataclass(frozen=True, slots=True)
class Writing:
    """How a value was written: what stood before and behind it in its words, and its shape."""

    shape: str
    words: int
    before: str = ""
    behind: str = ""
    is_code: bool = False
    """A number with check digits of its own."""

    def to_json(self) -> list[str | int | bool]:
        """A short list; `Writing(*kept)` turns it back."""
        return [self.shape, self.words, self.before, self.behind, self.is_code]


def spans(
    seen: Scene, name: str, writings: Sequence[Writing], *, month_first: bool | None
) -> list[Span]:
    """Every value on the pages that could be of this field."""
    if name in DATES:
        return list(_days(seen, month_first))
    if name in AMOUNTS:
        return list(_amounts(seen))
    found: list[Span] = []
    if name in CODES:
        found = list(_codes(seen, CODES[name]))
    if name in NUMBERS or name in NAMES:
        for writing in _distinct(writings):
            if not writing.is_code:
                found += _texts(seen, writing, is_name=name in NAMES)
    return found


def located(seen: Scene, name: str, value: str) -> list[tuple[Span, Writing]]:
    """Where a true value stands on the pages, and how it is written there."""
    if name in DATES:
        both = [*_days(seen, False), *_days(seen, True)]
        same = {id(one.words[0]): one for one in both if one.value == value}
        return [(one, Writing("", len(one.words))) for one in same.values()]
    if name in AMOUNTS:
        wanted = abs(Decimal(value)).quantize(CENT)
        equal = [one for one in _amounts(seen) if abs(Decimal(one.value)) == wanted]
        # A bare whole figure is a number of pieces sooner than a total.
        money = [one for one in equal if one.is_valid] or equal
        return [(one, Writing("", len(one.words))) for one in money]
    found: list[tuple[Span, Writing]] = []
    if name in CODES:
        found = [
            (one, Writing("", len(one.words), is_code=True))
            for one in _codes(seen, CODES[name])
            if codes.bare(one.value) == codes.bare(value)
        ]
    if not found and (name in NUMBERS or name in NAMES):
        found = list(_text_located(seen, value, is_name=name in NAMES))
    return found


def shape_of(text: str) -> str:
    """The form of a number: F2022-0027 is A9999-9999, with long runs cut to their kind."""
    kinds = ("9" if c.isdigit() else "A" if c.isalpha() else c for c in text.strip())
    return "".join(
        f"{kind}{len(list(run))}" if kind in "A9" else kind for kind, run in groupby(kinds)
    )


def likeness(text: str, shape: str) -> float:
    """0..1: how much a text has the form of a remembered value."""
    mine = shape_of(text)
    if mine == shape:
        return 1.0
    if re.sub(r"\d+", "", mine.replace("9", "D")) == re.sub(r"\d+", "", shape.replace("9", "D")):
        return 0.9
    has_digit = any(map(str.isdigit, text))
    return 0.55 if has_digit == ("9" in shape) else 0.2


def shaped(text: str, shape: str) -> str:
    """A misread number put into a remembered shape, where only look-alikes stand in the way."""
    kinds = "".join(
        kind * int(count) if kind else other
        for kind, count, other in re.findall(r"([A9])(\d+)|([^A9])", shape)
    )
    if len(kinds) != len(text):
        return text
    put = [
        _LIKE_LETTERS.get(letter, letter)
        if kind == "A"
        else _LIKE_FIGURES.get(letter, letter)
        if kind == "9"
        else letter
        for letter, kind in zip(text, kinds, strict=True)
    ]
    right = "".join(put)
    return right if shape_of(right) == shape else text


def in_words(shape: str) -> str:
    """A shape as a person writes an example: A1-9999 for one letter, a dash and four figures."""
    runs = re.findall(r"([A9])(\d+)|([^A9])", shape)
    return "".join(kind * min(int(count), 8) if kind else other for kind, count, other in runs)


def _days(seen: Scene, month_first: bool | None) -> Iterator[Span]:
    found = seen.facts.days
    if month_first is not None:
        found = dates.days(seen.facts.sheets, month_first=month_first)
    for day in found:
        place = seen.place(day.line.page, day.words)
        yield Span(day.value.isoformat(), day.words, day.line, place)


def _amounts(seen: Scene) -> Iterator[Span]:
    for amount in seen.facts.amounts:
        if amount.is_percent or abs(amount.value) >= Decimal(10) ** 11:
            continue
        place = seen.place(amount.line.page, amount.words)
        value = format(amount.value.quantize(CENT), "f")
        yield Span(value, amount.words, amount.line, place, is_valid=amount.is_money)


def _codes(seen: Scene, kinds: Sequence[str]) -> Iterator[Span]:
    for code in seen.facts.codes:
        if code.kind in kinds:
            place = seen.place(code.line.page, code.words)
            yield Span(code.value, code.words, code.line, place, code.value, code.is_valid)


def _texts(seen: Scene, writing: Writing, *, is_name: bool) -> Iterator[Span]:
    for line, cell in seen.cells_of_lines():
        for words in _groups(cell, writing.words, is_name=is_name):
            text = " ".join(word.text for word in words)
            cut = _cut(text, writing)
            if cut is not None and seen.is_noisy and not is_name:
                cut = shaped(cut, writing.shape)
            if cut is None or not _may_be(cut, is_name=is_name):
                continue
            yield Span(cut, tuple(words), line, seen.place(cell.page, words), cut)


def _groups(cell: Cell, count: int, *, is_name: bool) -> Iterator[list[Word]]:
    """Names take their cell whole; numbers stand among other words."""
    if is_name:
        yield cell.words
        return
    for at in range(len(cell.words) - count + 1):
        yield cell.words[at : at + count]


def _cut(text: str, writing: Writing) -> str | None:
    """The value without what is printed fast to it; None when that is not there."""
    before, behind = writing.before, writing.behind
    if before:
        if not text.casefold().startswith(before.casefold()):
            return None
        text = text[len(before) :]
    if behind and text.casefold().endswith(behind.casefold()):
        text = text[: -len(behind)]
    return text.strip(_TRIM) or None


def _may_be(text: str, *, is_name: bool) -> bool:
    if is_name:
        return names.could_be_name(text) and not names.is_street(text) and not names.is_place(text)
    return any(map(str.isdigit, text)) and len(text) <= 60


def _text_located(seen: Scene, value: str, *, is_name: bool) -> Iterator[tuple[Span, Writing]]:
    wanted = codes.bare(value)
    if len(wanted) < 1:
        return
    for line, cell in seen.cells_of_lines():
        most = 1 if is_name else min(_MOST_WORDS, len(cell.words))
        done = False
        for count in range(1, most + 1):
            for words in _groups(cell, count, is_name=is_name):
                span = _span_with(seen, line, words, value, wanted)
                if span is not None and not done:
                    done = True
                    yield span
            if done:
                break


def _span_with(
    seen: Scene, line: Line, words: list[Word], value: str, wanted: str
) -> tuple[Span, Writing] | None:
    text = " ".join(word.text for word in words)
    if wanted not in codes.bare(text):
        return None
    at = text.casefold().find(value.casefold())
    if at >= 0:
        start, end = at, at + len(value)
    elif codes.bare(text) == wanted:
        start, end = 0, len(text)
    else:
        return None
    before, behind = text[:start], text[end:]
    if _runs_on(before[-1:], value[:1]) or _runs_on(value[-1:], behind[:1]):
        return None  # the middle of a longer word
    if any(map(str.isdigit, before + behind)):
        return None  # what is printed fast to it changes too
    before = before if before.strip(_TRIM) else ""
    behind = behind if behind.strip(_TRIM) else ""
    span = Span(value, tuple(words), line, seen.place(line.page, words), value)
    return span, Writing(shape_of(value), len(words), before, behind)


def _runs_on(one: str, other: str) -> bool:
    """Both figures, or both letters: nothing parts them."""
    return (one.isdigit() and other.isdigit()) or (one.isalpha() and other.isalpha())


def _distinct(writings: Sequence[Writing]) -> list[Writing]:
    return list(dict.fromkeys(writings))
