"""When Belgian companies owe VAT, payroll withholding and social security.

Dates only; amounts come from invoices and payroll. `due` is the legal last day, `pay_by` the
last working day on which a transfer still is in time.

Sources: VAT: law of 12 March 2023 on the VAT chain and circular 2025/C/6 of 27 January 2025
(20th for months, 25th for quarters since 1 January 2025; when banks are closed that day,
months may wait for the next working day, quarters no longer since 1 October 2025).
Withholding (précompte professionnel, bedrijfsvoorheffing): income tax code 1992, article 412
(15 days after the month, or the quarter for small employers). Social security (ONSS, RSZ):
royal decree of 28 November 1969, article 34 and following (last day of the month after the
quarter; advances on the 5th of the months before).
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain

from billify.domain.cash_flow import Shift, working_day
from billify.domain.refusal import N_

QUARTERS_PAY_ON_THE_DAY = date(2025, 10, 1)
"""From here on a quarterly VAT payment isn't moved when the banks are closed."""
QUARTERS_PAY_ON_THE_25TH = date(2025, 1, 1)
_PREPAYMENTS = {3: (4, 10), 6: (7, 10), 9: (10, 10), 12: (12, 20)}
"""The last month of a quarter, and month and day of its prepayment."""


class Every(StrEnum):
    """How long a period of declaration is."""

    MONTH = "month"
    QUARTER = "quarter"


class Tax(StrEnum):
    """What is owed."""

    VAT = "vat"
    WITHHOLDING = "withholding"
    SOCIAL_SECURITY = "social_security"
    SOCIAL_SECURITY_ADVANCE = "social_security_advance"
    PREPAYMENT = "prepayment"
    SELF_EMPLOYED = "self_employed"


LABELS = {
    Tax.VAT: N_("VAT"),
    Tax.WITHHOLDING: N_("Payroll withholding tax"),
    Tax.SOCIAL_SECURITY: N_("Social security"),
    Tax.SOCIAL_SECURITY_ADVANCE: N_("Advance on social security"),
    Tax.PREPAYMENT: N_("Prepayment of income tax"),
    Tax.SELF_EMPLOYED: N_("Social contributions of the self-employed"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """The month or quarter a payment is about."""

    start: date
    end: date

    def __str__(self) -> str:
        """`2026-07` for a month, `2026-Q3` for a quarter."""
        if self.start.month == self.end.month:
            return f"{self.start:%Y-%m}"
        return f"{self.start.year}-Q{(self.start.month + 2) // 3}"


@dataclass(frozen=True, slots=True)
class Obligation:
    """A payment to the state and its days."""

    tax: Tax
    period: Period
    due: date
    pay_by: date


def period_of(day: date, *, every: Every) -> Period:
    """The month or quarter a day lies in."""
    months = 1 if every is Every.MONTH else 3
    first = (day.month - 1) // months * months + 1
    last = first + months - 1
    return Period(
        date(day.year, first, 1), date(day.year, last, calendar.monthrange(day.year, last)[1])
    )


def vat(period: Period) -> Obligation:
    """The VAT of a month or quarter."""
    if period.start.month == period.end.month:
        due = _next_month(period.end, day=20)
        return Obligation(Tax.VAT, period, due, working_day(due, shift=Shift.NEXT))
    due = _next_month(period.end, day=25)
    if due < QUARTERS_PAY_ON_THE_25TH:
        due = due.replace(day=20)
    shift = Shift.PREVIOUS if due >= QUARTERS_PAY_ON_THE_DAY else Shift.NEXT
    return Obligation(Tax.VAT, period, due, working_day(due, shift=shift))


def withholding(period: Period) -> Obligation:
    """The tax withheld from the wages of a month or quarter."""
    due = _next_month(period.end, day=15)
    return Obligation(Tax.WITHHOLDING, period, due, working_day(due, shift=Shift.PREVIOUS))


def social_security(period: Period) -> Obligation:
    """The contributions of a quarter, or what is left of them after advances."""
    due = _next_month(period.end, day=31)
    return Obligation(Tax.SOCIAL_SECURITY, period, due, working_day(due, shift=Shift.PREVIOUS))


def social_security_advances(period: Period) -> tuple[Obligation, ...]:
    """The three advances on a quarter, due on the 5th after each of its months."""
    ends = (period_of(period.start + timedelta(days=31 * at), every=Every.MONTH) for at in range(3))
    return tuple(
        Obligation(
            Tax.SOCIAL_SECURITY_ADVANCE,
            period,
            due := _next_month(month.end, day=5),
            working_day(due, shift=Shift.PREVIOUS),
        )
        for month in ends
    )


def prepayment(period: Period) -> Obligation:
    """The prepayment of income tax in a quarter of a calendar year."""
    month, day = _PREPAYMENTS[period.end.month]
    due = date(period.end.year, month, day)
    return Obligation(Tax.PREPAYMENT, period, due, working_day(due, shift=Shift.NEXT))


def self_employed(period: Period) -> Obligation:
    """The social contributions of a self-employed person for a quarter."""
    pay_by = working_day(period.end, shift=Shift.PREVIOUS)
    return Obligation(Tax.SELF_EMPLOYED, period, period.end, pay_by)


def between(
    *, start: date, end: date, vat_every: Every, withholding_every: Every
) -> list[Obligation]:
    """VAT and what staff costs, paid from start to end at the latest, in the order it is paid."""
    before = start - timedelta(days=130)
    quarters = list(periods(start=before, end=end, every=Every.QUARTER))
    found = chain(
        (vat(period) for period in periods(start=before, end=end, every=vat_every)),
        (withholding(period) for period in periods(start=before, end=end, every=withholding_every)),
        (social_security(period) for period in quarters),
        chain.from_iterable(social_security_advances(period) for period in quarters),
    )
    return sorted(
        (one for one in found if start <= one.pay_by <= end),
        key=lambda one: (one.pay_by, one.tax),
    )


def periods(*, start: date, end: date, every: Every) -> Iterator[Period]:
    """The periods that the days from start to end lie in, in order."""
    period = period_of(start, every=every)
    while period.start <= end:
        yield period
        period = period_of(period.end + timedelta(days=1), every=every)


def _next_month(end: date, *, day: int) -> date:
    """The wanted day of the month after a period, or that month's last day."""
    first = end + timedelta(days=1)
    return first.replace(day=min(day, calendar.monthrange(first.year, first.month)[1]))
