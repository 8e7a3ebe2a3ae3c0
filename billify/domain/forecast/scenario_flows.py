"""What a scenario does to a forecast: the same rows, moved, changed and added to. No numpy in here.

Sales that are not invoiced yet are invoices foreseen of customers by name, what comes back in the
bank as sales, and the rest of the business that comes in (`Source.REST` above zero). What a
customer has in the rest is its invoices of the past year by week, less what is foreseen of it, as a
share of what the rest brings in a week once all of it comes from new sales (`_steady`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain

from billify.domain import money
from billify.domain.cash_flow import Shift, last_working_day, working_day
from billify.domain.forecast import course
from billify.domain.forecast.scenarios import Change, Kind, month_after
from billify.domain.forecast.shapes import (
    DAYS_AHEAD,
    MONTHS_AHEAD,
    DayAhead,
    Flow,
    Forecast,
    MonthAhead,
    Source,
)
from billify.domain.obligations import Every, period_of, vat
from billify.domain.refusal import N_

ZERO = Decimal("0.00")
HUNDRED = Decimal(100)
MONTHS_LATER = 12
_SOLD = frozenset({"", "sales", "cards"})
"""Categories of recurring money in that are sales: those named so, and none at all."""

EMPLOYER_FACTOR = Decimal("1.27")
"""What an employee's wage costs for each euro gross: social security of the employer is about
27 % for white-collar workers (25 % at base since the law of 26 December 2015, and the special
contributions to funds, which differ by sector). Workers' holiday pay runs through a fund and costs
more; reductions for a first employee or low wages make it less."""
HOLIDAY_SHARE = Decimal("0.92")
"""Double holiday pay: 92 % of a month's gross wage, in proportion to the months worked in the
calendar year before (royal decree of 30 March 1967, article 38). The employer owes no
contributions on it."""
HOLIDAY_MONTH, PREMIUM_MONTH = 6, 12
"""When holiday pay and the end-of-year premium of a month's wage are paid. The premium is for the
joint committee to say; in that of most employees (200) it is a month, in December."""


@dataclass(frozen=True, slots=True)
class Sales:
    """What is known of the sales of the past year.

    `weekly`: gross invoiced a week by contact. `invoiced`: the same of all contacts. `vat_share`:
    the part of gross sales that is VAT, None when no invoice tells. `wait`: days from the invoice
    to its payment. `vat_every`: None when no VAT return is filed.
    """

    weekly: Mapping[str, Decimal] = field(default_factory=dict)
    invoiced: Decimal = ZERO
    vat_share: Decimal | None = None
    wait: int = 0
    vat_every: Every | None = Every.QUARTER


@dataclass(frozen=True, slots=True)
class Course:
    """The balance ahead under a scenario, as `Forecast` has it for the base."""

    days: tuple[DayAhead, ...]
    months: tuple[MonthAhead, ...]
    lowest: DayAhead
    below_floor: DayAhead | None

    @property
    def in_13_weeks(self) -> DayAhead:
        """The last of the days ahead."""
        return self.days[-1]

    @property
    def in_12_months(self) -> MonthAhead:
        """The end of the month a year from now."""
        return self.months[min(MONTHS_LATER, len(self.months) - 1)]


def base(forecast: Forecast) -> Course:
    """The forecast itself, to compare with."""
    return Course(
        forecast.days,
        forecast.months,
        forecast.lowest,
        _below(forecast.days, forecast.floor),
    )


def moved(
    *, forecast: Forecast, flows: Sequence[Flow], changes: Sequence[Change], sales: Sales
) -> Course:
    """The balance ahead with these changes. The band keeps the widths it has in the forecast."""
    total = course.sums(apply(flows=flows, changes=changes, sales=sales, today=forecast.today))
    today, balance = forecast.today, forecast.balance
    by_day, by_month = _widths(forecast.days, DAYS_AHEAD), _widths(forecast.months, MONTHS_AHEAD)
    days = course.days_ahead(today=today, balance=balance, total=total, widths=by_day)
    months = course.months_ahead(today=today, balance=balance, total=total, widths=by_month)
    # A forecast of an earlier day reaches less far: so do the scenarios beside it.
    days, months = days[: len(forecast.days)], months[: len(forecast.months)]
    return Course(tuple(days), tuple(months), course.lowest(days), _below(days, forecast.floor))


def apply(
    *, flows: Sequence[Flow], changes: Sequence[Change], sales: Sales, today: date
) -> list[Flow]:
    """The rows of a forecast after these changes, whatever order they are given in.

    First customers go, then others pay later, prices rise, what is new comes in, and VAT moves.
    """
    by_kind = {kind: [one for one in changes if one.kind is kind] for kind in Kind}
    named = {one.contact for one in changes if one.contact}
    rows = list(_carved(flows, named, sales)) if named else list(flows)
    for change in by_kind[Kind.LOSE]:
        rows = list(_lost(rows, change, sales, today))
    for change in by_kind[Kind.LATE]:
        rows = [_paid_later(row, change, today) for row in rows]
    for change in by_kind[Kind.PRICE]:
        rows = list(_priced(rows, change, sales, today))
    rows += chain.from_iterable(_hired(one, today) for one in by_kind[Kind.HIRE])
    rows += chain.from_iterable(_bought(one, sales, today) for one in by_kind[Kind.BUY])
    rows += chain.from_iterable(_borrowed(one, today) for one in by_kind[Kind.LOAN])
    for change in by_kind[Kind.VAT]:
        rows = [_vat_later(row, change) for row in rows]
    return rows


def month_cost(wage: Decimal) -> Decimal:
    """What a gross wage costs the employer each month, holiday pay and premium apart."""
    return money.cents(wage * EMPLOYER_FACTOR)


def instalment(*, amount: Decimal, months: int, percent: Decimal) -> Decimal:
    """What is paid back each month: an annuity at a twelfth of the yearly interest."""
    rate = percent / HUNDRED / 12
    if not rate:
        return money.cents(amount / months)
    return money.cents(amount * rate / (1 - (1 + rate) ** -months))


def _carved(flows: Sequence[Flow], contacts: set[str], sales: Sales) -> Iterator[Flow]:
    """The rest parted into what these customers have in it, and the others. What is foreseen of a
    customer by name is no part of the rest."""
    steady, foreseen = _steady(flows), _foreseen(flows)
    shares = {
        contact: _share(sales.weekly.get(contact, ZERO) - foreseen.get(contact, ZERO), steady)
        for contact in sorted(contacts)
    }
    for flow in flows:
        left = flow.amount
        if _is_rest(flow):
            for contact, share in shares.items():
                part = min(money.cents(flow.amount * share), left)
                left -= part
                if part:
                    yield replace(flow, amount=part, contact=contact)
        if left:
            yield replace(flow, amount=left) if left != flow.amount else flow


def _foreseen(flows: Sequence[Flow]) -> dict[str, Decimal]:
    """What new sales to each named customer bring in a week."""
    found: dict[str, Decimal] = {}
    for flow in flows:
        if _is_new_sale(flow) and flow.contact:
            found[flow.contact] = found.get(flow.contact, ZERO) + flow.amount
    days = max((one.day for one in flows), default=date.min) - min(
        (one.day for one in flows), default=date.min
    )
    weeks = Decimal(max(days.days, 7)) / 7
    return {contact: amount / weeks for contact, amount in found.items()}


def _steady(flows: Sequence[Flow]) -> Decimal:
    """What the rest brings in by the week in the later half of the time ahead: by then open
    invoices are paid, and all that comes is from new sales."""
    new = sorted((flow.day, flow.amount) for flow in flows if _is_rest(flow))
    if not new:
        return ZERO
    later = new[len(new) // 2 :]
    weeks = Decimal((later[-1][0] - later[0][0]).days + 7) / 7
    return sum((amount for _, amount in later), ZERO) / weeks


def _share(part: Decimal, whole: Decimal) -> Decimal:
    return min(max(part, ZERO) / whole, Decimal(1)) if whole > 0 else ZERO


def _is_rest(flow: Flow) -> bool:
    """Money in that is nobody's in particular."""
    return flow.source is Source.REST and flow.amount > 0 and not flow.contact


