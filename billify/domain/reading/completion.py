"""The fields around the head: terms, period, settlement, parties' details, kinds of VAT, lines.

Each is found by its own module; here they join the reading, with their places on the page.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from billify.domain.reading import (
    agreed_terms,
    credited,
    discounts,
    identities,
    line_details,
    parties,
    periods,
    settlement,
    vat_mentions,
)
from billify.domain.reading.codes import Code
from billify.domain.reading.facts import Facts
from billify.domain.reading.found_names import NameAt
from billify.domain.reading.prose import Found
from billify.domain.reading.reading import DocumentType, Field, How, LineItem, Reading, VatRow
from billify.domain.reading.tables import Table
from billify.domain.reading.words import around
from billify.domain.vat import VatCategory

_CENT = Decimal("0.01")
_LABELLED = re.compile(r":|\b(?:siren|siret|vat|btw|tva|kvk|id|nr)\b", re.IGNORECASE)
"""A line of an address block that is no address."""
_DERIVED = 0.8
"""A worked-out due date is at most this sure: terms are agreed, dates are printed."""


def completed(reading: Reading, facts: Facts, tables: Sequence[Table]) -> Reading:
    """The reading with every further field that the pages show."""
    is_receipt = reading.text("document_type") == DocumentType.RECEIPT
    gross = reading.amount("gross_amount")
    found: dict[str, Found | None] = {}
    if not is_receipt:
        found |= periods.period(facts)
        found |= discounts.discount(
            facts,
            issued=reading.day("issue_date"),
            gross=gross,
            net=reading.amount("net_amount"),
        )
        found["payment_terms"] = agreed_terms.payment_terms(facts)
    else:
        found["tip_amount"] = settlement.tip(facts)
    found |= settlement.due_and_paid(facts, gross=gross, is_receipt=is_receipt)
    found["payment_method"] = settlement.method(facts, gross=gross, is_receipt=is_receipt)
    if reading.text("document_type") == DocumentType.CREDIT_NOTE:
        found["credited_invoice_number"] = credited.credited_invoice(
            facts, own_number=reading.text("invoice_number")
        )
    found["vat_category"] = vat_mentions.category(facts) if _may_lack_vat(reading) else None
    fields = dict(reading.fields)
    for name, one in found.items():
        if one is not None and name not in fields:
            fields[name] = _field(one, facts)
    _due_date(fields)
    _buyer(fields, facts)
    _bic(fields, facts)
    rates = frozenset(row.rate for row in reading.vat_breakdown)
    items = line_details.completed(reading.line_items, facts, tables, rates=rates)
    return _categorised(replace(reading, fields=fields, line_items=items))


def _field(one: Found, facts: Facts) -> Field:
    box = facts.fractions(around(list(one.words)), one.page) if one.words else None
    return Field(one.value, round(one.confidence, 3), one.page, box, one.how, one.label)


def _due_date(fields: dict[str, Field]) -> None:
    """Issue date and terms make the due date where none is printed, and vouch for one that is."""
    issue, agreed, due = (fields.get(name) for name in ("issue_date", "payment_terms", "due_date"))
    if issue is None or agreed is None:
        return
    value = agreed_terms.due_date(date.fromisoformat(issue.value), agreed.value).isoformat()
    if due is None:
        sure = min(issue.confidence, agreed.confidence, _DERIVED)
        fields["due_date"] = replace(
            agreed, value=value, confidence=round(sure, 3), how=How.ARITHMETIC
        )
    elif due.value == value and due.confidence < 0.95:
        fields["due_date"] = replace(due, confidence=0.95, alternatives=())


def _buyer(fields: dict[str, Field], facts: Facts) -> None:
    """Street and place under the buyer's name, and the number inside a Belgian VAT number."""
    vat = fields.get("buyer_vat")
    number = identities.enterprise_number(vat.value) if vat is not None else None
    if vat is not None and number is not None and "buyer_enterprise_number" not in fields:
        fields["buyer_enterprise_number"] = replace(vat, value=number)
    name = fields.get("buyer_name")
    if name is None or "buyer_address" in fields:
        return
    at = _name_at(name, facts)
    address = parties.address_of(facts, at) if at is not None else ""
    address = ", ".join(part for part in address.split(", ") if not _LABELLED.search(part))
    if at is not None and address:
        fields["buyer_address"] = Field(
            address, round(min(0.7, name.confidence), 3), name.page, how=How.PLACE
        )


def _name_at(name: Field, facts: Facts) -> NameAt | None:
    if name.box is None or name.page is None:
        return None
    sheet = facts.sheet(name.page)
    x, y = name.box[0] * sheet.width + 1, (name.box[1] + name.box[3]) / 2 * sheet.height
    for line in sheet.lines:
        for cell in line.cells:
            if cell.x0 - 1 <= x <= cell.x1 + 1 and cell.y0 - 1 <= y <= cell.y1 + 1:
                return NameAt(name.value, tuple(cell.words), line, cell)
    return None


def _bic(fields: dict[str, Field], facts: Facts) -> None:
    """With several accounts on a page the BIC is the one beside the IBAN that was chosen."""
    iban = fields.get("iban")
    codes = [code for code in facts.codes if code.kind == "bic"]
    if iban is None or iban.box is None or len({code.value for code in codes}) < 2:
        return
    near = [code for code in codes if code.line.page == iban.page]
    best = min(near, key=lambda code: _distance(code, iban, facts), default=None)
    bic = fields.get("bic")
    if best is None or _distance(best, iban, facts) > 60 or (bic and bic.value == best.value):
        return
    box = facts.fractions(around(list(best.words)), best.line.page)
    fields["bic"] = Field(best.value, 0.85, best.line.page, box, How.PLACE)


def _distance(code: Code, iban: Field, facts: Facts) -> float:
    """Points between, where a line down counts less than a column across."""
    assert iban.box is not None
    sheet = facts.sheet(code.line.page)
    box = code.box
    down = abs(box[1] - iban.box[1] * sheet.height)
    across = max(box[0] - iban.box[2] * sheet.width, iban.box[0] * sheet.width - box[2], 0.0)
    return down + 0.3 * across


def _may_lack_vat(reading: Reading) -> bool:
    """Nothing was charged, or some part of it without VAT."""
    vat, net, gross = (
        reading.amount(name) for name in ("vat_amount", "net_amount", "gross_amount")
    )
    if vat is None:
        return net is None or gross is None or abs(net - gross) <= _CENT
    if not vat or any(not row.rate for row in reading.vat_breakdown):
        return True
    return any(item.vat_rate is not None and not item.vat_rate for item in reading.line_items)


def _categorised(reading: Reading) -> Reading:
    """The mention's category on every row and line without VAT."""
    mention = reading.fields.get("vat_category")
    if mention is None:
        return reading
    category = VatCategory(mention.value)

    def row(one: VatRow) -> VatRow:
        return one if one.rate or one.category else replace(one, category=category)

    def line(one: LineItem) -> LineItem:
        is_bare = one.vat_category is None and one.vat_rate is not None and not one.vat_rate
        return replace(one, vat_category=category) if is_bare else one

    return replace(
        reading,
        vat_breakdown=tuple(map(row, reading.vat_breakdown)),
        line_items=tuple(map(line, reading.line_items)),
    )
