"""A file of several invoices becomes a document for each; and what turns out to be no invoice.

The file itself is kept as it came. Its parts are made in one transaction behind bytes that are
already safe, so a crash leaves either the file to be split again or all of its parts.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import PurePath
from uuid import UUID

import structlog

from billify.application import audit, documents, intake, jobs, live, ports
from billify.data.db import transaction
from billify.data.models import Document, Invoice
from billify.data.queries import documents as document_queries
from billify.data.queries import invoices as invoice_queries
from billify.data.queries import splitting as queries
from billify.domain.documents import BUSY, DocumentStatus
from billify.domain.invoices import EDITABLE, InvoiceStatus
from billify.domain.reading import DocumentType, Page, Reading, doubt, kept_words
from billify.domain.refusal import N_, NotFound, Refusal
from billify.domain.roles import Actor
from billify.integrations import documents as opener
from billify.integrations.storage import NotStored, Stored

MOST_PARTS = 100
_SPLITTABLE = frozenset({DocumentStatus.TO_CHECK, DocumentStatus.FAILED})
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Cut:
    """One part whose bytes are safe."""

    first: int
    last: int
    content: bytes
    sha256: str
    stored: Stored


def divide(*, document_id: UUID) -> None:
    """Make a document of each part of a file. Done once, however often it is started."""
    with transaction():
        document = document_queries.get(document_id)
    if document is None or document.status not in BUSY or len(document.starts or ()) < 2:
        return
    try:
        cuts = _cut(document)
    except Refusal as refusal:
        documents.record_failure(document_id=document_id, refusal=refusal)
        return
    with transaction():
        locked = document_queries.lock(document_id)
        if locked is None or locked.status not in BUSY:
            return
        made = [part for cut in cuts if (part := _part(locked, cut))]
        locked.status = DocumentStatus.SPLIT
        locked.proposed_starts = locked.reason = locked.reason_params = None
        audit.record("document.split", locked, by=None, after={"parts": len(cuts)})
        live.touch("documents")
        for part in made:
            jobs.later("documents.read", document_id=part.id)
            if part.is_spooled:
                jobs.later("documents.store", document_id=part.id)


def split(*, document_id: UUID, starts: Sequence[int], by: Actor) -> Document:
    """Split a file by hand, where a person says that new invoices start.

    Refuses pages that are not there, files that cannot be cut, and invoices in the books.
    """
    with transaction():
        document = _locked(document_id)
        _check_splittable(document)
        wanted = sorted({1, *starts})
        if len(wanted) < 2:
            raise Refusal(N_("Choose at least one page on which a new invoice starts."))
        if wanted[-1] > document.pages or wanted[0] < 1 or len(wanted) > MOST_PARTS:
            raise Refusal(N_("This file has no such pages."))
        _remove_draft(document)
        document.starts, document.proposed_starts = wanted, None
        document.status = DocumentStatus.READING
        document.reason = document.reason_params = None
        audit.record("document.split_by_hand", document, by=by, after={"starts": wanted})
        jobs.later("documents.split", document_id=document.id)
        live.touch("documents", "purchases", "sales")
    return document


def join(*, document_id: UUID, by: Actor) -> Document:
    """Say that a file is one invoice: its parts go, and it is read as a whole.

    Refuses when a part is in the books, was split again, or the file was not split.
    """
    with transaction():
        document = _locked(document_id)
        if document.status is DocumentStatus.SPLIT:
            for part in queries.parts_of(document_id):
                _remove_part(part, by)
            document.status = DocumentStatus.READING
            document.pages_read = 0
            jobs.later("documents.read", document_id=document.id)
        elif document.proposed_starts is None:
            raise Refusal(N_("This document is one already."))
        document.starts, document.proposed_starts = [1], None
        audit.record("document.joined", document, by=by)
        live.touch("documents", "purchases", "sales")
    return document


def draft(*, document_id: UUID, by: Actor) -> Invoice:
    """Draft the invoice of a paper that was taken for something else."""
    with transaction():
        document = _locked(document_id)
        kept = document_queries.with_reading(document_id)
        is_other = document.status in (DocumentStatus.TO_CHECK, DocumentStatus.SET_ASIDE)
        if not is_other or kept is None or not kept.reading:
            raise Refusal(N_("This document is not waiting to be drafted."))
        if invoice_queries.lock_of_document(document_id) is not None:
            raise Refusal(N_("This document has its invoice already."))
        reading = _as_invoice(Reading.from_json(kept.reading))
        document.reading = reading.to_json() | {"pages": kept.reading.get("pages", [])}
        document.sureness = doubt.sureness(reading=reading)
        document.starts = [1]
        document.status = DocumentStatus.TO_CHECK
        document.reason = document.reason_params = None
        audit.record("document.is_invoice", document, by=by)
        return intake.draft(document=document, reading=reading)


def set_aside(*, document_id: UUID, by: Actor) -> Document:
    """Put a paper that is no invoice out of the inbox; it is kept."""
    with transaction():
        document = _locked(document_id)
        if document.status is not DocumentStatus.TO_CHECK:
            raise Refusal(N_("This document is not waiting to be checked."))
        if invoice_queries.lock_of_document(document_id) is not None:
            raise Refusal(N_("Set its invoice aside instead."))
        document.status = DocumentStatus.SET_ASIDE
        audit.record("document.set_aside", document, by=by)
        live.touch("documents")
    return document


def _cut(document: Document) -> list[_Cut]:
    """Copies of the pages, safely stored with the pictures and words of each page."""
    starts = [int(one) for one in document.starts or ()]
    store = ports.storage()
    content = store.get(document.key)
    words = {page.number: page for page in documents.page_words(document=document)}
    last_page = document.pages or max(words, default=starts[-1])
    ranges = [(a, b - 1) for a, b in pairwise([*starts, last_page + 1])]
    cuts = []
    for (first, last), part in zip(ranges, opener.cut(content, ranges=ranges), strict=True):
        sha256 = hashlib.sha256(part).hexdigest()
        key = f"{document.company_id}/{sha256}"
        stored = documents.store_bytes(key=key, content=part, media_type=document.media_type)
        pages = [words[number] for number in range(first, last + 1) if number in words]
        if len(pages) == last - first + 1:
            _copy_pages(document, key, first, pages)
        cuts.append(_Cut(first, last, part, sha256, stored))
    return cuts


def _copy_pages(document: Document, key: str, first: int, pages: Sequence[Page]) -> None:
    """What was seen on the pages goes with them, so that they are not read by OCR again."""
    store = ports.storage()
    for page in pages:
        try:
            picture = store.get(f"{document.key}.page-{page.number}.jpg")
        except NotStored:
            return  # past the last preview: this part is opened anew
        store.put(f"{key}.page-{page.number - first + 1}.jpg", picture, "image/jpeg")
    moved = [replace(page, number=page.number - first + 1) for page in pages]
    store.put(f"{key}.words", kept_words.packed(pages=moved), "application/zlib")


def _part(document: Document, cut: _Cut) -> Document | None:
    path = PurePath(document.name)
    pages = f"{cut.first}" if cut.first == cut.last else f"{cut.first}-{cut.last}"
    part = queries.insert_part(
        of=document,
        sha256=cut.sha256,
        name=f"{path.stem[:180]} ({pages}){path.suffix[:10]}",
        size=len(cut.content),
        first_page=cut.first,
        is_spooled=cut.stored is Stored.SPOOLED,
    )
    if part is None:
        # The very same pages are here already: handed in before, or split by hand twice.
        log.info("document.part_known", document=str(document.id), page=cut.first)
        return None
    documents.guard_bytes(document=part, content=cut.content)
    audit.record(
        "document.received",
        part,
        by=None,
        after={"name": part.name, "sha256": part.sha256, "size": part.size},
    )
    return part


def _check_splittable(document: Document) -> None:
    if document.status not in _SPLITTABLE:
        raise Refusal(N_("Only a document that waits to be checked can be split."))
    if document.media_type != opener.MediaType.PDF.value or document.pages < 2:
        raise Refusal(N_("Only a PDF of several pages can be split."))


def _remove_draft(document: Document) -> None:
    draft_of = invoice_queries.lock_of_document(document.id)
    if draft_of is None:
        return
    if draft_of.status not in EDITABLE:
        raise Refusal(N_("This document belongs to an invoice in the books and stays."))
    invoice_queries.remove(draft_of)


def _remove_part(part: Document, by: Actor) -> None:
    if part.status is DocumentStatus.SPLIT:
        raise Refusal(N_("One of its parts was split again. Put that one together first."))
    invoice = invoice_queries.lock_of_document(part.id)
    if invoice is not None and invoice.status in (InvoiceStatus.OPEN, InvoiceStatus.PAID):
        raise Refusal(N_("One of its invoices is in the books already, so it stays split."))
    before = {"name": part.name, "sha256": part.sha256, "size": part.size}
    if invoice is not None:
        before |= intake.facts(invoice)
        invoice_queries.remove(invoice)
    locked = _locked(part.id)
    locked.status = DocumentStatus.DELETED
    locked.reading = locked.sureness = None
    audit.record("document.deleted", locked, by=by, before=before)
    jobs.later("documents.forget", document_id=locked.id)


def _as_invoice(reading: Reading) -> Reading:
    fields = dict(reading.fields)
    fields.pop("other_kind", None)
    kind = fields.get("document_type")
    if kind is not None:
        fields["document_type"] = replace(kind, value=str(DocumentType.INVOICE), confidence=1.0)
    return replace(reading, fields=fields)


def _locked(document_id: UUID) -> Document:
    document = document_queries.lock(document_id)
    if document is None or document.status is DocumentStatus.DELETED:
        raise NotFound
    return document
