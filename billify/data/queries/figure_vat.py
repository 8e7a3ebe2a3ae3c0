"""The approved invoices behind a figure of VAT: those that tell theirs, and those that don't."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Subquery, case, func, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from billify.data.db import db
from billify.data.queries import invoice_vat
from billify.domain.invoices import InvoiceDirection, InvoiceKind


@dataclass(frozen=True, slots=True)
class VatWindow:
    """Invoices of both directions in one currency, issued from `since` until `until` included.

    Those that tell their VAT, or else those that tell none.
    """

    currency: str
    since: date
    until: date
    is_told: bool = True


@dataclass(frozen=True, slots=True)
class VatRow:
    """One invoice: its VAT, owed of a sale and back of a purchase; its total when it tells none."""

    id: UUID
    number: str | None
    party: str
    kind: InvoiceKind
    issued: date
    amount: Decimal


def total(window: VatWindow) -> tuple[Decimal, int]:
    """VAT of sales less VAT of purchases, or the totals of those that tell none; of how many."""
    one = _invoices(window)
    amount, count = db.session.execute(
        select(func.coalesce(func.sum(_amount(one, window)), 0), func.count()).where(
            _is_chosen(one, window)
        )
    ).one()
    return Decimal(amount), count


def rows(window: VatWindow, *, after: tuple[date, UUID] | None = None, limit: int) -> list[VatRow]:
    """The invoices by day of issue, after a given one."""
    one = _invoices(window)
    key = (one.c.issue_date, one.c.id)
    query = select(
        one.c.id,
        one.c.number,
        one.c.party_name,
        one.c.kind,
        one.c.issue_date,
        _amount(one, window),
    ).where(_is_chosen(one, window))
    if after is not None:
        query = query.where(tuple_(*key) > after)
    found = db.session.execute(query.order_by(*key).limit(limit))
    return [VatRow(*row) for row in found]


def _invoices(window: VatWindow) -> Subquery:
    return invoice_vat.approved(currency=window.currency, since=window.since, until=window.until)


def _is_chosen(one: Subquery, window: VatWindow) -> ColumnElement[bool]:
    is_told: ColumnElement[bool] = one.c.vat.is_not(None)
    return is_told if window.is_told else ~is_told


def _amount(one: Subquery, window: VatWindow) -> ColumnElement[Decimal]:
    if not window.is_told:
        whole: ColumnElement[Decimal] = one.c.sign * one.c.gross_amount
        return whole
    is_sale = one.c.direction == InvoiceDirection.SALE
    return case((is_sale, one.c.sign * one.c.vat), else_=-one.c.sign * one.c.vat)
