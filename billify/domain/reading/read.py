"""The one public step: from positioned words to the fields of an invoice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from billify.domain.reading import header, identities, kinds, lines, parties, tables, totals
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
from billify.domain.reading.words import Box, Page, Word, around

_ENOUGH = {"invoice_number": 0.3, "order_reference": 0.5, "payment_reference": 0.6}
_DATE_ENOUGH = {"issue_date": 0.15, "due_date": 0.4, "delivery_date": 0.5}


def read(pages: Sequence[Page], *, us: OwnCompany | None = None) -> Reading:
    """The fields of one document; a page without a clue gives a reading without fields."""
    if not any(page.words for page in pages):
        return Reading()
    return _Reader(pages, us).reading()


@dataclass(slots=True)
class _Sure:
    """Confidence out of a score: a straight line between two points, kept below one."""

    low: float
    high: float

    def __call__(self, score: float) -> float:
        return max(0.05, min(0.97, self.low + (self.high - self.low) * min(max(score, 0.0), 1.0)))


class _Reader:
    """Reads one document; each step adds fields."""

    def __init__(self, pages: Sequence[Page], us: OwnCompany | None) -> None:
        self.us = us
        self.facts: Facts = gathered(pages)
        self.tables = tables.tables(self.facts)
        self.sums: Totals = totals.totals(self.facts)
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
                replace(item, box=self._fractions(item.box, item.page)) for item in items
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
                self.fields[name] = self._amount_field(pick)
        gross = self.fields.get("gross_amount")
        if gross is not None and gross.is_unsure:
            self.fields["gross_amount"] = replace(
                gross, alternatives=tuple(self._alternative(one) for one in sums.runners_up)
            )

    def _amount_field(self, pick: Pick) -> Field:
        adds_up = self.sums.adds_up
        if adds_up:
            # A value that only the sum points at may be another figure of the same size.
            confidence, how = 0.97 if pick.score > 0.2 else 0.72, How.ARITHMETIC
        elif adds_up is False:
            confidence, how = min(0.55, 0.25 + 0.3 * pick.score), How.LABEL
        else:
            confidence, how = _Sure(0.35, 0.9)(pick.score), How.LABEL
        words = pick.amount.words if pick.amount else ()
        page = pick.amount.line.page if pick.amount else None
        if not adds_up:
            confidence *= _legibility(words)
        return self._field(format(pick.value, "f"), words, page, confidence, how, pick.label)

    def _alternative(self, pick: Pick) -> Alternative:
        page = pick.amount.line.page if pick.amount else None
        box = self._fractions(around(pick.amount.words), page) if pick.amount else None
        return Alternative(format(pick.value, "f"), round(pick.score / 2, 3), page, box)

    def _currency(self) -> None:
        gross = self.sums.gross
        beside = gross.amount.currency if gross and gross.amount else None
        code, confidence = kinds.currency(self.facts, beside)
        if code is not None:
            self.fields["currency"] = Field(code, confidence, how=How.PLACE)

    def _numbers(self) -> None:
        found = header.numbers(self.facts)
        for name, ranked in found.items():
            if ranked and ranked[0].score >= _ENOUGH[name]:
                self.fields[name] = self._chosen_field(ranked, _Sure(0.4, 1.0))

    def _dates(self) -> None:
        found = header.dates(self.facts)
        for name in ("issue_date", "due_date", "delivery_date"):
            ranked = [chosen for _, chosen in found[name]]
            if ranked and ranked[0].score >= _DATE_ENOUGH[name]:
                self.fields[name] = self._chosen_field(ranked, _Sure(0.45, 1.0))
        self._only_date()
        issue, due = self.fields.get("issue_date"), self.fields.get("due_date")
        if issue is not None and due is not None and due.value < issue.value:
            self.warnings.append("dates")
            self.fields["issue_date"] = replace(issue, confidence=min(issue.confidence, 0.5))
            self.fields["due_date"] = replace(due, confidence=min(due.confidence, 0.4))

    def _only_date(self) -> None:
        """The one date on a page needs no label to be its date."""
        issue = self.fields.get("issue_date")
        if issue is not None and len({day.value for day in self.facts.days}) == 1:
            sure = max(issue.confidence, 0.85)
            self.fields["issue_date"] = replace(issue, confidence=sure, alternatives=())

    def _payment(self) -> None:
        ibans = self.us.ibans if self.us is not None else ()
        for name, ranked in header.payment_codes(self.facts, ibans).items():
            if ranked:
                self.fields[name] = self._chosen_field(ranked, _Sure(0.3, 0.99))

    def _parties(self, *, is_receipt: bool) -> None:
        found = parties.parties(self.facts, us=self.us, is_receipt=is_receipt)
        seller_vat, buyer_vat = identities.vat_numbers(self.facts, found, us=self.us)
        if found.supplier is not None:
            others = [one for one in found.others if one.supplier > 0.3]
            self.fields["supplier_name"] = self._name_field(
                found.supplier,
                "supplier",
                found.supplier.supplier,
                others,
                most=0.7 if is_receipt else 0.86,
            )
            address = parties.address_of(self.facts, found.supplier)
            if address:
                self.fields["supplier_address"] = Field(
                    address, 0.6, found.supplier.line.page, how=How.PLACE
                )
        if found.buyer is not None:
            self.fields["buyer_name"] = self._name_field(
                found.buyer, "buyer", found.buyer.buyer, (), most=0.8
            )
        self._vat_number("supplier_vat", seller_vat, "seller")
        self._vat_number("buyer_vat", buyer_vat, "buyer")
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
        score: float,
        others: Sequence[NameAt],
        *,
        most: float,
    ) -> Field:
        """`most` is as sure as a name without a label can be."""
        label = name.label.get(role, "")
        confidence = min(_Sure(0.25, 0.95)(score / 2.2), 0.97 if label else most)
        kept = self._field(
            name.text,
            name.words,
            name.line.page,
            confidence * _legibility(name.words),
            How.LABEL if label else How.PLACE,
            label,
        )
        alternatives = tuple(
            Alternative(
                one.text,
                round(_Sure(0.1, 0.6)(one.supplier / 2.4), 3),
                one.line.page,
                self._fractions(one.box, one.line.page),
            )
            for one in others
        )
        return replace(kept, alternatives=alternatives) if kept.is_unsure else kept

    def _vat_number(self, field: str, holder: identities.Holder | None, side: str) -> None:
        if holder is None:
            return
        code = holder.code
        apart = abs(holder.seller - holder.buyer)
        confidence = (0.7 if code.is_valid else 0.5) + 0.25 * min(apart, 1.0)
        how = How.CHECK_DIGITS if code.is_valid else How.LABEL
        del side
        self.fields[field] = self._field(
            code.value, code.words, code.line.page, min(confidence, 0.97), how, holder.label
        )

    def _vat_rows(self) -> list[VatRow]:
        confidence = 0.95 if self.sums.adds_up else 0.5
        return [
            VatRow(
                row.rate,
                row.base,
                row.amount,
                confidence,
                row.line.page if row.line else None,
                self._fractions(around(row.line.words), row.line.page) if row.line else None,
            )
            for row in self.sums.rows
        ]

    def _chosen_field(self, ranked: Sequence[Chosen], sure: _Sure) -> Field:
        best = ranked[0]
        rivals = [one for one in ranked[1:] if one.text != best.text]
        margin = best.score - rivals[0].score if rivals else 1.0
        confidence = sure(best.score) * (1.0 if margin > 0.15 else 0.8)
        if not best.has_check_digits:
            confidence *= _legibility(best.words)
        how = How.CHECK_DIGITS if best.has_check_digits else How.LABEL
        how = How.PLACE if not best.label and not best.has_check_digits else how
        kept = self._field(best.text, best.words, best.page, confidence, how, best.label)
        if not kept.is_unsure:
            return kept
        seen: dict[str, Chosen] = {}
        for one in rivals:
            seen.setdefault(one.text, one)
        return replace(
            kept,
            alternatives=tuple(
                Alternative(
                    one.text,
                    round(sure(one.score) * 0.6, 3),
                    one.page,
                    self._fractions(around(one.words), one.page),
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
        box = self._fractions(around(list(words)), page) if words else None
        return Field(value, round(confidence, 3), page, box, how, label)

    def _fractions(self, box: Box | None, page: int | None) -> Box | None:
        if box is None or page is None:
            return None
        sheet = self.facts.sheet(page)
        return (
            box[0] / sheet.width,
            box[1] / sheet.height,
            box[2] / sheet.width,
            box[3] / sheet.height,
        )


def _legibility(words: Sequence[Word]) -> float:
    """How far the letters themselves can be trusted: 1 for a text layer."""
    return min((0.5 + 0.5 * word.confidence for word in words), default=1.0)
