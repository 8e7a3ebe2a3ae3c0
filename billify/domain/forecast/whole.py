"""The whole forecast: every expected movement as a row, their sum, the band, and what to do."""

from datetime import date
from decimal import Decimal

from billify.domain import cash_flow, invoices
from billify.domain.forecast import course, payments
from billify.domain.forecast.known import Known, OpenInvoice
from billify.domain.forecast.payments import Expectation
from billify.domain.forecast.profile import Profile, opened
from billify.domain.forecast.shapes import (
    DAYS_AHEAD,
    Flow,
    Forecast,
    Reason,
    Source,
)
from billify.domain.invoices import InvoiceDirection

ZERO = Decimal("0.00")


def make(*, known: Known, profile: Profile | None = None) -> Forecast:
    """The forecast of a company from how things stand and what was learned before.

    The same input gives the same answer. What it had to do without stands in `missing`.
    """
    learned = profile or Profile()
    flows, not_counted = _of_invoices(known, learned)
    flows += _of_plans(known)
    flows.sort(key=lambda flow: (flow.day, flow.amount, flow.ref))
    total = course.sums(flows)
    no_band = [(ZERO, ZERO)] * DAYS_AHEAD
    days = course.days_ahead(today=known.today, balance=known.balance, total=total, widths=no_band)
    months = course.months_ahead(
        today=known.today, balance=known.balance, total=total, widths=no_band
    )
    return Forecast(
        today=known.today,
        currency=known.currency,
        balance=known.balance,
        floor=known.floor,
        days=tuple(days),
        months=tuple(months),
        lowest=course.lowest(days),
        below_floor=course.crossing(days=days, limit=known.floor, flows=flows, chance=100)
        if known.floor
        else None,
        below_zero=course.crossing(days=days, limit=ZERO, flows=flows, chance=100),
        actions=(),
        missing=_missing(known, learned),
        not_counted=tuple(not_counted),
        flows=tuple(flows),
    )


def _of_invoices(known: Known, profile: Profile) -> tuple[list[Flow], list[Flow]]:
    """Open invoices as flows, and those that are not counted."""
    counted: list[Flow] = []
    left_out: list[Flow] = []
    last = course.last_day(known.today)
    for direction, habits in (
        (InvoiceDirection.SALE, profile.sales),
        (InvoiceDirection.PURCHASE, profile.purchases),
    ):
        chosen = tuple(one for one in known.open if one.direction is direction)
        expected = payments.expect(habits=habits, invoices=opened(chosen), today=known.today)
        for invoice, when in zip(chosen, expected, strict=True):
            flow = _flow(invoice, when, known.today)
            refused = _refused(invoice, flow, known.currency, last)
            if refused is None:
                counted.append(flow)
            else:
                left_out.append(_with_reason(flow, refused))
    return counted, left_out


def _flow(invoice: OpenInvoice, when: Expectation, today: date) -> Flow:
    amount = invoices.signed(invoice.amount, direction=invoice.direction, kind=invoice.kind)
    by_hand = invoice.expected_on is not None
    day = invoice.expected_on or when.day
    return Flow(
        day=max(day, today),
        amount=amount,
        source=Source.SALE if invoice.direction is InvoiceDirection.SALE else Source.PURCHASE,
        ref=invoice.id,
        what=invoice.name,
        contact=invoice.contact,
        due=invoice.due,
        early=None if by_hand else when.early,
        late=None if by_hand else when.late,
        reason=Reason("by_hand") if by_hand else when.reason,
        is_by_hand=by_hand,
    )


def _refused(invoice: OpenInvoice, flow: Flow, currency: str, last: date) -> Reason | None:
    """Why an open invoice is not counted; None when it is."""
    if invoice.currency != currency:
        return Reason("other_currency", (("currency", invoice.currency),))
    if invoice.is_disputed:
        return Reason("disputed")
    if flow.day > last:
        return Reason("too_late")
    return None


def _with_reason(flow: Flow, reason: Reason) -> Flow:
    return Flow(
        flow.day,
        flow.amount,
        flow.source,
        flow.ref,
        flow.what,
        flow.contact,
        flow.due,
        reason=reason,
    )


def _of_plans(known: Known) -> list[Flow]:
    """Every occurrence of what is planned; one that the bank has not shown yet comes today."""
    since = min(known.planned_since or known.today, known.today)
    categories = {item.planned.id: item.category for item in known.planned}
    coming = cash_flow.expand(
        [item.planned for item in known.planned],
        start=since,
        end=course.last_day(known.today),
    )
    return [
        Flow(
            day=max(one.date, known.today),
            amount=one.amount,
            source=Source.PLANNED,
            ref=one.id,
            what=one.what,
            is_by_hand=True,
            category=categories[one.id],
        )
        for one in coming
        if one.amount
    ]


def _missing(known: Known, profile: Profile) -> tuple[str, ...]:
    """What the forecast had to do without."""
    found = []
    if not any(one.currency == known.currency for one in known.accounts):
        found.append("accounts")
    if profile.learned_on is None:
        found.append("history")
    if not known.open:
        found.append("invoices")
    return tuple(found)
