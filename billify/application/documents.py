"""Documents: taken in, read by a worker, put away. Nothing accepted is ever lost."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog

from billify.application import audit, intake, jobs, live, ports
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import Document
from billify.data.queries import companies, invoices
from billify.data.queries import documents as queries
from billify.domain.documents import (
    BUSY,
    IN_INBOX,
    DocumentSource,
    DocumentStatus,
    limited_to,
)
from billify.domain.invoices import InvoiceStatus
from billify.domain.reading import OwnCompany, Page, Reading, doubt, kept_words
from billify.domain.refusal import N_, NotFound, Refusal
from billify.domain.roles import Actor
from billify.integrations import documents as opener
from billify.integrations.storage import NotStored, StorageDown, Stored

LONGEST_NAME = 200
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Received:
    """A file taken in; `is_new` is False when the company already has the very same bytes."""

    document: Document
    is_new: bool


def check_size(*, size: int) -> None:
    """Refuse a file that is too big, before it is read into memory."""
    opener.check_size(size)


def prepare() -> None:
    """Load what every reading needs: once in the worker, not again in the process of each job."""
    opener.preload()


def receive(*, content: bytes, name: str, by: Actor) -> Received:
    """Take a file in and have it read. Refuses what is no readable document, with a sentence.

    The bytes are safe before the row exists; the same bytes twice give the same document.
    """
    media_type = opener.check(content)
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction():
        known = queries.by_hash(sha256)
    if known is not None:
        return Received(known, is_new=False)
    stored = _store(f"{by.company_id}/{sha256}", content, media_type)
    with transaction():
        document = queries.insert_unless_known(
            Document(
                company_id=by.company_id,
                sha256=sha256,
                name=_plain_name(name),
                media_type=media_type.value,
                size=len(content),
                source=DocumentSource.UPLOAD,
                status=DocumentStatus.READING,
                is_spooled=stored is Stored.SPOOLED,
                uploaded_by=by.user_id,
            )
        )
        if document is not None:
            _guard_bytes(document, content, media_type)
            _announce(document, by)
    if document is None:
        return Received(_must_find(queries.by_hash(sha256)), is_new=False)
    return Received(document, is_new=True)


def read(*, document_id: UUID) -> None:
    """Read one document and draft its invoice. Recorded once, however often it is started."""
    with transaction():
        # Ended before the slow part, which may take minutes.
        document = queries.get(document_id)
    if document is None or document.status not in BUSY:
        return
    try:
        reading, pages = _understand(document)
    except Refusal as refusal:
        _record_failure(document_id, refusal)
        return
    with transaction():
        locked = queries.lock(document_id)
        if locked is None or locked.status not in BUSY:
            return
        locked.pages = locked.pages_read = len(pages)
        locked.reading = reading.to_json() | {"pages": pages}
        locked.sureness = doubt.sureness(reading=reading)
        locked.read_at = datetime.now(UTC)
        locked.status = DocumentStatus.TO_CHECK
        locked.reason = locked.reason_params = None
        intake.draft(document=locked, reading=reading)


def give_up(*, document_id: UUID) -> None:
    """The job that reads this document is dead: say so where people look."""
    _record_failure(
        document_id, Refusal(N_("Reading failed several times. Try again, or enter it by hand."))
    )


def retry(*, document_id: UUID, by: Actor) -> Document:
    """Read a failed document once more."""
    with transaction():
        document = _must_find(queries.lock(document_id))
        if limited_to(by) not in (None, document.uploaded_by):
            raise NotFound
        if document.status is not DocumentStatus.FAILED:
            raise Refusal(N_("This document is not waiting for another try."))
        document.status = DocumentStatus.READING
        document.pages_read = 0
        document.reason = document.reason_params = None
        jobs.later("documents.read", document_id=document.id)
        audit.record("document.retried", document, by=by)
        live.touch("documents")
    return document


def delete(*, document_id: UUID, by: Actor) -> Document:
    """Remove a wrong upload with its draft. The audit log keeps what it was."""
    with transaction():
        document = _must_find(queries.lock(document_id))
        if document.status not in (*IN_INBOX, DocumentStatus.SET_ASIDE):
            raise Refusal(N_("This document belongs to an invoice in the books and stays."))
        draft = invoices.lock_of_document(document_id)
        if draft is not None and draft.status in (InvoiceStatus.OPEN, InvoiceStatus.PAID):
            raise Refusal(N_("This document belongs to an invoice in the books and stays."))
        before = {"name": document.name, "sha256": document.sha256, "size": document.size}
        if draft is not None:
            before |= intake.facts(draft)
            invoices.remove(draft)
        document.status = DocumentStatus.DELETED
        document.reading = document.sureness = None
        audit.record("document.deleted", document, by=by, before=before)
        live.touch("documents", "purchases", "sales")
        jobs.later("documents.forget", document_id=document.id)
    return document


def forget(*, document_id: UUID) -> None:
    """Remove the bytes of a deleted document, unless the same file came in again since."""
    document = queries.get(document_id)
    if document is None or document.status is not DocumentStatus.DELETED:
        return
    with transaction():
        # Held over a call to the store, which is short: see _guard_bytes.
        queries.lock_bytes(document.key)
        if queries.by_hash(document.sha256) is not None:
            return
        store = ports.storage()
        for page in range(1, document.pages + 1):
            store.delete(preview_key(document, page))
        store.delete(words_key(document))
        store.delete(document.key)


def original(*, document_id: UUID, by: Actor) -> tuple[Document, bytes]:
    """The file as it came in. Refuses when it is not there or the store is away."""
    document = _shown_to(by, document_id)
    return document, _fetch(document.key)


def preview(*, document_id: UUID, page: int, by: Actor) -> bytes:
    """The picture of one page, as the boxes of its words refer to it."""
    return _fetch(preview_key(_shown_to(by, document_id), page))


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


def ask_to_move_spooled() -> None:
    """Bring home what waits in the spool of this machine, and have each document say so.

    No row tells of a spooled preview, so it goes by what lies there and not by the rows.
    """
    try:
        ports.storage().move_all()
    except StorageDown as error:
        log.warning("storage.down", reason=str(error))
        return
    with tenancy.unscoped("the spool of this machine holds documents of all companies"):
        waiting = queries.spooled()
    for company_id, document_id in waiting:
        with tenancy.company_scope(company_id), transaction():
            if not queries.has_waiting_job("documents.store", document_id):
                jobs.later("documents.store", document_id=document_id)


def store(*, document_id: UUID) -> None:
    """Move a spooled document to the store; while that is away the clock asks again later."""
    document = queries.get(document_id)
    if document is None or not document.is_spooled:
        return
    try:
        if not ports.storage().move(document.key):
            return
    except StorageDown as error:
        log.warning("storage.down", reason=str(error))
        return
    with transaction():
        locked = _must_find(queries.lock(document_id))
        locked.is_spooled = False
        live.touch("documents")


def preview_key(document: Document, page: int) -> str:
    """Where the picture of a page lies in storage."""
    return f"{document.key}.page-{page}.jpg"


def words_key(document: Document) -> str:
    """Where the words of its pages lie in storage."""
    return f"{document.key}.words"


def _store(key: str, content: bytes, media_type: opener.MediaType) -> Stored:
    try:
        return ports.storage().put(key, content, media_type.value)
    except StorageDown as error:
        log.error("storage.down", reason=str(error))
        raise Refusal(
            N_("This file could not be stored. Nothing was lost; send it again in a minute.")
        ) from error


def _guard_bytes(document: Document, content: bytes, media_type: opener.MediaType) -> None:
    """When the same file was deleted before, its bytes may be going away at this very moment.

    The lock keeps that from happening between this and the commit that makes them needed again.
    """
    if not queries.was_deleted(document.sha256):
        return
    queries.lock_bytes(document.key)
    if _store(document.key, content, media_type) is Stored.SPOOLED:
        document.is_spooled = True


def _announce(document: Document, by: Actor) -> None:
    jobs.later("documents.read", document_id=document.id)
    if document.is_spooled:
        jobs.later("documents.store", document_id=document.id)
    audit.record(
        "document.received",
        document,
        by=by,
        after={"name": document.name, "sha256": document.sha256, "size": document.size},
    )
    live.touch("documents")


def _understand(document: Document) -> tuple[Reading, list[dict[str, float]]]:
    """The slow part, outside any transaction: open, read, keep pictures and words of the pages.

    Gives the reading and the size of each page that has a picture.
    """
    settings = ports.settings()
    opened = opener.open_document(
        ports.storage().get(document.key),
        name=document.name,
        tesseract=opener.Tesseract(settings.tesseract_cmd or "", settings.tessdata_prefix or ""),
        progress=lambda done, of: _note_progress(document.id, done, of),
    )
    for one in opened.pages:
        if one.preview is not None:
            key = preview_key(document, one.page.number)
            ports.storage().put(key, one.preview, "image/jpeg")
    if any(page.words for page in opened.for_reading):
        packed = kept_words.packed(pages=opened.for_reading)
        ports.storage().put(words_key(document), packed, "application/zlib")
    sizes = [
        {"width": round(one.page.width, 1), "height": round(one.page.height, 1)}
        for one in opened.pages
        if one.preview is not None
    ]
    return opened.read(us=_us()), sizes


def _us() -> OwnCompany:
    company = companies.own()
    return OwnCompany(
        name=company.name, vat_number=company.vat_number, ibans=tuple(companies.own_ibans())
    )


def _note_progress(document_id: UUID, done: int, of: int) -> None:
    with transaction():
        queries.note_progress(document_id, done, of)


def _record_failure(document_id: UUID, refusal: Refusal) -> None:
    with transaction():
        document = queries.lock(document_id)
        if document is None or document.status not in BUSY:
            return
        document.status = DocumentStatus.FAILED
        document.reason = refusal.message
        document.reason_params = {key: str(value) for key, value in refusal.params.items()}
        audit.record("document.unreadable", document, by=None, after={"reason": refusal.message})
        live.touch("documents")


def _shown_to(by: Actor, document_id: UUID) -> Document:
    document = queries.get(document_id)
    if document is None or document.status is DocumentStatus.DELETED:
        raise NotFound
    if limited_to(by) not in (None, document.uploaded_by):
        raise NotFound
    return document


def _fetch(key: str) -> bytes:
    try:
        return ports.storage().get(key)
    except NotStored:
        raise NotFound from None
    except StorageDown as error:
        log.warning("storage.down", reason=str(error))
        raise Refusal(N_("The file store is away for a moment. Try again soon.")) from error


def _must_find(document: Document | None) -> Document:
    if document is None:
        raise NotFound
    return document


def _plain_name(name: str) -> str:
    """A file name to show: no folders, no control characters, not endless."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in bare if c.isprintable()).strip()
    return shown[:LONGEST_NAME] or "document"
