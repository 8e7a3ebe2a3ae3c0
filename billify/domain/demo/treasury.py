"""What moves on the bank without an invoice: wages, taxes, the loan, cards, savings."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from billify.domain import invoices, money, obligations, references
from billify.domain.cash_flow import Shift, last_working_day, working_day
from billify.domain.demo.numbers import Numbers, dice
from billify.domain.demo.payments import Payment
from billify.domain.demo.profile import Profile, Year
from billify.domain.demo.shapes import DemoContact, DemoInvoice
from billify.domain.invoices import InvoiceStatus
from billify.domain.obligations import Every, Obligation, Period, Tax

#: Advances on social security as per cent of the quarter (royal decree of 28 November 1969,
#: article 34 and following): 30, 30 and 25, in the last quarter 30, 35 and 15; then the balance.
_ADVANCES = (30, 30, 25)
_ADVANCES_LAST_QUARTER = (30, 35, 15)
_NO_VAT = frozenset({InvoiceStatus.REJECTED, InvoiceStatus.SET_ASIDE, InvoiceStatus.TO_CHECK})


def vat_of(period: Period, *, among: Sequence[DemoInvoice]) -> Decimal:
    """VAT of sales less VAT of purchases in a period; credit notes turn their sign."""
    return sum(
        (
            invoices.signed(one.vat, direction=one.direction, kind=one.kind)
            for one in among
            if period.start <= one.issue_date <= period.end and one.status not in _NO_VAT
        ),
        invoices.ZERO,
    )


def movements_of(
    profile: Profile,
    *,
    traded: Sequence[DemoInvoice],
    contacts: dict[str, DemoContact],
    year: Year,
    seed: int,
    numbers: Numbers,
) -> list[Payment]:
    """Every payment of the year that settles no invoice."""
    roll = dice(seed, "treasury")
    loan, _ = numbers.iban()
    found: list[Payment] = []
    for month in months(year):
        found += _wages(profile, month, roll)
        found += _bank(profile, month, loan)
        found += _cards(profile, month, roll)
    found += taxes_paid(profile, traded=traded, contacts=contacts, year=year)
    return [one for one in found if year.start <= one.day <= year.today]


def taxes_paid(
    profile: Profile,
    *,
    traded: Sequence[DemoInvoice],
    contacts: dict[str, DemoContact],
    year: Year,
) -> list[Payment]:
    """Payments to the state in the year, VAT worked out from the invoices."""
    found = []
    for owed in obligations.between(
        start=year.start, end=year.today, vat_every=Every.QUARTER, withholding_every=Every.MONTH
    ):
        amount = amount_owed(profile, owed, traded=traded, start=year.start)
        found.append(_to_the_state(profile, owed, amount, contacts))
    return found


def amount_owed(
    profile: Profile, owed: Obligation, *, traded: Sequence[DemoInvoice], start: date
) -> Decimal:
    """What is owed, above zero; VAT below zero comes back."""
    payroll = profile.payroll
    if owed.tax is Tax.VAT:
        return _vat_owed(owed.period, traded, start)
    if owed.tax is Tax.WITHHOLDING:
        extra = 60 if owed.period.end.month in (5, 12) else 0
        return whole(payroll.withholding * (100 + extra), Decimal(100))
    last = owed.period.end.month == 12
    advances = _ADVANCES_LAST_QUARTER if last else _ADVANCES
    share = 100 - sum(advances)
    if owed.tax is Tax.SOCIAL_SECURITY_ADVANCE:
        place = (owed.due.month - owed.period.start.month - 1) % 12
        share = advances[place]
    return whole(payroll.contributions * share, Decimal(100))


def whole(amount: int, divisor: Decimal) -> Decimal:
    """Whole numbers divided into cents."""
    return money.cents(Decimal(amount) / divisor)


def months(year: Year) -> list[date]:
    """The first day of each month of the year."""
    found = [year.start.replace(day=1)]
    while found[-1] <= year.today:
        found.append((found[-1] + timedelta(days=32)).replace(day=1))
    return found[:-1]


def _vat_owed(period: Period, traded: Sequence[DemoInvoice], start: date) -> Decimal:
    """VAT of the period's own invoices; where they are not all here, that of a usual quarter."""
    if period.start >= start:
        return vat_of(period, among=traded)
    days = max(1, (max(one.issue_date for one in traded) - start).days)
    usual = vat_of(Period(start, date.max), among=traded)
    return money.cents(usual * 91 / days)


