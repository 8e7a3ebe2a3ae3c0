"""Documents: the inbox, and what the reading job needs."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select, text, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import undefer

from billify.data.db import db
from billify.data.models import Document, Invoice, Job
from billify.data.types import uuid7
from billify.domain.documents import IN_INBOX, DocumentStatus
from billify.domain.invoices import InvoiceKind, shown
from billify.domain.jobs import JobStatus

PAGE = 50
_INBOX_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A document that waits, with what its draft says once it was read."""

    document: Document
    invoice_id: UUID | None = None
    kind: InvoiceKind | None = None
    party_name: str | None = None
    number: str | None = None
    gross_amount: Decimal | None = None
    currency: str | None = None

    @property
    def amount(self) -> Decimal | None:
        """The total as lists show it: a credit note below zero."""
        if self.gross_amount is None or self.kind is None:
            return self.gross_amount
        return shown(self.gross_amount, kind=self.kind)


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a document stands among those to check, newest first, and its neighbours there."""

    number: int
    """Counted from 1."""
    of: int
    before: UUID | None
    """The draft of the next newer one."""
    after: UUID | None
    """The draft of the next older one; behind the oldest the newest again, unless it is alone."""
    after_document: UUID | None
    after_pages: int


def get(document_id: UUID) -> Document | None:
    """One document of the company."""
    return db.session.scalars(select(Document).where(Document.id == document_id)).one_or_none()


def with_reading(document_id: UUID) -> Document | None:
    """One document with what was read of it."""
    return db.session.scalars(
        select(Document).where(Document.id == document_id).options(undefer(Document.reading))
    ).one_or_none()


def lock(document_id: UUID) -> Document | None:
    """One document, locked until the commit and as it stands now."""
    return db.session.scalars(
        select(Document)
        .where(Document.id == document_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def by_hash(sha256: str) -> Document | None:
    """The company's document with these bytes, unless it was deleted."""
    return db.session.scalars(
        select(Document).where(Document.sha256 == sha256, Document.status != DocumentStatus.DELETED)
    ).one_or_none()


def was_deleted(sha256: str) -> bool:
    """Did the company have these bytes before and delete them?"""
    return bool(
        db.session.scalar(
            select(
                exists().where(Document.sha256 == sha256, Document.status == DocumentStatus.DELETED)
            )
        )
    )


def lock_bytes(key: str) -> None:
    """Until the commit, nobody else may store or remove the bytes under this key."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def insert_unless_known(document: Document) -> Document | None:
    """Add the row, or nothing when the same bytes came in at the same moment."""
    values = {
        "id": uuid7(),
        "pages": 0,
        "pages_read": 0,
        **{
            name: getattr(document, name)
            for name in (
                "company_id",
                "sha256",
                "name",
                "media_type",
                "size",
                "source",
                "status",
                "is_spooled",
                "uploaded_by",
            )
        },
    }
    return db.session.scalars(
        insert(Document)
        .values(values)
        .on_conflict_do_nothing(
            index_elements=["company_id", "sha256"], index_where=text("status <> 'deleted'")
        )
        .returning(Document)
    ).one_or_none()


def inbox(of: UUID | None = None) -> list[InboxRow]:
    """What waits to be read or checked, newest first; or only what one person handed in."""
    rows = db.session.execute(
        inbox_rows(of)
        .where(Document.status.in_(IN_INBOX))
        .order_by(Document.id.desc())
        .limit(_INBOX_AT_MOST)
    ).all()
    return [InboxRow(*row) for row in rows]


def put_away(status: DocumentStatus, *, of: UUID | None, before: UUID | None) -> list[Document]:
    """Files that were set aside, or split, newest first: a page, and one more when there is more.

    Those behind one file, when it is named; or only what one person handed in.
    """
    query = select(Document).where(Document.status == status)
    if of is not None:
        query = query.where(Document.uploaded_by == of)
    if before is not None:
        query = query.where(Document.id < before)
    return list(db.session.scalars(query.order_by(Document.id.desc()).limit(PAGE + 1)))


def inbox_row(document_id: UUID, of: UUID | None = None) -> InboxRow | None:
    """One document, whatever its status; or only if this person handed it in."""
    query = inbox_rows(of).where(Document.id == document_id)
    row = db.session.execute(query.limit(1)).one_or_none()
    return None if row is None else InboxRow(*row)


def next_to_check(after: UUID) -> UUID | None:
    """The draft to check after this document's: the next older one, else the newest."""
    waiting = _drafts_to_check(Invoice.id, but=after).order_by(Document.id.desc()).limit(1)
    found: UUID | None = db.session.scalar(waiting.where(Document.id < after)) or db.session.scalar(
        waiting
    )
    return found


