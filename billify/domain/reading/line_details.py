"""What the table of goods says beside price and amount: unit, discount, VAT rate."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations

from billify.domain.reading.amounts import currency_of
from billify.domain.reading.facts import Facts
from billify.domain.reading.labels import phrases_of
from billify.domain.reading.layout import Cell, Line, folded
from billify.domain.reading.reading import LineItem
from billify.domain.reading.tables import Row, Table
from billify.domain.reading.words import Word

_UNIT_LIST = """
stk; stuk; stuks; st; pcs; pce; pc; piece; pieces; piece s; ea; each; unit; units; unite; unites;
u; kg; g; gr; gram; mg; t; ton; tonne; tonnen; l; lt; ltr; liter; litre; litres; cl; ml; hl; m;
meter; metre; lm; lfm; m2; m²; qm; m3; m³; cbm; km; cm; mm; h; hr; hrs; hour; hours; uur; uren;
heure; heures; std; stunde; stunden; min; dag; dagen; day; days; jour; jours; tag; tage; d; week;
weken; weeks; semaine; semaines; woche; wochen; maand; maanden; mnd; month; months; mois; monat;
monate; jaar; year; years; an; ans; jahr; doos; dozen; box; boxes; boite; boites; karton; carton;
cartons; pak; pack; packs; pakket; paar; paire; pair; set; sets; rol; rollen; rouleau; rolle; zak;
zakken; sac; sacs; sack; bak; bakken; bac; bacs; fles; flessen; bouteille; bouteilles; flasche;
flaschen; bus; bussen; pallet; palette; blad; bladen; feuille; feuilles; blatt; kwh; mwh; forfait;
ff; pauschal; psch; les; licence; licentie; user; users; gb; persoon; personen; pers; personnes;
nacht; nachten; nuit; nuits; nights; night
"""
_UNITS = frozenset(phrases_of(_UNIT_LIST))
_UNIT_HEADS = frozenset(
    phrases_of("unite; unit; um; uom; einheit; eenheid; eenh; eh; me; mengeneinheit; unites")
)
_LEGEND = re.compile(
    r"(?:^|\s|\()([A-Z]|\d)\s?[=:)]?\s*(?:(?:btw|tva|mwst|ust|vat|BTW|TVA|MwSt|MWST|USt"
    r"|VAT)\.?\s*)?"
    r"(\d{1,2}(?:[.,]\d{1,2})?)\s?%"
)
_SLACK = Decimal("0.02")
_RATES = frozenset(map(Decimal, ("0", "6", "12", "21", "19", "7", "20", "10", "5.5", "9", "2.1")))


def completed(
    items: Sequence[LineItem],
    facts: Facts,
    tables: Sequence[Table],
    *,
    rates: frozenset[Decimal] = frozenset(),
) -> tuple[LineItem, ...]:
    """The same lines with unit, discount and VAT rate where their rows show them.

    `rates` are those of the VAT summary: a bare figure that is none of them is a code.
    """
    rows = [(row, table) for table in tables for row in table.rows]
    letters = _letters(facts)
    found = []
    for item in items:
        line = _line_at(facts, item)
        at = next(((row, table) for row, table in rows if row.line is line), None)
        if at is not None:
            item = _from_row(item, *at)
        found.append(replace(item, vat_rate=_rate(item, line, letters, rates)))
    return tuple(found)


def _from_row(item: LineItem, row: Row, table: Table) -> LineItem:
    if item.discount is None:
        item = _discounted(item, row)
    return item if item.unit else replace(item, unit=_unit(item, row, table))


def _rate(
    item: LineItem, line: Line | None, letters: dict[str, Decimal], rates: frozenset[Decimal]
) -> Decimal | None:
    """The rate as printed, or as the legend or the only rate of the summary explains its code."""
    rate = item.vat_rate
    if rate is not None and (not rates or any(rate == one for one in rates)):
        return rate
    named = _by_letter(line, letters)
    if named is not None or rate is None:
        return named
    if rate == rate.to_integral() and str(rate.to_integral()) in letters:
        return letters[str(rate.to_integral())]
    return next(iter(rates)) if len(rates) == 1 else None


def _unit(item: LineItem, row: Row, table: Table) -> str:
    """The word under a head for units, else the one right behind the quantity."""
    words = [(cell, word) for cell in row.line.cells for word in cell.words]
    heads = [
        column for column in table.columns if _UNIT_HEADS & {column.phrase, *column.phrase.split()}
    ]
    for column in heads:
        for cell, word in words:
            over = min(word.x1, column.x1 + 8) - max(word.x0, column.x0 - 8)
            if over > 0 and (_is_alone(cell, word) or _ends_as_unit(cell, word)):
                return word.text.strip(" ,:;()")
    quantities = [
        one
        for one in row.all_numbers
        if one.value == item.quantity
        and one.currency is None
        and not one.cell.words[0].text[:1].isalpha()
    ]
    for amount in quantities:
        for cell, word in words:
            near = -0.5 <= word.x0 - amount.words[-1].x1 < 30
            if near and _ends_as_unit(cell, word):
                return word.text.strip(" ,:;()")
    return ""


def _is_alone(cell: Cell, word: Word) -> bool:
    is_word = word.text.isalpha() and len(word.text) <= 8 and currency_of(word.text) is None
    return len(cell.words) <= 2 and is_word


def _ends_as_unit(cell: Cell, word: Word) -> bool:
    """A unit that no further words follow: "2 mois", not the "g" of "400 g mat"."""
    at = cell.words.index(word)
    behind = cell.words[at + 1 : at + 2]
    return _is_unit(word) and not any(one.text[:1].isalpha() for one in behind)


def _is_unit(word: Word) -> bool:
    return folded(word.text) in _UNITS or word.text.strip(".,") in ("m²", "m³")


def _discounted(item: LineItem, row: Row) -> LineItem:
    """Two numbers and a share that together make the line's amount, from left to right."""
    whole = _whole(item)
    if not item.net_amount or (whole is not None and abs(whole - item.net_amount) <= _SLACK):
        return item
    numbers = [one for one in row.all_numbers if one.value]
    shares = [one for one in numbers if 0 < abs(one.value) < 100 and not one.is_money] + [
        one for one in numbers if one.is_money and 0 < abs(one.value) < 100
    ]
    for quantity, price in combinations([one for one in numbers if not one.is_percent], 2):
        together = quantity.value * price.value
        if abs(together) <= abs(item.net_amount) + _SLACK:
            continue
        for one in shares:
            if one in (quantity, price) or one.words[0].x0 < price.words[-1].x1:
                continue
            share = abs(one.value)
            if abs(together * (1 - share / 100) - item.net_amount) <= _SLACK:
                return replace(
                    item,
                    quantity=quantity.value,
                    unit_price=price.value,
                    discount=share.normalize() + 0,
                )
    return item


