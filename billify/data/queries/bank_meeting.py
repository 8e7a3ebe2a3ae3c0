"""Open amounts by how late they are, and who owes most."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Integer, case, func, literal, select

from billify.data.db import db
from billify.data.models import Contact, Invoice
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus

_IS_CREDIT = Invoice.kind == InvoiceKind.CREDIT_NOTE
_SIGNED = case((_IS_CREDIT, -Invoice.open_amount), else_=Invoice.open_amount)
_MOST_CURRENCIES = 400


class Aged(NamedTuple):
    """What is open of one direction and currency within an age; `days_late` is its youngest day,
    0 when not due. A credit note is never late."""

    direction: InvoiceDirection
    currency: str
    days_late: int
    amount: Decimal
    invoices: int


class Debtor(NamedTuple):
    """What a customer owes, credit notes taken off, and what of it is overdue."""

    contact_id: UUID
    name: str
    open: Decimal
    overdue: Decimal
    invoices: int


def aged(*, today: date, ages: Sequence[int]) -> list[Aged]:
    """Open amounts by direction, currency and age; `ages` are the first days of each, ascending:
    with 1, 31 one that is 30 days late counts with 1."""
    late = literal(today) - Invoice.due_date
    age = case(
        (_IS_CREDIT, 0),
        *((late >= first, first) for first in sorted(ages, reverse=True)),
        else_=0,
    ).cast(Integer)
    found = db.session.execute(
        select(Invoice.direction, Invoice.currency, age, func.sum(_SIGNED), func.count())
        .where(Invoice.status == InvoiceStatus.OPEN)
        .group_by(Invoice.direction, Invoice.currency, age)
        .order_by(Invoice.direction, Invoice.currency, age)
        .limit(_MOST_CURRENCIES)
    ).all()
    return [Aged._make(row) for row in found]


def debtors(*, today: date, currency: str, limit: int) -> list[Debtor]:
    """The customers that owe most."""
    is_late = (Invoice.due_date < today) & ~_IS_CREDIT
    owed = func.sum(_SIGNED)
    found = db.session.execute(
        select(
            Contact.id,
            Contact.name,
            owed,
            func.sum(case((is_late, Invoice.open_amount), else_=0)),
            func.count(),
        )
        .join(Contact, Contact.id == Invoice.contact_id)
        .where(
            Invoice.status == InvoiceStatus.OPEN,
            Invoice.direction == InvoiceDirection.SALE,
            Invoice.currency == currency,
        )
        .group_by(Contact.id, Contact.name)
        .having(owed > 0)
        .order_by(owed.desc(), Contact.id)
        .limit(limit)
    ).all()
    return [Debtor._make(row) for row in found]
