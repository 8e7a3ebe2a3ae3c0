"""The VAT ahead, worked out from own invoices: of the period that is over, the running one, later.

A period that is over is the sum of its invoices. The running one is what it has so far, carried on
at its own pace as far as it has gone, and at the usual one for the rest. Later ones are as the
same period a year ago and the usual one, half and half. A credit isn't paid out but taken off the
next payments (VAT code, article 83bis: it goes on the VAT provision account), unless the bank
shows that the company gets its credits back. Takings without invoice bear VAT too: what was paid
above the invoices of past periods is taken to come again. Invoices that tell no VAT count by the
usual share (`vat_untold`); where none tells what is usual, VAT is as it was paid before, else it is
not known. No numpy in here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from billify.domain import obligations
from billify.domain.cash_flow import Shift, working_day
from billify.domain.forecast import vat_untold
from billify.domain.forecast.known import Known, VatMonth
from billify.domain.forecast.shapes import Reason
from billify.domain.obligations import Every, Period, Tax

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
LATE = timedelta(days=31)
"""How long a payment that the bank doesn't show is still expected."""
BEFORE_PAID = timedelta(days=130)
"""A payment is of a period that began at most so long before."""
LEAST_PAID = 2
TELLS_NEARLY_ALL = Decimal("0.15")
YEAR_OF_MONTHS = 12
MOST_PACE = Decimal(2)
UNKNOWN = "vat_unknown"
AS_PAID = "tax_as_before"
WITHOUT_INVOICES = frozenset({UNKNOWN, AS_PAID})
"""Why an amount is not that of the invoices: no credit of theirs is taken off it."""


@dataclass(frozen=True, slots=True)
class VatDue:
    """The VAT of a period: above zero is owed, below comes back, zero is nothing or carried on.

    It is zero as well where the reason says that it is not known.
    """

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
    shares = vat_untold.usual(known.vat_months, since=_a_year_ago(known))
    known = replace(known, vat_months=vat_untold.filled(known.vat_months, shares=shares))
    credit = ZERO
    refunds = any(one.tax == Tax.VAT and one.amount > 0 for one in known.taxes_paid)
    start = min(min(one.month for one in known.vat_months), known.today)
    besides, paid = _besides(known, every), _paid_before(known, every)
    for period in obligations.periods(start=start, end=until, every=every):
        owed = obligations.vat(period)
        if vat_untold.is_unknown(_behind(known, period), shares=shares):
            amount, reason, is_estimate = _as_paid(paid, period)
        else:
            amount, reason, is_estimate = _with_besides(known, period, besides)
        reason = _with_untold(reason, _months(known, period))
        is_of_invoices = reason.code not in WITHOUT_INVOICES
        credit = credit if is_of_invoices else ZERO
        if period.end < known.today and _is_settled(known, period, amount, refunds=refunds):
            was_paid = not is_unpaid(known, period)
            credit = ZERO if was_paid else _carried(credit, amount, refunds=refunds)
            continue
        if reason.code == UNKNOWN and period.start > known.today:
            continue
        left = amount if refunds else amount - credit
        credit = _carried(credit, amount, refunds=refunds)
        if credit and not refunds:
            reason = Reason("vat_carried", (*reason.values, ("credit", str(credit))))
        day = owed.pay_by if left > 0 or not is_of_invoices else _back_on(period)
        if day <= until:
            shown = left if refunds else max(left, ZERO)
            yield VatDue(period, owed.due, max(day, known.today), shown, reason, is_estimate)


def _with_besides(
    known: Known, period: Period, besides: dict[Period, Decimal]
) -> tuple[Decimal, Reason, bool]:
    """The VAT of a period's invoices and what is usually paid besides; as `_amount` gives it."""
    amount, reason, is_estimate = _amount(known, period)
    if (more := _usually(besides, period)) and is_unpaid(known, period):
        reason = Reason(reason.code, (*reason.values, ("besides", str(more))))
        return amount + more, reason, True
    return amount, reason, is_estimate


def _with_untold(reason: Reason, months: Iterable[VatMonth]) -> Reason:
    """Why, with the invoices of the period that tell no VAT."""
    untold = vat_untold.of(months)
    if not untold.count:
        return reason
    said = (("untold", untold.count), ("untold_gross", str(untold.gross)))
    return Reason(reason.code, (*reason.values, *said))


def _behind(known: Known, period: Period) -> list[VatMonth]:
    """The months that the VAT of a period rests on: its own, and the last year until it is over."""
    if period.end < known.today:
        return _months(known, period)
    return [one for one in known.vat_months if one.month >= _a_year_ago(known)]


def _as_paid(paid: dict[Period, Decimal], period: Period) -> tuple[Decimal, Reason, bool]:
    """The VAT of a period that invoices can't tell: as before, or not known."""
    if not paid:
        return ZERO, Reason(UNKNOWN), True
    return _usually(paid, period), Reason(AS_PAID, (("count", len(paid)),)), True


