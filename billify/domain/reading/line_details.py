"""What the table of goods says beside price and amount: unit, discount, VAT rate."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from billify.domain.reading.amounts import Amount
from billify.domain.reading.facts import Facts
from billify.domain.reading.labels import phrases_of
from billify.domain.reading.layout import Line, folded
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
_DISCOUNT_HEADS = frozenset(
    phrases_of("discount; disc; korting; kort; remise; rem; rabatt; rab; d; kt; reduction; rist")
)
_LEGEND = re.compile(
    r"(?:^|\s|\()([A-Z]|\d)\s?[=:)]?\s*(?:(?:btw|tva|mwst|ust|vat|BTW|TVA|MwSt|MWST|USt"
    r"|VAT)\.?\s*)?"
    r"(\d{1,2}(?:[.,]\d{1,2})?)\s?%"
)
_SLACK = Decimal("0.02")
_RATES = frozenset(map(Decimal, ("0", "6", "12", "21", "19", "7", "20", "10", "5.5", "9", "2.1")))


def completed(
    items: Sequence[LineItem], facts: Facts, tables: Sequence[Table]
) -> tuple[LineItem, ...]:
    """The same lines with unit, discount and VAT rate where their rows show them."""
    rows = [(row, table) for table in tables for row in table.rows]
    letters = _letters(facts)
    found = []
    for item in items:
        line = _line_at(facts, item)
        at = next(((row, table) for row, table in rows if row.line is line), None)
        if at is not None:
            item = _from_row(item, *at)
        if item.vat_rate is None and letters:
            item = replace(item, vat_rate=_by_letter(line, letters))
        found.append(item)
    return tuple(found)


def _from_row(item: LineItem, row: Row, table: Table) -> LineItem:
    if not item.unit:
        item = replace(item, unit=_unit(row, table))
    if item.discount is None:
        item = _discounted(item, row, table)
    return item


def _unit(row: Row, table: Table) -> str:
    heads = [column for column in table.columns if column.phrase in _UNIT_HEADS]
    for column in heads:
        for word in row.line.words:
            over = min(word.x1, column.x1 + 8) - max(word.x0, column.x0 - 8)
            if over > 0 and _is_unit(word):
                return _bare(word)
    amounts = [*row.numbers.get("quantity", ())]
    for amount in amounts:
        behind = [word for word in row.line.words if word.x0 >= amount.words[-1].x1 - 0.5][:1]
        for word in behind:
            if word.x0 - amount.words[-1].x1 < 14 and _is_unit(word):
                return _bare(word)
    return ""


def _is_unit(word: Word) -> bool:
    return folded(word.text) in _UNITS or word.text.strip(".,") in ("m²", "m³")


def _bare(word: Word) -> str:
    return word.text.strip(" .,:;()")


def _discounted(item: LineItem, row: Row, table: Table) -> LineItem:
    """A discount counts when quantity × price less it makes the amount."""
    pairs = [(item.quantity, item.unit_price)]
    numbers = [one for one in row.all_numbers if not one.is_percent and one.value > 0]
    quantities = row.numbers.get("quantity", ())
    prices = row.numbers.get("unit_price", ())
    pairs += [(q.value, p.value) for q in quantities for p in prices]
    for quantity, price in pairs:
        if not quantity or price is None or not item.net_amount:
            continue
        whole = quantity * price
        if whole <= 0 or abs(whole - item.net_amount) <= _SLACK:
            continue
        for one in (*_percents(row), *_under_head(table, numbers)):
            share = abs(one.value)
            if 0 < share < 100 and abs(whole * (1 - share / 100) - item.net_amount) <= _SLACK:
                return replace(
                    item, quantity=quantity, unit_price=price, discount=share.normalize() + 0
                )
    return item


def _percents(row: Row) -> list[Amount]:
    return [one for one in row.all_numbers if one.is_percent]


def _under_head(table: Table, numbers: Sequence[Amount]) -> list[Amount]:
    heads = [column for column in table.columns if column.phrase in _DISCOUNT_HEADS]
    return [
        one
        for one in numbers
        for column in heads
        if min(one.words[-1].x1, column.x1 + 10) - max(one.words[0].x0, column.x0 - 10) > 0
    ]


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
