"""When a page of OCR deserves a second look, and how two looks become one.

Measured on photos of receipts: a page read again at another size, cut otherwise and with other
language data, has lost other things; together they hold more than either.
"""

import bisect
import re
from collections.abc import Collection, Iterator, Sequence

from billify.domain.reading import Page, Reading, Word, read
from billify.integrations import ocr

ASKED = ("gross_amount", "issue_date")
"""Without these two nothing can be paid: they decide whether a page is looked at again."""
SURE = 0.9
LEGIBLE = 0.88
"""Where OCR is this sure of the letters, reading them again changes nothing (measured, see
docs/benchmarks.md): what stays unsure there is a matter of understanding."""
_OVERLAP = 0.35
_NEW_WORD = 0.6
_NEW_FIGURE = 0.35
_WELL_FORMED = 0.1
"""How much surer a look counts in which an amount or a date came out whole."""
_FIGURE = re.compile(
    r"\W{0,3}(?:[A-Z]{1,3}|€|\$)?-?\d{1,3}(?:[., ]?\d{3})*[.,]\d{2}[A-Z%]?\W{0,2}"
    r"|\W?\d{1,4}[-./]\d{1,2}[-./]\d{2,4}\W?"
)


def doubtful(pages: Sequence[Page], *, suspect: Collection[int] = ()) -> tuple[int, ...]:
    """Numbers of the pages to look at again: badly legible ones with an unsure total or date.

    Where the field was not found at all it is the first page and the last. `suspect` are numbers
    of pages whose words come from a text layer that is little believed.
    """
    badly = {page.number for page in pages if ocr.mean_confidence(page.words) < LEGIBLE}
    badly |= set(suspect)
    if not badly:
        return ()
    reading = read(pages)
    wanted: set[int] = set()
    for name in ASKED:
        field = reading.fields.get(name)
        if field is not None and field.confidence >= SURE and not _contradicted(reading):
            continue
        if field is not None and field.page is not None:
            wanted.add(field.page)
        else:
            wanted |= {pages[0].number, pages[-1].number}
    return tuple(sorted(wanted & badly))


def merged(first: Sequence[Word], second: Sequence[Word]) -> tuple[Word, ...]:
    """The words of two looks at one page; where both saw something, the surer one's."""
    kept: list[Word] = []
    for ours, theirs in _places(first, second):
        if not ours:
            kept += [word for word in theirs if _is_believable(word)]
        elif theirs and _mark(theirs) > _mark(ours):
            kept += theirs
        else:
            kept += ours
    return tuple(sorted(kept, key=lambda word: (round(word.y0, 3), word.x0)))


def _contradicted(reading: Reading) -> bool:
    return bool({"totals", "dates"} & set(reading.warnings))


def _places(
    first: Sequence[Word], second: Sequence[Word]
) -> Iterator[tuple[list[Word], list[Word]]]:
    """Words of both looks that stand on the same spot, joined where they overlap in a chain."""
    words = [*first, *second]
    root = list(range(len(words)))

    def top(at: int) -> int:
        while root[at] != at:
            root[at] = root[root[at]]
            at = root[at]
        return at

    order = sorted(range(len(first), len(words)), key=lambda at: words[at].y0)
    tops = [words[at].y0 for at in order]
    tallest = max((word.y1 - word.y0 for word in second), default=0.0)
    for at, word in enumerate(first):
        start = bisect.bisect_left(tops, word.y0 - tallest)
        for other in order[start : bisect.bisect_right(tops, word.y1)]:
            if _overlap(word, words[other]):
                root[top(at)] = top(other)
    found: dict[int, tuple[list[Word], list[Word]]] = {}
    for at, word in enumerate(words):
        found.setdefault(top(at), ([], []))[at >= len(first)].append(word)
    yield from found.values()


def _overlap(one: Word, other: Word) -> bool:
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    tall = min(one.y1, other.y1) - max(one.y0, other.y0)
    if wide <= 0 or tall <= 0:
        return False
    areas = ((word.x1 - word.x0) * (word.y1 - word.y0) for word in (one, other))
    return wide * tall > _OVERLAP * min(areas)


def _mark(words: Sequence[Word]) -> float:
    letters = sum(len(word.text) for word in words)
    sure = sum(word.confidence * len(word.text) for word in words) / max(letters, 1)
    whole = any(_FIGURE.fullmatch(word.text) for word in words)
    return sure + (_WELL_FORMED if whole else 0.0)


def _is_believable(word: Word) -> bool:
    """A word that only the second look saw: specks are read as letters too."""
    if not any(letter.isalnum() for letter in word.text):
        return False
    enough = _NEW_FIGURE if _FIGURE.fullmatch(word.text) else _NEW_WORD
    return word.confidence >= enough
