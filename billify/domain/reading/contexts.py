"""What is printed round a value: the text before it, above it and behind it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from billify.domain.reading.facts import Facts
from billify.domain.reading.layout import Cell, Line, folded
from billify.domain.reading.words import Word

_WORDS = 6
"""A label is short: more words than this before a value are a sentence."""
_REACH = 70.0
"""Points above a value within which a column's head is looked for."""
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Context:
    """Folded texts, figures as 0, and how far away each of them stands in points."""

    left: str
    near: str
    """The last two words before it: a label inside a sentence."""
    left_gap: float
    above: str
    above_gap: float
    head: str
    """The nearest text above without a figure, which may be further up than `above`."""
    right: str
    start: str
    """The first cell of the line."""


def context(facts: Facts, words: Sequence[Word], line: Line, cell: Cell) -> Context:
    """The surroundings of a value that consists of `words` of a cell."""
    first, last = words[0], words[-1]
    before = [word for word in cell.words if word.x1 <= first.x0 + 1]
    gap = first.x0 - before[-1].x1 if before else 0.0
    at = line.cells.index(cell) if cell in line.cells else 0
    if not before and at:
        before = line.cells[at - 1].words
        gap = first.x0 - before[-1].x1
    after = [word for word in cell.words if word.x0 >= last.x1 - 1]
    if not after and at + 1 < len(line.cells):
        after = line.cells[at + 1].words
    above, above_gap, head = _above(facts, first, last, line)
    return Context(
        left=plain(before[-_WORDS:]),
        near=plain(before[-2:]),
        left_gap=gap,
        above=above,
        above_gap=above_gap,
        head=head,
        right=plain(after[:3]),
        start=plain(line.cells[0].words[:_WORDS]) if at else "",
    )


def plain(words: Sequence[Word]) -> str:
    """The words as a label model sees them: folded, with every figure as 0."""
    return _DIGITS.sub("0", folded(" ".join(word.text for word in words)))


def _above(facts: Facts, first: Word, last: Word, line: Line) -> tuple[str, float, str]:
    sheet = facts.sheet(line.page)
    top = min(first.y0, last.y0)
    nearest, nearest_gap, head = "", _REACH, ""
    for other in reversed(sheet.lines[: line.index + 1]):
        if other is line or other.y0 >= line.y0:
            continue
        gap = top - other.y1
        if gap > _REACH:
            break
        over = _over(other, first.x0, last.x1)
        if over is None:
            continue
        text = plain(over.words[:_WORDS])
        if not nearest:
            nearest, nearest_gap = text, max(gap, 0.0)
        if "0" not in text:
            head = text
            break
    return nearest, nearest_gap, head


def _over(line: Line, x0: float, x1: float) -> Cell | None:
    best, most = None, -4.0
    for cell in line.cells:
        shared = min(cell.x1, x1) - max(cell.x0, x0)
        if shared > most:
            best, most = cell, shared
    return best
