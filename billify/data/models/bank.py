"""Bank accounts, their movements, daily balances, and what is planned."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from billify.data.db import Base, CompanyOwned, CompanyScoped, company_args, company_fk
from billify.data.types import Amount, Count, Currency, Moment, Words, choice
from billify.domain.banking import (
    AccountKind,
    ImportState,
    MatchState,
    MovementState,
    PlannedSource,
)
from billify.domain.cash_flow import Rhythm, Shift


class BankAccount(CompanyOwned, Base):
    """An account with its balance as the bank last told it."""

    __tablename__ = "bank_account"

    name: Mapped[Words]
    iban: Mapped[Words | None]
    kind: Mapped[AccountKind] = mapped_column(choice(AccountKind), default=AccountKind.CURRENT)
    currency: Mapped[Currency] = mapped_column(default="EUR")
    balance: Mapped[Amount] = mapped_column(default=Decimal("0.00"))
    as_of: Mapped[Moment]

    __table_args__ = company_args(UniqueConstraint("company_id", "iban"))


class BankTransaction(CompanyOwned, Base):
    """One movement; money in is positive."""

    __tablename__ = "bank_transaction"

    account_id: Mapped[UUID]
    booked_on: Mapped[date]
    value_date: Mapped[date | None]
    amount: Mapped[Amount]
    currency: Mapped[Currency] = mapped_column(default="EUR")
    counterparty_name: Mapped[Words] = mapped_column(default="")
    counterparty_iban: Mapped[Words | None]
    remittance_information: Mapped[Words] = mapped_column(default="")
    structured_communication: Mapped[Words | None]
    external_id: Mapped[Words | None]
    connection_key: Mapped[Words | None]
    state: Mapped[MovementState] = mapped_column(
        choice(MovementState), default=MovementState.BOOKED
    )
    match_state: Mapped[MatchState] = mapped_column(
        choice(MatchState), default=MatchState.NEW, server_default="new"
    )
    category_id: Mapped[UUID | None]
    rule_run_id: Mapped[UUID | None]
    import_id: Mapped[UUID | None]
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())

    __table_args__ = company_args(
        company_fk("account_id", "bank_account"),
        company_fk("import_id", "bank_import"),
        company_fk("category_id", "category"),
        company_fk("rule_run_id", "bank_rule_run"),
        Index("ix_bank_transaction_match", "company_id", "match_state", "booked_on", "id"),
        Index(
            "ix_bank_transaction_import",
            "company_id",
            "import_id",
            postgresql_where=text("import_id IS NOT NULL"),
        ),
        Index("ix_bank_transaction_newest", "company_id", "booked_on", "id"),
        Index("ix_bank_transaction_account", "company_id", "account_id", "booked_on", "id"),
        Index(
            "uq_bank_transaction_external",
            "company_id",
            "account_id",
            "external_id",
            unique=True,
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index(
            "uq_bank_transaction_connection",
            "company_id",
            "account_id",
            "connection_key",
            unique=True,
            postgresql_where=text("connection_key IS NOT NULL"),
        ),
    )


class BankImport(CompanyOwned, Base):
    """A bank file: looked at, then imported. Its bytes are kept for as long as it is looked at."""

    __tablename__ = "bank_import"

    name: Mapped[Words]
    sha256: Mapped[Words]
    format: Mapped[Words]
    bank: Mapped[Words] = mapped_column(default="")
    state: Mapped[ImportState] = mapped_column(choice(ImportState), default=ImportState.PREVIEW)
    content: Mapped[bytes | None]
    added: Mapped[Count] = mapped_column(default=0)
    known: Mapped[Count] = mapped_column(default=0)
    made_by: Mapped[UUID | None]
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())
    imported_at: Mapped[Moment | None]
    undone_at: Mapped[Moment | None]

    __table_args__ = company_args(Index(None, "company_id", "created_at"))


class CsvMapping(CompanyOwned, Base):
    """What the columns of a bank's export mean, as a person of the company said it."""

    __tablename__ = "csv_mapping"

    header_key: Mapped[Words]
    # Any: JSON, role to names of columns
    columns: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_by: Mapped[UUID | None]
    changed_at: Mapped[Moment] = mapped_column(server_default=func.now())

    __table_args__ = company_args(UniqueConstraint("company_id", "header_key"))


class Allocation(CompanyOwned, Base):
    """Which part of a movement settles which invoice, and on what evidence.

    `written_off` is a discount, bank cost or rounding that is let go with it. One that `reopens`
    takes an earlier payment back: the invoice is open again by its amount.
    """

    __tablename__ = "allocation"

    invoice_id: Mapped[UUID]
    transaction_id: Mapped[UUID]
    amount: Mapped[Amount]
    written_off: Mapped[Amount] = mapped_column(default=Decimal(0), server_default=text("0"))
    reopens: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # Any: evidence as JSON, names of clues with their weights
    evidence: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    made_by: Mapped[UUID | None]
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())
    undone_at: Mapped[Moment | None]

    __table_args__ = company_args(
        company_fk("invoice_id", "invoice"),
        company_fk("transaction_id", "bank_transaction"),
        CheckConstraint("amount > 0", name="amount_is_positive"),
        CheckConstraint("written_off >= 0", name="written_off_is_positive"),
        Index(None, "company_id", "invoice_id"),
        Index(None, "company_id", "transaction_id"),
    )


class CashFlowPosition(CompanyScoped, Base):
    """The balance of an account at the end of a day; kept in the transaction that moves money."""

    __tablename__ = "cash_flow_position"

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    balance: Mapped[Amount]

    __table_args__ = (
        company_fk("account_id", "bank_account"),
        Index("ix_cash_flow_position_day", "company_id", "day"),
    )


class PlannedItem(CompanyOwned, Base):
    """Money that comes or goes without an invoice: rent, wages, VAT. Money out is negative."""

    __tablename__ = "planned_item"

    name: Mapped[Words]
    amount: Mapped[Amount]
    rhythm: Mapped[Rhythm] = mapped_column(choice(Rhythm))
    starts_on: Mapped[date]
    until: Mapped[date | None]
    day: Mapped[int | None]
    shift: Mapped[Shift] = mapped_column(choice(Shift), default=Shift.NEXT)
    source: Mapped[PlannedSource] = mapped_column(choice(PlannedSource))
    category_id: Mapped[UUID | None]
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())

    __table_args__ = company_args(
        company_fk("category_id", "category"), Index(None, "company_id", "starts_on")
    )
