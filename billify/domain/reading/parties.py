"""Who sells and who buys: names by label, place, type size and web address, chosen as a pair."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from billify.domain.reading import names
from billify.domain.reading.clues import Clue
from billify.domain.reading.facts import Facts
from billify.domain.reading.found_names import (
    NEUTRAL,
    ROLES,
    SMALL_LABELS,
    NameAt,
    found_names,
    role_of,
)
from billify.domain.reading.layout import Cell, Sheet, folded
from billify.domain.reading.reading import OwnCompany

_MOST = 12


@dataclass(frozen=True, slots=True)
class Parties:
    """The chosen pair, each with its score, and the runners-up for the supplier."""

    supplier: NameAt | None
    buyer: NameAt | None
    others: tuple[NameAt, ...]
    domain: str
    """The name in the web address that is not the buyer's, or empty."""


def parties(facts: Facts, *, us: OwnCompany | None, is_receipt: bool) -> Parties:
    """The best pair of two different names."""
    found, sites = ruled(facts, us=us, is_receipt=is_receipt)
    return paired(facts, found, sites)


def paired(facts: Facts, found: Sequence[NameAt], sites: Sequence[str]) -> Parties:
    """The pair of names with the highest scores."""
    supplier, buyer = _pair(facts, found)
    ranked = sorted(found, key=lambda one: -one.supplier)
    others = [one for one in ranked if one is not supplier and one is not buyer][:3]
    return Parties(supplier, buyer, tuple(others), sites[0] if sites else "")


def ruled(
    facts: Facts, *, us: OwnCompany | None, is_receipt: bool
) -> tuple[list[NameAt], list[str]]:
    """Every name with what the rules say of it, and the names in web addresses."""
    found = list(found_names(facts))
    _label(facts, found)
    sites = _sites(facts, found)
    for index, one in enumerate(found):
        one.supplier = _supplier_score(facts, one, found, sites, facts.typical_size, index)
        if is_receipt:
            one.supplier += _top_of_receipt(facts, one, index)
        one.buyer = _buyer_score(facts, one, is_receipt=is_receipt)
        if us is not None and is_us(one.text, us):
            # Whoever we are on this page, our name is one of the two for certain.
            one.buyer += 0.8
            one.supplier += 0.3
    return found, sites


def is_us(text: str, us: OwnCompany) -> bool:
    """The text is our own company's name."""
    bare = folded(text)
    return any(
        fuzz.ratio(bare, folded(name)) >= 88
        or (len(folded(name)) > 5 and bare.startswith(folded(name)))
        for name in (us.name, *us.other_names)
    )


def address_of(facts: Facts, name: NameAt) -> str:
    """The street and place under a name, in one line, or empty."""
    parts = []
    for cell in column_below(facts.sheet(name.line.page), name.cell, 5):
        text = cell.text.strip(" ,;")
        if names.is_contact(text) or any(code.cell is cell for code in facts.codes):
            break
        if names.is_street(text) or names.is_place(text):
            parts.append(text)
        elif parts:
            break
    return ", ".join(parts[:3])


def block_of(facts: Facts, name: NameAt, depth: int = 7) -> set[int]:
    """Identities of the cells under a name that belong to it."""
    return {id(cell) for cell in column_below(facts.sheet(name.line.page), name.cell, depth)}


def _label(facts: Facts, found: list[NameAt]) -> None:
    """What the labels for seller, buyer and place of delivery say of each name."""
    for role in ROLES:
        linked = facts.linked(role, found, accept=_is_party_label, adjust=_not_across)
        for one in found:
            if one.direct is None and id(one) in linked:
                one.roles[role], clue = linked[id(one)]
                one.label[role] = clue.text
    for one in found:
        direct = one.direct or _neutral_beside(facts, one)
        if direct is not None:
            named = _section_role(facts, direct) if direct.phrase in NEUTRAL else role_of(direct)
            one.roles = {named or "buyer": 1.1 if named else 0.6}
            one.label = {named or "buyer": direct.text}
    _share(found)


def _not_across(clue: Clue, one: NameAt, strength: float) -> float:
    """Two heads side by side: what stands far to the right is no answer to a head."""
    is_far = one.line is clue.line and one.box[0] - clue.box[2] > 60
    return strength * (0.5 if is_far and not clue.has_colon else 1.0)


def _neutral_beside(facts: Facts, one: NameAt) -> Clue | None:
    """A plain "name:" left of the text."""
    for clue in facts.clues_of_line.get(id(one.line), ()):
        if clue.phrase in NEUTRAL and clue.starts_cell and clue.ends_cell:
            at = one.line.cells.index(one.cell)
            if at and one.line.cells[at - 1] is clue.cell:
                return clue
    return None