def _is_new_sale(flow: Flow) -> bool:
    """Money in from sales that are not invoiced yet: the rest, invoices foreseen by name, and what
    comes back in the bank as sales. An open invoice is a sale that is made already."""
    if flow.amount <= 0:
        return False
    if flow.source is Source.RECURRING:
        return bool(flow.contact) or flow.category in _SOLD
    return flow.source is Source.REST


def _issued(row: Flow, sales: Sales) -> date:
    """When a row is invoiced: what is foreseen by name says so, of others it is the usual wait."""
    told = dict(row.reason.values).get("issued")
    return date.fromisoformat(str(told)) if told else row.day - timedelta(days=sales.wait)


def _invoiced_share(row: Flow, usual: Decimal) -> Decimal:
    """The part of a row that is invoiced; one of the rest says so itself."""
    if row.contact:
        return Decimal(1)
    if row.source is not Source.REST:
        return ZERO
    told = dict(row.reason.values).get("invoices")
    return usual if told is None else Decimal(told) / HUNDRED


def _lost(rows: Sequence[Flow], change: Change, sales: Sales, today: date) -> Iterator[Flow]:
    """What was invoiced before is still paid; what it would have bought from then on is not."""
    begin = _begin(change, today)
    gone: list[Flow] = []
    for row in rows:
        own = row.contact == change.contact and _is_new_sale(row)
        if own and _issued(row, sales) >= begin:
            gone.append(replace(row, amount=-row.amount))
        else:
            yield row
    yield from _vat_of(gone, sales, today)


