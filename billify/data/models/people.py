"""How a person proves who they are, and how people come to a company."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from billify.data.db import Base, CompanyOwned, company_args
from billify.data.types import Amount, Count, Moment, Words, choice, uuid7
from billify.domain.people import SupportState, TokenPurpose
from billify.domain.roles import Role


def _now() -> datetime:
    return datetime.now(UTC)


class Passkey(Base):
    """A key of a device with which a person logs in (WebAuthn). Only its public half is here."""

    __tablename__ = "passkey"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[Count] = mapped_column(default=0)
    # Any: JSON, the ways the browser can reach the key
    transports: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    is_backed_up: Mapped[bool] = mapped_column(default=False)
    name: Mapped[Words]
    created_at: Mapped[Moment] = mapped_column(default=_now, server_default=func.now())
    used_at: Mapped[Moment | None]

    __table_args__ = (Index(None, "user_id"),)


class RecoveryCode(Base):
    """A code that stands in for the second step once. Only its hash is here."""

    __tablename__ = "recovery_code"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    used_at: Mapped[Moment | None]

    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)


class PersonToken(Base):
    """A link in a mail to a person, good once and not for long. Only its hash is here."""

    __tablename__ = "person_token"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    purpose: Mapped[TokenPurpose] = mapped_column(choice(TokenPurpose))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    email: Mapped[Words | None]
    """The address it confirms, where that is its purpose."""
    created_at: Mapped[Moment] = mapped_column(default=_now, server_default=func.now())
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]

    __table_args__ = (
        Index(None, "user_id"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_is_sha256"),
    )


class PersonExport(Base):
    """A file with what is kept about a person, which that person asked for. It lies in storage
    under the person's key, until it expires."""

    __tablename__ = "person_export"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    asked_at: Mapped[Moment] = mapped_column(default=_now, server_default=func.now())
    lease_until: Mapped[Moment | None]
    attempts: Mapped[Count] = mapped_column(default=0)
    made_at: Mapped[Moment | None]
    sha256: Mapped[Words | None]
    size: Mapped[Count] = mapped_column(default=0)
    expires_at: Mapped[Moment | None]
    gone_at: Mapped[Moment | None]

    __table_args__ = (
        Index(None, "user_id"),
        Index("ix_person_export_open", "asked_at", postgresql_where=text("gone_at IS NULL")),
        CheckConstraint(
            "made_at IS NULL OR (sha256 IS NOT NULL AND expires_at IS NOT NULL)",
            name="made_has_file",
        ),
    )


class Invitation(CompanyOwned, Base):
    """Somebody is asked to join a company with a role."""

    __tablename__ = "invitation"

    email: Mapped[Words]
    role: Mapped[Role] = mapped_column(choice(Role))
    approval_limit: Mapped[Amount | None]
    language: Mapped[Words]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    invited_by: Mapped[UUID | None]
    created_at: Mapped[Moment] = mapped_column(default=_now, server_default=func.now())
    sent_at: Mapped[Moment] = mapped_column(default=_now, server_default=func.now())
    times_sent: Mapped[Count] = mapped_column(default=1)
    expires_at: Mapped[Moment]
    accepted_at: Mapped[Moment | None]
    accepted_by: Mapped[UUID | None]
    withdrawn_at: Mapped[Moment | None]

    __table_args__ = company_args(
        Index(None, "company_id", "created_at"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_is_sha256"),
    )


class SupportAccess(CompanyOwned, Base):
    """Staff ask to see what a person of the company sees, for a reason and for a while."""

    __tablename__ = "support_access"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    staff_name: Mapped[Words]
    reason: Mapped[Words]
    state: Mapped[SupportState] = mapped_column(choice(SupportState), default=SupportState.ASKED)
    asked_at: Mapped[Moment] = mapped_column(default=_now, server_default=func.now())
    decided_at: Mapped[Moment | None]
    until: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]

    __table_args__ = company_args(
        Index(None, "company_id", "asked_at"),
        CheckConstraint("state <> 'allowed' OR until IS NOT NULL", name="allowed_ends"),
    )
