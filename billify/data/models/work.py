"""Jobs and the audit log."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from billify.data.db import Base, CompanyOwned, CompanyScoped, company_args
from billify.data.types import Count, Moment, Words, choice
from billify.domain.jobs import JobStatus


class Job(CompanyOwned, Base):
    """Outbox, retry ledger and dead-letter box in one."""

    __tablename__ = "job"

    name: Mapped[Words]
    # Any: keyword arguments of the job as JSON, ids only
    arguments: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    queue: Mapped[Words]
    status: Mapped[JobStatus] = mapped_column(choice(JobStatus), default=JobStatus.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[Moment] = mapped_column(server_default=func.now())
    rung_at: Mapped[Moment] = mapped_column(server_default=func.now())
    lease_until: Mapped[Moment | None]
    claim: Mapped[UUID | None]
    request_id: Mapped[Words | None]
    error: Mapped[Words | None]
    stack: Mapped[Words | None]
    note: Mapped[Words | None]
    """Why it was discarded."""
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())
    finished_at: Mapped[Moment | None]

    __table_args__ = company_args(
        Index(
            "ix_job_due",
            "run_at",
            postgresql_where=text("status IN ('waiting', 'running')"),
        ),
        Index("ix_job_dead", "company_id", "created_at", postgresql_where=text("status = 'dead'")),
    )


class AuditEvent(CompanyOwned, Base):
    """Who did what: append-only, each row carries the hash of the one before it."""

    __tablename__ = "audit_event"

    seq: Mapped[Count]
    at: Mapped[Moment]
    user_id: Mapped[UUID | None]
    actor: Mapped[Words]
    verb: Mapped[Words]
    subject_type: Mapped[Words]
    subject_id: Mapped[UUID | None]
    # Any: values before and after as JSON
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    address: Mapped[Words | None]
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = company_args(
        UniqueConstraint("company_id", "seq"),
        Index(None, "company_id", "subject_id"),
        Index(
            "ix_audit_event_exports",
            "company_id",
            "seq",
            postgresql_where=text("verb LIKE '%.exported'"),
        ),
    )


class AuditHead(CompanyScoped, Base):
    """The last link of a company's chain; its row is locked while a link is added."""

    __tablename__ = "audit_head"

    company_id: Mapped[UUID] = mapped_column(ForeignKey("company.id"), primary_key=True)
    seq: Mapped[Count]
    hash: Mapped[bytes] = mapped_column(LargeBinary)
