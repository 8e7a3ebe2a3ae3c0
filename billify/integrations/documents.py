"""Documents as they come in: judged by content, then opened in a bounded child process.

Nothing heavy is imported here at the top, since the web process calls `check`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from billify.domain.reading import Page, Word
from billify.domain.refusal import N_, Refusal
from billify.integrations import child, signature
from billify.integrations.signature import MediaType

__all__ = [
    "Limits",
    "MediaType",
    "OpenedDocument",
    "OpenedPage",
    "Tesseract",
    "check",
    "check_size",
    "open_document",
    "preload",
]


@dataclass(frozen=True, slots=True)
class Tesseract:
    """Where the OCR program and its language data are, and which languages to ask of it."""

    cmd: str
    tessdata: str
    languages: tuple[str, ...] = ("nld", "fra", "eng", "deu")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one document may take of this machine."""

    bytes: int = 25 * 1024 * 1024
    pages: int = 200
    pixels: int = 120_000_000
    """Of a picture, as its header says, before decoding."""
    ocr_pages: int = 20
    """Pages without a text layer that are read; those behind them are left out."""
    previews: int = 20
    seconds: int = 180
    memory: int = 1_500_000_000
    """Address space of the child process in bytes."""


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """One page with its words and a picture of exactly the geometry of the words' boxes."""

    page: Page
    how: str
    """"text" from a text layer, "ocr" from a picture."""
    preview: bytes | None
    """WebP of at most 1,400 pixels on the long side; None past the number of previews."""


@dataclass(frozen=True, slots=True)
class OpenedDocument:
    """A document taken apart."""

    media_type: MediaType
    page_count: int
    pages: tuple[OpenedPage, ...]

    @property
    def for_reading(self) -> tuple[Page, ...]:
        """What `domain.reading.read` takes."""
        return tuple(opened.page for opened in self.pages)


def check_size(size: int, *, limits: Limits = Limits()) -> None:
    """Refuse a file that is too big, before it is read into memory."""
    if size > limits.bytes:
        raise Refusal(
            N_("This file is %(size)s MB. The limit is %(limit)s MB."),
            size=round(size / 1_048_576),
            limit=limits.bytes // 1_048_576,
        )


def check(content: bytes, *, limits: Limits = Limits()) -> MediaType:
    """The media type by content; refuses what cannot be read, at once and cheaply.

    Refused: empty, too big, unknown kind, XML (for now), cut off, protected PDF, too many pixels.
    """
    if not content:
        raise Refusal(N_("This file is empty."))
    check_size(len(content), limits=limits)
    kind = signature.media_type(content)
    if kind is None:
        raise Refusal(N_("This is not a PDF or a picture. Send a PDF, JPEG, PNG, HEIC or WebP."))
    if kind is MediaType.XML:
        raise Refusal(N_("E-invoice files (XML) cannot be read yet. Send the PDF instead."))
    if not signature.is_whole(content, kind):
        raise Refusal(N_("This file is cut off: its end is missing. Send it again."))
    _check_inside(content, kind, limits)
    return kind


def open_document(
    content: bytes,
    *,
    name: str,
    tesseract: Tesseract,
    limits: Limits = Limits(),
    progress: Callable[[int, int], None] | None = None,
) -> OpenedDocument:
    """Pages, words and previews of a document; `progress(done, of)` is called after each page.

    Works in a child process with bounded memory and time. Refuses what `check` refuses and also
    what only opening shows: a password, too many pages, no text on any page, too long a work.
    """
    del name  # a name says nothing about the content; the caller keeps it for messages
    kind = check(content, limits=limits)
    pages: list[OpenedPage] = []
    count = 0
    for frame in _frames(content, kind, tesseract, limits):
        if frame.head["kind"] == "refusal":
            raise Refusal(frame.head["message"], **frame.head["params"])
        count = frame.head["of"]
        pages.append(_opened_page(frame))
        if progress is not None:
            progress(len(pages), count)
    if not any(opened.page.words for opened in pages):
        raise Refusal(N_("No text was found in this document. Is it blank?"))
    return OpenedDocument(kind, count, tuple(pages))


def preload() -> None:
    """Import what the child needs, once in the worker, so that every fork shares it."""
    import billify.integrations.opening  # noqa: F401


def _frames(
    content: bytes, kind: MediaType, tesseract: Tesseract, limits: Limits
) -> Iterator[child.Frame]:
    preload()
    work = partial(_take_apart, content, kind, tesseract, limits)
    try:
        yield from child.frames(work, seconds=limits.seconds, memory=limits.memory)
    except child.TimedOut as error:
        raise Refusal(N_("Reading this document took too long and was stopped.")) from error
    except child.Broke as error:
        raise Refusal(N_("This document is damaged and cannot be opened.")) from error


def _take_apart(
    content: bytes, kind: MediaType, tesseract: Tesseract, limits: Limits, send: child.Send
) -> None:
    """What the child does: every page as a frame of words and preview, or a refusal."""
    from billify.integrations import ocr, opening

    bounds = opening.Bounds(limits.pages, limits.pixels, limits.ocr_pages, limits.previews)
    pages = opening.taken_apart(
        content,
        kind,
        engine=ocr.Engine(tesseract.cmd, tesseract.tessdata),
        languages_known=tesseract.languages,
        bounds=bounds,
    )
    try:
        for taken in pages:
            send(
                {"kind": "page", "of": taken.of, "how": taken.how, **_plain(taken.page)},
                taken.preview or b"",
            )
    except Refusal as refusal:
        send({"kind": "refusal", "message": refusal.message, "params": refusal.params}, b"")


def _plain(page: Page) -> dict[str, Any]:  # Any: JSON
    words = [
        (w.text, w.x0, w.y0, w.x1, w.y1, round(w.confidence, 3), round(w.size, 2))
        for w in page.words
    ]
    return {"number": page.number, "width": page.width, "height": page.height, "words": words}


def _opened_page(frame: child.Frame) -> OpenedPage:
    head = frame.head
    words = tuple(Word(*word) for word in head["words"])
    page = Page(head["number"], head["width"], head["height"], words)
    return OpenedPage(page, head["how"], frame.body or None)


def _check_inside(content: bytes, kind: MediaType, limits: Limits) -> None:
    if kind is MediaType.PDF:
        # Whether a password is really needed, and pages in packed objects, only opening shows.
        _check_pages(signature.pdf_page_count(content), limits)
        return
    size = signature.picture_size(content, kind)
    if size is None or size.pixels == 0:
        raise Refusal(N_("This picture is damaged and cannot be opened."))
    if size.pixels > limits.pixels:
        raise Refusal(
            N_("This picture is too large (%(width)s × %(height)s pixels)."),
            width=size.width,
            height=size.height,
        )


def _check_pages(count: int, limits: Limits) -> None:
    if count > limits.pages:
        raise Refusal(
            N_("This PDF has %(count)s pages. The limit is %(limit)s pages."),
            count=count,
            limit=limits.pages,
        )
