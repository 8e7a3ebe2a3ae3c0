"""What the accounting says is open and what it holds, and how often it was asked."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from billify.data.db import Base, CompanyOwned, CompanyScoped, company_args, company_fk
from billify.data.types import Amount, Count, Moment, Words, choice
from billify.domain.connections import Partner
from billify.domain.invoices import InvoiceDirection


class AccountingItem(CompanyOwned, Base):
    """An open item of the accounting, as it was last told; credit notes are below zero.

    One that is no longer told is settled there. `invoice_id` is the invoice here that it is.
    """

    __tablename__ = "accounting_item"

    integration_id: Mapped[UUID]
    external_id: Mapped[Words]
    direction: Mapped[InvoiceDirection] = mapped_column(choice(InvoiceDirection))
    kind_id: Mapped[int | None]
    """The partner's own number of what it is: 2 purchase, 6 sale, 21 sundry; others exist."""
    contact_name: Mapped[Words] = mapped_column(default="")
    contact_key: Mapped[Words] = mapped_column(default="")
    contact_external_id: Mapped[Words] = mapped_column(default="")
    vat_number: Mapped[Words] = mapped_column(default="")
    number: Mapped[Words] = mapped_column(default="")
    number_key: Mapped[Words] = mapped_column(default="")
    description: Mapped[Words] = mapped_column(default="")
    issue_date: Mapped[date]
    due_date: Mapped[date | None]
    open_amount: Mapped[Amount]
    original_amount: Mapped[Amount]
    document_external_id: Mapped[Words] = mapped_column(default="")
    first_seen_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    settled_on: Mapped[date | None]
    invoice_id: Mapped[UUID | None]
    settled_elsewhere: Mapped[Amount | None]
    """Of an invoice that only the accounting knows: what was settled there and by no bank line
    here, as of `weighed_at`, when it had settled `weighed_settled` in all."""
    weighed_settled: Mapped[Amount | None]
    weighed_at: Mapped[Moment | None]

    __table_args__ = company_args(
        company_fk("integration_id", "integration"),
        company_fk("invoice_id", "invoice"),
        UniqueConstraint("company_id", "integration_id", "external_id"),
        Index(None, "company_id", "invoice_id"),
        Index(
            "ix_accounting_item_open",
            "company_id",
            "integration_id",
            "direction",
            "issue_date",
            postgresql_where=text("settled_on IS NULL"),
        ),
    )


class AccountingBalance(CompanyScoped, Base):
    """What a ledger account held at the end of a day; credit is below zero."""

    __tablename__ = "accounting_balance"

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    integration_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[Words] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    description: Mapped[Words] = mapped_column(default="")
    amount: Mapped[Amount]
    told_at: Mapped[Moment]

    __table_args__ = (company_fk("integration_id", "integration"),)


class PartnerCall(Base):
    """How often a partner was asked on a day for one customer of theirs.

    Their limit holds for that customer, whose books several companies here may share; so this
    row belongs to no company. `place` is a hash of their key for the customer.
    """

    __tablename__ = "partner_call"

    partner: Mapped[Partner] = mapped_column(choice(Partner), primary_key=True)
    place: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    calls: Mapped[Count] = mapped_column(default=0)
