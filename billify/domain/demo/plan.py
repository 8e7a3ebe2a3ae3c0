"""What a demo company has planned, what it budgets, and what it may expect as a matter of course.

Only the first two are kept: the forecast finds wages, taxes, bills and trade from the history.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from billify.domain import invoices, money, obligations
from billify.domain.cash_flow import Rhythm, Shift
from billify.domain.demo.payments import cash_of
from billify.domain.demo.profile import Profile, Supplier, Year
from billify.domain.demo.shapes import DemoBudget, DemoContact, DemoInvoice, DemoPlanned
from billify.domain.demo.treasury import amount_owed, tax_name, vat_of
from billify.domain.invoices import InvoiceDirection
from billify.domain.obligations import Every, Obligation, Tax

AHEAD = timedelta(days=200)
_RHYTHMS = {12: Rhythm.MONTHLY, 4: Rhythm.QUARTERLY, 1: Rhythm.YEARLY}


def by_hand_of(profile: Profile, *, year: Year) -> tuple[DemoPlanned, ...]:
    """What no history tells: a new machine with support for it, the bonus before Christmas."""
    words, payroll = profile.words, profile.payroll
    delivered = year.today + timedelta(days=41)
    bonus = (payroll.clerks + payroll.workers) * 45 // 100
    found = (
        _item(words.investment, -profile.investment, Rhythm.ONCE, delivered),
        _item(words.support, profile.support, Rhythm.ONCE, delivered + timedelta(days=35)),
        _item(words.bonus, -bonus, Rhythm.ONCE, _christmas(year), shift=Shift.PREVIOUS),
    )
    categories = ("", "subsidies", "wages")
    return tuple(
        replace(item, key=f"b{at:02d}", category=code)
        for at, (item, code) in enumerate(zip(found, categories, strict=True), 1)
    )


def budgets_of(profile: Profile, *, year: Year) -> tuple[DemoBudget, ...]:
    """A year's budget for what is paid without an invoice, and the next year's from October on."""
    payroll = profile.payroll
    monthly = (
        ("wages", -(payroll.clerks + payroll.workers) * 101 // 100),
        ("loans", -profile.loan // 100),
        ("travel", -120),
        ("office", -80),
        ("bank", -20),
    )
    years = [year.today.year] + ([year.today.year + 1] if year.today.month >= 10 else [])
    return tuple(
        DemoBudget(code, money.cents(Decimal(amount)), at)
        for at in years
        for code, amount in monthly
    )


def usual_of(
    profile: Profile,
    *,
    traded: Sequence[DemoInvoice],
    contacts: dict[str, DemoContact],
    year: Year,
) -> tuple[DemoPlanned, ...]:
    """Wages, taxes, the loan, what comes back each month, and trade not yet invoiced."""
    found = [
        *_wages(profile, year),
        *_taxes(profile, traded, contacts, year),
        *_usual_bills(profile, traded, contacts, year),
        *_trade(profile, traded, contacts, year),
    ]
    return tuple(replace(item, key=f"f{at:02d}") for at, item in enumerate(found, 1) if item.amount)


def _wages(profile: Profile, year: Year) -> list[DemoPlanned]:
    words, payroll = profile.words, profile.payroll
    tomorrow = year.today + timedelta(days=1)
    bonus = (payroll.clerks + payroll.workers) * 45 // 100
    christmas = _christmas(year)
    monthly = Rhythm.MONTHLY_LAST_WORKING_DAY
    return [
        _item(words.wages_clerks, -payroll.clerks, monthly, tomorrow, shift=Shift.PREVIOUS),
        _item(words.wages_workers, -payroll.workers, monthly, tomorrow, shift=Shift.PREVIOUS),
        _item(words.bonus, -bonus, Rhythm.ONCE, christmas, shift=Shift.PREVIOUS),
        _item(words.loan, -Decimal(profile.loan) / 100, Rhythm.MONTHLY, tomorrow, day=5),
    ]


def _christmas(year: Year) -> date:
    """The next day of the bonus."""
    tomorrow = year.today + timedelta(days=1)
    day = date(tomorrow.year, 12, 18)
    return day if day >= tomorrow else day.replace(year=tomorrow.year + 1)


def _taxes(
    profile: Profile,
    traded: Sequence[DemoInvoice],
    contacts: dict[str, DemoContact],
    year: Year,
) -> list[DemoPlanned]:
    words = profile.words
    found = []
    for owed in obligations.between(
        start=year.today + timedelta(days=1),
        end=year.today + AHEAD,
        vat_every=Every.QUARTER,
        withholding_every=Every.MONTH,
    ):
        amount = _forecast(profile, owed, traded, year)
        is_federal = owed.tax in (Tax.VAT, Tax.WITHHOLDING)
        office = contacts[words.tax_office if is_federal else words.social_office]
        item = _item(
            f"{tax_name(profile, owed, comes_back=amount < 0)} {owed.period}",
            -amount,
            Rhythm.ONCE,
            owed.pay_by,
            kind="tax",
            shift=Shift.NONE,
        )
        found.append(replace(item, contact=office.key))
    return found


def _forecast(
    profile: Profile, owed: Obligation, traded: Sequence[DemoInvoice], year: Year
) -> Decimal:
    """Known once the period is over; for VAT that still runs, as a usual quarter of the year."""
    if owed.tax is not Tax.VAT or owed.period.end < year.today:
        return amount_owed(profile, owed, traded=traded, start=year.start)
    days = (year.today - year.start).days
    whole_year = vat_of(obligations.Period(year.start, year.today), among=traded)
    return _tens(whole_year * 91 / days)


def _usual_bills(
    profile: Profile,
    traded: Sequence[DemoInvoice],
    contacts: dict[str, DemoContact],
    year: Year,
) -> list[DemoPlanned]:
    """Bills with a fixed day: the mean of the last three, from the next one on."""
    found = []
    for supplier in profile.suppliers:
        contact = contacts[supplier.name]
        own = [one for one in traded if one.contact == contact.key and not one.credited]
        if not supplier.day or supplier.per_year not in _RHYTHMS or not own:
            continue
        mean = sum((one.gross for one in own[-3:]), invoices.ZERO) / len(own[-3:])
        first = _next_due(supplier, own[-1])
        is_fixed = supplier.goods in ("rent", "leasing")
        item = _item(
            f"{own[-1].lines[0].description.split(',')[0]} - {supplier.name}",
            -(money.cents(mean) if is_fixed else _tens(mean)),
            _RHYTHMS[supplier.per_year],
            first if first > year.today else year.today + timedelta(days=1),
            kind="manual" if is_fixed else "detected",
        )
        found.append(replace(item, contact=contact.key, day=first.day))
    return found


def _next_due(supplier: Supplier, last: DemoInvoice) -> date:
    step = 12 // supplier.per_year
    at = last.due_date.year * 12 + last.due_date.month - 1 + step
    return date(at // 12, at % 12 + 1, min(last.due_date.day, 28))


def _trade(
    profile: Profile,
    traded: Sequence[DemoInvoice],
    contacts: dict[str, DemoContact],
    year: Year,
) -> list[DemoPlanned]:
    """Weekly trade as it was in the past year, from the weeks on that no invoice covers yet."""
    words = profile.words
    shop = contacts[words.shop].key
    loose = {contacts[one.name].key for one in profile.suppliers if not one.day}
    shop_week = _weekly([one for one in traded if one.contact == shop], year)
    sales = [
        one for one in traded if one.direction is InvoiceDirection.SALE and one.contact != shop
    ]
    goods = [one for one in traded if one.contact in loose]
    plan = (
        (words.expected_shop, shop_week, 1, 1),
        (words.expected_sales, _weekly(sales, year), 36, 4),
        (words.expected_purchases, _weekly(goods, year), 24, 3),
    )
    return [
        _item(what, amount, Rhythm.WEEKLY, _weekday(year.today, wait, weekday), kind="detected")
        for what, amount, wait, weekday in plan
    ]


def _weekly(traded: Sequence[DemoInvoice], year: Year) -> Decimal:
    own = [cash_of(one) for one in traded if one.issue_date >= year.start]
    days = max(7, (year.today - year.start).days)
    return _tens(sum(own, invoices.ZERO) * 7 / days)


def _weekday(today: date, wait: int, weekday: int) -> date:
    day = today + timedelta(days=wait)
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _tens(amount: Decimal) -> Decimal:
    """Rounded to tens of euros: a forecast doesn't know cents."""
    return (amount.quantize(Decimal("1E1")) + invoices.ZERO).quantize(money.CENT)


def _item(
    what: str,
    amount: Decimal | int,
    rhythm: Rhythm,
    first: date,
    *,
    kind: str = "manual",
    day: int | None = None,
    shift: Shift = Shift.NEXT,
) -> DemoPlanned:
    return DemoPlanned(
        key="",
        what=what,
        kind=kind,
        amount=money.cents(Decimal(amount)),
        rhythm=rhythm,
        first=first,
        until=None,
        day=day,
        shift=shift,
        contact=None,
    )
