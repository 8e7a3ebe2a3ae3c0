"""Documents as they come in: judged by content, then opened in a bounded child process.

Nothing heavy is imported here at the top, since the web process calls `check`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from billify.domain.reading import Page
from billify.domain.refusal import N_, Refusal
from billify.integrations import signature
from billify.integrations.signature import MediaType

__all__ = ["Limits", "MediaType", "OpenedDocument", "OpenedPage", "Tesseract", "check"]


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


def check(content: bytes, *, limits: Limits = Limits()) -> MediaType:
    """The media type by content; refuses what cannot be read, at once and cheaply.

    Refused: empty, too big, unknown kind, XML (for now), cut off, protected PDF, too many pixels.
    """
    if not content:
        raise Refusal(N_("This file is empty."))
    if len(content) > limits.bytes:
        raise Refusal(
            N_("This file is %(size)s MB. The limit is %(limit)s MB."),
            size=round(len(content) / 1_048_576),
            limit=limits.bytes // 1_048_576,
        )
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
    raise NotImplementedError


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
