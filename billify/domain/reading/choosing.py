"""Which candidate is which field: learned chances, and what two fields say of each other.

Imported when a document is read, not before: numpy is for workers only.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from billify.domain.reading import (
    codes,
    described,
    described_codes,
    described_names,
    identities,
    parties,
    trees,
)
from billify.domain.reading.facts import Facts
from billify.domain.reading.found_names import NameAt
from billify.domain.reading.header import Chosen
from billify.domain.reading.identities import Holder
from billify.domain.reading.layout import folded
from billify.domain.reading.names import is_form_only
from billify.domain.reading.parties import Parties
from billify.domain.reading.reading import OwnCompany

_KEPT = 5
"""Candidates of a field that are weighed against those of another."""
_LIKELY = 0.08
"""A date less likely than this takes no other's place."""
_AS_LIKELY = 0.5
_MOST = 12
_ALIKE = 75
"""Names at least this similar (0 to 100) are one name, read twice."""
_LEAST = {"supplier_name": 0.12, "buyer_name": 0.25, "supplier_vat": 0.4, "buyer_vat": 0.4}
"""What is less likely than this is left out."""
_SURER = 0.03
"""By how much OCR is surer of the letters of what is taken instead."""

Ranked = dict[str, list[Chosen]]


def dates(facts: Facts) -> Ranked:
    """Field → its candidates, the likeliest first; a due date is not before the issue date."""
    found = _ranked(described.dates(facts), described.DATE_FIELDS)
    issue, due = found["issue_date"], found["due_date"]
    if issue and due and due[0].text < issue[0].text:
        # Where no other pair is likely the page contradicts itself, and a person is told so.
        first, second = _in_order(issue, due) or (issue[0], due[0])
        found["issue_date"] = [first, *(one for one in issue if one is not first)]
        found["due_date"] = [second, *(one for one in due if one is not second)]
    return found


def numbers(facts: Facts) -> Ranked:
    """Field → its candidates, the likeliest first."""
    return _ranked(described.numbers(facts), described.NUMBER_FIELDS)


def names(facts: Facts, *, us: OwnCompany | None, is_receipt: bool) -> tuple[Parties, Parties]:
    """The likeliest pair of two different names; and the pair that the rules alone would take."""
    found, sites = parties.ruled(facts, us=us, is_receipt=is_receipt)
    by_rule = parties.paired(facts, found, sites)
    matrix = trees.matrix(described_names.rows(facts, found, sites))
    sellers = trees.chances("supplier_name", matrix)
    buyers = trees.chances("buyer_name", matrix)
    for one, seller, buyer in zip(found, sellers, buyers, strict=True):
        one.supplier, one.buyer = float(seller), float(buyer)
        if us is not None and parties.is_us(one.text, us):
            # Whoever we are on this page, our name is one of the two for certain.
            one.buyer = max(one.buyer, 0.9)
    supplier, buyer = _pair(found)
    if supplier is not None:
        supplier = _better_read(supplier, found)
        supplier = _brand(supplier, found) if is_receipt else _in_full(supplier, found)
    ranked = sorted(found, key=lambda one: -one.supplier)
    others = [one for one in ranked if one is not supplier and one is not buyer][:3]
    return Parties(supplier, buyer, tuple(others), sites[0] if sites else ""), by_rule


def vat_numbers(
    facts: Facts, by_rule: Parties, *, us: OwnCompany | None
) -> tuple[Holder | None, Holder | None]:
    """(the seller's, the buyer's), each with its chance in place of the rules' score."""
    holders = identities.held(facts, by_rule, us=us)
    matrix = trees.matrix(described_codes.vat_rows(facts, holders, by_rule))
    sellers = trees.chances("supplier_vat", matrix)
    buyers = trees.chances("buyer_vat", matrix)
    scored = [
        replace(one, seller=float(seller), buyer=float(buyer))
        for one, seller, buyer in zip(holders, sellers, buyers, strict=True)
    ]
    if us is not None and us.vat_number:
        scored = [_knowing_us(one, us.vat_number) for one in scored]
    best = 0.0
    pair: tuple[Holder | None, Holder | None] = (None, None)
    for seller, buyer in itertools.product((None, *scored), repeat=2):
        if seller is not None and seller is buyer:
            continue
        total = _worth("supplier_vat", seller.seller if seller else None)
        total += _worth("buyer_vat", buyer.buyer if buyer else None)
        if total > best:
            best, pair = total, (seller, buyer)
    return pair


