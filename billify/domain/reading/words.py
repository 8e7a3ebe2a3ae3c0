"""What an adapter hands to the reader: words with their place on a page."""

from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, top, right, bottom as fractions 0..1 of the page as it is shown."""


@dataclass(frozen=True, slots=True)
class Word:
    """One printed word; x grows to the right and y downwards, both as fractions of the page."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float = 1.0
    """How sure the adapter is of the letters: 1 for a text layer, the OCR's own figure else."""
    size: float = 0.0
    """Height of the type in points (72 to the inch)."""

    @property
    def box(self) -> Box:
        """The word's place."""
        return (self.x0, self.y0, self.x1, self.y1)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its size in points and its words, in no particular order."""

    number: int
    """Counted from 1."""
    width: float
    height: float
    words: tuple[Word, ...]


def around(words: "tuple[Word, ...] | list[Word]") -> Box:
    """The smallest box that holds all the words."""
    return (
        min(word.x0 for word in words),
        min(word.y0 for word in words),
        max(word.x1 for word in words),
        max(word.y1 for word in words),
    )