def _whole(item: LineItem) -> Decimal | None:
    if item.quantity is None or item.unit_price is None:
        return None
    return item.quantity * item.unit_price


def _letters(facts: Facts) -> dict[str, Decimal]:
    """A legend of VAT codes: A 21 %, B = 6 %; only letters that mean one rate each."""
    found: dict[str, set[Decimal]] = {}
    for line in facts.lines:
        if id(line) in facts.table_lines:
            continue
        text = " ".join(word.text for word in line.words)
        for seen in _LEGEND.finditer(text):
            rate = Decimal(seen[2].replace(",", "."))
            if rate.normalize() in _RATES or rate in _RATES:
                found.setdefault(seen[1], set()).add(rate.normalize() + 0)
    return {letter: next(iter(rates)) for letter, rates in found.items() if len(rates) == 1}


def _by_letter(line: Line | None, letters: dict[str, Decimal]) -> Decimal | None:
    """The code behind the last price of a line, or alone in a cell of its own."""
    if line is None:
        return None
    tail = line.words[-2:]
    for word in reversed(tail):
        code = word.text.strip("()*.,")
        if code in letters and (code.isalpha() or len(line.cells) > 3):
            return letters[code]
    return None


def _line_at(facts: Facts, item: LineItem) -> Line | None:
    if item.box is None or item.page is None:
        return None
    sheet = facts.sheet(item.page)
    middle = (item.box[1] + item.box[3]) / 2 * sheet.height
    near = [line for line in sheet.lines if line.y0 <= middle <= line.y1]
    return min(near, key=lambda line: abs((line.y0 + line.y1) / 2 - middle), default=None)
