"""Reading a document with what is remembered of its layout."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from billify.domain.reading.memory import amounts, constants, identity, spans
from billify.domain.reading.memory.anchors import Anchor, fit
from billify.domain.reading.memory.lesson import same
from billify.domain.reading.memory.ranking import best_spans
from billify.domain.reading.memory.recall import Fit, Memory
from billify.domain.reading.memory.recall import fit as fitted
from billify.domain.reading.memory.scene import Place, Scene, scene
from billify.domain.reading.memory.spans import Span
from billify.domain.reading.memory.table import read as read_table
from billify.domain.reading.reading import (
    UNSURE_BELOW,
    Alternative,
    Field,
    How,
    LineItem,
    OwnCompany,
    Reading,
    VatRow,
)
from billify.domain.reading.words import Page
from billify.domain.vat import VatCategory

SURE_ENOUGH = 0.8
"""A memory is used only from this probability on."""
_PLACED = (
    "invoice_number",
    "order_reference",
    "issue_date",
    "due_date",
    "delivery_date",
    "payment_reference",
    "buyer_name",
    "buyer_vat",
)
_GOOD_PLACE = 0.45
_APART = 0.15
"""Layouts of two suppliers must differ in likeness by this much."""
_MOST = 0.985
_CENTS = Decimal("0.02")


@dataclass(frozen=True, slots=True)
class Applied:
    """A reading after memory, and which memory that was."""

    reading: Reading
    at: int | None = None
    """Its place among the memories offered; None: none fits well enough."""
    probability: float = 0.0
    """That the document is of this layout and supplier."""


def apply(
    *,
    pages: Sequence[Page],
    reading: Reading,
    memories: Sequence[Memory],
    us: OwnCompany | None = None,
) -> Applied:
    """The reading corrected by the memory that fits; as it was when none surely does."""
    if not memories or not any(page.words for page in pages):
        return Applied(reading)
    seen = scene(pages)
    fits = [fitted(memory, seen, reading, us) for memory in memories]
    at = max(range(len(fits)), key=lambda place: (fits[place].probability, fits[place].likeness))
    if fits[at].probability < SURE_ENOUGH or _has_rival(memories, fits, at):
        return Applied(reading, None, fits[at].probability)
    done = _Applying(seen, reading, memories[at], fits[at], us).reading()
    return Applied(done, at, fits[at].probability)


def closest(
    *,
    pages: Sequence[Page],
    reading: Reading,
    memories: Sequence[Memory],
    us: OwnCompany | None = None,
) -> int | None:
    """Which memory a checked document belongs to; None: it has a layout of its own."""
    if not memories or not any(page.words for page in pages):
        return None
    seen = scene(pages)
    fits = [fitted(memory, seen, reading, us) for memory in memories]
    at = max(range(len(fits)), key=lambda place: fits[place].probability)
    return at if fits[at].probability >= 0.5 else None


def _has_rival(memories: Sequence[Memory], fits: Sequence[Fit], at: int) -> bool:
    """A memory of another supplier fits nearly as well: nobody knows whose paper this is."""
    mine = memories[at]
    return any(
        one.probability >= SURE_ENOUGH
        and one.likeness > fits[at].likeness - _APART
        and not same("supplier_name", mine.usual("supplier_name"), other.usual("supplier_name"))
        and not same("supplier_vat", mine.usual("supplier_vat") or "-", other.usual("supplier_vat"))
        for one, other in zip(fits, memories, strict=True)
        if other is not mine
    )


class _Applying:
    """One document read with one memory; each step sets fields right."""

    def __init__(
        self, seen: Scene, reading: Reading, memory: Memory, how_well: Fit, us: OwnCompany | None
    ) -> None:
        self.seen = seen
        self.before = reading
        self.memory = memory
        self.fit = how_well
        self.us = us
        self.fields = dict(reading.fields)
        self.warnings = [one for one in reading.warnings if one not in ("totals", "dates")]
        latest = memory.latest
        self.month_first = latest.month_first if latest else None

    def reading(self) -> Reading:
        """Every step in turn."""
        constants.set_constants(self.fields, self.seen, self.memory, self.fit.probability)
        for name in _PLACED:
            self._place(name)
        if not self._has_valid_account():
            self._without("iban")
        warning = constants.set_iban(self.fields, self.seen, self.memory, self.us)
        self.warnings += [warning] if warning else []
        self._amounts()
        self._due_by_terms()
        self._dates_in_order()
        return replace(
            self.before,
            fields=self.fields,
            vat_breakdown=self._vat_rows(),
            line_items=self._lines(),
            warnings=tuple(dict.fromkeys(self.warnings)),
        )

    def _place(self, name: str) -> None:
        told = self.memory.told(name)
        if not told:
            return
        if name in self.memory.fixed:
            self.fields[name] = Field(self.memory.fixed[name], 0.95, how=How.MEMORY)
            return
        if not any(one.anchors for one in told):
            self._without(name)
            return
        ranked = self._ranked(name)
        own = self.fields.get(name)
        if not ranked or ranked[0][0] < _GOOD_PLACE:
            if own is not None and all(one.value for one in told):
                # It always stood in one place; elsewhere it is less likely to be it.
                self.fields[name] = replace(own, confidence=round(0.85 * own.confidence, 3))
            return
        self._take(name, ranked, own)

    def _take(self, name: str, ranked: list[tuple[float, Span]], own: Field | None) -> None:
        score, span = ranked[0]
        rival = next((one[0] for one in ranked[1:]), 0.0)
        sure = self._confidence(name, score, score - rival, span)
        if own is not None and same(name, own.value, span.value):
            both = min(_MOST, 1 - (1 - own.confidence) * (1 - sure))
            self.fields[name] = self._field(name, span, both, own.alternatives)
        elif sure >= 0.5 or own is None or own.confidence < sure:
            self.fields[name] = self._field(name, span, sure, _others(own, ranked[1:]))
        else:
            self.fields[name] = self._doubted(own, span, sure)

    def _doubted(self, own: Field, span: Span, sure: float) -> Field:
        """What was read, with what stands at the remembered place beside it."""
        other = Alternative(span.value, round(sure, 3), span.page, self._box(span))
        least = min(own.confidence, UNSURE_BELOW - 0.05)
        return replace(own, confidence=least, alternatives=(other, *own.alternatives))

    def _without(self, name: str) -> None:
        """A field that this layout does not have: what misled before misleads again."""
        own = self.fields.get(name)
        told = self.memory.told(name)
        if own is None or any(one.value for one in told):
            return
        misled = [one.misled for one in told if one.misled is not None]
        if self._is_at(own, misled) or own.confidence < 0.9:
            del self.fields[name]

    def _has_valid_account(self) -> bool:
        """A sound account is never left out, whatever was said of earlier ones."""
        own = self.fields.get("iban")
        return own is not None and own.value in identity.printed(self.seen, self.us).ibans

    def _is_at(self, own: Field, places: Sequence[Anchor]) -> bool:
        if own.box is None or own.page is None:
            return bool(places)
        sheet = self.seen.facts.sheet(own.page)
        down = sheet.height / sheet.width
        box = own.box
        place = Place(own.page, box[0], box[1] * down, box[2], box[3] * down)
        return any(fit(one, place, self.seen, self.fit.shift) > 0.5 for one in places)

    def _ranked(self, name: str) -> list[tuple[float, Span]]:
        writings = [writing for one in self.memory.told(name) for writing in one.writings]
        found = spans.spans(self.seen, name, writings, month_first=self.month_first)
        shapes = list(dict.fromkeys(writing.shape for writing in writings if writing.shape))
        if name in amounts.NAMES:
            goods = self.seen.facts.table_lines
            found = [one for one in found if id(one.line) not in goods] or found
        told = self.memory.told(name) if name.startswith("buyer_") else []
        return best_spans(
            self.seen,
            name,
            self.memory.anchors(name),
            found,
            shapes,
            self.fit.shift,
            [one.value for one in told if one.value],
        )

    def _confidence(self, name: str, score: float, margin: float, span: Span) -> float:
        """How sure a place makes a value, by how well it fits and how far the next one is off."""
        place = min(1.0, max(0.0, (score - 0.3) / 0.4))
        apart = min(1.0, max(0.0, margin) / 0.12)
        legible = min((0.5 + 0.5 * word.confidence for word in span.words), default=1.0)
        sure = (0.5 + 0.49 * place) * (0.7 + 0.3 * apart) * legible
        sound = span.is_valid or name in amounts.NAMES
        sure *= self.memory.trust_in(name) * (1.0 if sound else 0.6)
        return max(0.05, min(_MOST, sure))

    def _field(
        self, name: str, span: Span, sure: float, others: tuple[Alternative, ...] = ()
    ) -> Field:
        anchors = self.memory.anchors(name)
        label = anchors[0][0].label if anchors else ""
        shown = others if sure < UNSURE_BELOW else ()
        return Field(
            span.value, round(sure, 3), span.page, self._box(span), How.MEMORY, label, shown
        )

    def _box(self, span: Span) -> tuple[float, float, float, float]:
        return constants.box_of(self.seen, span.place)

    def _amounts(self) -> None:
        ranked = {
            name: self._ranked(name)
            for name in amounts.NAMES
            if any(one.anchors for one in self.memory.told(name))
        }
        flipped = {
            name
            for name in ranked
            if all(one.is_flipped for one in self.memory.told(name) if one.anchors)
        }
        choice = amounts.chosen(ranked, self.fields, flipped)
        for name, (score, span) in choice.spans.items():
            rival = next((one[0] for one in ranked[name] if one[1].value != span.value), 0.0)
            own = self.fields.get(name)
            sure = self._confidence(name, score, score - rival, span)
            if choice.adds_up:
                sure = min(_MOST, max(sure, 0.98 * self.memory.trust_in(name)))
            if own is not None and same(name, own.value, span.value):
                sure = max(sure, min(_MOST, 1 - (1 - own.confidence) * (1 - sure)))
            elif own is not None and own.confidence > sure and self._was_read_well(name):
                # One amount may stand in many places of a small paper, all of them remembered.
                self.fields[name] = self._doubted(own, span, sure)
                continue
            self.fields[name] = self._field(name, span, sure, _others(own, ranked[name][1:]))
        self._vat_between(ranked, choice)
        self._place("amount_due")
        for name in amounts.NAMES:
            if name not in ranked:
                self._without(name)
        if amounts.adds_up(self.fields) is False:
            self.warnings.append("totals")
            for name in amounts.NAMES:
                if name in self.fields:
                    one = self.fields[name]
                    self.fields[name] = replace(one, confidence=min(one.confidence, 0.55))

    def _was_read_well(self, name: str) -> bool:
        """Without a memory, too, this field of this layout was right each time."""
        return all(one.was_right for one in self.memory.told(name))

    def _vat_between(self, ranked: amounts.Ranked, choice: amounts.Choice) -> None:
        """What lies between net and gross, where several rates leave no one VAT to read."""
        if "vat_amount" not in ranked or choice.adds_up:
            return
        between = amounts.between(choice, self.before.vat_breakdown)
        if between is None:
            return
        value, is_summed = between
        trust = self.memory.trust_in("vat_amount")
        sure = round((0.95 if is_summed else 0.7) * trust, 3)
        self.fields["vat_amount"] = Field(value, sure, how=How.ARITHMETIC)

    def _due_by_terms(self) -> None:
        """Where a layout prints no due date, people agree on one by terms."""
        told = self.memory.told("due_date")
        days = self.memory.usual_terms
        if days is None or "issue_date" not in self.fields or "due_date" in self.fields:
            return
        if "terms_days" not in self.memory.fixed and not any(
            one.value and not one.anchors for one in told
        ):
            return
        issued = self.fields["issue_date"]
        due = date.fromisoformat(issued.value) + timedelta(days=days)
        sure = min(issued.confidence, 0.9) * self.memory.trust_in("due_date")
        self.fields["due_date"] = Field(due.isoformat(), round(sure, 3), how=How.MEMORY)

    def _dates_in_order(self) -> None:
        issue, due = self.fields.get("issue_date"), self.fields.get("due_date")
        if issue is not None and due is not None and due.value < issue.value:
            self.warnings.append("dates")
            self.fields["issue_date"] = replace(issue, confidence=min(issue.confidence, 0.5))
            self.fields["due_date"] = replace(due, confidence=min(due.confidence, 0.4))

    def _vat_rows(self) -> tuple[VatRow, ...]:
        rows = self.before.vat_breakdown
        net, vat = _amount(self.fields, "net_amount"), _amount(self.fields, "vat_amount")
        categories = self.memory.usual_vat
        if net is None or vat is None or not categories:
            return rows
        total = sum((row.amount for row in rows if row.amount is not None), Decimal(0))
        if not rows or abs(abs(total) - abs(vat)) > _CENTS:
            rate = self.memory.usual_rate
            if rate is None or abs(net * Decimal(rate) / 100 - vat) > _CENTS:
                return rows
            sure = min(self.fields["net_amount"].confidence, self.fields["vat_amount"].confidence)
            rows = (VatRow(Decimal(rate), net, vat, sure),)
        return tuple(
            replace(row, category=row.category or _category(categories, row.rate)) for row in rows
        )

    def _lines(self) -> tuple[LineItem, ...]:
        items = self.before.line_items
        sums = (_amount(self.fields, name) for name in ("net_amount", "gross_amount"))
        wanted = [abs(one) for one in sums if one is not None]
        layouts = [one.table for one in reversed(self.memory.lessons) if one.table is not None]
        total = abs(sum((item.net_amount for item in items), Decimal(0)))
        if layouts and not (items and any(abs(total - one) <= _CENTS for one in wanted)):
            for layout in layouts[:3]:
                found = read_table(self.seen, layout, self.fit.shift, wanted=wanted)
                if found:
                    items = found
                    break
        categories = self.memory.usual_vat
        return tuple(
            replace(item, vat_category=_category(categories, item.vat_rate))
            if item.vat_category is None and item.vat_rate is not None
            else item
            for item in items
        )


def _others(own: Field | None, ranked: Sequence[tuple[float, Span]]) -> tuple[Alternative, ...]:
    found = (
        [Alternative(own.value, round(0.6 * own.confidence, 3), own.page, own.box)] if own else []
    )
    found += [Alternative(span.value, round(score / 2, 3), span.page) for score, span in ranked[:2]]
    return tuple({one.value: one for one in reversed(found)}.values())[::-1]


def _amount(fields: dict[str, Field], name: str) -> Decimal | None:
    return Decimal(fields[name].value) if name in fields else None


def _category(categories: dict[str, str], rate: Decimal) -> VatCategory | None:
    found = categories.get(format(rate.normalize(), "f"))
    return VatCategory(found) if found else None
