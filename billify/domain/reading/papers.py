"""Papers that come along with invoices and are none: delivery notes, quotes, reminders, letters.

Judged by what the paper calls itself, and by what an invoice has and such a paper has not.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from billify.domain.reading import paper_words
from billify.domain.reading.facts import Facts
from billify.domain.reading.labels import phrases_of
from billify.domain.reading.layout import Cell, Sheet, folded
from billify.domain.reading.paper_words import SENTENCES, OtherKind

__all__ = ["SENTENCES", "OtherKind", "Verdict", "has_total", "is_blank", "titles_of", "verdict"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a paper is instead of an invoice; None for an invoice, credit note or receipt."""

    kind: OtherKind | None
    probability: float
    """That it is that, or for None that it is an invoice after all."""


_ARTICLE = re.compile(
    r"^(?:art(?:ikel|icle|\.)?\s*\d{1,2}\b|§\s*\d|\d{1,2}\s?[.)](?:\d{1,2}\.?)?\s)", re.I
)
_NUMBER_START = re.compile(r"^(?:n|nr|no|num|number|nummer|numero)?\s?[a-z]{0,4}\s?\d")

_OF_TITLE: dict[str, OtherKind | None] = {
    phrase: kind for kind, text in paper_words.TITLES.items() for phrase in phrases_of(text)
} | dict.fromkeys(phrases_of(paper_words.INVOICE_TITLES))
_LONGEST = max(len(phrase.split()) for phrase in _OF_TITLE)
_NUMBERING = {kind: tuple(phrases_of(text)) for kind, text in paper_words.NUMBERS.items()}
_SUPPORTING = {kind: tuple(phrases_of(text)) for kind, text in paper_words.SUPPORT.items()}
_INVOICE_ENDINGS = ("rechnung", "factuur", "korrektur")
"""Mietrechnung, Verzamelfactuur: what the invoice is for, in one word with it."""
_GREETING = frozenset(phrases_of(paper_words.GREETINGS))
_CLOSING = tuple(phrases_of(paper_words.CLOSINGS))
_ASKS_FOR_MONEY = frozenset([OtherKind.REMINDER, OtherKind.STATEMENT])
_HAS_PRICES = frozenset([OtherKind.ORDER_CONFIRMATION, OtherKind.ORDER, OtherKind.QUOTE])
WITH_SUMS = _ASKS_FOR_MONEY | _HAS_PRICES | {OtherKind.PRO_FORMA}
"""Papers that end in a total as invoices do."""
_FEW_WORDS = 4
_ALOUD = 0.5
"""Less loudly a word is a label among others: "Delivery note: 123"."""
_ENOUGH = 0.6
_STEEP = 2.4
"""How fast a margin becomes certainty: 0.5 more for one side makes about 0.77."""


def verdict(facts: Facts, *, pages: Sequence[int] | None = None) -> Verdict:
    """What the pages (all, when not given) are, if no invoice, credit note or receipt."""
    sheets = [one for one in facts.sheets if pages is None or one.page in pages]
    if all(is_blank(facts, sheet) for sheet in sheets):
        return Verdict(OtherKind.BLANK, 0.9)
    first = next(sheet for sheet in sheets if sheet.lines)
    titles = titles_of(first)
    numbers = {sheet.page for sheet in sheets}
    invoice = titles.get(None, 0.0) + _weight_of_invoice(facts, numbers)
    text = " ".join(f" {folded(cell.text)} " for sheet in sheets for cell in sheet.cells)
    scores: dict[OtherKind, float] = {}
    for kind in OtherKind:
        title = max(titles.get(kind, 0.0), _by_own_number(first, kind))
        if title < _ALOUD and kind not in (OtherKind.LETTER, OtherKind.TERMS, OtherKind.REMINDER):
            continue
        support = min(sum(f" {phrase}" in text for phrase in _SUPPORTING.get(kind, ())), 3)
        scores[kind] = title + 0.35 * support + _fit(facts, kind, numbers)
    scores[OtherKind.TERMS] = max(
        scores.get(OtherKind.TERMS, 0.0), _weight_of_terms(facts, first, titles)
    )
    letter = _weight_of_letter(facts, sheets)
    scores[OtherKind.LETTER] = letter
    scores[OtherKind.REMINDER] = scores.get(OtherKind.REMINDER, 0.0) + (0.5 * letter)
    kind = max(scores, key=lambda one: scores[one])
    margin = scores[kind] - _against(facts, kind, invoice, titles.get(None, 0.0), numbers)
    sure = 1 / (1 + math.exp(-_STEEP * (margin - 0.25)))
    if sure < _ENOUGH:
        return Verdict(None, 1 - sure)
    return Verdict(kind, min(sure, 0.98))


