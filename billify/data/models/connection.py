"""Connections to partners, the accounts they lead to, what they said and how each run went."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from billify.data.db import Base, CompanyOwned, CompanyScoped, company_args, company_fk
from billify.data.types import Amount, Count, Currency, Moment, Words, choice
from billify.domain.connections import (
    AccountState,
    Cause,
    ConnectionState,
    Partner,
    RunState,
    Trouble,
)


class Integration(CompanyOwned, Base):
    """A connection to a partner. Credentials are sealed, see domain/sealing.py."""

    __tablename__ = "integration"

    partner: Mapped[Partner] = mapped_column(choice(Partner))
    state: Mapped[ConnectionState] = mapped_column(
        choice(ConnectionState), default=ConnectionState.ASKED
    )
    name: Mapped[Words] = mapped_column(default="")
    credentials: Mapped[bytes | None] = mapped_column(LargeBinary)
    # Any: JSON, what the partner calls the place that is read; nothing secret
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    daily_cap: Mapped[int | None]
    """How many calls a day the partner allows, where it counts them."""
    next_run: Mapped[Moment] = mapped_column(server_default=func.now())
    last_run: Mapped[Moment | None]
    fresh_at: Mapped[Moment | None]
    failures: Mapped[Count] = mapped_column(default=0)
    trouble: Mapped[Trouble | None] = mapped_column(choice(Trouble))
    bank_asked_at: Mapped[Moment | None]
    last_job: Mapped[UUID | None]
    made_by: Mapped[UUID | None]
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())

    __table_args__ = company_args(
        Index(None, "company_id", "created_at"),
        Index(
            "ix_integration_due",
            "company_id",
            "next_run",
            postgresql_where=text("state = 'active'"),
        ),
    )


class ConnectedAccount(CompanyOwned, Base):
    """An account as a partner knows it, and how far it has been read."""

    __tablename__ = "connected_account"

    integration_id: Mapped[UUID]
    external_id: Mapped[Words]
    account_id: Mapped[UUID | None]
    state: Mapped[AccountState] = mapped_column(choice(AccountState), default=AccountState.OFFERED)
    name: Mapped[Words] = mapped_column(default="")
    reference: Mapped[Words] = mapped_column(default="")
    iban: Mapped[Words | None]
    currency: Mapped[Currency] = mapped_column(default="EUR")
    balance: Mapped[Amount | None]
    consent_ends: Mapped[Moment | None]
    fresh_at: Mapped[Moment | None]
    cursor: Mapped[Words] = mapped_column(default="")
    resume: Mapped[Words | None]
    is_complete: Mapped[bool] = mapped_column(default=False)
    is_anchored: Mapped[bool] = mapped_column(default=False)

    __table_args__ = company_args(
        company_fk("integration_id", "integration"),
        company_fk("account_id", "bank_account"),
        UniqueConstraint("company_id", "integration_id", "external_id"),
        Index(
            "uq_connected_account_followed",
            "company_id",
            "account_id",
            unique=True,
            postgresql_where=text("account_id IS NOT NULL"),
        ),
    )


class ToldBalance(CompanyScoped, Base):
    """What the bank last said on a day that an account holds: the proof of the movements."""

    __tablename__ = "told_balance"

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    balance: Mapped[Amount]
    told_at: Mapped[Moment]

    __table_args__ = (company_fk("account_id", "bank_account"),)


class SyncLog(CompanyOwned, Base):
    """One run of a connection; runs in a row that found nothing are one row, counted."""

    __tablename__ = "sync_log"

    integration_id: Mapped[UUID]
    cause: Mapped[Cause] = mapped_column(choice(Cause), default=Cause.CLOCK)
    state: Mapped[RunState] = mapped_column(choice(RunState), default=RunState.RUNNING)
    started_at: Mapped[Moment]
    finished_at: Mapped[Moment | None]
    runs: Mapped[Count] = mapped_column(default=1)
    requests: Mapped[Count] = mapped_column(default=0)
    bytes: Mapped[Count] = mapped_column(default=0)
    milliseconds: Mapped[Count] = mapped_column(default=0)
    added: Mapped[Count] = mapped_column(default=0)
    changed: Mapped[Count] = mapped_column(default=0)
    known: Mapped[Count] = mapped_column(default=0)
    odd: Mapped[Count] = mapped_column(default=0)
    pending: Mapped[Count] = mapped_column(default=0)
    trouble: Mapped[Trouble | None] = mapped_column(choice(Trouble))
    partner_code: Mapped[Words] = mapped_column(default="")
    partner_request: Mapped[Words] = mapped_column(default="")
    # Any: cursors by account as JSON
    cursor_before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    cursor_after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)

    __table_args__ = company_args(
        company_fk("integration_id", "integration"),
        Index(None, "company_id", "integration_id", "started_at"),
    )
