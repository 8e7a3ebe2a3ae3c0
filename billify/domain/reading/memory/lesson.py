"""What one checked document teaches of its layout."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from billify.domain.reading import codes, dates
from billify.domain.reading.layout import folded
from billify.domain.reading.memory import identity, spans
from billify.domain.reading.memory.anchors import Anchor, anchor, fit
from billify.domain.reading.memory.identity import Identity
from billify.domain.reading.memory.ranking import best_spans
from billify.domain.reading.memory.scene import Mark, Place, Scene, Shift, scene
from billify.domain.reading.memory.spans import Span, Writing
from billify.domain.reading.memory.table import Layout as TableLayout
from billify.domain.reading.memory.table import lines_of, observed
from billify.domain.reading.reading import Field, LineItem, OwnCompany, Reading
from billify.domain.reading.words import Page

PRINTED = (
    "invoice_number",
    "order_reference",
    "issue_date",
    "due_date",
    "delivery_date",
    "net_amount",
    "vat_amount",
    "gross_amount",
    "amount_due",
    "payment_reference",
    "buyer_name",
    "buyer_vat",
    "iban",
)
"""Fields whose value is looked for on the page again."""
CONSTANT = ("supplier_name", "supplier_vat", "supplier_enterprise_number", "bic", "currency")
"""Fields that stay the same from one document of a supplier to the next."""
KIND = "document_type"
"""What a paper is, by what it was taken for: no constant, as suppliers also send credit notes."""
_MOST_MARKS = 220
_MOST_ANCHORS = 4
_LABELS = {"net_amount": "net", "vat_amount": "vat", "gross_amount": "gross"}
_LABELLED = 0.5
_MOST_DAYS = 400
"""A term longer than this between two dates is no term."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a document showed of one field."""

    value: str | None
    """The true value; None: this paper does not have one."""
    said: str | None = None
    """What was read before a person looked."""
    anchors: tuple[Anchor, ...] = ()
    """Where the value stands; none when it is not printed."""
    writings: tuple[Writing, ...] = ()
    misled: Anchor | None = None
    """Where a wrong value was read."""
    is_flipped: bool = False
    """An amount printed with a minus that is meant without."""

    @property
    def was_right(self) -> bool:
        """Nobody had to correct it."""
        return self.value == self.said


