"""The columns of the lines as a person set them right, found again under the same head."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median, pstdev
from typing import Any

from billify.domain.reading.amounts import Amount
from billify.domain.reading.layout import Line, folded
from billify.domain.reading.memory.scene import Scene, Shift
from billify.domain.reading.reading import LineItem
from billify.domain.reading.words import Word, around

KINDS = ("quantity", "unit_price", "vat_rate", "net_amount")
_SLACK = Decimal("0.02")
_NEAR = 0.03
_DEPTH = 0.09
"""A head lies at most this far above the first line, in page widths."""
_MOST = 300


@dataclass(frozen=True, slots=True)
class Column:
    """Where the values of one column stand, and the words over them."""

    kind: str
    edge: float
    """The edge its values share, in page widths."""
    is_right: bool
    """They share their right edge."""
    head: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table of goods."""

    columns: tuple[Column, ...]
    text_from: float
    """Left edge of the descriptions."""
    text_to: float
    """Where the next column's values begin."""
    head: tuple[str, ...] = ()
    """All words of the head."""

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """A dict that `from_json` turns back."""
        return {
            "columns": [
                [one.kind, round(one.edge, 4), one.is_right, list(one.head)] for one in self.columns
            ],
            "text": [round(self.text_from, 4), round(self.text_to, 4)],
            "head": list(self.head),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Layout":  # Any: JSON
        """The layout that `to_json` wrote."""
        return cls(
            tuple(Column(one[0], one[1], one[2], tuple(one[3])) for one in kept["columns"]),
            kept["text"][0],
            kept["text"][1],
            tuple(kept["head"]),
        )


def observed(seen: Scene, lines: Sequence[LineItem]) -> Layout | None:
    """The columns in which the true lines stand; None when too few of them are found."""
    rows = _rows_of(seen, lines)
    if not rows or 2 * len(rows) < len(lines):
        return None
    edges: dict[str, list[tuple[float, float]]] = {}
    texts: list[tuple[float, float]] = []
    for line, item, found in rows:
        wide = seen.facts.sheet(line.page).width
        for kind, amount in found.items():
            box = amount.box
            edges.setdefault(kind, []).append((box[0] / wide, box[2] / wide))
        texts += _text_of(line, item, wide)
    if not texts:
        return None
    first = rows[0][0]
    head = _head_over(seen, first)
    columns = tuple(_column(kind, spans, head) for kind, spans in edges.items())
    start = min(left for left, _ in texts)
    behind = [min(one[0] for one in spans) for spans in edges.values()]
    stop = min([left for left in behind if left > start + 0.02], default=1.0)
    return Layout(columns, start, stop, tuple(token for token, _, _ in head))


def lines_of(seen: Scene, lines: Sequence[LineItem]) -> set[int]:
    """Identities of the lines of print that show the true lines."""
    return {id(line) for line, _, _ in _rows_of(seen, lines)}


def read(
    seen: Scene, layout: Layout, moved: Shift, *, wanted: Sequence[Decimal]
) -> tuple[LineItem, ...] | None:
    """The lines under the remembered head; only when they sum to one of the totals wanted."""
    items: list[LineItem] = []
    total = Decimal(0)
    start = _head_at(seen, layout)
    if start is None or not wanted:
        return None
    bottom: Line | None = None
    for line in seen.facts.lines:
        if (line.page, line.y0) <= start:
            continue
        item = _item(seen, layout, moved, line)
        if item is not None:
            items.append(item)
            total += item.net_amount
            bottom = line
            if any(abs(total - one) <= _SLACK for one in wanted):
                return tuple(items)
        elif bottom is not None and items and _follows(bottom, line):
            items[-1] = _longer(items[-1], _text(seen, layout, moved, line, []))
            bottom = line
        if len(items) > _MOST:
            break
    return None


def _rows_of(
    seen: Scene, lines: Sequence[LineItem]
) -> list[tuple[Line, LineItem, dict[str, Amount]]]:
    """Each true line with the line of print that shows its amount and most of its numbers."""
    by_line: dict[int, list[Amount]] = {}
    for amount in seen.facts.amounts:
        by_line.setdefault(id(amount.line), []).append(amount)
    printed = seen.facts.lines
    found, at = [], 0
    for item in lines:
        tried = []
        for place in range(at, len(printed)):
            numbers = _numbers(item, by_line.get(id(printed[place]), []))
            if "net_amount" in numbers and _speaks_of(printed[place], item):
                tried.append((len(numbers), -place, numbers))
        if tried:
            _, place, numbers = max(tried, key=lambda one: one[:2])
            found.append((printed[-place], item, numbers))
            at = -place + 1
    return found


def _numbers(item: LineItem, amounts: Sequence[Amount]) -> dict[str, Amount]:
    """Which number of a line of print is which of the item; each is used once, from the right."""
    free = sorted(amounts, key=lambda one: -one.box[0])
    found: dict[str, Amount] = {}
    for kind in reversed(KINDS):
        value = getattr(item, kind)
        fits = [one for one in free if value is not None and one.value == value]
        fits = [one for one in fits if kind == "vat_rate" or not one.is_percent]
        if fits:
            found[kind] = fits[0]
            free.remove(fits[0])
    return found


def _speaks_of(line: Line, item: LineItem) -> bool:
    words = {folded(word.text) for word in line.words}
    return any(token in words for token in folded(item.description).split() if len(token) > 1)


def _text_of(line: Line, item: LineItem, wide: float) -> list[tuple[float, float]]:
    tokens = set(folded(item.description).split())
    return [
        (word.x0 / wide, word.x1 / wide)
        for word in line.words
        if folded(word.text) and set(folded(word.text).split()) <= tokens
    ]


def _head_over(seen: Scene, first: Line) -> list[tuple[str, float, float]]:
    wide = seen.facts.sheet(first.page).width
    return [
        (mark.token, mark.place.u0, mark.place.u1)
        for mark in seen.marks
        if mark.place.page == first.page and 0 < first.y0 / wide - mark.place.middle < _DEPTH
    ]


def _column(
    kind: str, found: Sequence[tuple[float, float]], head: Sequence[tuple[str, float, float]]
) -> Column:
    lefts, rights = [one[0] for one in found], [one[1] for one in found]
    is_right = pstdev(rights) <= pstdev(lefts)
    over = [token for token, u0, u1 in head if min(u1, max(rights)) - max(u0, min(lefts)) > -0.01]
    return Column(kind, median(rights if is_right else lefts), is_right, tuple(over[:6]))


def _head_at(seen: Scene, layout: Layout) -> tuple[int, float] | None:
    """(page, bottom) of the place where most words of the head stand together."""
    best, place = 0, None
    for sheet in seen.facts.sheets:
        for line in sheet.lines:
            reach = line.y0 + _DEPTH * sheet.width
            near = {
                folded(word.text)
                for other in sheet.lines
                if line.y0 <= other.y0 < reach
                for word in other.words
            }
            met = sum(
                1 for token in set(layout.head) if token in near or _has_alike(seen, token, near)
            )
            if met > best:
                best, place = met, (sheet.page, line.y1 - 1)
    return place if best >= max(2, 0.6 * len(set(layout.head))) else None


def _has_alike(seen: Scene, token: str, near: set[str]) -> bool:
    return seen.is_noisy and any(mark.token in near for mark in seen.found(token))


def _item(seen: Scene, layout: Layout, moved: Shift, line: Line) -> LineItem | None:
    wide = seen.facts.sheet(line.page).width
    numbers: dict[str, Amount] = {}
    for amount in (one for one in seen.facts.amounts if one.line is line):
        for column in layout.columns:
            edge, _ = moved.moved(column.edge, 0.0)
            mine = amount.box[2 if column.is_right else 0] / wide
            if abs(mine - edge) < _NEAR and column.kind not in numbers:
                if amount.is_percent and column.kind != "vat_rate":
                    continue
                numbers[column.kind] = amount
                break
    net = numbers.get("net_amount")
    taken = [word for amount in numbers.values() for word in amount.words]
    words = _text(seen, layout, moved, line, taken)
    if net is None or not words:
        return None
    return LineItem(
        description=" ".join(word.text for word in words)[:500],
        net_amount=net.value.quantize(Decimal("0.01")),
        quantity=numbers["quantity"].value if "quantity" in numbers else None,
        unit_price=numbers["unit_price"].value if "unit_price" in numbers else None,
        vat_rate=numbers["vat_rate"].value if "vat_rate" in numbers else None,
        confidence=0.95,
        page=line.page,
        box=seen.facts.fractions(around(line.words), line.page),
    )


def _text(
    seen: Scene, layout: Layout, moved: Shift, line: Line, taken: Sequence[Word]
) -> list[Word]:
    wide = seen.facts.sheet(line.page).width
    left, _ = moved.moved(layout.text_from, 0.0)
    right, _ = moved.moved(layout.text_to, 0.0)
    words = [
        word
        for word in line.words
        if left - 0.012 <= word.x0 / wide < right - 0.004 and word not in taken
    ]
    return words if any(any(map(str.isalpha, word.text)) for word in words) else []


def _follows(above: Line, line: Line) -> bool:
    return line.page == above.page and line.y0 - above.y1 < 0.9 * (line.y1 - line.y0)


def _longer(item: LineItem, words: Sequence[Word]) -> LineItem:
    text = " ".join([item.description, *(word.text for word in words)])[:500]
    return LineItem(
        text, item.net_amount, item.quantity, item.unit_price, item.vat_rate,
        item.confidence, item.page, item.box, item.vat_category,
    )  # fmt: skip
