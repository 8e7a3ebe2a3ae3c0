"""Scenarios: those with a name, and what customers bought in the past year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from billify.data.db import db
from billify.data.models import Contact, Invoice, Scenario, User
from billify.data.queries import invoice_vat
from billify.domain.invoices import InvoiceDirection

MOST_SAVED = 200
MOST_CUSTOMERS = 2000


class SoldTo(NamedTuple):
    """What was invoiced to a customer, credit notes taken off; `terms` are the days from issue to
    due date, each weighed by its amount.

    `vat` is that of the invoices that tell it, which come to `told`."""

    contact_id: UUID
    name: str
    gross: Decimal
    vat: Decimal
    told: Decimal
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
    one = invoice_vat.approved(
        Invoice.direction == InvoiceDirection.SALE,
        currency=currency,
        since=since,
        until=before - timedelta(days=1),
    )
    whole = one.c.sign * one.c.gross_amount
    gross = func.sum(whole)
    found = db.session.execute(
        select(
            Contact.id,
            Contact.name,
            gross,
            func.coalesce(func.sum(one.c.sign * one.c.vat), 0),
            func.coalesce(func.sum(whole).filter(one.c.vat.is_not(None)), 0),
            func.sum(whole * (one.c.due_date - one.c.issue_date)),
        )
        .join(one, Contact.id == one.c.contact_id)
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
