"""Customers and suppliers."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from billify.data.db import Base, CompanyOwned, company_args, company_fk
from billify.data.types import Count, Moment, Words


class Contact(CompanyOwned, Base):
    """Somebody we buy from, sell to, or both."""

    __tablename__ = "contact"

    name: Mapped[Words]
    search_key: Mapped[Words]
    is_customer: Mapped[bool] = mapped_column(default=False)
    is_supplier: Mapped[bool] = mapped_column(default=False)
    vat_number: Mapped[Words | None]
    enterprise_number: Mapped[Words | None]
    iban: Mapped[Words | None]
    email: Mapped[Words | None]
    phone: Mapped[Words | None]
    street: Mapped[Words | None]
    postcode: Mapped[Words | None]
    city: Mapped[Words | None]
    country: Mapped[Words] = mapped_column(default="BE")
    language: Mapped[Words] = mapped_column(default="nl")
    payment_terms: Mapped[Words] = mapped_column(default="days:30")
    version: Mapped[Count] = mapped_column(default=1)
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = company_args(
        UniqueConstraint("company_id", "vat_number"),
        Index(None, "company_id", "search_key", "id"),
        Index(None, "company_id", "enterprise_number"),
    )


class ContactIban(CompanyOwned, Base):
    """An account number we have seen a contact use."""

    __tablename__ = "contact_iban"

    contact_id: Mapped[UUID]
    iban: Mapped[Words]
    first_seen: Mapped[date]
    times_paid: Mapped[Count] = mapped_column(default=0)
    confirmed_by: Mapped[UUID | None]

    __table_args__ = company_args(
        company_fk("contact_id", "contact"),
        UniqueConstraint("company_id", "iban", "contact_id"),
    )
