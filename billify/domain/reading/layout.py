"""Words put into lines and cells: what stands beside and under what.

From here on all places are in points; `read` turns them back into fractions at the end.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from billify.domain.reading.words import Box, Page, Word, around

_A4_WIDTH = 595.0
_SPEAKING_SIGNS = frozenset("+&-–—%€$£/*#•·∙●")
_SPACED = 5
"""So many single letters in a row are a word with wide spacing."""
_GAP = 1.15
"""A gap wider than this many type sizes parts two cells of a line."""


@dataclass(slots=True, eq=False)
class Cell:
    """Words that belong together on one line, with their place in points."""

    page: int
    words: list[Word]
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    line: "Line | None" = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        """The place on the page."""
        return (self.x0, self.y0, self.x1, self.y1)

    @property
    def middle(self) -> float:
        """Half way down the cell."""
        return (self.y0 + self.y1) / 2


@dataclass(slots=True, eq=False)
class Line:
    """One line of print across the page."""

    page: int
    index: int
    cells: list[Cell]
    y0: float
    y1: float

    @property
    def words(self) -> list[Word]:
        """All words from left to right."""
        return [word for cell in self.cells for word in cell.words]

    @property
    def text(self) -> str:
        """The cells with a wide gap between."""
        return "   ".join(cell.text for cell in self.cells)


@dataclass(slots=True, eq=False)
class Sheet:
    """One page in lines from top to bottom."""

    page: int
    width: float
    height: float
    lines: list[Line]
    is_slip: bool = False
    """As narrow as a till's paper."""

    @property
    def cells(self) -> list[Cell]:
        """All cells from top to bottom."""
        return [cell for line in self.lines for cell in line.cells]

    def below(self, cell: Cell, *, rows: float = 3.0) -> list[Cell]:
        """Cells under this one whose span meets its span, the nearest first."""
        reach = cell.y1 + rows * max(cell.y1 - cell.y0, 6.0)
        under = [
            other
            for other in self.cells
            if other is not cell
            and cell.middle < other.middle
            and cell.y1 - 2 <= other.y1
            and other.y0 <= reach
            and other.line is not cell.line
            and min(cell.x1, other.x1) - max(cell.x0, other.x0) > -2
        ]
        return sorted(under, key=lambda other: (other.y0, abs(other.x0 - cell.x0)))


def laid_out(pages: Sequence[Page]) -> list[Sheet]:
    """Each page as lines of cells."""
    return [_sheet(page) for page in pages]


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """Lower case without accents and punctuation, for comparing words."""
    bare = text
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W_]+", " ", bare).casefold().split())


def _sheet(page: Page) -> Sheet:
    scale = _scale(page)
    width, height = max(page.width * scale, 1.0), max(page.height * scale, 1.0)
    rows = _rows([_placed(word, width, height) for word in page.words if _says_something(word)])
    lines = []
    for index, row in enumerate(rows):
        cells = _cells(page.number, row)
        if not cells:
            continue
        line = Line(
            page.number,
            index,
            cells,
            min(cell.y0 for cell in cells),
            max(cell.y1 for cell in cells),
        )
        for cell in cells:
            cell.line = line
        lines.append(line)
    # A till's roll is 58 or 80 mm wide; A4 drawn in millimetres is known by its shape.
    is_slip = page.width < 270 and not 1.35 < page.height / max(page.width, 1.0) < 1.48
    return Sheet(page.number, width, height, lines, is_slip)


def _scale(page: Page) -> float:
    """Pages drawn in other units than points, or as posters, are brought to A4's width."""
    short = min(page.width, page.height)
    return 1.0 if 380 <= short <= 900 else _A4_WIDTH / max(short, 1.0)


def _says_something(word: Word) -> bool:
    """False for lone accents, bars and dots, which only stretch cells, and for words nowhere."""
    if not all(map(math.isfinite, word.box)):
        return False
    return (
        _is_colon(word)
        or bool(_SPEAKING_SIGNS.intersection(word.text))
        or any(map(str.isalnum, word.text))
    )


def _placed(word: Word, width: float, height: float) -> Word:
    left, right = sorted((word.x0 * width, word.x1 * width))
    top, bottom = sorted((word.y0 * height, word.y1 * height))
    right, bottom = max(right, left + 0.5), max(bottom, top + 0.5)
    return replace(word, x0=left, y0=top, x1=right, y1=bottom)


def _rows(words: Iterable[Word]) -> list[list[Word]]:
    """Words whose middles lie within each other's height form a row."""
    rows: list[tuple[float, float, list[Word]]] = []
    for word in sorted(words, key=lambda one: (one.y0 + one.y1, one.x0)):
        middle = (word.y0 + word.y1) / 2
        tall = word.y1 - word.y0
        best = None
        for at in range(len(rows) - 1, max(-1, len(rows) - 6), -1):
            row_middle, row_tall, _ = rows[at]
            if abs(row_middle - middle) < 0.42 * max(min(row_tall, tall), 3.0):
                best = at
                break
        if best is None:
            rows.append((middle, tall, [word]))
        else:
            row_middle, row_tall, members = rows[best]
            members.append(word)
            count = len(members)
            rows[best] = (
                row_middle + (middle - row_middle) / count,
                row_tall + (tall - row_tall) / count,
                members,
            )
    rows.sort(key=lambda row: row[0])
    return [sorted(members, key=lambda one: one.x0) for _, _, members in rows]


def _cells(page: int, row: list[Word]) -> list[Cell]:
    groups: list[list[Word]] = []
    for word in _unspaced(row):
        if _is_colon(word):
            if groups:
                groups[-1][-1] = replace(groups[-1][-1], text=groups[-1][-1].text + ":")
            continue
        if groups and not _is_apart(groups[-1][-1], word):
            groups[-1].append(word)
        else:
            groups.append([word])
    return [_cell(page, group) for group in groups]


def _unspaced(row: list[Word]) -> list[Word]:
    """F A K T U R A: letters set apart for looks are one word."""
    kept: list[Word] = []
    run: list[Word] = []
    for word in [*row, None]:
        if word is not None and _goes_on(run, word):
            run.append(word)
            continue
        kept += [_joined(run)] if len(run) >= _SPACED else run
        run = [] if word is None or not _is_letter(word) else [word]
        kept += [word] if word is not None and not run else []
    return kept


def _is_letter(word: Word) -> bool:
    return len(word.text) == 1 and word.text.isalpha()


def _goes_on(run: list[Word], word: Word) -> bool:
    if not run or not _is_letter(word):
        return False
    gap = word.x0 - run[-1].x1
    first = run[1].x0 - run[0].x1 if len(run) > 1 else gap
    tall = word.y1 - word.y0
    return gap < 1.3 * tall and gap < 1.7 * max(first, 1.0)


def _joined(run: list[Word]) -> Word:
    return replace(
        run[0],
        text="".join(word.text for word in run),
        x1=run[-1].x1,
        y0=min(word.y0 for word in run),
        y1=max(word.y1 for word in run),
        confidence=min(word.confidence for word in run),
    )


def _is_colon(word: Word) -> bool:
    return word.text.strip() in (":", ".:", ":.")


def _is_apart(left: Word, right: Word) -> bool:
    gap = right.x0 - left.x1
    tall = (left.y1 - left.y0 + right.y1 - right.y0) / 2
    return gap > _GAP * min(max(tall, 4.0), 30.0)


def _cell(page: int, words: list[Word]) -> Cell:
    sizes = sorted(word.y1 - word.y0 for word in words)
    return Cell(page, words, *around(words), sizes[len(sizes) // 2])
