"""The slow part of reading a document: outside any transaction, from its bytes to what it says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog

from billify.application import ports, reading_memory
from billify.application.reading_memory import Recalled
from billify.data.models import Document
from billify.data.queries import companies
from billify.domain.reading import OwnCompany, Page, Reading, kept_words, read
from billify.integrations import documents as opener
from billify.integrations.storage import NotStored, StorageDown

if TYPE_CHECKING:
    from billify.domain.reading.split import Split

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Understood:
    """What the slow part found: the reading, pages, pictures, and how the file falls apart."""

    recalled: Recalled
    """The reading, with what the memory of its supplier makes of it."""
    page_count: int
    sizes: list[dict[str, float]]
    """Of each page that has a picture."""
    split: "Split | None" = None
    """None where splitting is out of the question."""

    @property
    def reading(self) -> Reading:
        """What the document says."""
        return self.recalled.reading

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """What is kept with the document: its reading, and of what size its pictures are."""
        return self.reading.to_json() | {"pages": self.sizes} | self.recalled.to_json()


def understand(*, document: Document, progress: Callable[[UUID, int, int], None]) -> Understood:
    """Open and read a document, and keep pictures and words of its pages. Refuses the unreadable.

    Pages that were opened before, in the file they were copied from or before somebody said that
    the file is one invoice, are read from the words that were kept.
    """
    known = page_words(document=document) if document.starts or document.split_from_id else []
    if known:
        us = own_company()
        sizes = [_size(page) for page in known[: opener.Limits().previews]]
        return Understood(_recalled(known, read(known, us=us), us), len(known), sizes)
    settings = ports.settings()
    opened = opener.open_document(
        ports.storage().get(document.key),
        name=document.name,
        tesseract=opener.Tesseract(settings.tesseract_cmd or "", settings.tessdata_prefix or ""),
        progress=lambda done, of: progress(document.id, done, of),
    )
    for one in opened.pages:
        if one.preview is not None:
            key = preview_key(document, one.page.number)
            ports.storage().put(key, one.preview, "image/jpeg")
    if any(page.words for page in opened.for_reading):
        packed = kept_words.packed(pages=opened.for_reading)
        ports.storage().put(words_key(document), packed, "application/zlib")
    sizes = [_size(one.page) for one in opened.pages if one.preview is not None]
    may_split = opened.einvoice is None and not document.starts and not document.split_from_id
    found = _split(opened.for_reading) if may_split and len(opened.pages) > 1 else None
    us = own_company()  # not before the pages are opened: that would keep a transaction waiting
    reading = opened.read(us=us)
    if opened.einvoice is None:
        recalled = _recalled(opened.for_reading, reading, us)
    else:
        recalled = Recalled(reading)
    return Understood(recalled, len(opened.pages), sizes, found)


def _recalled(pages: Sequence[Page], reading: Reading, us: OwnCompany) -> Recalled:
    return reading_memory.recalled(pages=pages, reading=reading, us=us)


def _split(pages: Sequence[Page]) -> "Split":
    # Here, so that the web process does not load what only a worker needs.
    from billify.domain.reading.split import split

    return split(pages)


def _size(page: Page) -> dict[str, float]:
    return {"width": round(page.width, 1), "height": round(page.height, 1)}


def own_company() -> OwnCompany:
    """Our own particulars, as the reader wants to know them."""
    company = companies.own()
    return OwnCompany(
        name=company.name, vat_number=company.vat_number, ibans=tuple(companies.own_ibans())
    )


def page_words(*, document: Document) -> list[Page]:
    """The words of the document's pages with their places, as the reader saw them.

    Empty when none were kept (an e-invoice without a picture, a document read by an older
    version) and while the store is away: nobody's work has to wait for them.
    """
    try:
        return kept_words.unpacked(content=ports.storage().get(words_key(document)))
    except NotStored:
        return []
    except (StorageDown, kept_words.NotWords) as error:
        log.warning("document.words_missing", document=str(document.id), reason=str(error))
        return []


def preview_key(document: Document, page: int) -> str:
    """Where the picture of a page lies in storage."""
    return f"{document.key}.page-{page}.jpg"


def words_key(document: Document) -> str:
    """Where the words of its pages lie in storage."""
    return f"{document.key}.words"
