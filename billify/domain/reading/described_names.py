"""Texts that could be a party's name, with their features."""

import re
from collections.abc import Sequence

from billify.domain.reading import names, parties, soft_labels
from billify.domain.reading.contexts import context
from billify.domain.reading.facts import Facts
from billify.domain.reading.features import Row, Soft, classes_of
from billify.domain.reading.found_names import ROLES, NameAt
from billify.domain.reading.layout import folded

_CLASSES = classes_of("supplier", "buyer", "ship", "invoice_number", "gross")
_RARE = 3
_TITLE_STEM = re.compile(
    r"rechnung|faktur|factu|invoice|fattur|fatur|gutschrift|credit|avoir|receipt|kassabon|ticket|"
    r"quittung|beleg|rekening|lasku|szamla|racun|doklad|nota\b|bon\b|order|offerte|devis"
)
"""What papers call themselves in many languages."""


def rows(
    facts: Facts,
    found: Sequence[NameAt],
    sites: Sequence[str],
    *,
    soft: Soft = soft_labels.chances,
) -> list[Row]:
    """One row per name; `supplier` and `buyer` of each hold what the rules say."""
    best_seller = max((one.supplier for one in found), default=0.0)
    best_buyer = max((one.buyer for one in found), default=0.0)
    bare = [folded(one.text) for one in found]
    text = " ".join(folded(line.text) for line in facts.lines)
    buyers = [one for one in found if one.roles.get("buyer", 0.0) > 0.5]
    made = []
    for at, one in enumerate(found):
        row = Row()
        row.place(facts, one.words, one.line, one.cell)
        row.soft(context(facts, one.words, one.line, one.cell), _CLASSES, soft)
        for role in ROLES:
            row.put(f"role_{role}", one.roles.get(role, 0.0))
            row.put(f"any_{role}", max(other.roles.get(role, 0.0) for other in found))
        row.put("direct", one.direct is not None)
        row.put("wrapped", one.is_wrapped)
        row.put("is_wrapped_part", _is_part(one, found))
        own = soft(bare[at])
        row.put("is_label", max(own))
        for role in ROLES[:2]:
            row.put(f"is_label_{role}", own[soft_labels.CLASSES.index(role)])
        row.put("rule_seller", one.supplier)
        row.put("below_seller", best_seller - one.supplier)
        row.put("rule_buyer", one.buyer)
        row.put("below_buyer", best_buyer - one.buyer)
        _text(row, one, sites, text)
        _under(row, facts, one)
        row.put("nth", min(at, 30))
        row.put("names", min(len(found), 60))
        row.put("repeats", min(bare.count(bare[at]), 5))
        row.put("largest", one.cell.size >= max(other.cell.size for other in found) - 0.1)
        row.put("is_buyers", any(folded(each.text) == bare[at] for each in buyers))
        row.put("above_buyer", any(one.line.y0 < each.line.y0 for each in buyers))
        row.put("has_buyer", bool(buyers))
        made.append(row)
    return made


def _is_part(one: NameAt, found: Sequence[NameAt]) -> bool:
    """It is one half of a name over two lines."""
    return not one.is_wrapped and any(
        other.is_wrapped and any(word in other.words for word in one.words[:1]) for other in found
    )


def _text(row: Row, one: NameAt, sites: Sequence[str], text: str) -> None:
    words = one.text.split()
    row.put("form", names.has_legal_form(one.text))
    row.put("bank", names.is_bank(one.text))
    row.put("title", bool(_TITLE_STEM.search(folded(one.text))))
    row.put("street", names.is_street(one.text))
    row.put("site", any(names.is_like_domain(one.text, site) for site in sites[:3]))
    row.put("sites", min(len(sites), 3))
    row.put("words", min(len(words), 9))
    row.put("letters", min(len(one.text), 60))
    row.put("upper", one.text.isupper())
    row.put("titled", sum(word[:1].isupper() for word in words) / max(len(words), 1))
    row.put("digits", sum(map(str.isdigit, one.text)))
    row.put("comma", "," in one.text or ":" in one.text)
    # A name is said again in the small print, in an address or beside the account.
    first = folded(words[0]) if words else ""
    row.put("first_said", min(text.split().count(first), 6) if len(first) > _RARE else 0)
    row.put("said", min(text.count(folded(one.text)), 6))


def _under(row: Row, facts: Facts, one: NameAt) -> None:
    sheet = facts.sheet(one.line.page)
    under = parties.column_below(sheet, one.cell, 6)
    ids = {id(cell) for cell in [one.cell, *under]}
    row.put("street_under", any(names.is_street(cell.text) for cell in under[:3]))
    row.put("place_under", any(names.is_place(cell.text) for cell in under[:4]))
    row.put("contact_under", any(names.is_contact(cell.text) for cell in under))
    row.put("vat_under", any(id(c.cell) in ids and c.kind == "vat" for c in facts.codes))
    row.put("iban_under", any(id(c.cell) in ids and c.kind == "iban" for c in facts.codes))
    row.put("lines_under", len(under))
    line = " ".join(cell.text for cell in one.line.cells if cell is not one.cell)
    row.put("line_street", names.is_street(line) or names.is_place(line))
    row.put("line_contact", names.is_contact(line))
    row.put("line_code", any(c.line is one.line for c in facts.codes))
