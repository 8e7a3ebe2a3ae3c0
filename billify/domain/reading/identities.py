"""Whose VAT number is whose, by label, by block and by what we know of ourselves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from billify.domain.reading import codes
from billify.domain.reading.codes import Code
from billify.domain.reading.facts import Facts
from billify.domain.reading.found_names import NameAt
from billify.domain.reading.parties import Parties, block_of
from billify.domain.reading.reading import OwnCompany

_ENOUGH = 0.4
"""Below this a number is left to nobody."""
_BARE = re.compile(r"^(?=(?:.*\d){7})[A-Z0-9][A-Z0-9.\- ]{6,16}$")


@dataclass(frozen=True, slots=True)
class Holder:
    """A VAT number with how much it looks like the seller's or the buyer's."""

    code: Code
    seller: float
    buyer: float
    label: str


def vat_numbers(
    facts: Facts, found: Parties, *, us: OwnCompany | None
) -> tuple[Holder | None, Holder | None]:
    """(the seller's, the buyer's)."""
    holders = held(facts, found, us=us)
    best = 0.0
    choice: tuple[Holder | None, Holder | None] = (None, None)
    for seller in (None, *holders):
        for buyer in (None, *holders):
            if seller is not None and seller is buyer:
                continue
            score = (seller.seller - _ENOUGH if seller else 0) + (
                buyer.buyer - _ENOUGH if buyer else 0
            )
            if score > best:
                best, choice = score, (seller, buyer)
    return choice


def held(facts: Facts, found: Parties, *, us: OwnCompany | None) -> list[Holder]:
    """Every VAT number once, with what the rules say of it."""
    return _merged(list(_holders(facts, found, us)))


def enterprise_number(vat: str | None) -> str | None:
    """The Belgian enterprise number inside a Belgian VAT number."""
    if vat is None or not vat.startswith("BE"):
        return None
    return codes.belgian_number(vat[2:])


def _holders(facts: Facts, found: Parties, us: OwnCompany | None) -> Iterator[Holder]:
    numbers = [code for code in facts.codes if code.kind == "vat"]
    numbers += _bare_numbers(facts, numbers)
    marked = facts.linked("vat_number", numbers)
    theirs = facts.linked("their_vat", numbers)
    seller_block = _block(facts, found.supplier)
    buyer_block = _block(facts, found.buyer)
    our_vat = codes.bare(us.vat_number) if us is not None and us.vat_number else None
    for code in numbers:
        label = marked.get(id(code))
        seller, buyer = 0.5, 0.15
        if id(code) in theirs and theirs[id(code)][0] > 0.4:
            buyer += 1.5
        seller += 0.8 * (id(code.cell) in seller_block)
        buyer += 1.1 * (id(code.cell) in buyer_block)
        seller += 0.25 * (code.line.y0 > 0.82 * facts.sheet(code.line.page).height)
        seller += 0.2 * code.is_valid
        sold, bought = _nearness(code, found.supplier), _nearness(code, found.buyer)
        seller, buyer = seller + 0.5 * sold, buyer + 0.5 * bought
        if abs(sold - bought) > 0.1:
            seller += 0.35 * (1 if sold > bought else -1)
            buyer += 0.35 * (1 if bought > sold else -1)
        if our_vat is not None and codes.bare(code.value) == our_vat:
            buyer += 0.6
        yield Holder(code, seller, buyer, label[1].text if label else "")


def _bare_numbers(facts: Facts, known: list[Code]) -> Iterator[Code]:
    """Numbers without a country before them, that only their label makes VAT numbers."""
    taken = {id(word) for code in known for word in code.words}
    for clue in facts.clues:
        if "vat_number" not in clue.names or clue.names["vat_number"] < 1:
            continue
        behind = [word for word in clue.line.words if word.x0 >= clue.words[-1].x1 - 1][:2]
        for word in behind:
            text = word.text.strip(":;,()")
            if id(word) in taken or not _BARE.match(text.upper()) or "/" in text:
                continue
            if codes.bare(text).isdigit() and not 8 <= len(codes.bare(text)) <= 12:
                continue
            cell = next(cell for cell in clue.line.cells if word in cell.words)
            yield Code("vat", codes.bare(text), False, (word,), clue.line, cell)
            break


def _block(facts: Facts, name: NameAt | None) -> set[int]:
    return block_of(facts, name) | {id(name.cell)} if name is not None else set()


def _nearness(code: Code, name: NameAt | None) -> float:
    """1 beside or right under the name, 0 far away."""
    if name is None or name.line.page != code.line.page:
        return 0.0
    down = code.line.y0 - name.line.y0
    aside = max(code.cell.x0 - name.cell.x1, name.cell.x0 - code.cell.x1, 0.0)
    if down < -4:
        return 0.0
    return max(0.0, 1.0 - down / 220 - aside / 150)


def _merged(holders: list[Holder]) -> list[Holder]:
    """One holder per number: what its several places say is added up at its best."""
    best: dict[str, Holder] = {}
    for one in holders:
        known = best.get(one.code.value)
        if known is None:
            best[one.code.value] = one
            continue
        stronger = one if max(one.seller, one.buyer) > max(known.seller, known.buyer) else known
        best[one.code.value] = Holder(
            stronger.code,
            max(one.seller, known.seller),
            max(one.buyer, known.buyer),
            stronger.label,
        )
    return list(best.values())
