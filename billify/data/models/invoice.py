"""Invoices and credit notes of both directions, one table family."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from billify.data.db import Base, CompanyOwned, company_args, company_fk, link
from billify.data.models.contact import Contact
from billify.data.models.document import Document
from billify.data.types import Amount, Count, Currency, Moment, Percent, Quantity, Words, choice
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.domain.vat import VatCategory


class Invoice(CompanyOwned, Base):
    """What a customer owes us or we owe a supplier. Amounts are positive; `kind` has the sign."""

    __tablename__ = "invoice"

    direction: Mapped[InvoiceDirection] = mapped_column(choice(InvoiceDirection))
    kind: Mapped[InvoiceKind] = mapped_column(choice(InvoiceKind), default=InvoiceKind.INVOICE)
    status: Mapped[InvoiceStatus] = mapped_column(choice(InvoiceStatus))
    number: Mapped[Words | None]
    number_key: Mapped[Words | None]
    contact_id: Mapped[UUID | None]
    party_name: Mapped[Words] = mapped_column(default="")
    party_key: Mapped[Words] = mapped_column(default="")
    issue_date: Mapped[date]
    due_date: Mapped[date]
    delivery_date: Mapped[date | None]
    period_start: Mapped[date | None]
    period_end: Mapped[date | None]
    """The days that an invoice for a period is for, both included."""
    order_reference: Mapped[Words | None]
    currency: Mapped[Currency] = mapped_column(default="EUR")
    net_amount: Mapped[Amount | None]
    vat_amount: Mapped[Amount | None]
    gross_amount: Mapped[Amount | None]
    open_amount: Mapped[Amount] = mapped_column(default=Decimal("0.00"))
    discount_percent: Mapped[Percent | None]
    discount_until: Mapped[date | None]
    """Paid by that day, this share of the total may be kept."""
    payment_reference: Mapped[Words | None]
    payee_iban: Mapped[Words | None]
    note: Mapped[Words | None]
    reject_reason: Mapped[Words | None]
    document_id: Mapped[UUID | None]
    source: Mapped[Words] = mapped_column(default="manual")
    external_id: Mapped[Words | None]
    credited_invoice_id: Mapped[UUID | None]
    credited_number: Mapped[Words | None]
    """The number a credit note names, also of an invoice that is not here."""
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[Moment | None]
    expected_on: Mapped[date | None]
    """When a person expects it to be paid; without it the forecast works it out."""
    expected_by: Mapped[UUID | None]
    is_disputed: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Not counted in the forecast until it is settled with the other party."""
    # Any: JSON, whose form is domain.issued.IssuedAs
    issued_as: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), deferred=True
    )
    """Who stood on our own invoice when it was issued."""
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())
    version: Mapped[Count] = mapped_column(default=1)
    # What lists sort and filter by: comparing numerics is not leakproof, so row-level security
    # keeps it from any index, while bigint is fine.
    signed_cents: Mapped[Count] = mapped_column(
        Computed(
            "(CASE WHEN kind = 'credit_note' THEN -100 ELSE 100 END"
            " * coalesce(gross_amount, 0))::bigint",
            persisted=True,
        ),
        deferred=True,
    )

    contact: Mapped[Contact | None] = link("Contact", by="Invoice.contact_id")
    document: Mapped[Document | None] = link("Document", by="Invoice.document_id")
    lines: Mapped[list["InvoiceLine"]] = link(
        "InvoiceLine",
        by="InvoiceLine.invoice_id",
        to="Invoice",
        order_by="InvoiceLine.position",
        cascade="all, delete-orphan",
    )
    vat_rows: Mapped[list["InvoiceVat"]] = link(
        "InvoiceVat",
        by="InvoiceVat.invoice_id",
        to="Invoice",
        order_by="InvoiceVat.position",
        cascade="all, delete-orphan",
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = company_args(
        company_fk("contact_id", "contact"),
        company_fk("document_id", "document"),
        company_fk("credited_invoice_id", "invoice"),
        CheckConstraint("open_amount >= 0", name="open_amount_is_positive"),
        CheckConstraint("discount_percent BETWEEN 0 AND 100", name="discount_is_a_share"),
        CheckConstraint(
            "status NOT IN ('open', 'paid') OR (gross_amount IS NOT NULL"
            " AND contact_id IS NOT NULL AND number IS NOT NULL)",
            name="open_is_complete",
        ),
        Index("ix_invoice_newest", "company_id", "direction", "issue_date", "id"),
        Index("ix_invoice_due", "company_id", "direction", "due_date", "id"),
        Index("ix_invoice_amount", "company_id", "direction", "signed_cents", "id"),
        Index("ix_invoice_party", "company_id", "direction", "party_key", "id"),
        Index("ix_invoice_status", "company_id", "direction", "status", "issue_date", "id"),
        Index("ix_invoice_contact", "company_id", "contact_id", "direction", "issue_date", "id"),
        Index(
            "ix_invoice_number",
            "company_id",
            "number_key",
            postgresql_ops={"number_key": "text_pattern_ops"},
        ),
        Index(
            "ix_invoice_open",
            "company_id",
            "direction",
            "due_date",
            postgresql_include=["kind", "currency", "open_amount"],
            postgresql_where=text("status = 'open'"),
        ),
        Index(
            "ix_invoice_external",
            "company_id",
            "external_id",
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index(None, "company_id", "document_id"),
        Index(
            "uq_invoice_sale_number",
            "company_id",
            "number_key",
            unique=True,
            postgresql_where=text("direction = 'sale' AND status IN ('open', 'paid')"),
        ),
    )


class InvoiceLine(CompanyOwned, Base):
    """One line: VAT category and rate are frozen here when the invoice is issued."""

    __tablename__ = "invoice_line"

    invoice_id: Mapped[UUID]
    position: Mapped[int]
    description: Mapped[Words] = mapped_column(default="")
    quantity: Mapped[Quantity] = mapped_column(default=Decimal(1))
    unit: Mapped[Words] = mapped_column(default="")
    unit_price: Mapped[Quantity]
    discount: Mapped[Percent] = mapped_column(default=Decimal(0))
    vat_category: Mapped[VatCategory] = mapped_column(choice(VatCategory))
    vat_rate: Mapped[Percent]
    net_amount: Mapped[Amount]

    __table_args__ = company_args(
        company_fk("invoice_id", "invoice", ondelete="CASCADE"),
        UniqueConstraint("company_id", "invoice_id", "position"),
    )


class InvoiceVat(CompanyOwned, Base):
    """The VAT of one category and rate as the invoice states it (EN 16931, BG-23)."""

    __tablename__ = "invoice_vat"

    invoice_id: Mapped[UUID]
    position: Mapped[int]
    category: Mapped[VatCategory] = mapped_column(choice(VatCategory))
    rate: Mapped[Percent]
    base: Mapped[Amount]
    amount: Mapped[Amount]

    __table_args__ = company_args(
        company_fk("invoice_id", "invoice", ondelete="CASCADE"),
        UniqueConstraint("company_id", "invoice_id", "position"),
    )


class NumberSeries(CompanyOwned, Base):
    """The last number given in a series and year; its row is locked while a number is taken."""

    __tablename__ = "number_series"

    series: Mapped[Words]
    year: Mapped[int]
    last_number: Mapped[int] = mapped_column(default=0)

    __table_args__ = company_args(UniqueConstraint("company_id", "series", "year"))
