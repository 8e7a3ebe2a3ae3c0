"""What a scenario says, in words."""

from dataclasses import dataclass
from datetime import date

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from billify.application.scenarios import Customer, Line
from billify.domain.forecast import scenario_flows, scenarios
from billify.domain.forecast.scenario_flows import Sales
from billify.domain.forecast.scenarios import Change, Kind
from billify.domain.refusal import N_
from billify.web import filters, languages

ICONS = {
    Kind.LATE: "clock",
    Kind.LOSE: "users",
    Kind.HIRE: "user",
    Kind.BUY: "package",
    Kind.PRICE: "trending-up",
    Kind.VAT: "landmark",
    Kind.LOAN: "hand-coins",
}
OFFERS = {
    Kind.LATE: N_("A customer pays later"),
    Kind.LOSE: N_("A customer is lost"),
    Kind.HIRE: N_("Hire someone"),
    Kind.BUY: N_("Buy something"),
    Kind.PRICE: N_("Change prices"),
    Kind.VAT: N_("Pay VAT later"),
    Kind.LOAN: N_("Take a loan"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A change in a sentence, and beneath it what it comes to or rests on."""

    text: str
    detail: str = ""


def say(line: Line, sales: Sales) -> Said:
    """A change that was understood, in words."""
    change = line.change
    if change is None:
        raise ValueError("nothing was understood")
    name = line.customer.name if line.customer else ""
    said = _SENTENCES[change.kind](change, name)
    return Said(said, _detail(change, line.customer, sales))


def month(day: date) -> str:
    """A month as people say it: January 2027."""
    return str(format_date(day, "LLLL yyyy"))


def offer(kind: Kind) -> str:
    """The words of the entry that adds such a change."""
    return languages.phrase(OFFERS[kind])


def _late(change: Change, name: str) -> str:
    if change.days < 0:
        return str(
            ngettext(
                "%(name)s pays %(num)s day earlier",
                "%(name)s pays %(num)s days earlier",
                -change.days,
                name=name,
            )
        )
    return str(
        ngettext(
            "%(name)s pays %(num)s day later",
            "%(name)s pays %(num)s days later",
            change.days,
            name=name,
        )
    )


def _lose(change: Change, name: str) -> str:
    return str(_("%(name)s buys nothing from %(month)s on", name=name, month=_begin(change)))


def _hire(change: Change, _name: str) -> str:
    return str(
        _(
            "Hire for %(amount)s gross a month from %(month)s on",
            amount=filters.money(change.amount),
            month=_begin(change),
        )
    )


def _buy(change: Change, _name: str) -> str:
    amount, day = filters.money(change.amount), filters.day(change.on)
    if not change.percent:
        return str(_("Buy for %(amount)s on %(day)s", amount=amount, day=day))
    return str(
        _(
            "Buy for %(amount)s and %(percent)s VAT on %(day)s",
            amount=amount,
            percent=filters.percent(change.percent),
            day=day,
        )
    )


def _price(change: Change, _name: str) -> str:
    rate, begin = filters.percent(abs(change.percent)), _begin(change)
    if change.percent < 0:
        return str(_("Prices go down %(percent)s from %(month)s on", percent=rate, month=begin))
    return str(_("Prices go up %(percent)s from %(month)s on", percent=rate, month=begin))


def _vat(change: Change, _name: str) -> str:
    return str(
        ngettext("VAT is paid %(num)s day later", "VAT is paid %(num)s days later", change.days)
    )


def _loan(change: Change, _name: str) -> str:
    return str(
        ngettext(
            "Borrow %(amount)s in %(month)s for %(num)s month at %(percent)s",
            "Borrow %(amount)s in %(month)s for %(num)s months at %(percent)s",
            change.months,
            amount=filters.money(change.amount),
            percent=filters.percent(change.percent),
            month=_begin(change),
        )
    )


_SENTENCES = {
    Kind.LATE: _late,
    Kind.LOSE: _lose,
    Kind.HIRE: _hire,
    Kind.BUY: _buy,
    Kind.PRICE: _price,
    Kind.VAT: _vat,
    Kind.LOAN: _loan,
}


def _detail(change: Change, customer: Customer | None, sales: Sales) -> str:
    """What a change comes to, or what it rests on."""
    if customer is not None:
        return _of_customer(customer)
    if change.kind is Kind.HIRE:
        return str(
            _(
                "%(cost)s a month with contributions; one more in December, holiday pay in June",
                cost=filters.money(scenario_flows.month_cost(change.amount)),
            )
        )
    if change.kind is Kind.LOAN:
        paid = scenario_flows.instalment(
            amount=change.amount, months=change.months, percent=change.percent
        )
        return str(_("%(amount)s a month is paid back", amount=filters.money(paid)))
    if change.kind is Kind.PRICE and sales.wait:
        return str(
            ngettext(
                "On invoices sent from then on; they are paid %(num)s day later",
                "On invoices sent from then on; they are paid about %(num)s days later",
                sales.wait,
            )
        )
    if change.kind is Kind.BUY and change.percent and sales.vat_every is not None:
        return str(_("The VAT comes off the payment of its period"))
    return ""


def _of_customer(customer: Customer) -> str:
    if not customer.open and not customer.weekly:
        return str(_("Owes nothing, and bought nothing in the past year: this changes nothing"))
    return str(
        _(
            "Owes %(open)s; bought for about %(weekly)s a week in the past year",
            open=filters.money(customer.open),
            weekly=filters.whole_money(customer.weekly),
        )
    )


def _begin(change: Change) -> str:
    return month(change.on) if change.on else ""


def months_ahead(today: date) -> list[date]:
    """The first days of the months a change may begin in."""
    found, last = [today.replace(day=1)], scenarios.last_month(today)
    while found[-1] < last:
        found.append(scenarios.month_after(found[-1], 1))
    return found


def hint(kind: Kind) -> str:
    """How such a change is reckoned, for the foot of its form."""
    return languages.phrase(_HINTS[kind])


_HINTS = {
    Kind.LATE: N_("Later than now expected; its part of new sales moves along."),
    Kind.LOSE: N_(
        "What it owes is still paid; its part of new sales ends. Your own costs stay as they are."
    ),
    Kind.HIRE: N_(
        "For an employee: the wage and 27 percent contributions of the employer, a month's wage in "
        "December and double holiday pay in June, both for the months worked. A payroll office "
        "knows what holds in your sector."
    ),
    Kind.BUY: N_("Without VAT leave its rate empty."),
    Kind.PRICE: N_("On sales that are not invoiced yet; customers buy as much as before."),
    Kind.VAT: N_("Ask for a payment plan first: VAT paid late costs interest and a fine."),
    Kind.LOAN: N_("Paid back in equal parts each month, the first one a month later."),
}
