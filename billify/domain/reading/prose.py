"""Sentences and labelled lines as text that patterns can be laid on, with the way back to words."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from billify.domain.reading.facts import Facts
from billify.domain.reading.layout import Cell, Line, Sheet
from billify.domain.reading.reading import How
from billify.domain.reading.words import Word


@dataclass(frozen=True, slots=True)
class Found:
    """A value for a field with its evidence; places are in points as in `layout`."""

    value: str
    words: tuple[Word, ...] = ()
    page: int | None = None
    confidence: float = 0.5
    how: How = How.LABEL
    label: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """Words in reading order as one text: lower case, without accents, single spaces."""

    text: str
    words: tuple[Word, ...]
    starts: tuple[int, ...]
    line: Line

    @property
    def page(self) -> int:
        """The page it stands on."""
        return self.line.page

    def words_at(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that a stretch of the text lies in."""
        ends = (*(at - 1 for at in self.starts[1:]), len(self.text))
        return tuple(
            word
            for word, a, b in zip(self.words, self.starts, ends, strict=True)
            if a < end and b > start
        )

    def printed(self, start: int, end: int) -> str:
        """The same stretch as it is printed, in whole words."""
        return " ".join(word.text for word in self.words_at(start, end)).strip(" :.,;")


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Lower case without accents; figures and marks stay."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return text.casefold().replace("’", "'")


def passage(words: Sequence[Word], line: Line) -> Passage:
    """One passage of these words."""
    text, starts = "", []
    for word in words:
        text += " " if text else ""
        starts.append(len(text))
        text += plain(word.text)
    return Passage(text, tuple(words), tuple(starts), line)


def lines(facts: Facts, *, in_tables: bool = True) -> Iterator[Passage]:
    """Every line of every page."""
    for one in _passages(facts):
        if in_tables or id(one.line) not in facts.table_lines:
            yield one


@lru_cache(maxsize=1)
def _passages(facts: Facts) -> tuple[Passage, ...]:
    """Made once for the document that is being read; several modules go over them."""
    return tuple(passage(line.words, line) for line in facts.lines)


def around(facts: Facts, trigger: re.Pattern[str]) -> Iterator[Passage]:
    """Where the trigger stands: its line, then its cell with the lines right above and below."""
    for one in lines(facts):
        if not trigger.search(one.text):
            continue
        yield one
        sheet = facts.sheet(one.page)
        for cell in one.line.cells:
            if trigger.search(plain(cell.text)):
                yield _block(sheet, cell, one.line)


def _block(sheet: Sheet, cell: Cell, line: Line) -> Passage:
    at = sheet.lines.index(line)
    words: list[Word] = []
    for other in sheet.lines[max(at - 1, 0) : at + 3]:
        near = [one for one in other.cells if abs(one.x0 - cell.x0) < 10]
        gap = abs(other.y0 - line.y0) / max(cell.y1 - cell.y0, 6.0)
        if other is line:
            words += cell.words
        elif near and gap < 3.2:
            words += near[0].words
    return passage(words, line)