def _section_role(facts: Facts, clue: Clue) -> str | None:
    """Whose section a plain "name:" stands in: the nearest party label above it."""
    above = [
        other
        for other in facts.clues
        if other.line.page == clue.line.page
        and other.line.y1 <= clue.line.y0 + 2
        and clue.line.y0 - other.line.y0 < 85
        and abs(other.box[0] - clue.box[0]) < 40
        and other.phrase not in NEUTRAL
        and role_of(other)
        and _is_party_label(other)
    ]
    return role_of(max(above, key=lambda other: other.line.y0)) if above else None


def _share(found: list[NameAt]) -> None:
    """What a label says of a name holds wherever the same name stands."""
    strongest: dict[str, dict[str, float]] = {}
    for one in found:
        roles = strongest.setdefault(folded(one.text), {})
        for role, strength in one.roles.items():
            roles[role] = max(strength, roles.get(role, 0.0))
    for one in found:
        for role, strength in strongest[folded(one.text)].items():
            one.roles[role] = max(one.roles.get(role, 0.0), 0.8 * strength)


def _is_party_label(clue: Clue) -> bool:
    """A label stands alone in its cell or ends with a colon; in a sentence it is just a word."""
    if not clue.starts_cell or not clue.is_whole:
        return False
    if clue.phrase in NEUTRAL:
        return False
    if clue.phrase in SMALL_LABELS:
        return clue.ends_cell
    return clue.ends_cell or clue.has_colon or clue.cell.words[-1].text.strip() == ":"


def _sites(facts: Facts, found: list[NameAt]) -> list[str]:
    """Names in web and e-mail addresses outside the buyer's block, most frequent first."""
    theirs: set[int] = set()
    for one in found:
        if one.roles.get("buyer", 0) > 0.6:
            theirs |= block_of(facts, one)
    counts: dict[str, int] = {}
    for sheet in facts.sheets:
        for cell in sheet.cells:
            if id(cell) not in theirs:
                for domain in names.domains(cell.text):
                    counts[domain] = counts.get(domain, 0) + 1
    return sorted(counts, key=lambda domain: -counts[domain])


def _supplier_score(
    facts: Facts,
    one: NameAt,
    found: Sequence[NameAt],
    sites: Sequence[str],
    typical: float,
    index: int,
) -> float:
    sheet = facts.sheet(one.line.page)
    score = 1.8 * one.roles.get("supplier", 0.0)
    score -= 1.8 * one.roles.get("buyer", 0.0) + 1.3 * one.roles.get("ship", 0.0)
    score += 0.7 if names.has_legal_form(one.text) else 0.0
    score -= 0.9 if names.is_bank(one.text) else 0.0
    score -= 0.8 * (1 - min(word.confidence for word in one.words))
    score += 0.9 if any(names.is_like_domain(one.text, site) for site in sites[:3]) else 0.0
    score += 0.5 * (1 - one.line.y0 / sheet.height) if one.line.page == 1 else -0.3
    score += 0.6 * min(max(one.cell.size / typical - 1.0, 0.0), 1.5)
    score += 0.45 if index == 0 else 0.0
    score += _surroundings(facts, one)
    repeats = sum(1 for other in found if folded(other.text) == folded(one.text)) - 1
    score += 0.35 * min(repeats, 2)
    if names.is_street(one.text) and not names.has_legal_form(one.text):
        score -= 1.3
    return score - 0.12 * max(0, len(one.text.split()) - 5) - _is_sentence(one.text)


def _top_of_receipt(facts: Facts, one: NameAt, index: int) -> float:
    """A till prints its owner first, the firm's full name among the first lines."""
    down = one.line.y0 / facts.sheet(one.line.page).height
    score = 0.4 * max(0.0, 1 - index / 4) - (1.0 if down > 0.45 else 0.0)
    score += 0.9 if _is_above_address(facts, one) else 0.0
    return score + (0.4 if names.has_legal_form(one.text) else 0.0)


def _is_above_address(facts: Facts, one: NameAt) -> bool:
    """The next line is a street, perhaps after a line with the firm's number."""
    sheet = facts.sheet(one.line.page)
    bottom = max(word.y1 for word in one.words)
    below = [line for line in sheet.lines if line.y0 > bottom - 4][:3]
    for line in below:
        text = " ".join(cell.text for cell in line.cells)
        if names.is_street(text):
            return True
        if not names.is_registration(text):
            return False
    return False


def _is_sentence(text: str) -> float:
    words = [word for word in text.split() if word.isalpha()]
    lower = sum(1 for word in words if word[0].islower())
    return 0.7 if len(words) >= 3 and lower > len(words) / 2 else 0.0


