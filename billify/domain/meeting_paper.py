"""The sheets for a meeting with the bank, as they are printed: every word and amount ready, so
that a printer only places them."""

from dataclasses import dataclass

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with its name, and a note beneath."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with a table or with sentences under it.

    `heads` and `rows` are equally wide; the first `words` columns are text, the others figures.
    `total` is the last row, when there is one. `chart` is an SVG.
    """

    title: str
    intro: str = ""
    heads: Cells = ()
    rows: tuple[Cells, ...] = ()
    total: Cells = ()
    words: int = 1
    sentences: Cells = ()
    chart: str = ""
    chart_said: str = ""


@dataclass(frozen=True, slots=True)
class MeetingPaper:
    """What a banker wants to see, in reading order."""

    language: str
    title: str
    company: str
    address: Cells
    as_of: str
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    footer: str
