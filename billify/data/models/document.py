"""Files that people or partners handed in."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from billify.data.db import Base, CompanyOwned, company_args, company_fk
from billify.data.types import Count, Moment, Words, choice
from billify.domain.documents import DocumentSource, DocumentStatus


class Document(CompanyOwned, Base):
    """One file: its bytes lie in storage under company/sha256, what was read of it lies here."""

    __tablename__ = "document"

    sha256: Mapped[Words]
    name: Mapped[Words]
    media_type: Mapped[Words]
    size: Mapped[Count]
    pages: Mapped[Count] = mapped_column(default=0)
    pages_read: Mapped[Count] = mapped_column(default=0)
    source: Mapped[DocumentSource] = mapped_column(choice(DocumentSource))
    status: Mapped[DocumentStatus] = mapped_column(choice(DocumentStatus))
    is_spooled: Mapped[bool] = mapped_column(default=False)
    # Any: a reading as JSON, whose form is domain.reading.Reading.to_json
    reading: Mapped[dict[str, Any] | None] = mapped_column(JSONB, deferred=True)
    # Any: JSON, name of a field → its confidence, see domain.reading.doubt.sureness
    sureness: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    # Any: JSON, the pages on which a person or a sure reader says that an invoice starts; [1]
    # says that the whole file is one invoice
    starts: Mapped[list[Any] | None] = mapped_column(JSONB)
    # Any: JSON, the same where the reader is not sure and a person should say
    proposed_starts: Mapped[list[Any] | None] = mapped_column(JSONB)
    split_from_id: Mapped[UUID | None]
    """The file these pages were copied from."""
    first_page: Mapped[int | None]
    """The page of that file that is the first of this one."""
    reason: Mapped[Words | None]
    reason_params: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    uploaded_by: Mapped[UUID | None]
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())
    read_at: Mapped[Moment | None]

    __table_args__ = company_args(
        company_fk("split_from_id", "document"),
        Index(
            "uq_document_part",
            "company_id",
            "split_from_id",
            "first_page",
            unique=True,
            postgresql_where=text("split_from_id IS NOT NULL AND status <> 'deleted'"),
        ),
        Index(
            "uq_document_company_id_sha256",
            "company_id",
            "sha256",
            unique=True,
            postgresql_where=text("status <> 'deleted'"),
        ),
        Index(
            "ix_document_inbox",
            "company_id",
            "id",
            postgresql_where=text("status IN ('waiting', 'reading', 'to_check', 'failed')"),
        ),
        Index(
            "ix_document_put_away",
            "company_id",
            "status",
            "id",
            postgresql_where=text("status IN ('set_aside', 'split')"),
        ),
    )

    @property
    def key(self) -> str:
        """Where its bytes lie in storage."""
        return f"{self.company_id}/{self.sha256}"
