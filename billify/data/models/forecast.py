"""The forecast as it was last made, what was said before, and what people decided about it."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Numeric,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from billify.data.db import Base, CompanyOwned, CompanyScoped, company_args, company_fk
from billify.data.types import Amount, Moment, Words, choice
from billify.domain.cash_flow import Rhythm, Shift
from billify.domain.forecast.shapes import AlertKind, Verdict


class ForecastRow(CompanyScoped, Base):
    """The forecast of a company as a worker last made it; one row a company."""

    __tablename__ = "forecast"

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    made_at: Mapped[Moment]
    made_on: Mapped[date]
    shape: Mapped[int] = mapped_column(SmallInteger)
    """Of which form the JSON is; another one is made anew."""
    seconds: Mapped[Decimal] = mapped_column(Numeric(8, 3))
    # Any: JSON, whose form is domain.forecast.stored
    summary: Mapped[dict[str, Any]] = mapped_column(JSONB)
    flows: Mapped[list[Any]] = mapped_column(JSONB, deferred=True)
    recurrences: Mapped[list[Any]] = mapped_column(JSONB, deferred=True)

    __table_args__ = (ForeignKeyConstraint(["company_id"], ["company.id"]),)


class ForecastProfile(CompanyScoped, Base):
    """What was learned from a company's history, so that not every forecast reads it all again."""

    __tablename__ = "forecast_profile"

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    made_at: Mapped[Moment]
    shape: Mapped[int] = mapped_column(SmallInteger)
    # Any: JSON, whose form is domain.forecast.stored
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)

    __table_args__ = (ForeignKeyConstraint(["company_id"], ["company.id"]),)


class ForecastSnapshot(CompanyScoped, Base):
    """What was forecast on a day, kept each night for the track record."""

    __tablename__ = "forecast_snapshot"

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    made_on: Mapped[date] = mapped_column(primary_key=True)
    balance: Mapped[Amount]
    # Any: JSON, a list of balance, low and high as text for each day from made_on on
    days: Mapped[list[Any]] = mapped_column(JSONB)
    made_afterwards: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Not made on its day, but later from what was known on it."""

    __table_args__ = (ForeignKeyConstraint(["company_id"], ["company.id"]),)


class RecurrenceChoice(CompanyOwned, Base):
    """What a person decided about a recurring movement; empty columns stay as they were found."""

    __tablename__ = "recurrence_choice"

    key: Mapped[Words]
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict))
    name: Mapped[Words | None]
    amount: Mapped[Amount | None]
    rhythm: Mapped[Rhythm | None] = mapped_column(choice(Rhythm))
    day: Mapped[int | None] = mapped_column(SmallInteger)
    shift: Mapped[Shift | None] = mapped_column(choice(Shift))
    until: Mapped[date | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[Moment] = mapped_column(server_default=func.now())

    __table_args__ = company_args(UniqueConstraint("company_id", "key"))


class ObligationChoice(CompanyOwned, Base):
    """What a person changed about one payment to the state: `tax` and `period` name it."""

    __tablename__ = "obligation_choice"

    tax: Mapped[Words]
    period: Mapped[Words]
    amount: Mapped[Amount | None]
    pay_on: Mapped[date | None]
    is_left_out: Mapped[bool] = mapped_column(default=False)
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[Moment] = mapped_column(server_default=func.now())

    __table_args__ = company_args(UniqueConstraint("company_id", "tax", "period"))


class Scenario(CompanyOwned, Base):
    """A scenario that was given a name; `query` is what its address says."""

    __tablename__ = "scenario"

    name: Mapped[Words]
    query: Mapped[Words]
    made_by: Mapped[UUID | None]
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())

    __table_args__ = company_args(UniqueConstraint("company_id", "name"))


class Budget(CompanyOwned, Base):
    """What may go out (below zero) or should come in for a category in a month."""

    __tablename__ = "budget"

    category_id: Mapped[UUID]
    month: Mapped[date]
    """The first day of the month."""
    amount: Mapped[Amount]

    __table_args__ = company_args(
        company_fk("category_id", "category"),
        UniqueConstraint("company_id", "category_id", "month"),
        CheckConstraint("extract(day FROM month) = 1", name="month_is_a_first"),
    )


class Alert(CompanyOwned, Base):
    """Something told once; while it lasts it is not told again."""

    __tablename__ = "alert"

    kind: Mapped[AlertKind] = mapped_column(choice(AlertKind))
    key: Mapped[Words]
    # Any: JSON, what its words take
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    raised_at: Mapped[Moment] = mapped_column(server_default=func.now())
    ended_at: Mapped[Moment | None]
    dismissed_at: Mapped[Moment | None]
    dismissed_by: Mapped[UUID | None]

    __table_args__ = company_args(
        Index(None, "company_id", "raised_at"),
        Index(
            "uq_alert_running",
            "company_id",
            "kind",
            "key",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
