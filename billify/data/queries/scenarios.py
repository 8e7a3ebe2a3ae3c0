"""Scenarios: those with a name, and what customers bought in the past year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from billify.data.db import db
from billify.data.models import Contact, Invoice, Scenario, User
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus

MOST_SAVED = 200
MOST_CUSTOMERS = 2000


class SoldTo(NamedTuple):
    """What was invoiced to a customer, credit notes taken off; `terms` are the days from issue to
    due date, each weighed by its amount."""

    contact_id: UUID
    name: str
    gross: Decimal
    vat: Decimal
    terms: Decimal


@dataclass(frozen=True, slots=True)
class Saved:
    """A scenario that was given a name, and who gave it."""

    id: UUID
    name: str
    query: str
    made_by: str | None


def sold(*, since: date, before: date, currency: str) -> Sequence[SoldTo]:
    """Issued sales invoices of these days by customer, the one that bought most first."""
    sign = case((Invoice.kind == InvoiceKind.CREDIT_NOTE, -1), else_=1)
    gross = func.sum(sign * Invoice.gross_amount)
    days = Invoice.due_date - Invoice.issue_date
    found = db.session.execute(
        select(
            Contact.id,
            Contact.name,
            gross,
            func.sum(sign * func.coalesce(Invoice.vat_amount, 0)),
            func.sum(sign * Invoice.gross_amount * days),
        )
        .join(Contact, Contact.id == Invoice.contact_id)
        .where(
            Invoice.direction == InvoiceDirection.SALE,
            Invoice.status.in_([InvoiceStatus.OPEN, InvoiceStatus.PAID]),
            Invoice.currency == currency,
            Invoice.issue_date >= since,
            Invoice.issue_date < before,
        )
        .group_by(Contact.id, Contact.name)
        .order_by(gross.desc(), Contact.id)
        .limit(MOST_CUSTOMERS)
    ).all()
    return [SoldTo._make(row) for row in found]


def names(contact_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of contacts of the company; unknown ones are left out."""
    wanted = list(contact_ids)
    if not wanted:
        return {}
    found = db.session.execute(
        select(Contact.id, Contact.name).where(Contact.id.in_(wanted)).order_by(Contact.id)
    ).all()
    return {row.id: row.name for row in found}


def saved() -> list[Saved]:
    """The scenarios with a name, by name."""
    maker = aliased(User)
    found = db.session.execute(
        select(Scenario.id, Scenario.name, Scenario.query, maker.name)
        .outerjoin(maker, maker.id == Scenario.made_by)
        .order_by(func.lower(Scenario.name), Scenario.id)
        .limit(MOST_SAVED)
    ).all()
    return [Saved(*row) for row in found]


def lock(scenario_id: UUID) -> Scenario | None:
    """One scenario, locked until the commit."""
    return db.session.scalars(
        select(Scenario).where(Scenario.id == scenario_id).with_for_update()
    ).one_or_none()


def named(name: str) -> Scenario | None:
    """The scenario of a name, whatever its capitals."""
    return db.session.scalars(
        select(Scenario)
        .where(func.lower(Scenario.name) == func.lower(name))
        .order_by(Scenario.id)
        .limit(1)
    ).one_or_none()


def count() -> int:
    """How many have a name."""
    return db.session.scalar(select(func.count(Scenario.id))) or 0
