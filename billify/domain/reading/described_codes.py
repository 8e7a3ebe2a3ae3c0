"""VAT numbers and bank accounts with their features: whose is which?"""

from collections.abc import Sequence

from billify.domain.reading import names, soft_labels
from billify.domain.reading.codes import Code
from billify.domain.reading.contexts import context
from billify.domain.reading.facts import Facts
from billify.domain.reading.features import Row, Soft, classes_of
from billify.domain.reading.identities import Holder
from billify.domain.reading.parties import Parties, column_above

_CLASSES = classes_of("supplier", "buyer", "ship", "other_number", "payment_reference")


def vat_rows(
    facts: Facts,
    holders: Sequence[Holder],
    found: Parties,
    *,
    soft: Soft = soft_labels.chances,
) -> list[Row]:
    """One row per VAT number; `found` are the parties that the rules chose."""
    made = []
    countries = [holder.code.value[:2] for holder in holders]
    for at, one in enumerate(holders):
        row = Row()
        _code(row, facts, one.code, soft)
        row.put("seller", one.seller)
        row.put("best_seller", max(other.seller for other in holders) - one.seller)
        row.put("buyer", one.buyer)
        row.put("best_buyer", max(other.buyer for other in holders) - one.buyer)
        row.put("labelled", bool(one.label))
        row.put("nth", at)
        row.put("numbers", min(len(holders), 6))
        row.put("same_country", countries.count(countries[at]))
        accounts = {code.value[:2] for code in facts.codes if code.kind == "iban"}
        row.put("country_of_account", countries[at] in accounts)
        _to_parties(row, one.code, found)
        made.append(row)
    return made


def account_rows(
    facts: Facts, accounts: Sequence[Code], found: Parties, *, soft: Soft = soft_labels.chances
) -> list[Row]:
    """One row per place where a bank account stands."""
    made = []
    values = [code.value for code in accounts]
    for at, one in enumerate(accounts):
        row = Row()
        _code(row, facts, one, soft)
        row.put("nth", at)
        row.put("accounts", min(len(set(values)), 6))
        row.put("repeats", values.count(one.value))
        bics = [code for code in facts.codes if code.kind == "bic"]
        row.put("bic_near", any(abs(bic.line.y0 - one.line.y0) < 30 for bic in bics))
        near = " ".join(cell.text for cell in one.line.cells)
        row.put("bank_near", names.is_bank(near))
        vats = {code.value[:2] for code in facts.codes if code.kind == "vat"}
        row.put("country_of_vat", one.value[:2] in vats)
        text = near.casefold()
        row.put("is_guarantee", "g-rek" in text or "g rek" in text)
        _to_parties(row, one, found)
        made.append(row)
    return made


def _code(row: Row, facts: Facts, code: Code, soft: Soft) -> None:
    row.place(facts, code.words, code.line, code.cell)
    around = context(facts, code.words, code.line, code.cell)
    row.soft(around, _CLASSES, soft)
    row.put("valid", code.is_valid)
    row.put("length", len(code.value))
    row.put("belgian", code.value.startswith("BE"))
    heads = [column_above(facts.sheet(code.line.page), code.cell, depth) for depth in (2, 4, 7)]
    for depth, cells in zip((2, 4, 7), heads, strict=True):
        texts = [soft(cell_text) for cell_text in cells]
        for name in ("supplier", "buyer"):
            at = soft_labels.CLASSES.index(name)
            row.put(f"over_{name}_{depth}", max((text[at] for text in texts), default=0.0))


def _to_parties(row: Row, code: Code, found: Parties) -> None:
    for name, party in (("supplier", found.supplier), ("buyer", found.buyer)):
        same = party is not None and party.line.page == code.line.page
        down = code.line.y0 - party.line.y0 if party is not None and same else 999.0
        aside = abs(code.cell.x0 - party.cell.x0) if party is not None and same else 999.0
        row.put(f"down_{name}", max(-500.0, min(down, 999.0)))
        row.put(f"aside_{name}", min(aside, 999.0))
