"""Taking one document apart, page by page; runs in the child process of `documents`."""

import functools
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image

from billify.domain.reading import Page, Word, languages
from billify.domain.refusal import N_, Refusal
from billify.integrations import child, einvoices, ocr, pdf, pdf_parts, picture
from billify.integrations.signature import MediaType

_SURE_ENOUGH = 0.55
"""Below this a picture may lie on its side."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the opening of one document may take."""

    pages: int
    pixels: int
    ocr_pages: int
    previews: int


@dataclass(frozen=True, slots=True)
class Taken:
    """One page as it was taken out of the document."""

    page: Page
    of: int
    how: str
    preview: bytes | None


def taken_apart(
    content: bytes,
    kind: MediaType,
    *,
    engine: ocr.Engine,
    languages_known: tuple[str, ...],
    bounds: Bounds,
) -> Iterator[Taken]:
    """Every page in turn; refuses what opening shows to be unreadable."""
    reader = _Ocr(engine, languages_known, left=bounds.ocr_pages)
    with _in_words():
        if kind is MediaType.PDF:
            yield from _pdf_pages(content, reader, bounds)
        else:
            yield _picture_page(content, reader, bounds)


def shown(content: bytes, *, bounds: Bounds) -> Iterator[Taken]:
    """The pages of a PDF that only shows what an e-invoice says: nothing is read by OCR."""
    with _in_words():
        yield from _pdf_pages(content, _Ocr(ocr.Engine("", ""), (), left=0), bounds)


def parts(content: bytes, ranges: Sequence[tuple[int, int]]) -> Iterator[bytes]:
    """PDFs of some of a PDF's pages. Refuses a PDF that cannot be opened or has no such pages."""
    with _in_words():
        try:
            yield from pdf_parts.cut(content, ranges)
        except ValueError as error:
            raise Refusal(N_("This PDF has no such pages.")) from error


def einvoice_in(content: bytes, kind: MediaType) -> einvoices.Found:
    """The e-invoice in a file. Refuses a PDF that cannot be opened."""
    with _in_words():
        return einvoices.found(content, kind)


@contextmanager
def _in_words() -> Iterator[None]:
    """What opening shows to be unreadable, as a sentence."""
    try:
        yield
    except pdf.Encrypted as error:
        raise Refusal(N_("This PDF is protected with a password. Send it without one.")) from error
    except pdf.Damaged as error:
        raise Refusal(N_("This PDF is damaged and cannot be opened.")) from error
    except picture.Unreadable as error:
        raise Refusal(N_("This picture is damaged and cannot be opened.")) from error
    except ocr.OcrFailed as error:
        raise Refusal(
            N_("This picture could not be read in time. Try again, or send a clearer one.")
        ) from error
    except ocr.OcrMissing as error:
        raise Refusal(N_("Pictures cannot be read right now. Try again later.")) from error
    except MemoryError as error:
        raise Refusal(N_("This document is too large to open.")) from error


def _pdf_pages(content: bytes, reader: "_Ocr", bounds: Bounds) -> Iterator[Taken]:
    document = pdf.opened(content)
    count = len(document)
    if count == 0:
        raise Refusal(N_("This PDF has no pages."))
    if count > bounds.pages:
        raise Refusal(
            N_("This PDF has %(count)s pages. The limit is %(limit)s pages."),
            count=count,
            limit=bounds.pages,
        )
    for index in range(count):
        page = pdf.page(document, index)
        number = index + 1
        yield _pdf_page(page, number, count, reader, with_preview=number <= bounds.previews)
        page.close()


def _pdf_page(
    source: pdf.PdfPage, number: int, count: int, reader: "_Ocr", *, with_preview: bool
) -> Taken:
    page = pdf.text_page(source, number)
    if pdf.has_sound_text(page, has_picture=functools.partial(pdf.has_picture, source)):
        shown = picture.preview(pdf.screen_picture(source)) if with_preview else None
        return Taken(page, count, "text", shown)
    words, shown_image, read = reader.words(lambda: pdf.picture(source))
    preview = None
    if with_preview:
        preview = picture.preview(shown_image or pdf.screen_picture(source))
    if not read or len(words) < len(page.words):
        return Taken(page, count, "text", preview)
    return Taken(ocr.in_points(page, words), count, "ocr", preview)


def _picture_page(content: bytes, reader: "_Ocr", bounds: Bounds) -> Taken:
    def load() -> Image.Image:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return picture.loaded(content, most_pixels=bounds.pixels)

    words, shown, _ = reader.words(load)
    shown = shown or load()
    page = ocr.page_of(words, number=1, size=shown.size)
    return Taken(page, 1, "ocr", picture.preview(shown))


class _Ocr:
    """Reads pages one after the other and learns the language from the first."""

    def __init__(self, engine: ocr.Engine, known: tuple[str, ...], *, left: int) -> None:
        self.engine = engine
        self.languages = known
        self.left = left

    def words(
        self, source: Callable[[], Image.Image]
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
        words = self._read(ready)
        if ocr.mean_confidence(words) < _SURE_ENOUGH:
            words, shown = self._turned(ready, shown, words)
        self._learn(words)
        return words, shown, True

    def _read(self, image: Image.Image) -> tuple[Word, ...]:
        return ocr.words_of(image, engine=self.engine, languages=self.languages)

    def _turned(
        self, ready: Image.Image, shown: Image.Image, words: tuple[Word, ...]
    ) -> tuple[tuple[Word, ...], Image.Image]:
        """The same page on its other sides, when one of them reads clearly better."""
        small = ready.reduce(2)
        marks = {turn: self._mark(_turn(small, turn)) for turn in (90, 180, 270)}
        best = max(marks, key=lambda turn: marks[turn])
        if marks[best] < 0.6 or marks[best] < ocr.mean_confidence(words) + 0.15:
            return words, shown
        return self._read(_turn(ready, best)), _turn(shown, best)

    def _mark(self, image: Image.Image) -> float:
        words = ocr.words_of(image, engine=self.engine, languages=self.languages[:1])
        return ocr.mean_confidence(words) if len(words) >= 8 else 0.0

    def _learn(self, words: tuple[Word, ...]) -> None:
        spoken = languages.spoken(words)
        code = ocr.LANGUAGE_DATA.get(spoken)
        if code in self.languages:
            self.languages = tuple(dict.fromkeys((code, "eng")))


def _turn(image: Image.Image, degrees: int) -> Image.Image:
    return image.rotate(degrees, expand=True)