def turn(document_id: UUID) -> Turn | None:
    """The place of a document in the row of those to check; None when it is not one of them."""
    newer = _drafts_to_check(func.count(), but=document_id).where(Document.id > document_id)
    older = _drafts_to_check(func.count(), but=document_id).where(Document.id < document_id)
    before = (
        _drafts_to_check(Invoice.id, but=document_id)
        .where(Document.id > document_id)
        .order_by(Document.id)
        .limit(1)
    )
    following = (
        _drafts_to_check(
            Invoice.id.label("invoice_id"),
            Document.id.label("document_id"),
            Document.pages,
            but=document_id,
        )
        # False comes before True: first the older ones, then round to the newest.
        .order_by(Document.id > document_id, Document.id.desc())
        .limit(1)
        .subquery()
    )
    here = db.session.execute(
        select(
            newer.scalar_subquery(),
            older.scalar_subquery(),
            before.scalar_subquery(),
            following.c.invoice_id,
            following.c.document_id,
            func.coalesce(following.c.pages, 0),
        )
        .select_from(Document)
        .outerjoin(following, true())
        .where(Document.id == document_id, Document.status == DocumentStatus.TO_CHECK)
    ).one_or_none()
    if here is None:
        return None
    ahead, behind, *neighbours = here
    return Turn(ahead + 1, ahead + 1 + behind, *neighbours)


def note_progress(document_id: UUID, done: int, of: int) -> None:
    """How many pages are read so far."""
    db.session.execute(
        update(Document)
        .where(Document.id == document_id)
        .values(pages=of, pages_read=done)
        .execution_options(synchronize_session=False)
    )


def spooled() -> list[tuple[UUID, UUID]]:
    """Company and key of each document that waits in a spool."""
    rows = db.session.execute(
        select(Document.company_id, Document.id)
        .where(Document.is_spooled.is_(True), Document.status != DocumentStatus.DELETED)
        .order_by(Document.id)
        .limit(1000)
    ).all()
    return [(row.company_id, row.id) for row in rows]


def has_waiting_job(name: str, document_id: UUID) -> bool:
    """Is such a job for this document already asked for?"""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Job.name == name,
                    Job.status.in_([JobStatus.WAITING, JobStatus.RUNNING]),
                    Job.arguments["document_id"].astext == str(document_id),
                )
            )
        )
    )


def _drafts_to_check(*wanted: Any, but: UUID) -> Select[Any]:  # Any: whichever columns
    return (
        select(*wanted)
        .select_from(Document)
        .join(Invoice, Invoice.document_id == Document.id)
        .where(Document.status == DocumentStatus.TO_CHECK, Document.id != but)
    )


def inbox_rows(of: UUID | None = None) -> Any:  # Any: a select of a document and its draft
    """Documents with what their drafts say; or only what one person handed in."""
    query = select(
        Document,
        Invoice.id,
        Invoice.kind,
        Invoice.party_name,
        Invoice.number,
        Invoice.gross_amount,
        Invoice.currency,
    ).outerjoin(Invoice, Invoice.document_id == Document.id)
    return query if of is None else query.where(Document.uploaded_by == of)
