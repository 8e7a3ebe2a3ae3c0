"""Texts on the pages that could be a party's name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from billify.domain.reading import names
from billify.domain.reading.clues import Clue
from billify.domain.reading.facts import Facts
from billify.domain.reading.labels import phrases_of
from billify.domain.reading.layout import Cell, Line, Sheet
from billify.domain.reading.words import Box, Word, around

SMALL_LABELS = frozenset(["to", "from", "de", "van", "aan", "name", "nombre", "nome", "m s", "a"])
_PREPOSITIONS = frozenset(["to", "a", "an", "aan", "for", "by"])
NEUTRAL = frozenset(["name", "nom", "naam", "nombre", "nome", "company name", "firma"])
_INSIDE_LIST = """
payable to; make payable to; cheques payable to; t n v; tnv; ten name van; op naam van;
account holder; titulaire du compte; kontoinhaber
"""
_INSIDE_A_SENTENCE = frozenset(phrases_of(_INSIDE_LIST))
ROLES = ("supplier", "buyer", "ship")
_LONGEST_NAME = 9
"""Words."""


@dataclass(slots=True, eq=False)
class NameAt:
    """A text that could be a party's name, with what speaks for each role."""

    text: str
    words: tuple[Word, ...]
    line: Line
    cell: Cell
    direct: Clue | None = None
    """The label inside the same cell."""
    is_wrapped: bool = False
    """Two lines of print taken as one name."""
    roles: dict[str, float] = field(default_factory=dict)
    label: dict[str, str] = field(default_factory=dict)
    supplier: float = 0.0
    buyer: float = 0.0

    @property
    def box(self) -> Box:
        """Where it stands."""
        return around(self.words)


def found_names(facts: Facts) -> Iterator[NameAt]:
    """Every text outside tables that looks like a name, from top to bottom."""
    for sheet in facts.sheets[:3]:
        for line in sheet.lines:
            if id(line) in facts.table_lines:
                continue
            clues = facts.clues_of_line.get(id(line), [])
            for cell in line.cells:
                yield from _names_in(sheet, cell, line, clues)
            yield from _spread(facts, line)


def _spread(facts: Facts, line: Line) -> Iterator[NameAt]:
    """MPH   BOOKSTORES: large type has wide gaps, so that one name looks like several cells."""
    first = line.cells[0]
    few = 2 <= len(line.cells) <= 3 and line.y0 < 0.35 * facts.sheet(line.page).height
    if not few or first.size < 1.1 * facts.typical_size:
        return
    gaps = [right.x0 - left.x1 for left, right in pairwise(line.cells)]
    if max(gaps) > 2.5 * first.size or any(cell.size < 0.8 * first.size for cell in line.cells):
        return
    text = names.cut(" ".join(cell.text for cell in line.cells))
    if names.could_be_name(text):
        yield NameAt(text, tuple(line.words), line, first, is_wrapped=True)


def _names_in(sheet: Sheet, cell: Cell, line: Line, clues: Sequence[Clue]) -> Iterator[NameAt]:
    for clue in clues:
        if clue.cell is not cell:
            continue
        behind = [word for word in cell.words if word.x0 >= clue.words[-1].x1 - 1]
        if behind and role_of(clue) and _introduces(clue, behind):
            text = names.cut(" ".join(word.text for word in behind))
            text = text.split(",")[0] if clue.phrase in _INSIDE_A_SENTENCE else text
            if names.could_be_name(text) and not names.is_form_only(text):
                yield NameAt(text, tuple(behind), line, cell, direct=clue)
                return
        if clue.starts_cell and (clue.has_colon or clue.ends_cell):
            return  # a label and perhaps its value, no name
    if any(word.text.endswith(":") for word in cell.words) or _is_value_of_label(cell, clues):
        return
    yield from _whole_cell(sheet, cell, line)


def _is_value_of_label(cell: Cell, clues: Sequence[Clue]) -> bool:
    """It stands behind a colon that is no party's: an order's number, a date, "none"."""
    line = cell.line
    at = line.cells.index(cell) if line is not None else 0
    if line is None or not at:
        return False
    before = line.cells[at - 1]
    if not before.words[-1].text.endswith(":"):
        return False
    return not any(clue.cell is before and role_of(clue) for clue in clues)


def _introduces(clue: Clue, behind: Sequence[Word]) -> bool:
    """The label and the name stand in one cell: with a colon, or the name in capitals."""
    if clue.phrase in _INSIDE_A_SENTENCE:
        return True
    if not clue.starts_cell or not clue.is_whole:
        return False
    if clue.has_colon:
        return True
    if clue.phrase in SMALL_LABELS or clue.phrase in NEUTRAL or len(behind) > 5:
        return False
    if clue.phrase.split()[-1] in _PREPOSITIONS and len(clue.phrase.split()) > 1:
        return True
    # Client BOUDZ: the name is set off from its label by capitals.
    return all(word.text.isupper() for word in behind) and not clue.text.isupper()


def _whole_cell(sheet: Sheet, cell: Cell, line: Line) -> Iterator[NameAt]:
    text = names.cut(cell.text)
    short = names.up_to_form(text)
    if short != text and names.could_be_name(short):
        yield NameAt(short, tuple(cell.words[: len(short.split())]), line, cell)
    if not names.could_be_name(text) or names.is_form_only(text):
        return
    below = _just_below(sheet, cell)
    runs_on = cell.text.rstrip().endswith(("&", "-", " and", " et", " en", " und"))
    if below is not None and (names.is_form_only(below.text) or runs_on):
        joined = names.cut(f"{cell.text} {below.text}")
        yield NameAt(joined, (*cell.words, *below.words), line, cell)
    else:
        yield NameAt(text, tuple(cell.words), line, cell)
        yield from _wrapped(cell, line, below)


def _wrapped(cell: Cell, line: Line, below: Cell | None) -> Iterator[NameAt]:
    """A long name in large type goes on below, in the same type and close by."""
    if below is None or abs(below.size - cell.size) > 0.12 * cell.size:
        return
    if names.is_form_only(cell.words[-1].text):
        return  # a legal form ends a name
    aligned = abs(below.x0 - cell.x0) < 4 or abs(below.x1 - cell.x1) < 4
    centred = abs(below.x0 + below.x1 - cell.x0 - cell.x1) < 10
    if below.y0 - cell.y1 > 0.7 * cell.size or not (aligned or centred):
        return
    joined = names.cut(f"{cell.text} {below.text}")
    is_text = not (names.is_street(below.text) or names.is_place(below.text))
    if is_text and names.could_be_name(joined) and len(joined.split()) <= _LONGEST_NAME:
        yield NameAt(joined, (*cell.words, *below.words), line, cell, is_wrapped=True)


def role_of(clue: Clue) -> str | None:
    """Whose name the label announces."""
    return next((role for role in ROLES if role in clue.names), None)


def _just_below(sheet: Sheet, cell: Cell) -> Cell | None:
    under = [one for one in sheet.below(cell, rows=1.2) if abs(one.size - cell.size) < 6]
    return under[0] if under else None