def _paid_later(row: Flow, change: Change, today: date) -> Flow:
    """Open invoices and new sales of a customer come in on another day."""
    is_sale = row.source in (Source.SALE, Source.REST, Source.RECURRING) and row.amount > 0
    if row.contact != change.contact or not is_sale:
        return row
    day = row.day + timedelta(days=change.days)
    return replace(row, day=working_day(day, shift=Shift.NEXT) if day > today else today)


def _priced(rows: Sequence[Flow], change: Change, sales: Sales, today: date) -> Iterator[Flow]:
    """What is sold without an invoice is paid dearer at once, what is invoiced after the wait."""
    begin = _begin(change, today)
    by_name = sum(_foreseen(rows).values(), ZERO)
    usual = _share(sales.invoiced - by_name, _steady(rows))
    more: list[Flow] = []
    for row in rows:
        yield row
        if _is_new_sale(row) and row.day >= begin:
            invoiced = _invoiced_share(row, usual)
            part = Decimal(1) if _issued(row, sales) >= begin else 1 - invoiced
            amount = money.cents(row.amount * part * change.percent / HUNDRED)
            if amount:
                more.append(replace(row, amount=amount))
    yield from more
    yield from _vat_of(more, sales, today)


def _vat_of(changed: Sequence[Flow], sales: Sales, today: date) -> Iterator[Flow]:
    """The VAT in sales that are more or less, on the day it is paid to the state."""
    if sales.vat_every is None or not sales.vat_share:
        return
    by_day: dict[tuple[date, str], Decimal] = {}
    for row in changed:
        issued = _issued(row, sales) if _invoiced_share(row, Decimal(1)) else row.day
        owed = vat(period_of(issued, every=sales.vat_every))
        key = max(owed.pay_by, today), str(owed.period)
        by_day[key] = by_day.get(key, ZERO) - row.amount * sales.vat_share
    for (day, period), amount in sorted(by_day.items()):
        what = N_("VAT on sales that change")
        yield Flow(day, money.cents(amount), Source.SCENARIO, f"vat {period}", what)


