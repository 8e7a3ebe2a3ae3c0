"""Proposals for bank lines, refused pairs, own transfers, categories and rules."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Numeric, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from billify.data.db import Base, CompanyOwned, company_args, company_fk
from billify.data.types import Count, Moment, Words, choice
from billify.domain.banking import Flow


class Category(CompanyOwned, Base):
    """What a bank line without an invoice is for; `code` names one of the default set."""

    __tablename__ = "category"

    name: Mapped[Words]
    code: Mapped[Words | None]
    position: Mapped[int]
    is_active: Mapped[bool] = mapped_column(default=True)

    __table_args__ = company_args(UniqueConstraint("company_id", "code"))


class BankRule(CompanyOwned, Base):
    """What a person wants done with lines that hold certain words; the lowest position first."""

    __tablename__ = "bank_rule"

    position: Mapped[int]
    words: Mapped[Words]
    flow: Mapped[Flow] = mapped_column(choice(Flow), default=Flow.ANY)
    account_id: Mapped[UUID | None]
    category_id: Mapped[UUID]
    needs_invoice: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    made_by: Mapped[UUID | None]
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())

    __table_args__ = company_args(
        company_fk("account_id", "bank_account"),
        company_fk("category_id", "category"),
        Index(None, "company_id", "position"),
    )


class BankRuleRun(CompanyOwned, Base):
    """One use of a rule, which can be taken back: its lines point to it."""

    __tablename__ = "bank_rule_run"

    rule_id: Mapped[UUID]
    count: Mapped[Count] = mapped_column(default=0)
    made_by: Mapped[UUID | None]
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())
    undone_at: Mapped[Moment | None]

    __table_args__ = company_args(company_fk("rule_id", "bank_rule"))


class MatchProposal(CompanyOwned, Base):
    """Invoices that a line may settle, with the reasons; rank 0 is the likeliest."""

    __tablename__ = "match_proposal"

    transaction_id: Mapped[UUID]
    rank: Mapped[int]
    kind: Mapped[Words]
    probability: Mapped[Decimal] = mapped_column(Numeric(6, 4))
    # Any: JSON, lists of invoice and amount; codes, values and weights of evidence
    links: Mapped[list[Any]] = mapped_column(JSONB)
    evidence: Mapped[list[Any]] = mapped_column(JSONB)
    made_at: Mapped[Moment] = mapped_column(server_default=func.now())

    __table_args__ = company_args(
        company_fk("transaction_id", "bank_transaction", ondelete="CASCADE"),
        UniqueConstraint("company_id", "transaction_id", "rank"),
    )


class MatchRejection(CompanyOwned, Base):
    """A line and an invoice that a person has said do not belong together."""

    __tablename__ = "match_rejection"

    transaction_id: Mapped[UUID]
    invoice_id: Mapped[UUID]
    made_by: Mapped[UUID | None]
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())

    __table_args__ = company_args(
        company_fk("transaction_id", "bank_transaction", ondelete="CASCADE"),
        company_fk("invoice_id", "invoice", ondelete="CASCADE"),
        UniqueConstraint("company_id", "transaction_id", "invoice_id"),
    )


class OwnTransfer(CompanyOwned, Base):
    """The two lines of a transfer between accounts of the company."""

    __tablename__ = "own_transfer"

    out_id: Mapped[UUID]
    in_id: Mapped[UUID]
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())

    __table_args__ = company_args(
        company_fk("out_id", "bank_transaction", ondelete="CASCADE"),
        company_fk("in_id", "bank_transaction", ondelete="CASCADE"),
        UniqueConstraint("company_id", "out_id"),
        UniqueConstraint("company_id", "in_id"),
    )
