"""The VAT ahead, worked out from own invoices: of the period that is over, the running one, later.

A period that is over is the sum of its invoices. The running one is what it has so far, carried on
at its own pace as far as it has gone, and at the usual one for the rest. Later ones are as the
same period a year ago and the usual one, half and half. A credit isn't paid out but taken off the
next payments (VAT code, article 83bis: it goes on the VAT provision account), unless the bank
shows that the company gets its credits back. No numpy in here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from billify.domain import obligations
from billify.domain.cash_flow import Shift, working_day
from billify.domain.forecast.known import Known
from billify.domain.forecast.shapes import Reason
from billify.domain.obligations import Every, Period, Tax

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
LATE = timedelta(days=31)
"""How long a payment that the bank doesn't show is still expected."""
YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class VatDue:
    """The VAT of a period: above zero is owed, below comes back, zero is nothing or carried on."""

    period: Period
    due: date
    day: date
    amount: Decimal
    reason: Reason
    is_estimate: bool


def vat_ahead(*, known: Known, until: date) -> Iterator[VatDue]:
    """The VAT of each period whose payment is still ahead, in order; none without invoices."""
    every = known.taxes.vat_every
    if every is None or not known.vat_months:
        return
    credit = ZERO
    refunds = any(one.tax == Tax.VAT and one.amount > 0 for one in known.taxes_paid)
    start = min(min(one.month for one in known.vat_months), known.today)
    for period in obligations.periods(start=start, end=until, every=every):
        owed = obligations.vat(period)
        amount, reason, is_estimate = _amount(known, period)
        if period.end < known.today and _is_settled(known, period, amount, refunds=refunds):
            credit = _carried(credit, amount, refunds=refunds)
            continue
        left = amount if refunds else amount - credit
        credit = _carried(credit, amount, refunds=refunds)
        if credit and not refunds:
            reason = Reason("vat_carried", (*reason.values, ("credit", str(credit))))
        day = owed.pay_by if left > 0 else _back_on(period)
        if day <= until:
            shown = left if refunds else max(left, ZERO)
            yield VatDue(period, owed.due, max(day, known.today), shown, reason, is_estimate)


def _carried(credit: Decimal, amount: Decimal, *, refunds: bool) -> Decimal:
    """The credit after a period."""
    return ZERO if refunds else max(credit - amount, ZERO)


def _back_on(period: Period) -> date:
    """When a credit is back: by the third month after (royal decree no. 4, article 81)."""
    month = period.end
    for _ in range(3):
        month = obligations.period_of(month + timedelta(days=1), every=Every.MONTH).end
    return working_day(month, shift=Shift.PREVIOUS)


def _is_settled(known: Known, period: Period, amount: Decimal, *, refunds: bool) -> bool:
    """Whether the payment of a period that is over has been made, as far as can be told."""
    due = obligations.vat(period).pay_by
    paid = [one for one in known.taxes_paid if one.tax == Tax.VAT and one.day > period.end]
    if amount < 0:
        back = _back_on(period)
        return not refunds or back < known.today - LATE or any(one.amount > 0 for one in paid)
    if due < known.today - LATE:
        return True
    following = obligations.period_of(
        period.end + timedelta(days=1), every=known.taxes.vat_every or Every.QUARTER
    )
    if any(one.amount < 0 and one.day <= following.end for one in paid):
        return True
    shows_vat = any(one.tax == Tax.VAT for one in known.taxes_paid)
    return due < known.today and not shows_vat


def _amount(known: Known, period: Period) -> tuple[Decimal, Reason, bool]:
    """The VAT of a period, why, and whether it is an estimate."""
    so_far = _sum(known, period.start, period.end)
    if period.end < known.today:
        sales = sum((m.sales for m in known.vat_months if _inside(m.month, period)), ZERO)
        bought = sum((m.purchases for m in known.vat_months if _inside(m.month, period)), ZERO)
        return so_far, Reason("vat_final", (("sales", str(sales)), ("bought", str(bought)))), False
    usual = _usual(known, period)
    if period.start > known.today:
        return usual.quantize(CENT), Reason("vat_usual", (("usual", f"{usual:.2f}"),)), True
    length = Decimal((period.end - period.start).days + 1)
    share = Decimal((known.today - period.start).days + 1) / length
    at_pace = so_far / share
    left = (1 - share) * (share * at_pace + (1 - share) * usual)
    values = (("so_far", str(so_far)), ("percent", int(share * 100)))
    return (so_far + left).quantize(CENT), Reason("vat_estimate", values), True


def _usual(known: Known, period: Period) -> Decimal:
    """What a period of this length usually comes to: as a year ago and as lately, half and half."""
    length = Decimal((period.end - period.start).days + 1)
    first = min(one.month for one in known.vat_months)
    this_month = known.today.replace(day=1)
    since = max(first, _year_before(this_month))
    days = Decimal((this_month - since).days)
    if days < 28:
        gone = Decimal((known.today - first).days + 1)
        return _sum(known, first, known.today) / gone * length
    lately = _sum(known, since, this_month - timedelta(days=1)) / days * length
    before = Period(_year_before(period.start), _year_before(period.end))
    if before.start < first or before.end >= this_month:
        return lately
    return (lately + _sum(known, before.start, before.end)) / 2


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28))


def _sum(known: Known, start: date, end: date) -> Decimal:
    """VAT owed less VAT deducted of the months that begin within these days."""
    chosen = (one for one in known.vat_months if start <= one.month <= end)
    return sum((one.sales - one.purchases for one in chosen), ZERO)


def _inside(month: date, period: Period) -> bool:
    return period.start <= month <= period.end
