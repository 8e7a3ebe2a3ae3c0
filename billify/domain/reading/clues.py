"""Label words found on the pages, and how strongly each points at a value beside or under it."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz import fuzz, process

from billify.domain.reading import labels
from billify.domain.reading.layout import Cell, Line, Sheet, folded
from billify.domain.reading.words import Box, Word, around

_FUZZY_FROM = 5
"""Shorter words are too like each other to forgive a misread letter."""
_SIGNS = {"", "e"}


class Placed(Protocol):
    """Anything with a place on a line."""

    @property
    def line(self) -> Line: ...

    @property
    def box(self) -> Box: ...


@dataclass(frozen=True, slots=True, eq=False)
class Clue:
    """A label phrase as it stands on a page."""

    names: dict[str, float]
    phrase: str
    words: tuple[Word, ...]
    line: Line
    cell: Cell
    starts_cell: bool
    ends_cell: bool

    @property
    def box(self) -> Box:
        """Where it stands."""
        return around(self.words)

    @property
    def text(self) -> str:
        """As printed, without the colon."""
        return " ".join(word.text for word in self.words).strip(" :.#")

    @property
    def is_whole(self) -> bool:
        """It is made of whole words: "Kunde" but not the half of "Muster-Kunde"."""
        return folded(" ".join(word.text for word in self.words)) == self.phrase

    @property
    def has_colon(self) -> bool:
        """A colon ends it."""
        return self.words[-1].text.rstrip().endswith(":")


def clues(sheets: Iterable[Sheet]) -> list[Clue]:
    """Every label phrase, the longest at each place."""
    found: list[Clue] = []
    repaired: dict[str, str] = {}
    for sheet in sheets:
        for line in sheet.lines:
            found += _of_line(line, repaired)
    return found


def pointing(clue: Clue, value: Placed, others: Sequence[Clue]) -> float:
    """0..1: how strongly the label points at the value; `others` are the labels of its line."""
    if clue.line.page != value.line.page:
        return 0.0
    if clue.line is value.line or _same_height(clue.box, value.box):
        return _beside(clue, value, others)
    return _under(clue, value)


def by_line(found: Iterable[Clue]) -> dict[int, list[Clue]]:
    """Labels by the identity of their line."""
    lines: dict[int, list[Clue]] = {}
    for clue in found:
        lines.setdefault(id(clue.line), []).append(clue)
    return lines


def _of_line(line: Line, repaired: dict[str, str]) -> list[Clue]:
    tokens = [
        (_repaired(token, word, repaired), word, cell)
        for cell in line.cells
        for word in cell.words
        for token in folded(word.text).split()
    ]
    found, at = [], 0
    while at < len(tokens):
        clue = _longest(tokens, at, line)
        if clue is None:
            at += 1
            continue
        found.append(clue)
        at += len(clue.phrase.split())
    return found


def _repaired(token: str, word: Word, repaired: dict[str, str]) -> str:
    """A misread label word put right; a text layer is believed to the letter."""
    if word.confidence >= 1 or len(token) < _FUZZY_FROM or token in labels.TOKENS:
        return token
    if token not in repaired:
        best = process.extractOne(token, labels.TOKENS, scorer=fuzz.ratio, score_cutoff=83)
        # One letter more or less is a misreading; Contoso is no "conto".
        is_near = best is not None and abs(len(best[0]) - len(token)) <= 1 + len(token) // 10
        repaired[token] = best[0] if best is not None and is_near else token
    return repaired[token]


def _longest(tokens: list[tuple[str, Word, Cell]], at: int, line: Line) -> Clue | None:
    for count in range(min(labels.LONGEST, len(tokens) - at), 0, -1):
        group = tokens[at : at + count]
        phrase = " ".join(token for token, _, _ in group)
        names = labels.PHRASES.get(phrase)
        if names is None or not _is_together(group):
            continue
        cell = group[0][2]
        words = tuple(dict.fromkeys(word for _, word, _ in group))
        return Clue(
            names,
            phrase,
            words,
            line,
            cell,
            starts_cell=words[0] is cell.words[0],
            ends_cell=words[-1] is group[-1][2].words[-1],
        )
    return None


def _is_together(group: list[tuple[str, Word, Cell]]) -> bool:
    for (_, left, _), (_, right, _) in itertools.pairwise(group):
        if right.x0 - left.x1 > 2.5 * max(left.y1 - left.y0, 5.0):
            return False
    return True


def _same_height(a: Box, b: Box) -> bool:
    shared = min(a[3], b[3]) - max(a[1], b[1])
    return shared > 0.55 * min(a[3] - a[1], b[3] - b[1])


def _beside(clue: Clue, value: Placed, others: Sequence[Clue]) -> float:
    _, _, right, _ = clue.box
    left = value.box[0]
    if left < right - 2:
        return 0.0
    between = [
        word
        for word in clue.line.words
        if word.x0 >= right - 1 and word.x1 <= left + 1 and folded(word.text) not in _SIGNS
    ]
    blocked = any(
        other is not clue and other.box[0] >= right - 1 and other.box[2] <= left + 1
        for other in others
    )
    strength = 1.0 - 0.1 * min(len(between), 6) - 0.0006 * (left - right)
    if blocked:
        strength *= 0.45
    return max(strength, 0.0)


def _under(clue: Clue, value: Placed) -> float:
    a, b = clue.box, value.box
    tall = max(min(a[3] - a[1], 16.0), 7.0)
    rows = (b[1] - a[3]) / tall
    if rows < -0.6 or rows > 4.5:
        return 0.0
    shared = min(a[2], b[2]) - max(a[0], b[0])
    apart = -shared
    if shared > 0:
        strength = 0.85
    elif apart < 0.35 * (a[2] - a[0]) + 8:
        strength = 0.6
    else:
        return 0.0
    return max(strength - 0.1 * max(rows, 0.0), 0.0)
