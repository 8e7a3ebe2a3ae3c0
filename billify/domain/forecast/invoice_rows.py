"""Invoices as rows of the forecast: open ones on the day they are expected, and the next ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from billify.domain import invoices
from billify.domain.forecast import payments
from billify.domain.forecast.business import MIDDLE, ComingInvoice
from billify.domain.forecast.known import Known, OpenInvoice
from billify.domain.forecast.paths import Timed, no_timed
from billify.domain.forecast.payments import NEVER, STEPS, Expectation
from billify.domain.forecast.profile import Profile, opened
from billify.domain.forecast.shapes import Flow, Reason, Source
from billify.domain.invoices import InvoiceDirection, InvoiceKind

_EARLY, _LATE = 3, STEPS - 4
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class InvoiceRows:
    """Open invoices as flows, those that are not counted, and what the simulation takes."""

    counted: list[Flow]
    left_out: list[Flow]
    timed: Timed


def of_open(*, known: Known, profile: Profile, last: date) -> InvoiceRows:
    """Every open invoice on its expected day, with what is still open.

    Not counted, with the reason: another currency, disputed, not expected until the last day.
    """
    counted, left_out, cents, timing = [], [], [], []
    for invoice, when in _expected(known, profile):
        flow = _flow(invoice, when, known.today)
        refused = _refused(invoice, flow, known.currency, last)
        if refused is not None:
            left_out.append(replace(flow, reason=refused, early=None, late=None))
            continue
        counted.append(flow)
        cents.append(int(flow.amount * 100))
        timing.append(_sure(flow.day, known.today) if flow.is_by_hand else when.timing)
    if not counted:
        return InvoiceRows(counted, left_out, no_timed())
    return InvoiceRows(counted, left_out, Timed(np.array(cents, np.int64), np.stack(timing)))


def without_issued(*, coming: Sequence[ComingInvoice], known: Known) -> list[ComingInvoice]:
    """Invoices foreseen for today but for those that were issued today: they are open already.

    What was learned ends before today, so the contact's rhythm does not know of them.
    """
    issued = {
        (one.direction is InvoiceDirection.SALE, one.contact)
        for one in known.open
        if one.issued == known.today and one.kind is InvoiceKind.INVOICE
    }
    return [
        one
        for one in coming
        if one.invoice.issued > known.today
        or (one.is_sale, one.invoice.regular.contact) not in issued
    ]


def of_coming(
    *, coming: Sequence[ComingInvoice], ends: Mapping[str, date], today: date, last: date
) -> list[Flow]:
    """Invoices that are not issued yet, foreseen one by one; `ref` is the recurrence's key.

    `ends` are the days after which, by key, a person expects no more of them.
    """
    rows = []
    for one in coming:
        offsets = one.timing.tolist()
        recurrence = one.invoice.regular.recurrence
        is_over = one.invoice.issued > ends.get(recurrence.key, last)
        if is_over or offsets[MIDDLE] > (last - today).days:
            continue
        amount = (Decimal(one.invoice.cents) / 100).quantize(CENT)
        rows.append(
            Flow(
                day=today + timedelta(days=offsets[MIDDLE]),
                amount=amount if one.is_sale else -amount,
                source=Source.RECURRING,
                ref=recurrence.key,
                what=recurrence.name,
                contact=one.invoice.regular.contact,
                due=one.invoice.issued + timedelta(days=one.invoice.regular.terms),
                early=today + timedelta(days=offsets[_EARLY]),
                late=today + timedelta(days=min(offsets[_LATE], NEVER)),
                reason=Reason(
                    "next_invoice",
                    (("issued", one.invoice.issued.isoformat()), ("count", recurrence.count)),
                ),
            )
        )
    return [row for row in rows if row.amount]


def _expected(known: Known, profile: Profile) -> list[tuple[OpenInvoice, Expectation]]:
    """Open invoices with when they are paid; a credit note goes with what it is netted against."""
    found = []
    for direction, habits in (
        (InvoiceDirection.SALE, profile.sales),
        (InvoiceDirection.PURCHASE, profile.purchases),
    ):
        chosen = [one for one in known.open if one.direction is direction]
        expected = payments.expect(habits=habits, invoices=opened(chosen), today=known.today)
        found += _netted(list(zip(chosen, expected, strict=True)), known.today)
    return found


def _netted(
    rows: list[tuple[OpenInvoice, Expectation]], today: date
) -> list[tuple[OpenInvoice, Expectation]]:
    """A credit note moves with the contact's first payment that can bear it.

    Nobody pays one out while there are invoices to take it off: it lies on the day of the
    contact's next one, the earliest at least as large or else the largest.
    """
    owing: dict[tuple[str, str], list[tuple[OpenInvoice, Expectation]]] = {}
    for invoice, when in rows:
        if invoice.kind is InvoiceKind.INVOICE and not invoice.is_disputed:
            owing.setdefault((invoice.contact, invoice.currency), []).append((invoice, when))
    found = []
    for invoice, when in rows:
        against = owing.get((invoice.contact, invoice.currency), [])
        if invoice.kind is InvoiceKind.CREDIT_NOTE and invoice.expected_on is None and against:
            able = [row for row in against if row[0].amount >= invoice.amount]
            bearer = (
                min(able, key=lambda row: row[0].expected_on or row[1].day)
                if able
                else max(against, key=lambda row: row[0].amount)
            )
            reason = Reason("netted", (("name", bearer[0].name),))
            timing = bearer[1].timing
            if bearer[0].expected_on is not None:
                timing = _sure(max(bearer[0].expected_on, today), today)
            day = max(bearer[0].expected_on or bearer[1].day, today)
            when = replace(bearer[1], id=invoice.id, day=day, timing=timing, reason=reason)
        found.append((invoice, when))
    return found


def _flow(invoice: OpenInvoice, when: Expectation, today: date) -> Flow:
    by_hand = invoice.expected_on is not None
    return Flow(
        day=max(invoice.expected_on or when.day, today),
        amount=invoices.signed(invoice.amount, direction=invoice.direction, kind=invoice.kind),
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


def _sure(day: date, today: date) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    """The timing of a day that a person said."""
    return np.full(STEPS, min((day - today).days, NEVER), np.int16)
