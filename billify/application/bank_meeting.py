"""What a company takes to its bank: position, thirteen weeks, aged amounts, top debtors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from billify.application import cash_flow, forecasts
from billify.application.cash_flow import Position
from billify.application.forecasts import NOTHING_YET, Latest
from billify.data.queries import bank_meeting as queries
from billify.data.queries.bank_meeting import Debtor
from billify.domain.cash_flow import week_start
from billify.domain.forecast.shapes import DayAhead, Flow, Forecast, Reason, Source
from billify.domain.invoices import InvoiceDirection

AGES = (1, 31, 61, 91)
"""The first day late of each age: 1 to 30, 31 to 60, 61 to 90, and more than 90 days."""
TOP = 10
ZERO = Decimal("0.00")
SPOKEN = ("pays_late", "like_others")
"""Reasons that tell how a customer pays as a rule."""


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the forecast; its first may be the rest of one. Money out is above zero."""

    start: date
    end: date
    opening: Decimal
    money_in: Decimal
    money_out: Decimal
    closing: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class AgedSide:
    """What is open of one direction: not due, and by each age."""

    not_due: Decimal
    late: tuple[Decimal, ...]

    @property
    def total(self) -> Decimal:
        """All that is open."""
        return self.not_due + sum(self.late, ZERO)

    @property
    def overdue(self) -> Decimal:
        """What is late at all."""
        return sum(self.late, ZERO)


@dataclass(frozen=True, slots=True)
class Made:
    """What one source brings and takes in thirteen weeks; both above zero."""

    source: Source
    money_in: Decimal
    money_out: Decimal


@dataclass(frozen=True, slots=True)
class TopDebtor:
    """Who owes most, and how that customer pays as a rule."""

    owes: Debtor
    pays: Reason | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """All of it. Without a forecast `weeks` and what is made of it are empty."""

    today: date
    position: Position
    latest: Latest
    forecast: Forecast | None
    weeks: tuple[Week, ...]
    made: tuple[Made, ...]
    taxes: tuple[Flow, ...]
    planned: tuple[Flow, ...]
    receivable: AgedSide
    payable: AgedSide
    foreign: tuple[str, ...]
    """Currencies in which something is open that is not counted."""
    debtors: tuple[TopDebtor, ...]


def meeting(*, today: date, currency: str) -> Meeting:
    """Read it all, as it stands now."""
    whole = forecasts.whole(today=today)
    forecast = whole.forecast if whole else None
    until = forecast.days[-1].day if forecast else today
    flows = whole.flows() if whole else []
    ahead = [one for one in flows if one.day <= until]
    aged = queries.aged(today=today, ages=AGES)
    return Meeting(
        today=today,
        position=cash_flow.position(currency=currency),
        latest=whole.latest if whole else NOTHING_YET,
        forecast=forecast,
        weeks=tuple(_weeks(forecast)) if forecast else (),
        made=tuple(_made(ahead)),
        taxes=tuple(one for one in ahead if one.source is Source.TAX),
        planned=tuple(one for one in ahead if one.source is Source.PLANNED),
        receivable=_side(aged, InvoiceDirection.SALE, currency),
        payable=_side(aged, InvoiceDirection.PURCHASE, currency),
        foreign=tuple(sorted({one.currency for one in aged} - {currency})),
        debtors=tuple(_debtors(today, currency, flows)),
    )


def _weeks(forecast: Forecast) -> list[Week]:
    """The days by their weeks, Monday to Sunday."""
    found = []
    opening = forecast.balance
    for _monday, inside in groupby(forecast.days, key=lambda one: week_start(one.day)):
        days = list(inside)
        found.append(_week(days, opening))
        opening = days[-1].balance
    return found


def _week(days: Sequence[DayAhead], opening: Decimal) -> Week:
    last = days[-1]
    return Week(
        days[0].day,
        last.day,
        opening,
        sum((one.money_in for one in days), ZERO),
        sum((one.money_out for one in days), ZERO),
        last.balance,
        last.low,
        last.high,
    )


def _made(flows: Sequence[Flow]) -> list[Made]:
    """What each source brings and takes, in the order of sources."""
    found = []
    for source in Source:
        amounts = [one.amount for one in flows if one.source is source]
        if amounts:
            money_in = sum((one for one in amounts if one > 0), ZERO)
            money_out = -sum((one for one in amounts if one < 0), ZERO)
            found.append(Made(source, money_in, money_out))
    return found


def _side(aged: Sequence[queries.Aged], direction: InvoiceDirection, currency: str) -> AgedSide:
    by_age = {
        one.days_late: one.amount
        for one in aged
        if one.direction is direction and one.currency == currency
    }
    return AgedSide(by_age.get(0, ZERO), tuple(by_age.get(age, ZERO) for age in AGES))


def _debtors(today: date, currency: str, flows: Sequence[Flow]) -> list[TopDebtor]:
    habits = {
        one.contact: one.reason
        for one in flows
        if one.source is Source.SALE and one.reason.code in SPOKEN
    }
    owing = queries.debtors(today=today, currency=currency, limit=TOP)
    return [TopDebtor(one, habits.get(str(one.contact_id))) for one in owing]