def _surroundings(facts: Facts, one: NameAt) -> float:
    """An address, a VAT number, a bank account or a telephone under the name."""
    sheet = facts.sheet(one.line.page)
    under = column_below(sheet, one.cell, 6)
    score = 0.0
    if any(names.is_street(cell.text) or names.is_place(cell.text) for cell in under[:3]):
        score += 0.35
    ids = {id(cell) for cell in [one.cell, *under]}
    if any(id(code.cell) in ids and code.kind in ("vat", "iban") for code in facts.codes):
        score += 0.45
    if any(names.is_contact(cell.text) for cell in under):
        score += 0.25
    return score


def _buyer_score(facts: Facts, one: NameAt, *, is_receipt: bool) -> float:
    sheet = facts.sheet(one.line.page)
    label = one.roles.get("buyer", 0.0)
    score = 1.9 * label - 1.6 * one.roles.get("supplier", 0.0) - 0.5 * one.roles.get("ship", 0.0)
    score += 0.3 if names.has_legal_form(one.text) else 0.0
    if names.is_street(one.text):
        score -= 2.0
    under = column_below(sheet, one.cell, 4)
    has_address = any(names.is_place(cell.text) for cell in under)
    ids = {id(cell) for cell in under}
    sells = any(id(code.cell) in ids and code.kind == "iban" for code in facts.codes)
    sells = sells or any(names.domains(cell.text) for cell in under)
    if has_address and not sells and 0.05 < one.line.y0 / sheet.height < 0.45:
        score += 1.15 if label < 0.4 else 0.2
    score -= 0.9 if names.is_bank(one.text) else 0.0
    if one.line.page > 1:
        score -= 0.5
    return score - (0.9 if is_receipt and label < 0.5 else 0.0) - _is_sentence(one.text)


def _pair(facts: Facts, found: Sequence[NameAt]) -> tuple[NameAt | None, NameAt | None]:
    sellers = [None, *sorted(found, key=lambda one: -one.supplier)[:_MOST]]
    buyers = [None, *sorted(found, key=lambda one: -one.buyer)[:_MOST]]
    blocks = {id(one): block_of(facts, one, 3) for one in sellers if one}
    best = 0.0
    choice: tuple[NameAt | None, NameAt | None] = (None, None)
    for seller in sellers:
        for buyer in buyers:
            if seller and buyer and (is_same(seller, buyer) or seller is buyer):
                continue
            score = (seller.supplier - 0.35 if seller else 0) + (buyer.buyer - 0.9 if buyer else 0)
            if seller and buyer and id(buyer.cell) in blocks[id(seller)]:
                score -= 1.0 if buyer.roles.get("buyer", 0.0) < 0.5 else 0.0
            if score > best:
                best, choice = score, (seller, buyer)
    return choice


def is_same(one: NameAt, other: NameAt) -> bool:
    """Two places where the same name stands."""
    return fuzz.ratio(folded(one.text), folded(other.text)) >= 85


def column_below(sheet: Sheet, cell: Cell, depth: int) -> list[Cell]:
    """The cells under this one that start at about the same place, without a wide gap."""
    found: list[Cell] = []
    bottom, tall = cell.y1, max(cell.y1 - cell.y0, 7.0)
    for line in sheet.lines:
        if line.y0 < cell.y0 + 0.5 * tall or len(found) >= depth:
            continue
        for other in line.cells:
            aligned = abs(other.x0 - cell.x0) < 14 or _centred(other, cell)
            if aligned and other.y0 >= bottom - 0.5 * tall:
                if other.y0 - bottom > 2.4 * tall:
                    return found
                found.append(other)
                bottom = other.y1
                break
    return found


def _centred(other: Cell, cell: Cell) -> bool:
    middle = (cell.x0 + cell.x1) / 2
    right_aligned = abs(other.x1 - cell.x1) < 4
    return right_aligned or abs((other.x0 + other.x1) / 2 - middle) < 6


def column_above(sheet: Sheet, cell: Cell, depth: int) -> list[str]:
    """What stands in the lines above this cell at about the same place, folded, nearest first."""
    found: list[str] = []
    top, tall = cell.y0, max(cell.y1 - cell.y0, 7.0)
    for line in reversed(sheet.lines):
        if line.y0 >= cell.y0 - 0.3 * tall:
            continue
        if len(found) >= depth or top - line.y1 > 3.5 * tall:
            break
        for other in line.cells:
            if abs(other.x0 - cell.x0) < 14 or _centred(other, cell):
                found.append(folded(other.text))
                top = other.y0
                break
    return found
