"""What is remembered of suppliers' layouts, and how well their documents were read."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from billify.data.db import Base, CompanyOwned, company_args, company_fk
from billify.data.types import Count, Moment, Words


class ReadingMemory(CompanyOwned, Base):
    """One remembered layout of a supplier."""

    __tablename__ = "reading_memory"

    contact_id: Mapped[UUID]
    # Any: JSON, whose form is domain.reading.memory.Memory.to_json
    content: Mapped[dict[str, Any]] = mapped_column(JSONB, deferred=True)
    documents: Mapped[Count] = mapped_column(default=0)
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())
    learned_at: Mapped[Moment] = mapped_column(server_default=func.now())
    used_at: Mapped[Moment | None]
    version: Mapped[Count] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = company_args(
        company_fk("contact_id", "contact"), Index(None, "company_id", "contact_id")
    )


class ReadingMemoryKey(CompanyOwned, Base):
    """A number, name or word of a remembered layout, by which a new document finds it."""

    __tablename__ = "reading_memory_key"

    memory_id: Mapped[UUID]
    key: Mapped[Words]

    __table_args__ = company_args(
        company_fk("memory_id", "reading_memory", ondelete="CASCADE"),
        UniqueConstraint("company_id", "key", "memory_id"),
        Index(None, "company_id", "memory_id"),
    )


class ReadingOutcome(CompanyOwned, Base):
    """What a person left alone and what was corrected of one document that was read."""

    __tablename__ = "reading_outcome"

    document_id: Mapped[UUID]
    contact_id: Mapped[UUID]
    memory_id: Mapped[UUID | None]
    # Any: JSON, field → "kept" or "corrected", with how it was read
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB)
    read: Mapped[Count] = mapped_column(default=0)
    corrected: Mapped[Count] = mapped_column(default=0)
    checked_at: Mapped[Moment] = mapped_column(server_default=func.now())

    __table_args__ = company_args(
        company_fk("document_id", "document"),
        company_fk("contact_id", "contact"),
        company_fk("memory_id", "reading_memory"),
        UniqueConstraint("company_id", "document_id"),
        Index(None, "company_id", "contact_id", "checked_at"),
        Index(None, "company_id", "memory_id"),
    )