@dataclass(frozen=True, slots=True)
class Lesson:
    """One document as it was at last approved."""

    key: str
    identity: Identity
    marks: tuple[Mark, ...]
    told: dict[str, Told]
    is_noisy: bool = False
    language: str = ""
    month_first: bool | None = None
    terms_days: int | None = None
    """Days from issue to due date when the due date is not printed."""
    vat: tuple[tuple[str, str], ...] = ()
    """(rate, category) of each VAT row."""
    table: TableLayout | None = None

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """A dict that `from_json` turns back."""
        return {
            "key": self.key,
            "identity": self.identity.to_json(),
            "marks": [
                [one.token, one.place.page, round(one.place.u0, 3), round(one.place.v0, 3)]
                for one in self.marks
            ],
            "told": {name: _plain(one) for name, one in self.told.items()},
            "is_noisy": self.is_noisy,
            "language": self.language,
            "month_first": self.month_first,
            "terms_days": self.terms_days,
            "vat": [list(row) for row in self.vat],
            "table": self.table.to_json() if self.table else None,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Lesson":  # Any: JSON
        """The lesson that `to_json` wrote."""
        return cls(
            key=kept["key"],
            identity=Identity.from_json(kept["identity"]),
            marks=tuple(
                Mark(one[0], Place(one[1], one[2], one[3], one[2], one[3])) for one in kept["marks"]
            ),
            told={name: _told(one) for name, one in kept["told"].items()},
            is_noisy=kept["is_noisy"],
            language=kept["language"],
            month_first=kept["month_first"],
            terms_days=kept["terms_days"],
            vat=tuple((row[0], row[1]) for row in kept["vat"]),
            table=TableLayout.from_json(kept["table"]) if kept["table"] else None,
        )


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a person says a document states."""

    values: Mapping[str, str | None]
    """By the names of a reading; None where the document has no such value. What is left out was
    not looked at and teaches nothing."""
    vat: Sequence[tuple[Decimal, str]] = ()
    """(rate, category) of each VAT row."""
    lines: Sequence[LineItem] = field(default_factory=tuple)


def observe(
    pages: Sequence[Page],
    reading: Reading,
    corrected: Corrected,
    *,
    key: str,
    us: OwnCompany | None = None,
) -> Lesson:
    """What a document teaches once a person has checked it; `key` names the document."""
    seen = scene(pages)
    values = dict(corrected.values)
    month_first = _month_order(seen, values.get("issue_date"))
    found = {
        name: spans.located(seen, name, value)
        for name, value in values.items()
        if value and name in PRINTED
    }
    changing = _changing(seen, found, reading)
    goods = seen.facts.table_lines | lines_of(seen, corrected.lines)
    found = {name: _outside(goods, pairs) for name, pairs in found.items()}
    told = {
        name: _observed(seen, name, value, found.get(name, []), changing, reading, month_first)
        for name, value in values.items()
        if name in PRINTED or name in CONSTANT or name == KIND
    }
    ids = {id(mark) for mark in changing}
    return Lesson(
        key=key,
        identity=_identity(seen, values, us),
        marks=tuple([mark for mark in seen.marks if id(mark) not in ids][:_MOST_MARKS]),
        told=told,
        is_noisy=seen.is_noisy,
        language=reading.language or seen.facts.language,
        month_first=month_first,
        terms_days=_terms(values, told),
        vat=tuple((format(rate.normalize(), "f"), category) for rate, category in corrected.vat),
        table=observed(seen, corrected.lines) if corrected.lines else None,
    )


def same(name: str, one: str | None, other: str | None) -> bool:
    """Whether two values of a field mean the same; the sign of an amount aside."""
    if one is None or other is None or not one or not other:
        return not one and not other
    if name in spans.AMOUNTS:
        return abs(Decimal(one)) == abs(Decimal(other))
    if name in spans.DATES:
        return one == other
    if name.endswith("_name"):
        return folded(one) == folded(other)
    return codes.bare(one) == codes.bare(other)


def _observed(
    seen: Scene,
    name: str,
    value: str | None,
    found: Sequence[tuple[Span, Writing]],
    changing: Sequence[Mark],
    reading: Reading,
    month_first: bool | None,
) -> Told:
    field_read = reading.fields.get(name)
    said = field_read.value if field_read is not None else None
    right = same(name, said, value)
    misled = None
    if not right and field_read is not None and field_read.box is not None and field_read.page:
        misled = anchor(seen, _place(seen, field_read.page, field_read.box), but=changing)
    writings = tuple(dict.fromkeys(writing for _, writing in found))
    ranked = _main_first(seen, name, found, field_read if right else None)
    anchors = [
        replace(anchor(seen, span.place, but=changing), is_main=at == 0 or labelled)
        for at, (span, _, labelled) in enumerate(ranked[:_MOST_ANCHORS])
    ]
    anchors = _worthy(seen, name, value, anchors, writings, month_first)
    return Told(
        value=value or None,
        said=value or None if right else said,
        anchors=tuple(anchors),
        writings=writings,
        misled=misled,
        is_flipped=_is_flipped(name, value, found),
    )


def _worthy(
    seen: Scene,
    name: str,
    value: str | None,
    anchors: Sequence[Anchor],
    writings: Sequence[Writing],
    month_first: bool | None,
) -> list[Anchor]:
    """The anchors by how far they tell their value from the others, tried on its own paper."""
    if value is None:
        return []
    others = [
        span
        for span in spans.spans(seen, name, writings, month_first=month_first)
        if not same(name, span.value, value)
    ]
    shapes = [writing.shape for writing in writings]
    tried = []
    for one in anchors:
        own = fit(one, one.place, seen, Shift())
        ranked = best_spans(seen, name, [(one, 1.0)], others, shapes, Shift())
        margin = own - (ranked[0][0] if ranked else 0.0)
        tried.append(replace(one, worth=max(0.05, min(1.0, margin / 0.3))))
    return tried


def _main_first(
    seen: Scene,
    name: str,
    found: Sequence[tuple[Span, Writing]],
    read: Field | None,
) -> list[tuple[Span, Writing, bool]]:
    """The place that speaks for the field first: where it was read rightly, else by its label.

    The same figure or date may stand elsewhere by chance; the third value tells that a label, or
    the reader, speaks for the place.
    """
    linked = seen.facts.linked(_LABELS.get(name, name), [span for span, _ in found])

    def speaks(pair: tuple[Span, Writing]) -> float:
        span = pair[0]
        score = linked[id(span)][0] if id(span) in linked else 0.0
        if read is not None and read.box is not None and read.page == span.page:
            where = _place(seen, read.page, read.box)
            score += 2.0 * (_holds(where, span.place) or _holds(span.place, where))
        return score

    # Of places that nothing speaks for, totals are the lowest one, all else is the highest.
    down = -1.0 if name in spans.AMOUNTS else 1.0
    ranked = sorted(found, key=lambda pair: (-speaks(pair), down * _height(pair[0])))
    return [(*pair, speaks(pair) > _LABELLED) for pair in ranked]


def _height(span: Span) -> float:
    return 10.0 * span.page + span.place.v0


def _outside(
    goods: AbstractSet[int], found: Sequence[tuple[Span, Writing]]
) -> list[tuple[Span, Writing]]:
    """The places outside the lines of goods, where a total stands only by chance."""
    outside = [pair for pair in found if id(pair[0].line) not in goods]
    return outside or list(found)


def _changing(
    seen: Scene, found: Mapping[str, Sequence[tuple[Span, Writing]]], reading: Reading
) -> list[Mark]:
    """Words that belong to values and to the lines of goods."""
    places = [span.place for pairs in found.values() for span, _ in pairs]
    places += [
        _place(seen, item.page, item.box)
        for item in reading.line_items
        if item.page is not None and item.box is not None
    ]
    return [mark for mark in seen.marks if any(_holds(place, mark.place) for place in places)]


def _holds(outer: Place, inner: Place) -> bool:
    return (
        outer.page == inner.page
        and outer.u0 - 0.002 <= inner.u0
        and inner.u1 <= outer.u1 + 0.002
        and outer.v0 - 0.002 <= inner.middle <= outer.v1 + 0.002
    )


def _place(seen: Scene, page: int, box: tuple[float, float, float, float]) -> Place:
    sheet = next((one for one in seen.facts.sheets if one.page == page), seen.facts.sheets[0])
    down = sheet.height / sheet.width
    return Place(page, box[0], box[1] * down, box[2], box[3] * down)


def _month_order(seen: Scene, issued: str | None) -> bool | None:
    """True when dates here put the month first, False when the day; None when it can't be told."""
    if not issued:
        return None
    times = {}
    for first in (False, True):
        days = dates.days(seen.facts.sheets, month_first=first)
        times[first] = sum(day.value.isoformat() == issued and day.is_doubtful for day in days)
    if times[True] != times[False]:
        return times[True] > times[False]
    shown = {
        prefers: dates.month_comes_first(seen.facts.sheets, prefers=prefers)
        for prefers in (False, True)
    }
    return shown[True] if shown[True] == shown[False] else None


def _terms(values: Mapping[str, str | None], told: Mapping[str, Told]) -> int | None:
    issued, due = values.get("issue_date"), values.get("due_date")
    if not issued or not due or told["due_date"].anchors:
        return None
    days = (date.fromisoformat(due) - date.fromisoformat(issued)).days
    return days if 0 <= days <= _MOST_DAYS else None


def _identity(seen: Scene, values: Mapping[str, str | None], us: OwnCompany | None) -> Identity:
    shown = identity.printed(seen, us)
    name = values.get("supplier_name") or ""
    vat, iban = values.get("supplier_vat"), values.get("iban")
    return replace(
        shown,
        names=frozenset([folded(name)] if identity.has_name(seen, name) else []),
        vat=codes.bare(vat) if vat else None,
        iban=codes.bare(iban) if iban else None,
    )


def _is_flipped(name: str, value: str | None, found: Iterable[tuple[Span, Writing]]) -> bool:
    if name not in spans.AMOUNTS or not value:
        return False
    printed = [Decimal(span.value) for span, _ in found]
    return bool(printed) and all(one < 0 for one in printed) and Decimal(value) > 0


def _plain(one: Told) -> dict[str, Any]:  # Any: JSON
    return {
        "value": one.value,
        "said": one.said,
        "anchors": [place.to_json() for place in one.anchors],
        "writings": [writing.to_json() for writing in one.writings],
        "misled": one.misled.to_json() if one.misled else None,
        "is_flipped": one.is_flipped,
    }


def _told(kept: Mapping[str, Any]) -> Told:  # Any: JSON
    return Told(
        value=kept["value"],
        said=kept["said"],
        anchors=tuple(Anchor.from_json(one) for one in kept["anchors"]),
        writings=tuple(Writing(*one) for one in kept["writings"]),
        misled=Anchor.from_json(kept["misled"]) if kept["misled"] else None,
        is_flipped=kept["is_flipped"],
    )
