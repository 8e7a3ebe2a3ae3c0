"""Reading pictures of pages: which language, which way up, and a second look where asked.

Imported in the reading child process only.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from billify.domain.reading import Word, languages
from billify.integrations import child, ocr, picture, second_look

_SURE_ENOUGH = 0.55
"""Below this a picture may lie on its side."""
_GLANCE = "eng"
"""Small words of any language in Latin letters are read well enough to know it by them."""
_GLANCE_BANDS = 12
_KEENEST = "nld"
"""The only language data here in the finer of the two kinds; digits profit most."""

Source = Callable[[], Image.Image]


@dataclass(frozen=True, slots=True)
class Look:
    """A page as it was read, and what it takes to read it again."""

    source: Source
    turn: int
    words: tuple[Word, ...]


class Reader:
    """Reads pages one after the other and learns the language on the way."""

    def __init__(self, engine: ocr.Engine, known: tuple[str, ...], *, left: int) -> None:
        self.engine = engine
        self.known = known
        self.left = left
        self.language = ""
        """Of the page before, as Tesseract calls it; empty while unknown."""
        self.looks: dict[int, Look] = {}

    def words(
        self, source: Source, number: int
    ) -> tuple[tuple[Word, ...], Image.Image | None, bool]:
        """(words, picture to show, whether it was read): the last is False past the limit."""
        if self.left <= 0:
            return (), None, False
        image = source()
        if not picture.has_ink(image):
            return (), image, True
        self.left -= 1
        ready, shown = picture.cleaned(image)
        # Tesseract takes its own 100 MB now, so only what is still needed may stay: 40 MB less.
        del image
        shown = picture.for_screen(shown)
        child.give_back_memory()
        if not self.language:
            self._learn(self._glance(ready))
        words, turn = self._read(ready, self._first()), 0
        if ocr.mean_confidence(words) < _SURE_ENOUGH:
            words, shown, turn = self._turned(ready, shown, words)
        self._learn(words)
        self.looks[number] = Look(source, turn, words)
        return words, shown, True

    def again(self, number: int) -> tuple[Word, ...]:
        """The words of a page after a second look: larger, cut otherwise, with other data."""
        look = self.looks[number]
        ready = picture.cleaned(look.source(), letters=picture.LARGE_LETTERS)[0]
        child.give_back_memory()
        if look.turn:
            ready = _turn(ready, look.turn)
        second = self._read(ready, self._second(), segmentation=ocr.SPARSE)
        return second_look.merged(look.words, second)

    def _first(self) -> tuple[str, ...]:
        """One language where it is known, else two: four at once take twice the time of one."""
        if self.language:
            return (self.language,)
        return self._some(_KEENEST, _GLANCE)

    def _second(self) -> tuple[str, ...]:
        """Other data than the first time, so that it errs elsewhere."""
        other = self.language if self.language not in ("", _KEENEST) else _GLANCE
        return self._some(_KEENEST, other)

    def _some(self, *wanted: str) -> tuple[str, ...]:
        return tuple(name for name in wanted if name in self.known) or self.known

    def _read(
        self, image: Image.Image, names: tuple[str, ...], *, segmentation: int = ocr.WHOLE_PAGE
    ) -> tuple[Word, ...]:
        return ocr.words_of(image, engine=self.engine, languages=names, segmentation=segmentation)

    def _glance(self, ready: Image.Image) -> tuple[Word, ...]:
        """The part of the page with the most ink: a tenth of the time of a page."""
        name = _GLANCE if _GLANCE in self.known else self.known[0]
        band = _inkiest_part(ready)
        small = band.resize((max(1, band.width * 2 // 3), max(1, band.height * 2 // 3)))
        return self._read(small, (name,), segmentation=ocr.ONE_BLOCK)

    def _turned(
        self, ready: Image.Image, shown: Image.Image, words: tuple[Word, ...]
    ) -> tuple[tuple[Word, ...], Image.Image, int]:
        """The same page on its other sides, when one of them reads clearly better."""
        small = ready.reduce(2)
        marks = {turn: self._mark(_turn(small, turn)) for turn in (90, 180, 270)}
        best = max(marks, key=lambda turn: marks[turn])
        if marks[best] < 0.6 or marks[best] < ocr.mean_confidence(words) + 0.15:
            return words, shown, 0
        upright = _turn(ready, best)
        self._learn(self._glance(upright))
        return self._read(upright, self._first()), _turn(shown, best), best

    def _mark(self, image: Image.Image) -> float:
        words = self._read(image, self._first()[:1])
        return ocr.mean_confidence(words) if len(words) >= 8 else 0.0

    def _learn(self, words: tuple[Word, ...]) -> None:
        code = ocr.LANGUAGE_DATA.get(languages.spoken(words))
        if code in self.known:
            self.language = code


def _turn(image: Image.Image, degrees: int) -> Image.Image:
    return image.rotate(degrees, expand=True)


def _inkiest_part(image: Image.Image) -> Image.Image:
    rows = np.count_nonzero(np.asarray(image)[::4, ::4] < 128, axis=1)
    ink = [int(part.sum()) for part in np.array_split(rows, _GLANCE_BANDS)]
    wide = _GLANCE_BANDS // 6
    sums = [sum(ink[at : at + wide]) for at in range(_GLANCE_BANDS - wide + 1)]
    top = image.height * sums.index(max(sums)) // _GLANCE_BANDS
    return image.crop((0, top, image.width, top + max(1, image.height // 6)))