def titles_of(sheet: Sheet) -> dict[OtherKind | None, float]:
    """How loudly a page calls itself each kind of paper; None stands for invoice and the like."""
    sizes = sorted(cell.size for cell in sheet.cells)
    typical = sizes[len(sizes) // 2] if sizes else 10.0
    found: dict[OtherKind | None, float] = {}
    for cell in sheet.cells:
        if cell.y0 > (0.95 if sheet.is_slip else 0.5) * sheet.height or len(cell.words) > 12:
            continue
        kind, strength = _title(sheet, cell, typical)
        if strength:
            strength *= 1.15 if cell.y0 < 0.3 * sheet.height else 1.0
            found[kind] = max(found.get(kind, 0.0), strength)
    return found


def _by_own_number(sheet: Sheet, kind: OtherKind) -> float:
    """A label in the upper half names the paper's own number: "Offertenummer: 2022-005"."""
    phrases = _NUMBERING.get(kind, ())
    for cell in sheet.cells:
        if phrases and cell.y0 < 0.5 * sheet.height and len(cell.words) <= 6:
            text = folded(cell.text)
            if any(text == phrase or text.startswith(f"{phrase} ") for phrase in phrases):
                return _ALOUD
    return 0.0


def is_blank(facts: Facts, sheet: Sheet) -> bool:
    """Nothing on it but perhaps a page number or a running foot."""
    words = [word for line in sheet.lines for word in line.words]
    if len(words) <= _FEW_WORDS:
        return True
    lines = {id(line) for line in sheet.lines}
    has_value = (
        any(id(code.line) in lines for code in facts.codes)
        or any(id(day.line) in lines for day in facts.days)
        or any(id(amount.line) in lines and amount.is_money for amount in facts.amounts)
    )
    return len(words) <= 3 * _FEW_WORDS and not has_value and not titles_of(sheet)


def has_total(facts: Facts, pages: set[int]) -> bool:
    """An amount stands beside a word for the total or the amount to pay."""
    return any(_totals(facts, pages))


def _title(sheet: Sheet, cell: Cell, typical: float) -> tuple[OtherKind | None, float]:
    tokens = folded(cell.text).split()
    for count in range(min(_LONGEST, len(tokens)), 0, -1):
        phrase = " ".join(tokens[:count])
        if phrase not in _OF_TITLE and not (count == 1 and phrase.endswith(_INVOICE_ENDINGS)):
            continue
        rest = " ".join(tokens[count:])
        loud = min(max(cell.size / typical, 0.8), 2.2)
        if not rest:
            strength = 1.0
        elif _NUMBER_START.match(rest) and len(rest.split()) <= 5:
            strength = 0.7
        elif loud > 1.25 and len(tokens) - count <= 6:
            strength = 0.6
        else:
            return None, 0.0
        is_other = _OF_TITLE.get(phrase) is not None
        if loud < 1.15 and (
            ":" in cell.text or _is_label(cell) or (is_other and _is_over_value(sheet, cell))
        ):
            strength *= 0.25
        letters = [letter for letter in cell.text if letter.isalpha()]
        strength *= 1.2 if letters and all(map(str.isupper, letters)) else 1.0
        return _OF_TITLE.get(phrase), strength * loud
    return None, 0.0


def _is_over_value(sheet: Sheet, cell: Cell) -> bool:
    """A number stands right under it, as under a label: "Bon de commande", below it 4500009204."""
    for below in sheet.below(cell, rows=1.3)[:1]:
        words = below.words
        return (
            len(words) <= 2 and any(map(str.isdigit, words[0].text)) and not words[0].text.isalpha()
        )
    return False


def _is_label(cell: Cell) -> bool:
    """Other cells stand on its line: the head of a table, or a label with its value."""
    line = cell.line
    if line is None or len(line.cells) < 2:
        return False
    at = line.cells.index(cell)
    beside = line.cells[at + 1 :][:1]
    has_value = any(any(map(str.isdigit, one.text)) for one in beside)
    return has_value or len(line.cells) >= 3


def _weight_of_invoice(facts: Facts, pages: set[int]) -> float:
    """What an invoice has beside its title."""
    weight = 0.0
    named = [
        clue
        for clue in facts.clues_for("invoice_number")
        if clue.line.page in pages
        and clue.names["invoice_number"] >= 1
        and id(clue.line) not in facts.table_lines
    ]
    weight += 0.7 * bool(named)
    weight += 0.25 * any(code.kind == "iban" and code.line.page in pages for code in facts.codes)
    weight += 0.35 * any(
        code.kind in ("ogm", "rf") and code.line.page in pages for code in facts.codes
    )
    weight += 0.25 * any(
        clue.line.page in pages and clue.names.get("due_date", 0) >= 1
        for clue in facts.clues_for("due_date")
    )
    return weight + 0.3 * has_total(facts, pages)


def _totals(facts: Facts, pages: set[int]) -> list[bool]:
    found = []
    for clue in facts.clues_for("gross"):
        if clue.line.page not in pages or clue.names["gross"] < 0.8:
            continue
        found += [
            True
            for amount in facts.amounts
            if amount.line.page == clue.line.page
            and amount.is_money
            and amount.box[0] > clue.box[0] - 5
            and -6 < amount.line.y0 - clue.line.y0 < 26
        ]
    return found


def _fit(facts: Facts, kind: OtherKind, pages: set[int]) -> float:
    """What such a paper has or lacks beside its title."""
    if kind is OtherKind.DELIVERY_NOTE:
        prices = sum(one.is_money and one.line.page in pages for one in facts.amounts)
        return 0.6 if not prices else (0.0 if prices < 3 else -0.3)
    return 0.0


def _against(
    facts: Facts, kind: OtherKind, invoice: float, invoice_title: float, pages: set[int]
) -> float:
    """How much speaks for an invoice, where this kind of paper would not have the same."""
    rest = invoice - invoice_title
    if kind in _ASKS_FOR_MONEY:
        # It names invoices, sums and an account as the invoices did.
        return 0.9 * invoice_title + 0.2 * rest
    if kind is OtherKind.PRO_FORMA:
        return 0.3 * invoice_title + 0.2 * rest
    if kind in _HAS_PRICES:
        return invoice_title + 0.65 * rest - 0.2 * has_total(facts, pages)
    return invoice


def _weight_of_terms(facts: Facts, sheet: Sheet, titles: Mapping[OtherKind | None, float]) -> float:
    """Long lines of small print, numbered articles, hardly a figure."""
    words = [word for line in sheet.lines for word in line.words]
    if len(words) < 90:
        return 0.0
    figures = sum(any(map(str.isdigit, word.text)) for word in words) / len(words)
    articles = sum(bool(_ARTICLE.match(cell.text)) for cell in sheet.cells)
    per_cell = len(words) / max(len(sheet.cells), 1)
    weight = min(len(words) / 400, 1.5) * (1.0 if figures < 0.06 else 0.4)
    weight *= 1.0 if per_cell > 5 else 0.4
    weight += 0.12 * min(articles, 6)
    money = sum(one.is_money and one.line.page == sheet.page for one in facts.amounts)
    return weight - 0.25 * min(money, 6) + 0.3 * bool(titles.get(OtherKind.TERMS))


def _weight_of_letter(facts: Facts, sheets: Sequence[Sheet]) -> float:
    """A greeting, a closing, and sentences between them."""
    cells = [folded(cell.text) for sheet in sheets for cell in sheet.cells]
    greets = any(
        text in _GREETING or any(text.startswith(f"{one} ") for one in _GREETING)
        for text in cells
        if len(text.split()) <= 6
    )
    closes = any(phrase in text for text in cells for phrase in _CLOSING)
    sentences = sum(len(text.split()) >= 8 for text in cells)
    table = any(line_id in facts.table_lines for line_id in map(id, _lines(sheets)))
    weight = 0.5 * greets + 0.4 * closes + 0.12 * min(sentences, 6)
    return weight - 0.9 * table if greets or closes else 0.0


def _lines(sheets: Sequence[Sheet]) -> list[object]:
    return [line for sheet in sheets for line in sheet.lines]
