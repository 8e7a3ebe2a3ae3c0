"""Files that hold several invoices, and the documents they became."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from billify.data.db import db
from billify.data.models import Document
from billify.data.queries.documents import InboxRow, inbox_rows
from billify.data.types import uuid7
from billify.domain.documents import DocumentSource, DocumentStatus


def parts_of(document_id: UUID) -> list[Document]:
    """The documents that a file was split into, in the order of its pages."""
    return list(
        db.session.scalars(
            select(Document)
            .where(Document.split_from_id == document_id, Document.status != DocumentStatus.DELETED)
            .order_by(Document.first_page)
        )
    )


def rows_of(document_id: UUID) -> list[InboxRow]:
    """The parts of a file as the inbox shows documents, with what their drafts say."""
    rows = db.session.execute(
        inbox_rows()
        .where(Document.split_from_id == document_id, Document.status != DocumentStatus.DELETED)
        .order_by(Document.first_page)
    ).all()
    return [InboxRow(*row) for row in rows]


def insert_part(
    *, of: Document, sha256: str, name: str, size: int, first_page: int, is_spooled: bool
) -> Document | None:
    """The row of one part, to be read; None when the company has the very same bytes already."""
    return db.session.scalars(
        insert(Document)
        .values(
            id=uuid7(),
            company_id=of.company_id,
            sha256=sha256,
            name=name,
            media_type=of.media_type,
            size=size,
            pages=0,
            pages_read=0,
            source=DocumentSource.SPLIT,
            status=DocumentStatus.READING,
            is_spooled=is_spooled,
            uploaded_by=of.uploaded_by,
            split_from_id=of.id,
            first_page=first_page,
        )
        .on_conflict_do_nothing()
        .returning(Document)
    ).one_or_none()
