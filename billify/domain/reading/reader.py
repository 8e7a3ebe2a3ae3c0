"""Reads one document, step by step."""

from collections.abc import Sequence
from dataclasses import replace

from billify.domain.reading import (
    choosing,
    goods,
    header,
    identities,
    kinds,
    lines,
    parties,
    sureness,
    tables,
    totals,
)
from billify.domain.reading.candidates import Pick
from billify.domain.reading.facts import Facts, gathered
from billify.domain.reading.found_names import NameAt
from billify.domain.reading.header import Chosen
from billify.domain.reading.reading import (
    Alternative,
    Direction,
    DocumentType,
    Field,
    How,
    OwnCompany,
    Reading,
    VatRow,
)
from billify.domain.reading.totals import Totals
from billify.domain.reading.words import Page, Word, around

_ENOUGH = {
    "issue_date": 0.05,
    "due_date": 0.4,
    "delivery_date": 0.5,
    "invoice_number": 0.2,
    "order_reference": 0.5,
    "payment_reference": 0.5,
}
"""A value less likely than this is left out."""


class Reader:
    """Reads one document; each step adds fields."""

    def __init__(self, pages: Sequence[Page], us: OwnCompany | None) -> None:
        self.us = us
        self.facts: Facts = gathered(pages)
        self.tables = tables.tables(self.facts)
        self.sums: Totals = totals.totals(self.facts)
        self.tables = goods.completed(self.facts, self.tables, self.sums)
        self.fields: dict[str, Field] = {}
        self.warnings: list[str] = []
        self.direction = Direction.PURCHASE

    def reading(self) -> Reading:
        """Every step in turn."""
        kind = self._kind()
        self._amounts()
        self._currency()
        self._numbers()
        self._dates()
        self._payment()
        self._parties(is_receipt=kind is DocumentType.RECEIPT)
        items = lines.line_items(
            self.facts, self.tables, self.sums, is_receipt=kind is DocumentType.RECEIPT
        )
        return Reading(
            fields=self.fields,
            vat_breakdown=tuple(self._vat_rows()),
            line_items=tuple(
                replace(item, box=self.facts.fractions(item.box, item.page)) for item in items
            ),
            direction=self.direction,
            language=self.facts.language,
            warnings=tuple(self.warnings),
        )

    def _kind(self) -> DocumentType:
        kind, confidence = kinds.document_type(self.facts)
        self.fields["document_type"] = Field(str(kind), confidence, how=How.LABEL)
        return kind

    def _amounts(self) -> None:
        sums = self.sums
        if sums.adds_up is False:
            self.warnings.append("totals")
        picks = {"net_amount": sums.net, "vat_amount": sums.vat, "gross_amount": sums.gross}
        for name, pick in picks.items():
            if pick is not None:
                self.fields[name] = self._amount_field(name, pick)
        gross = self.fields.get("gross_amount")
        if gross is not None:
            self.fields["gross_amount"] = replace(
                gross, alternatives=tuple(self._alternative(one) for one in sums.runners_up)
            )

    def _amount_field(self, name: str, pick: Pick) -> Field:
        words = pick.amount.words if pick.amount else ()
        page = pick.amount.line.page if pick.amount else None
        # A sum that is off by a cent or by the shipping is no contradiction, and no proof either.
        near = False if self.sums.adds_up is False else None
        adds_up = True if self.sums.is_exact else near
        confidence = sureness.of_amount(name, pick.score, adds_up, words)
        how = How.ARITHMETIC if self.sums.is_exact else How.LABEL
        return self._field(format(pick.value, "f"), words, page, confidence, how, pick.label)

    def _alternative(self, pick: Pick) -> Alternative:
        page = pick.amount.line.page if pick.amount else None
        box = self.facts.fractions(around(pick.amount.words), page) if pick.amount else None
        return Alternative(format(pick.value, "f"), round(pick.score / 2, 3), page, box)

    def _currency(self) -> None:
        gross = self.sums.gross
        beside = gross.amount.currency if gross and gross.amount else None
        code, confidence = kinds.currency(self.facts, beside)
        if code is not None:
            self.fields["currency"] = Field(code, confidence, how=How.PLACE)

    def _numbers(self) -> None:
        self._take(choosing.numbers(self.facts))

    def _take(self, found: choosing.Ranked) -> None:
        for name, ranked in found.items():
            if ranked and ranked[0].score >= _ENOUGH[name]:
                self.fields[name] = self._chosen_field(name, ranked)

    def _dates(self) -> None:
        self._take(choosing.dates(self.facts))
        issue, due = self.fields.get("issue_date"), self.fields.get("due_date")
        if issue is not None and due is not None and due.value < issue.value:
            self.warnings.append("dates")
            self.fields["issue_date"] = replace(issue, confidence=min(issue.confidence, 0.5))
            self.fields["due_date"] = replace(due, confidence=min(due.confidence, 0.4))

    def _payment(self) -> None:
        for name, ranked in header.payment_codes(self.facts).items():
            if ranked:
                self.fields[name] = self._chosen_field(name, ranked)

    def _parties(self, *, is_receipt: bool) -> None:
        found, by_rule = choosing.names(self.facts, us=self.us, is_receipt=is_receipt)
        seller_vat, buyer_vat = choosing.vat_numbers(self.facts, by_rule, us=self.us)
        self._accounts(by_rule)
        if found.supplier is not None:
            chance = found.supplier.supplier
            self.fields["supplier_name"] = self._name_field(
                found.supplier, "supplier", chance, found.others
            )
            address = parties.address_of(self.facts, found.supplier)
            if address:
                self.fields["supplier_address"] = Field(
                    address, 0.6, found.supplier.line.page, how=How.PLACE
                )
        if found.buyer is not None:
            self.fields["buyer_name"] = self._name_field(
                found.buyer, "buyer", found.buyer.buyer, ()
            )
        if seller_vat is not None:
            self._vat_number("supplier_vat", seller_vat, seller_vat.seller)
        if buyer_vat is not None:
            self._vat_number("buyer_vat", buyer_vat, buyer_vat.buyer)
        self._own_side()
        number = (
            identities.enterprise_number(self.fields["supplier_vat"].value)
            if ("supplier_vat" in self.fields)
            else None
        )
        if number is not None:
            self.fields["supplier_enterprise_number"] = replace(
                self.fields["supplier_vat"], value=number
            )

    def _own_side(self) -> None:
        """A document whose seller is us is a sale."""
        if self.us is None:
            return
        seller, buyer = self.fields.get("supplier_name"), self.fields.get("buyer_name")
        vat = self.fields.get("supplier_vat")
        ours = (self.us.vat_number or "-").replace(" ", "").replace(".", "").upper()
        sells = vat is not None and vat.value == ours
        sells = sells or (seller is not None and parties.is_us(seller.value, self.us))
        buys = buyer is not None and parties.is_us(buyer.value, self.us)
        if sells and not buys:
            self.direction = Direction.SALE

    def _name_field(
        self,
        name: NameAt,
        role: str,
        chance: float,
        others: Sequence[NameAt],
    ) -> Field:
        label = name.label.get(role, "")
        rival = max((one.supplier for one in others), default=0.0) if others else 0.0
        kept = self._field(
            name.text,
            name.words,
            name.line.page,
            sureness.of_choice(f"{role}_name", chance, rival, name.words),
            How.LABEL if label else How.PLACE,
            label,
        )
        alternatives = tuple(
            Alternative(
                one.text,
                round(one.supplier, 3),
                one.line.page,
                self.facts.fractions(one.box, one.line.page),
            )
            for one in others
        )
        return replace(kept, alternatives=alternatives)

    def _vat_number(self, field: str, holder: identities.Holder, chance: float) -> None:
        code = holder.code
        how = How.CHECK_DIGITS if code.is_valid else How.LABEL
        words = () if code.is_valid else code.words
        confidence = sureness.of_choice(field, chance, 0.0, words)
        self.fields[field] = self._field(
            code.value, code.words, code.line.page, confidence, how, holder.label
        )

    def _accounts(self, by_rule: parties.Parties) -> None:
        ours = self.us.ibans if self.us is not None else ()
        ranked = choosing.accounts(self.facts, by_rule, ours=ours)
        if ranked:
            self.fields["iban"] = self._chosen_field("iban", ranked)

    def _vat_rows(self) -> list[VatRow]:
        confidence = 0.95 if self.sums.adds_up else 0.5
        return [
            VatRow(
                row.rate,
                row.base,
                row.amount,
                confidence,
                row.line.page if row.line else None,
                self.facts.fractions(around(row.line.words), row.line.page) if row.line else None,
            )
            for row in self.sums.rows
        ]

    def _chosen_field(self, name: str, ranked: Sequence[Chosen]) -> Field:
        best = ranked[0]
        rivals = [one for one in ranked[1:] if one.text != best.text]
        rival = rivals[0].score if rivals else 0.0
        words = () if best.has_check_digits else best.words
        confidence = sureness.of_choice(name, best.score, rival, words)
        how = How.CHECK_DIGITS if best.has_check_digits else How.LABEL
        how = How.PLACE if not best.label and not best.has_check_digits else how
        kept = self._field(best.text, best.words, best.page, confidence, how, best.label)
        seen: dict[str, Chosen] = {}
        for one in rivals:
            seen.setdefault(one.text, one)
        return replace(
            kept,
            alternatives=tuple(
                Alternative(
                    one.text,
                    round(one.score, 3),
                    one.page,
                    self.facts.fractions(around(one.words), one.page),
                )
                for one in list(seen.values())[:3]
            ),
        )

    def _field(
        self,
        value: str,
        words: Sequence[Word],
        page: int | None,
        confidence: float,
        how: How,
        label: str,
    ) -> Field:
        box = self.facts.fractions(around(list(words)), page) if words else None
        return Field(value, round(confidence, 4), page, box, how, label)
