"""A document's words on one scale, so that places of two papers of one layout can be compared.

Both axes are measured in page widths: rolls of a till and cropped photos differ in height, but
print the same columns across.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from rapidfuzz import fuzz, process

from billify.domain.reading import tables
from billify.domain.reading.facts import Facts, gathered
from billify.domain.reading.layout import Cell, Line, folded
from billify.domain.reading.words import Page, Word

_FUZZY_FROM = 5
_ALIKE = 80
_ENOUGH_PAIRS = 4
_MONEY_WORDS = "eur euro euros usd gbp chf pln czk huf ron sek nok dkk rm rs"
_MONEY = frozenset(_MONEY_WORDS.split())
"""They stand at every amount and tell none from another."""
_SENTENCE = 6
"""A cell of more words is a sentence."""


@dataclass(frozen=True, slots=True)
class Place:
    """A box in page widths."""

    page: int
    u0: float
    v0: float
    u1: float
    v1: float

    @property
    def middle(self) -> float:
        """Half way down."""
        return (self.v0 + self.v1) / 2

    @property
    def tall(self) -> float:
        """Height of the print, never nought."""
        return max(self.v1 - self.v0, 0.004)


@dataclass(frozen=True, slots=True)
class Mark:
    """A word of letters with its place: what may be part of the form itself."""

    token: str
    place: Place
    is_speech: bool = False
    """Part of a sentence, which stands beside a value only by chance."""
    cell: int = 0
    """Which words stand together, as long as the paper is looked at; not kept."""


@dataclass(frozen=True, slots=True)
class Label:
    """The words right before a value."""

    text: str = ""
    """Folded, without figures and signs of money; empty when there are none."""
    cell: int = 0
    """The cell they stand in, as `Mark.cell`; 0 for a sentence."""


@dataclass(slots=True, eq=False)
class Scene:
    """One document as memory looks at it."""

    facts: Facts
    is_noisy: bool
    """Read by OCR: letters may be wrong and places tremble."""
    marks: list[Mark] = field(default_factory=list)
    by_token: dict[str, list[Mark]] = field(default_factory=dict)
    _alike: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _labels: dict[Place, Label] = field(default_factory=dict)

    def place(self, page: int, words: Sequence[Word]) -> Place:
        """Where words of the facts stand."""
        wide = self.facts.sheet(page).width
        return Place(
            page,
            min(word.x0 for word in words) / wide,
            min(word.y0 for word in words) / wide,
            max(word.x1 for word in words) / wide,
            max(word.y1 for word in words) / wide,
        )

    def label_of(self, place: Place) -> Label:
        """What stands right before a place: words in its own cell, else the cell to its left."""
        if place not in self._labels:
            self._labels[place] = self._label_of(place)
        return self._labels[place]

    def _label_of(self, place: Place) -> Label:
        wide = self.facts.sheet(place.page).width
        own: Label | None = None
        before: tuple[float, Label] = (-1.0, Label())
        for line in self.facts.sheet(place.page).lines:
            if not line.y0 / wide <= place.middle <= line.y1 / wide:
                continue
            for cell in line.cells:
                if cell.x1 / wide <= place.u0 + 0.004:
                    if cell.x1 / wide > before[0]:
                        before = (cell.x1 / wide, _label(cell, cell.words))
                elif cell.x0 / wide < place.u0 - 0.004:
                    left = [word for word in cell.words if word.x1 / wide <= place.u0 + 0.004]
                    own = _label(cell, left)
        return own if own is not None and own.text else before[1]

    def add(self, token: str, word: Word, cell: Cell) -> None:
        """Note a word when it may be part of the form itself."""
        if is_lettering(token):
            place = self.place(cell.page, [word])
            mark = Mark(token, place, len(cell.words) > _SENTENCE, id(cell))
            self.marks.append(mark)
            self.by_token.setdefault(token, []).append(mark)

    def cells(self) -> Iterable[Cell]:
        """Every cell of every page."""
        for sheet in self.facts.sheets:
            yield from sheet.cells

    def cells_of_lines(self) -> Iterable[tuple[Line, Cell]]:
        """Every cell with its line."""
        return ((line, cell) for line in self.facts.lines for cell in line.cells)

    def found(self, token: str) -> list[Mark]:
        """The places of a word; of one much like it where letters may be misread."""
        if token in self.by_token:
            return self.by_token[token]
        if not self.is_noisy or len(token) < _FUZZY_FROM:
            return []
        if token not in self._alike:
            best = process.extract(
                token, self.by_token.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=2
            )
            self._alike[token] = tuple(one[0] for one in best)
        return [mark for known in self._alike[token] for mark in self.by_token[known]]


def scene(pages: Sequence[Page]) -> Scene:
    """The pages as memory looks at them."""
    facts = gathered(pages)
    tables.tables(facts)  # notes which lines hold goods
    words = [word for page in pages for word in page.words]
    noisy = sum(word.confidence < 1 for word in words) > 0.2 * max(len(words), 1)
    found = Scene(facts, noisy)
    for sheet in facts.sheets:
        for line in sheet.lines:
            for cell in line.cells:
                for word in cell.words:
                    found.add(folded(word.text), word, cell)
    return found


def _label(cell: Cell, words: Sequence[Word]) -> Label:
    tokens = [token for word in words for token in folded(word.text).split()]
    said = [one for one in tokens if is_lettering(one) or (len(one) == 1 and one.isalpha())]
    if sum(map(len, said)) < 2 or len(cell.words) > _SENTENCE:
        return Label()
    return Label(" ".join(said), id(cell))


def is_lettering(token: str) -> bool:
    """A word that a form itself may print: letters, and no figure that changes each time."""
    return len(token) > 1 and token not in _MONEY and not any(map(str.isdigit, token))


@dataclass(frozen=True, slots=True)
class Shift:
    """How the places of a remembered paper lie on another one: scale and offset per axis."""

    scale_u: float = 1.0
    offset_u: float = 0.0
    scale_v: float = 1.0
    offset_v: float = 0.0

    def moved(self, u: float, v: float) -> tuple[float, float]:
        """Where a remembered point is expected."""
        return self.scale_u * u + self.offset_u, self.scale_v * v + self.offset_v


def shift(remembered: Sequence[Mark], seen: Scene) -> Shift:
    """The shift that most words found once on both papers agree on."""
    counts: dict[str, int] = {}
    for mark in remembered:
        counts[mark.token] = counts.get(mark.token, 0) + 1
    pairs = [
        (mark.place, hits[0].place)
        for mark in remembered
        if counts[mark.token] == 1
        and mark.place.page == 1
        and len(hits := seen.found(mark.token)) == 1
        and hits[0].place.page == 1
    ]
    across = _line([(a.u0, b.u0) for a, b in pairs])
    down = _line([(a.v0, b.v0) for a, b in pairs])
    return Shift(across[0], across[1], down[0], down[1])


def _line(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """(scale, offset) by medians, which a few wrong pairs do not move (Theil and Sen)."""
    if len(pairs) < _ENOUGH_PAIRS:
        return 1.0, median(b - a for a, b in pairs) if pairs else 0.0
    some = pairs[:: max(1, len(pairs) // 40)]
    slopes = [
        (b2 - b1) / (a2 - a1)
        for at, (a1, b1) in enumerate(some)
        for a2, b2 in some[at + 1 :]
        if abs(a2 - a1) > 0.12
    ]
    slope = median(slopes) if len(slopes) >= _ENOUGH_PAIRS else 1.0
    if not 0.6 < slope < 1.6:
        slope = 1.0
    return slope, median(b - slope * a for a, b in pairs)