def _paid_before(known: Known, every: Every) -> dict[Period, Decimal]:
    """What was paid for periods that are over, whatever their invoices tell."""
    days = [one.day for one in known.taxes_paid if one.tax == Tax.VAT and one.amount < 0]
    if not days:
        return {}
    first = min(days) - BEFORE_PAID
    over = obligations.periods(start=first, end=known.today, every=every)
    paid = {period: _paid_for(known, period) for period in over if period.end < known.today}
    return {period: amount for period, amount in paid.items() if amount}


def is_unpaid(known: Known, period: Period) -> bool:
    """Whether no payment for a period has been seen; one made before the next period ends is."""
    return not _paid_for(known, period)


def _paid_for(known: Known, period: Period) -> Decimal:
    every = known.taxes.vat_every or Every.QUARTER
    following = obligations.period_of(period.end + timedelta(days=1), every=every)
    paid = (
        -one.amount
        for one in known.taxes_paid
        if one.tax == Tax.VAT and one.amount < 0 and period.end < one.day <= following.end
    )
    return sum(paid, ZERO)


def _besides(known: Known, every: Every) -> dict[Period, Decimal]:
    """By how much the payments of past periods were above (or below) the VAT of the invoices.

    Empty when there are too few of them, or the invoices tell nearly all of it.
    """
    first = min(one.month for one in known.vat_months)
    off = {}
    for period in obligations.periods(start=first, end=known.today, every=every):
        paid = _paid_for(known, period)
        if paid and period.start >= first and period.end < known.today:
            off[period] = paid - _sum(known, period.start, period.end)
    all_paid = sum((_paid_for(known, period) for period in off), ZERO)
    if len(off) < LEAST_PAID or abs(sum(off.values(), ZERO)) < all_paid * TELLS_NEARLY_ALL:
        return {}
    return off


def _usually(besides: dict[Period, Decimal], period: Period) -> Decimal:
    """What is paid besides: the middle of the last year, and the same period a year ago."""
    if not besides:
        return ZERO
    usual = median(list(besides.values())[-YEAR_OF_MONTHS:])
    then = next((one for one in besides if one.end == _year_end_before(period)), None)
    return (usual if then is None else (usual + besides[then]) / 2).quantize(CENT)


def _year_end_before(period: Period) -> date:
    before = obligations.period_of(
        _year_before(period.start),
        every=Every.MONTH if period.start.month == period.end.month else Every.QUARTER,
    )
    return before.end


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
    if not is_unpaid(known, period):
        return True
    shows_vat = any(one.tax == Tax.VAT for one in known.taxes_paid)
    return due < known.today and not shows_vat


def _amount(known: Known, period: Period) -> tuple[Decimal, Reason, bool]:
    """The VAT of a period, why, and whether it is an estimate."""
    so_far = _sum(known, period.start, period.end)
    if period.end < known.today:
        months = _months(known, period)
        sales = sum((one.sales for one in months), ZERO)
        bought = sum((one.purchases for one in months), ZERO)
        is_estimate = vat_untold.of(months).count > 0
        code = "vat_part_told" if is_estimate else "vat_final"
        return so_far, Reason(code, (("sales", str(sales)), ("bought", str(bought)))), is_estimate
    usual = _usual(known, period)
    if period.start > known.today:
        return usual.quantize(CENT), Reason("vat_usual", (("usual", f"{usual:.2f}"),)), True
    left, pace = _still_to_come(known, period, usual)
    values = (("so_far", str(so_far)), ("percent", int(pace * 100)))
    return (so_far + left).quantize(CENT), Reason("vat_estimate", values), True


def _still_to_come(known: Known, period: Period, usual: Decimal) -> tuple[Decimal, Decimal]:
    """What the invoices of the rest of a running period will bring, and its pace by the usual one.

    By this day of the month a company has sent and got a share of its invoices that is its own:
    who invoices at the month's end has nothing yet. So far as the period has gone, its own pace
    holds for the rest, else the usual one.
    """
    months = Decimal(period.end.month - period.start.month + 1)
    gone = Decimal(known.today.month - period.start.month)
    by_now = gone + _share_by_now(known)
    so_far = _sum(known, period.start, period.end)
    expected = usual * by_now / months
    pace = so_far / expected if expected > 0 and so_far > 0 else Decimal(1)
    pace = min(max(pace, 1 / MOST_PACE), MOST_PACE)
    trust = by_now / months
    left = usual * (1 - by_now / months) * (1 + trust * (pace - 1))
    return left, pace


def _share_by_now(known: Known) -> Decimal:
    """Which share of a month's VAT stands on invoices of its days until the one today is."""
    month = known.today.replace(day=1)
    before = [one for one in known.vat_months if one.month < month][-12:]
    whole = sum((one.sales + one.purchases for one in before), ZERO)
    by_now = sum((one.sales_by_now + one.purchases_by_now for one in before), ZERO)
    if whole > 0 and by_now >= 0:
        return min(by_now / whole, Decimal(1))
    end = obligations.period_of(month, every=Every.MONTH).end
    return Decimal(known.today.day) / end.day


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


def _months(known: Known, period: Period) -> list[VatMonth]:
    return [one for one in known.vat_months if period.start <= one.month <= period.end]


def _a_year_ago(known: Known) -> date:
    return _year_before(known.today.replace(day=1))
