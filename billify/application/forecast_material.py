"""What a forecast is made from, read from the rows as of one moment."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from billify.application import cash_flow
from billify.data.models import Company
from billify.data.queries import budgets
from billify.data.queries import forecast_history as before
from billify.data.queries import forecast_known as queries
from billify.data.queries import forecast_past as past
from billify.domain.cash_flow import months_on
from billify.domain.forecast import taxes
from billify.domain.forecast.known import (
    Account,
    History,
    Known,
    OpenInvoice,
    Paid,
    TaxPaid,
    TaxSettings,
)
from billify.domain.invoices import InvoiceDirection

if TYPE_CHECKING:
    from billify.domain.forecast.history import Movements

ZERO = Decimal("0.00")
CONSENT_AHEAD = timedelta(days=45)
PAYMENTS_SINCE = timedelta(days=3 * 366)
"""How people paid longer ago says little of how they pay now."""


def known(*, company: Company, today: date) -> Known:
    """How things stand today."""
    currency = company.currency
    held = cash_flow.position(currency=currency)
    month = today.replace(day=1)
    since = cash_flow.counted_since(held, today)
    unmatched, unmatched_count = queries.unmatched()
    unsorted_in, unsorted_out = (
        _unsorted(month, today, currency) if company.counts_budget else (ZERO, ZERO)
    )
    soon = datetime.combine(today, datetime.min.time(), UTC) + CONSENT_AHEAD
    return Known(
        today=today,
        currency=currency,
        floor=company.floor_amount,
        accounts=tuple(
            Account(str(one.id), one.name, one.currency, one.balance) for one in held.accounts
        ),
        open=queries.open_invoices(),
        planned=queries.planned(since),
        planned_since=since,
        recurrence_choices=queries.recurrence_choices(),
        taxes=TaxSettings(company.vat_every, company.withholding_every),
        tax_choices=queries.tax_choices(),
        vat_months=queries.vat_months(since=months_on(month, -14), until=today, currency=currency),
        taxes_paid=taxes_paid(since=months_on(month, -14), until=today, currency=currency),
        budgets=queries.budgets(since=month, today=today, currency=currency),
        counts_budget=company.counts_budget,
        unsorted_in=unsorted_in,
        unsorted_out=unsorted_out,
        unmatched=unmatched,
        unmatched_count=unmatched_count,
        consents=queries.consents(until=soon),
        booked_today=queries.booked_on(today, currency=currency),
    )


def known_on(*, company: Company, day: date) -> Known:
    """How things stood at the end of a day in the past, as far as it can be told afterwards.

    Invoices count from the day they were issued, as large as they were then. What people planned
    and decided counts only when they did so before; what was disputed is not known any more.
    """
    currency, month = company.currency, day.replace(day=1)
    since = day + timedelta(days=1)
    return Known(
        today=day,
        currency=currency,
        floor=company.floor_amount,
        accounts=tuple(
            Account(str(one.id), one.name, one.currency, one.balance) for one in past.held(day=day)
        ),
        open=past.open_invoices(day=day),
        planned=queries.planned(since, made_until=day),
        planned_since=day,
        recurrence_choices=queries.recurrence_choices(made_until=day),
        taxes=TaxSettings(company.vat_every, company.withholding_every),
        tax_choices=queries.tax_choices(made_until=day),
        vat_months=queries.vat_months(since=months_on(month, -14), until=day, currency=currency),
        taxes_paid=taxes_paid(since=months_on(month, -14), until=day, currency=currency),
        booked_today=queries.booked_on(day, currency=currency),
    )


def history(*, company: Company, today: date, opened: tuple[OpenInvoice, ...]) -> History:
    """What was before today, with the invoices that were open then. Loads numpy."""
    currency = company.currency
    paid = before.paid(since=today - PAYMENTS_SINCE, before=today, currency=currency)
    return History(
        today=today,
        movements=_movements(today, currency),
        paid=tuple(Paid(InvoiceDirection(row.direction), *row[1:]) for row in paid),
        open=opened,
        since=queries.first_day(currency=currency),
        currency=currency,
    )


def _unsorted(month: date, today: date, currency: str) -> tuple[Decimal, Decimal]:
    """What lines without a category moved since a month began: in and out, above zero."""
    moved = [
        one
        for one in budgets.actuals(since=month, until=today, currency=currency)
        if one.category_id is None
    ]
    money_in = sum((one.amount for one in moved if one.is_in), ZERO)
    return money_in, -sum((one.amount for one in moved if not one.is_in), ZERO)


def taxes_paid(*, since: date, until: date, currency: str) -> tuple[TaxPaid, ...]:
    """What was paid to the state, as `taxes.tax_of` knows it; the same lines are no history."""
    lines = queries.tax_lines(
        since=since,
        until=until,
        codes=taxes.CATEGORIES,
        ibans=taxes.ACCOUNTS,
        currency=currency,
    )
    return tuple(
        TaxPaid(taxes.tax_of(category=one.category, iban=one.iban), one.day, one.amount)
        for one in lines
    )


def _movements(today: date, currency: str) -> "Movements":
    import numpy as np

    from billify.domain.forecast.history import columns

    packed = before.movements(
        before=today,
        currency=currency,
        but_codes=taxes.CATEGORIES,
        but_ibans=taxes.ACCOUNTS,
    )
    record = np.dtype([("day", ">i4"), ("cents", ">i8"), ("who", ">i4"), ("kind", ">i4")])
    rows = np.frombuffer(packed.records, dtype=record)
    return columns(
        days=rows["day"].astype(np.int32),
        cents=rows["cents"].astype(np.int64),
        who=rows["who"].astype(np.int32),
        names=packed.names,
        kind=rows["kind"].astype(np.int32),
        kinds=packed.kinds,
    )