def _to_the_state(
    profile: Profile, owed: Obligation, amount: Decimal, contacts: dict[str, DemoContact]
) -> Payment:
    words = profile.words
    office = words.tax_office if owed.tax in (Tax.VAT, Tax.WITHHOLDING) else words.social_office
    contact = contacts[office]
    comes_back = amount < 0
    day = owed.pay_by + timedelta(days=70) if comes_back else owed.pay_by
    digits = int(profile.enterprise_number[:8]) * 100 + owed.period.end.month
    return Payment(
        day=working_day(day, shift=Shift.NEXT) if comes_back else day,
        amount=-amount,
        name=contact.name,
        iban=contact.iban,
        kind="transfer",
        text=f"{tax_name(profile, owed, comes_back=comes_back)} {owed.period}",
        contact=contact.key,
        reference=None if comes_back else references.make_structured(digits),
    )


def tax_name(profile: Profile, owed: Obligation, *, comes_back: bool = False) -> str:
    """The name of a tax in the company's language."""
    words = profile.words
    return {
        Tax.VAT: words.vat_refund if comes_back else words.vat,
        Tax.WITHHOLDING: words.withholding,
        Tax.SOCIAL_SECURITY: words.social_balance,
        Tax.SOCIAL_SECURITY_ADVANCE: words.social_advance,
    }[owed.tax]


def _wages(profile: Profile, month: date, roll: random.Random) -> list[Payment]:
    """Net wages on the last working day, the bonus before Christmas, holiday pay in May."""
    words, payroll = profile.words, profile.payroll
    day = last_working_day(month)
    name = f"{month:%m/%Y}"

    def pay(text: str, euros: int, on: date) -> Payment:
        cents = euros * roll.randint(9850, 10150) // 100
        return Payment(on, -Decimal(cents) / 100, words.staff, None, "transfer", f"{text} {name}")

    found = [
        pay(words.wages_clerks, payroll.clerks, day),
        pay(words.wages_workers, payroll.workers, day),
    ]
    if month.month == 12:
        bonus = (payroll.clerks + payroll.workers) * 45 // 100
        on = working_day(month.replace(day=18), shift=Shift.PREVIOUS)
        found.append(pay(words.bonus, bonus, on))
    return [one for one in found if one.amount]


def _bank(profile: Profile, month: date, loan: str) -> list[Payment]:
    """The loan, the bank's fees, and a little put aside each month."""
    words = profile.words
    fifth = working_day(month.replace(day=5), shift=Shift.NEXT)
    sixth = working_day(month.replace(day=8), shift=Shift.NEXT)
    aside = Decimal("150.00")
    return [
        Payment(fifth, -Decimal(profile.loan) / 100, words.bank, loan, "direct_debit", words.loan),
        Payment(last_working_day(month), Decimal("-18.75"), words.bank, None, "fee", words.fees),
        Payment(sixth, -aside, profile.name, None, "own_account", words.to_savings),
        Payment(sixth, aside, profile.name, None, "own_account", words.to_savings, "savings"),
        *_interest(profile, month),
    ]


def _interest(profile: Profile, month: date) -> list[Payment]:
    """Savings bear interest once a year, in the first days of January."""
    if month.month != 1:
        return []
    amount = whole(profile.savings * 85, Decimal(10000))
    day = working_day(month.replace(day=2), shift=Shift.NEXT)
    words = profile.words
    return [Payment(day, amount, words.bank, None, "interest", words.interest, "savings")]


def _cards(profile: Profile, month: date, roll: random.Random) -> list[Payment]:
    """A few purchases by card: small, at shops around the corner."""
    words = profile.words
    found = []
    for place in roll.sample(words.card_places, k=3):
        day = working_day(month.replace(day=roll.randint(2, 27)), shift=Shift.NEXT)
        amount = -Decimal(roll.randint(1490, 13900)) / 100
        found.append(Payment(day, amount, place, None, "card", f"{words.card} {day:%d/%m}"))
    return found
