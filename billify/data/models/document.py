"""Files that people or partners handed in."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from billify.data.db import Base, CompanyOwned, company_args
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
    reason: Mapped[Words | None]
    reason_params: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    uploaded_by: Mapped[UUID | None]
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())
    read_at: Mapped[Moment | None]

    __table_args__ = company_args(
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
    )

    @property
    def key(self) -> str:
        """Where its bytes lie in storage."""
        return f"{self.company_id}/{self.sha256}"