def _knowing_us(one: Holder, ours: str) -> Holder:
    """Our own number is the buyer's on what we are sent; a sale's own pages say otherwise."""
    if codes.bare(one.code.value) != codes.bare(ours):
        return one
    return one if one.seller > 0.9 else replace(one, buyer=max(one.buyer, 0.9))


def accounts(facts: Facts, by_rule: Parties, *, ours: Sequence[str]) -> list[Chosen]:
    """Bank accounts to pay to, the likeliest first; our own are left out."""
    own = {codes.bare(iban) for iban in ours}
    found = [code for code in facts.codes if code.kind == "iban" and code.value not in own]
    chances = trees.chances(
        "iban", trees.matrix(described_codes.account_rows(facts, found, by_rule))
    )
    scored = [
        Chosen(code.value, code.words, code.line.page, float(chance), "", code.is_valid)
        for code, chance in zip(found, chances, strict=True)
    ]
    return sorted(scored, key=lambda one: -one.score)


def _ranked(found: described.Described, fields: Sequence[str]) -> Ranked:
    matrix = trees.matrix(found.rows)
    made: Ranked = {}
    for name in fields:
        chances = trees.chances(name, matrix)
        scored = [
            replace(one, score=float(chance))
            for one, chance in zip(found.chosen, chances, strict=True)
        ]
        made[name] = sorted(scored, key=lambda one: -one.score)
    return made


def _in_order(issue: Sequence[Chosen], due: Sequence[Chosen]) -> tuple[Chosen, Chosen] | None:
    """The likeliest pair of which the second is not before the first."""
    pairs = [
        (first, second)
        for first in issue[:_KEPT]
        for second in due[:_KEPT]
        if second.text >= first.text
        and second.words != first.words
        and min(first.score, second.score) > _LIKELY
    ]
    return max(
        pairs, key=lambda pair: trees.odds(pair[0].score) + trees.odds(pair[1].score), default=None
    )


def _in_full(chosen: NameAt, found: Sequence[NameAt]) -> NameAt:
    """The same name with its legal form, where the page prints that too, as likely or nearly so."""
    bare = folded(chosen.text)
    fuller = [
        one
        for one in found
        if folded(one.text).startswith(f"{bare} ")
        and is_form_only(folded(one.text).removeprefix(bare))
        and one.supplier > _AS_LIKELY * chosen.supplier
    ]
    return max(fuller, key=lambda one: one.supplier, default=chosen)


def _brand(chosen: NameAt, found: Sequence[NameAt]) -> NameAt:
    """The name of a shop as it hangs above its door, where a receipt prints it without the legal
    form too, as likely or nearly so."""
    full = folded(chosen.text)
    bare = [
        one
        for one in found
        if full.startswith(f"{folded(one.text)} ")
        and is_form_only(full.removeprefix(folded(one.text)))
        and one.supplier > _AS_LIKELY * chosen.supplier
    ]
    return max(bare, key=lambda one: one.supplier, default=chosen)


def _better_read(chosen: NameAt, found: Sequence[NameAt]) -> NameAt:
    """The same name where OCR is surer of its letters: a logo's are often taken for others."""
    same = [
        one
        for one in found
        if len(one.words) == len(chosen.words)
        and fuzz.ratio(folded(one.text), folded(chosen.text)) >= _ALIKE
        and _legible(one) > _legible(chosen) + _SURER
    ]
    return max(same, key=_legible, default=chosen)


def _legible(one: NameAt) -> float:
    return sum(word.confidence for word in one.words) / len(one.words)


def _pair(found: Sequence[NameAt]) -> tuple[NameAt | None, NameAt | None]:
    best = 0.0
    pair: tuple[NameAt | None, NameAt | None] = (None, None)
    for seller, buyer in _pairs(found):
        total = _worth("supplier_name", seller.supplier if seller else None)
        total += _worth("buyer_name", buyer.buyer if buyer else None)
        if total > best:
            best, pair = total, (seller, buyer)
    return pair


def _worth(field: str, chance: float | None) -> float:
    """What naming it is worth against leaving it out."""
    return trees.odds(chance) - trees.odds(_LEAST[field]) if chance is not None else 0.0


def _pairs(found: Sequence[NameAt]) -> Iterator[tuple[NameAt | None, NameAt | None]]:
    sellers = [None, *sorted(found, key=lambda one: -one.supplier)[:_MOST]]
    buyers = [None, *sorted(found, key=lambda one: -one.buyer)[:_MOST]]
    for seller in sellers:
        for buyer in buyers:
            if seller is None or buyer is None or not parties.is_same(seller, buyer):
                yield seller, buyer
