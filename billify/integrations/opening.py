"""Taking one document apart, page by page; runs in the child process of `documents`."""

import functools
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PIL import Image

from billify.domain.reading import Page, Word
from billify.domain.refusal import N_, Refusal
from billify.integrations import (
    einvoices,
    ocr,
    page_ocr,
    pdf,
    pdf_parts,
    picture,
    second_look,
    text_layer,
)
from billify.integrations.signature import MediaType
from billify.integrations.text_layer import Trust

SECONDS_BEFORE_LOOKING_AGAIN = 60
"""A document that took longer already is not looked at a second time."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the opening of one document may take."""

    pages: int
    pixels: int
    ocr_pages: int
    previews: int
    second_looks: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """One page as it was taken out of the document.

    A number that came before is the same page after a second look, without its preview.
    """

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
    """Every page in turn, then those again whose total or date stayed unsure.

    Refuses what opening shows to be unreadable.
    """
    start = time.monotonic()
    reader = page_ocr.Reader(engine, languages_known, left=bounds.ocr_pages)
    taken: list[Taken] = []
    with _in_words():
        if kind is MediaType.PDF:
            for one in _pdf_pages(content, reader, bounds):
                taken.append(replace(one, preview=None))
                yield one
        else:
            taken.append(_picture_page(content, reader, bounds))
            yield taken[0]
        if reader.looks and time.monotonic() - start < SECONDS_BEFORE_LOOKING_AGAIN:
            yield from _second_looks(taken, reader, bounds)


def _second_looks(
    taken: Sequence[Taken], reader: page_ocr.Reader, bounds: Bounds
) -> Iterator[Taken]:
    suspect = [one.page.number for one in taken if one.how == "text"]
    doubtful = second_look.doubtful([one.page for one in taken], suspect=suspect)
    for number in [one for one in doubtful if one in reader.looks][: bounds.second_looks]:
        before = taken[number - 1]
        try:
            words = reader.again(number)
        except ocr.OcrFailed:  # the first look stands
            return
        yield replace(before, page=ocr.in_points(before.page, words), preview=None)


def shown(content: bytes, *, bounds: Bounds) -> Iterator[Taken]:
    """The pages of a PDF that only shows what an e-invoice says: nothing is read by OCR."""
    with _in_words():
        yield from _pdf_pages(content, page_ocr.Reader(ocr.Engine("", ""), (), left=0), bounds)


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


def _pdf_pages(content: bytes, reader: page_ocr.Reader, bounds: Bounds) -> Iterator[Taken]:
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
        yield _pdf_page(
            page,
            number,
            count,
            reader,
            again=functools.partial(_drawn, document, index),
            with_preview=number <= bounds.previews,
        )
        page.close()


def _pdf_page(
    source: pdf.PdfPage,
    number: int,
    count: int,
    reader: page_ocr.Reader,
    *,
    again: page_ocr.Source,
    with_preview: bool,
) -> Taken:
    page = pdf.text_page(source, number)
    trust = _trust(source, page)
    if trust is Trust.SOUND:
        shown = picture.preview(pdf.screen_picture(source)) if with_preview else None
        return Taken(page, count, "text", shown)
    words, shown_image, read = reader.words(again, number)
    preview = None
    if with_preview:
        preview = picture.preview(shown_image or pdf.screen_picture(source))
    if not read or not _is_better(words, page.words, trust):
        return Taken(page, count, "text", preview)
    return Taken(ocr.in_points(page, words), count, "ocr", preview)


def _trust(source: pdf.PdfPage, page: Page) -> Trust:
    share = pdf.picture_share(source)
    is_hidden = share > 0.6 and pdf.is_hidden(source)
    return text_layer.trust(page.words, picture_share=share, is_hidden=is_hidden)


def _is_better(read: Sequence[Word], layer: Sequence[Word], trust: Trust) -> bool:
    """Does the picture say more than the text layer it was read against?"""
    if trust is Trust.RUBBISH:
        return len(read) >= 3 and ocr.mean_confidence(read) > 0.5
    return len(read) >= len(layer)


def _drawn(document: pdf.PdfDocument, index: int) -> Image.Image:
    page = pdf.page(document, index)
    try:
        return pdf.picture(page, dpi=pdf.own_dpi(page))
    finally:
        page.close()


def _picture_page(content: bytes, reader: page_ocr.Reader, bounds: Bounds) -> Taken:
    def load() -> Image.Image:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return picture.loaded(content, most_pixels=bounds.pixels)

    words, shown, _ = reader.words(load, 1)
    shown = shown or load()
    page = ocr.page_of(words, number=1, size=shown.size)
    return Taken(page, 1, "ocr", picture.preview(shown))
