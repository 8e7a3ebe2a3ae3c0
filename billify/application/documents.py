"""Documents: taken in, read by a worker, put away. Nothing accepted is ever lost."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog

from billify.application import (
    accounting_shells,
    audit,
    intake,
    jobs,
    lessons,
    live,
    news,
    ports,
    reading_memory,
)
from billify.application.understanding import (
    Understood,
    own_company,
    page_words,
    preview_key,
    understand,
    words_key,
)
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import Document
from billify.data.queries import documents as queries
from billify.data.queries import invoices
from billify.domain.documents import (
    BUSY,
    IN_INBOX,
    DocumentSource,
    DocumentStatus,
    limited_to,
)
from billify.domain.invoices import InvoiceStatus
from billify.domain.reading import OTHER_SENTENCES, OtherKind, Page, doubt
from billify.domain.refusal import N_, NotFound, Refusal
from billify.domain.roles import Actor
from billify.integrations import documents as opener
from billify.integrations.storage import NotStored, StorageDown, Stored

__all__ = [
    "Received", "ask_to_move_spooled", "check_size", "delete", "forget", "give_up", "guard_bytes",
    "original", "own_company", "page_words", "prepare", "preview", "preview_key", "read", "receive",
    "record_failure", "retry", "shown", "store", "store_bytes", "words_key", "words_of_page",
]  # fmt: skip

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


def receive(
    *, content: bytes, name: str, by: Actor, source: DocumentSource = DocumentSource.UPLOAD
) -> Received:
    """Take a file in and have it read. Refuses what is no readable document, with a sentence.

    The bytes are safe before the row exists; the same bytes twice give the same document.
    """
    media_type = opener.check(content)
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction():
        known = queries.by_hash(sha256)
    if known is not None:
        return Received(known, is_new=False)
    stored = store_bytes(
        key=f"{by.company_id}/{sha256}", content=content, media_type=media_type.value
    )
    with transaction():
        document = queries.insert_unless_known(
            Document(
                company_id=by.company_id,
                sha256=sha256,
                name=_plain_name(name),
                media_type=media_type.value,
                size=len(content),
                source=source,
                status=DocumentStatus.READING,
                is_spooled=stored is Stored.SPOOLED,
                uploaded_by=by.user_id,
            )
        )
        if document is not None:
            guard_bytes(document=document, content=content)
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
    if len(document.starts or ()) > 1:
        with transaction():
            jobs.later("documents.split", document_id=document_id)
        return
    try:
        found = understand(document=document, progress=_note_progress)
    except Refusal as refusal:
        record_failure(document_id=document_id, refusal=refusal)
        return
    with transaction():
        locked = queries.lock(document_id)
        if locked is None or locked.status not in BUSY:
            return
        locked.pages = locked.pages_read = found.page_count
        locked.reading = found.to_json()
        locked.sureness = doubt.sureness(reading=found.reading)
        locked.read_at = datetime.now(UTC)
        locked.reason = locked.reason_params = None
        reading_memory.note_use(memory_id=found.recalled.memory_id)
        _settle(locked, found)


def give_up(*, document_id: UUID) -> None:
    """The job that reads this document is dead: say so where people look."""
    record_failure(
        document_id=document_id,
        refusal=Refusal(N_("Reading failed several times. Try again, or enter it by hand.")),
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


def delete(*, document_id: UUID, by: Actor | None) -> Document:
    """Remove a wrong upload with its draft; without a person it went by its age. The audit log
    keeps what it was."""
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
        lessons.unlearn(document_id=document.id)
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
        # Held over a call to the store, which is short: see guard_bytes.
        queries.lock_bytes(document.key)
        if queries.by_hash(document.sha256) is not None:
            return
        store = ports.storage()
        for page in range(1, document.pages + 1):
            store.delete(preview_key(document, page))
        store.delete(words_key(document))
        store.delete(document.key)


def shown(*, document_id: UUID, by: Actor) -> Document:
    """One document with its reading, for its own page; who sees no money sees their own only."""
    _shown_to(by, document_id)
    return _must_find(queries.with_reading(document_id))


def original(*, document_id: UUID, by: Actor) -> tuple[Document, bytes]:
    """The file as it came in. Refuses when it is not there or the store is away."""
    document = _shown_to(by, document_id)
    return document, _fetch(document.key)


def preview(*, document_id: UUID, page: int, by: Actor) -> bytes:
    """The picture of one page, as the boxes of its words refer to it."""
    return _fetch(preview_key(_shown_to(by, document_id), page))


def words_of_page(*, document_id: UUID, page: int, by: Actor) -> Page | None:
    """The words of one page, for who may see its picture; None when none were kept."""
    found = page_words(document=_shown_to(by, document_id))
    return next((one for one in found if one.number == page), None)


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


def store_bytes(*, key: str, content: bytes, media_type: str) -> Stored:
    """Make bytes safe, here or in the spool. Refuses when neither can hold them."""
    try:
        return ports.storage().put(key, content, media_type)
    except StorageDown as error:
        log.error("storage.down", reason=str(error))
        raise Refusal(
            N_("This file could not be stored. Nothing was lost; send it again in a minute.")
        ) from error


def guard_bytes(*, document: Document, content: bytes) -> None:
    """When the same file was deleted before, its bytes may be going away at this very moment.

    The lock keeps that from happening between this and the commit that makes them needed again.
    """
    if not queries.was_deleted(document.sha256):
        return
    queries.lock_bytes(document.key)
    stored = store_bytes(key=document.key, content=content, media_type=document.media_type)
    if stored is Stored.SPOOLED:
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


def _settle(document: Document, found: Understood) -> None:
    """What becomes of a document that was just read: parts, a draft, or neither.

    One that was fetched for an invoice in the books stays with that one.
    """
    if accounting_shells.complete(document=document, reading=found.reading):
        return
    parts = found.split
    if parts is not None and parts.is_sure:
        document.starts = list(parts.starts)
        jobs.later("documents.split", document_id=document.id)
        return
    is_doubtful = parts is not None and len(parts.starts) > 1
    document.proposed_starts = list(parts.starts) if parts is not None and is_doubtful else None
    document.status = DocumentStatus.TO_CHECK
    kind = found.reading.text("other_kind")
    if kind is not None and not document.starts:
        document.reason = OTHER_SENTENCES[OtherKind(kind)]
        live.touch("documents")
    else:
        intake.draft(document=document, reading=found.reading)


def _note_progress(document_id: UUID, done: int, of: int) -> None:
    with transaction():
        queries.note_progress(document_id, done, of)


def record_failure(*, document_id: UUID, refusal: Refusal) -> None:
    """Say on a document why it could not be read or split."""
    with transaction():
        document = queries.lock(document_id)
        if document is None or document.status not in BUSY:
            return
        document.status = DocumentStatus.FAILED
        document.reason = refusal.message
        document.reason_params = {key: str(value) for key, value in refusal.params.items()}
        audit.record("document.unreadable", document, by=None, after={"reason": refusal.message})
        news.read_failed(document=document)
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
