"""Documents as they come in: judged by content, then opened in a bounded child process.

Nothing heavy is imported here at the top, since the web process calls `check`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from billify.domain.einvoice import as_reading, on_pages, prolog
from billify.domain.reading import OwnCompany, Page, Reading, Word, read
from billify.domain.refusal import N_, Refusal
from billify.integrations import child, signature
from billify.integrations.signature import MediaType

if TYPE_CHECKING:
    from billify.integrations import opening

__all__ = [
    "EInvoice",
    "Limits",
    "MediaType",
    "OpenedDocument",
    "OpenedPage",
    "Tesseract",
    "check",
    "check_size",
    "cut",
    "open_document",
    "open_einvoice",
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
    second_looks: int = 2
    """Pages read once more, otherwise, where the total or the date stayed unsure."""
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
    """JPEG of at most 1,240 pixels on the long side; None past the number of previews."""


@dataclass(frozen=True, slots=True)
class EInvoice:
    """What an e-invoice states, as plain values: nothing of its XML leaves the child."""

    fields: dict[str, Any]  # Any: JSON, see domain.einvoice.as_fields
    reading: Reading
    syntax: str
    violations: tuple[dict[str, str], ...]
    """Broken rules: rule, place, message."""


@dataclass(frozen=True, slots=True)
class OpenedDocument:
    """A document taken apart."""

    media_type: MediaType
    page_count: int
    pages: tuple[OpenedPage, ...]
    einvoice: EInvoice | None = None
    """From an XML file or from inside a PDF; the pages then only show what it says."""

    @property
    def for_reading(self) -> tuple[Page, ...]:
        """What `domain.reading.read` takes."""
        return tuple(opened.page for opened in self.pages)

    def read(self, *, us: OwnCompany | None = None) -> Reading:
        """What an e-invoice states, exactly; else what the pages say.

        Refuses a document with so many words that reading it takes too long.
        """
        if self.einvoice is None:
            words = sum(len(page.words) for page in self.for_reading)
            if words > _WORDS_AT_ONCE:
                return _read_in_bounds(self.for_reading, us)
            return read(self.for_reading, us=us)
        placed = on_pages.located(self.einvoice.reading, pages=self.for_reading)
        return as_reading.directed(placed, us=us)


_WORDS_AT_ONCE = 4_000
"""Longer documents are read in a child, so that the worker is never held up: it costs 10 ms."""
_SECONDS_TO_READ = 60


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

    Refused: empty, too big, unknown kind, XML that is no e-invoice, cut off, too many pixels.
    """
    if not content:
        raise Refusal(N_("This file is empty."))
    check_size(len(content), limits=limits)
    kind = signature.media_type(content)
    if kind is None:
        raise Refusal(
            N_(
                "This is not a PDF, a picture or an e-invoice. "
                "Send a PDF, JPEG, PNG, HEIC, WebP or XML."
            )
        )
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

    An e-invoice, as XML or inside a PDF, is read from its XML; its pages are only shown. Works
    in a child process with bounded memory and time. Refuses what `check` refuses and also what
    only opening shows: a password, too many pages, no text on any page, too long a work.
    """
    del name  # a name says nothing about the content; the caller keeps it for messages
    kind = check(content, limits=limits)
    pages: list[OpenedPage] = []
    einvoice, count = None, 0
    for frame in _frames(partial(_take_apart, content, kind, tesseract, limits), limits):
        if frame.head["kind"] == "einvoice":
            einvoice = _einvoice(frame)
            continue
        count = frame.head["of"]
        opened = _opened_page(frame)
        number = opened.page.number
        if number <= len(pages):  # the same page after a second look
            pages[number - 1] = replace(opened, preview=pages[number - 1].preview)
            continue
        pages.append(opened)
        if progress is not None:
            progress(len(pages), count)
    if einvoice is None and not any(opened.page.words for opened in pages):
        raise Refusal(N_("No text was found in this document. Is it blank?"))
    return OpenedDocument(kind, count, tuple(pages), einvoice)


def open_einvoice(content: bytes, *, limits: Limits = Limits()) -> EInvoice:
    """What an e-invoice states, without its pages. Refuses a file that holds none.

    Also refuses a malformed one, with the place and the reason.
    """
    if signature.media_type(content) is MediaType.XML:
        check_size(len(content), limits=limits)
        kind = MediaType.XML  # where a cut file ends, its parser tells better than `check`
    else:
        kind = check(content, limits=limits)
    for frame in _frames(partial(_take_einvoice, content, kind), limits):
        return _einvoice(frame)
    raise Refusal(N_("There is no e-invoice in this file."))


def cut(
    content: bytes, *, ranges: Sequence[tuple[int, int]], limits: Limits = Limits()
) -> list[bytes]:
    """The pages of a PDF as PDFs of their own, one for each range (counted from 1, both included).

    In the bounded child too; refuses what cannot be opened.
    """
    work = partial(_take_parts, content, tuple(ranges))
    return [frame.body for frame in _frames(work, limits)]


def preload() -> None:
    """Import what the child needs, once in the worker, so that every fork shares it."""
    import billify.integrations.opening  # noqa: F401


def _frames(work: Callable[[child.Send], None], limits: Limits) -> Iterator[child.Frame]:
    """What the child says; a refusal of the child is raised here."""
    preload()
    try:
        for frame in child.frames(work, seconds=limits.seconds, memory=limits.memory):
            if frame.head["kind"] == "refusal":
                raise Refusal(frame.head["message"], **frame.head["params"])
            yield frame
    except child.TimedOut as error:
        raise Refusal(N_("Reading this document took too long and was stopped.")) from error
    except child.Broke as error:
        raise Refusal(N_("This document is damaged and cannot be opened.")) from error


def _read_in_bounds(pages: tuple[Page, ...], us: OwnCompany | None) -> Reading:
    def work(send: child.Send) -> None:
        send({"kind": "reading", "reading": read(pages, us=us).to_json()}, b"")

    for frame in _frames(work, Limits(seconds=_SECONDS_TO_READ)):
        return Reading.from_json(frame.head["reading"])
    return Reading()


def _take_apart(
    content: bytes, kind: MediaType, tesseract: Tesseract, limits: Limits, send: child.Send
) -> None:
    """What the child does: an e-invoice, every page as words and preview, or a refusal."""
    from billify.integrations import ocr, opening

    bounds = opening.Bounds(
        limits.pages, limits.pixels, limits.ocr_pages, limits.previews, limits.second_looks
    )
    try:
        found = opening.einvoice_in(content, kind)
        if found.invoice is not None:
            send({"kind": "einvoice", **found.to_json()}, b"")
            _send_shown(found.paper if kind is MediaType.XML else content, bounds, send)
            return
        if found.problem is not None and kind is MediaType.XML:
            raise found.problem
        pages = opening.taken_apart(
            content,
            kind,
            engine=ocr.Engine(tesseract.cmd, tesseract.tessdata),
            languages_known=tesseract.languages,
            bounds=bounds,
        )
        for taken in pages:
            _send_page(taken, send)
    except Refusal as refusal:
        _send_refusal(refusal, send)


def _take_einvoice(content: bytes, kind: MediaType, send: child.Send) -> None:
    """What the child does when only the e-invoice is wanted."""
    from billify.integrations import opening

    try:
        found = opening.einvoice_in(content, kind)
        if found.problem is not None:
            raise found.problem
        if found.invoice is not None:
            send({"kind": "einvoice", **found.to_json()}, b"")
    except Refusal as refusal:
        _send_refusal(refusal, send)


def _take_parts(content: bytes, ranges: Sequence[tuple[int, int]], send: child.Send) -> None:
    """What the child does when pages are copied into files of their own."""
    from billify.integrations import opening

    try:
        for part in opening.parts(content, ranges):
            send({"kind": "part"}, part)
    except Refusal as refusal:
        _send_refusal(refusal, send)


def _send_shown(paper: bytes | None, bounds: "opening.Bounds", send: child.Send) -> None:
    """The pages that show an e-invoice. One that cannot be shown is no less an e-invoice."""
    from billify.integrations import opening

    if paper is None:
        return
    try:
        for taken in opening.shown(paper, bounds=bounds):
            _send_page(taken, send)
    except Refusal:
        return


def _send_page(taken: "opening.Taken", send: child.Send) -> None:
    head = {"kind": "page", "of": taken.of, "how": taken.how, **_plain(taken.page)}
    send(head, taken.preview or b"")


def _send_refusal(refusal: Refusal, send: child.Send) -> None:
    send({"kind": "refusal", "message": refusal.message, "params": refusal.params}, b"")


def _einvoice(frame: child.Frame) -> EInvoice:
    head = frame.head
    return EInvoice(
        fields=head["fields"],
        reading=Reading.from_json(head["reading"]),
        syntax=head["syntax"],
        violations=tuple(head["violations"]),
    )


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
    if kind is MediaType.XML:
        prolog.syntax_of(content)
        return
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
