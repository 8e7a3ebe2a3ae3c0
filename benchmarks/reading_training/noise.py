"""Pages of a text layer as if they had been printed, scanned and read by OCR.

Cheap where OCR is dear: places tremble, print is measured by its ink, some letters are taken for
others, some words run together, and the engine is never wholly sure. So the trees learn from a
thousand made documents what else they would learn from fifty scans.
"""

import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from benchmarks.reading_training.dataset import Paper
from billify.domain.reading import Page, Word

_MADE, _REAL = 1.0, 1.3
"""How noisy copies are, of made documents and of real ones."""
_TAKEN_FOR = {
    "l": "1I", "1": "lI", "I": "l1", "O": "0", "0": "O", "5": "S", "S": "5", "8": "B", "B": "8",
    ",": ".", ".": ",", "e": "c", "c": "e", "u": "ü", "a": "ä", "i": "í", "6": "G", "2": "Z",
    "/": "I",
}  # fmt: skip
_SURE = ((0.95, 0.02), (0.93, 0.04), (0.85, 0.15))
"""Middle and spread of how sure OCR is: most words, many, and those in poor places."""


def copies(papers: Sequence[Paper]) -> Iterator[Paper]:
    """A noisy copy of each made document, and of each digital one as a scan of it."""
    for paper in papers:
        seed = zlib.crc32(paper.name.encode())
        if paper.source == "made":
            yield replace(paper, pages=scanned(paper.pages, seed=seed, strength=_MADE))
        elif paper.source == "pdf":
            pages = scanned(paper.pages, seed=seed, strength=_REAL)
            yield replace(paper, pages=pages, source="scan")


def scanned(pages: Sequence[Page], *, seed: int, strength: float) -> tuple[Page, ...]:
    """The pages with noise; the same seed gives the same noise."""
    chance = random.Random(seed)
    return tuple(_page(page, chance, strength) for page in pages)


def _page(page: Page, chance: random.Random, strength: float) -> Page:
    lean, shift = chance.gauss(0, 0.0016), chance.gauss(0, 0.003)
    words: list[Word] = []
    for word in sorted(page.words, key=lambda one: (round(one.y0, 2), one.x0)):
        if chance.random() < 0.008 * strength:
            continue
        seen = _seen(word, page.height, chance, strength, down=shift + lean * word.x0)
        if words and chance.random() < 0.01 * strength and _touch(words[-1], seen):
            seen = _joined(words.pop(), seen)
        words.append(seen)
    return Page(page.number, page.width, page.height, tuple(words))


def _seen(
    word: Word, height: float, chance: random.Random, strength: float, *, down: float
) -> Word:
    text = "".join(
        chance.choice(_TAKEN_FOR[letter])
        if letter in _TAKEN_FOR and chance.random() < 0.006 * strength
        else letter
        for letter in word.text
    )
    if text.endswith((":", ".")) and len(text) > 1 and chance.random() < 0.1 * strength:
        text = text[:-1]
    tall = word.y1 - word.y0
    # A box of OCR holds the ink: no room for the accents and tails that a word does not have.
    top = word.y0 + tall * chance.uniform(0.02, 0.3) + down
    foot = word.y1 - tall * chance.uniform(0.0, 0.22) + down
    across = chance.gauss(0, 0.0006)
    sure = max(0.05, min(0.97, chance.gauss(*chance.choice(_SURE))))
    return Word(
        text,
        word.x0 + across,
        top,
        word.x1 + across,
        foot,
        sure if text == word.text else 0.8 * sure,
        (foot - top) * height,
    )


def _touch(left: Word, right: Word) -> bool:
    return abs(left.y0 - right.y0) < 0.004 and 0 <= right.x0 - left.x1 < 0.006


def _joined(left: Word, right: Word) -> Word:
    return Word(
        left.text + right.text,
        left.x0,
        min(left.y0, right.y0),
        right.x1,
        max(left.y1, right.y1),
        min(left.confidence, right.confidence),
        left.size,
    )