def _hired(change: Change, today: date) -> Iterator[Flow]:
    """A wage each month with its contributions, a premium in December, holiday pay in June."""
    begin = _begin(change, today)
    cost = month_cost(change.amount)
    for month in _months(begin, today):
        day = max(last_working_day(month), today)
        yield _new(day, -cost, N_("Wage with contributions"))
        if month.month == PREMIUM_MONTH:
            worked = _worked(begin, month.year)
            yield _new(day, -money.cents(cost * worked / 12), N_("End-of-year premium"))
        if month.month == HOLIDAY_MONTH and (worked := _worked(begin, month.year - 1)):
            pay = change.amount * HOLIDAY_SHARE * worked / 12
            yield _new(day, -money.cents(pay), N_("Double holiday pay"))


def _worked(begin: date, year: int) -> int:
    """How many months of a calendar year lie behind this begin."""
    if begin.year > year:
        return 0
    return 12 if begin.year < year else 13 - begin.month


def _bought(change: Change, sales: Sales, today: date) -> Iterator[Flow]:
    """The price and its VAT go out; the VAT comes off the payment of its period."""
    day = _begin(change, today)
    tax = money.cents(change.amount * change.percent / HUNDRED)
    yield _new(day, -(change.amount + tax), N_("Purchase"))
    if tax and sales.vat_every is not None:
        back = vat(period_of(day, every=sales.vat_every))
        yield Flow(
            max(back.pay_by, today),
            tax,
            Source.SCENARIO,
            f"vat {back.period}",
            N_("VAT on the purchase, deducted"),
        )


def _borrowed(change: Change, today: date) -> Iterator[Flow]:
    """The loan comes in, and from the next month on goes out by equal instalments."""
    begin = _begin(change, today)
    yield _new(_first_working(begin, today), change.amount, N_("Loan"))
    paid = instalment(amount=change.amount, months=change.months, percent=change.percent)
    for at, month in enumerate(_months(month_after(begin, 1), today)):
        if at == change.months:
            return
        yield _new(_first_working(month, today), -paid, N_("Repayment of the loan"))


def _vat_later(row: Flow, change: Change) -> Flow:
    is_vat = row.source in (Source.TAX, Source.SCENARIO) and row.ref.startswith("vat ")
    if not is_vat or row.amount >= 0:
        return row
    return replace(row, day=working_day(row.day + timedelta(days=change.days), shift=Shift.NEXT))


def _begin(change: Change, today: date) -> date:
    return max(change.on or today, today)


def _months(begin: date, today: date) -> Iterator[date]:
    """The months from a begin on, as far as a forecast looks."""
    last = month_after(today, MONTHS_AHEAD - 1)
    month = begin.replace(day=1)
    while month <= last:
        yield month
        month = month_after(month, 1)


def _first_working(month: date, today: date) -> date:
    return max(working_day(month.replace(day=1), shift=Shift.NEXT), today)


def _new(day: date, amount: Decimal, what: str) -> Flow:
    return Flow(day, amount, Source.SCENARIO, "", what)


def _below(days: Sequence[DayAhead], floor: Decimal) -> DayAhead | None:
    """The first day below the floor, or below zero where no floor is set."""
    return next((day for day in days if day.balance < floor), None)


def _widths(
    points: Sequence[DayAhead] | Sequence[MonthAhead], count: int
) -> list[tuple[Decimal, Decimal]]:
    """How far the band reaches; a shorter forecast keeps its last width."""
    found = [
        (max(one.balance - one.low, ZERO), max(one.high - one.balance, ZERO)) for one in points
    ]
    return (found + [found[-1] if found else (ZERO, ZERO)] * count)[:count]
