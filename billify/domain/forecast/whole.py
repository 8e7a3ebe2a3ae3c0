"""The whole forecast: every expected movement as a row, their sum, the band, and what to do."""

from dataclasses import replace
from decimal import Decimal
from itertools import chain

from billify.domain.forecast import (
    actions,
    band,
    business,
    course,
    invoice_rows,
    recurring_rows,
    rest_rows,
    taxes,
)
from billify.domain.forecast.band import Band
from billify.domain.forecast.invoice_rows import InvoiceRows
from billify.domain.forecast.known import Known
from billify.domain.forecast.profile import Profile
from billify.domain.forecast.shapes import Crossing, DayAhead, Flow, Forecast, Source

ZERO = Decimal("0.00")


def make(*, known: Known, profile: Profile | None = None) -> Forecast:
    """The forecast of a company from how things stand and what was learned before.

    The same input gives the same answer. What it had to do without stands in `missing`: then the
    band is the line itself (`history`), or wide (`little_history`).
    """
    learned = profile or Profile()
    last = course.last_day(known.today)
    invoices = invoice_rows.of_open(known=known, profile=learned, last=last)
    found = business.recurrences(business=learned.business)
    kept = recurring_rows.decided(found=found, choices=known.recurrence_choices)
    going_on = business.with_recurrences(business=learned.business, kept=kept)
    others = _others(known, replace(learned, business=going_on), invoices)
    flows = sorted([*invoices.counted, *others], key=lambda flow: (flow.day, flow.amount, flow.ref))
    total = course.sums(flows)
    simulated = _band(known, learned, invoices, others)
    days = course.days_ahead(today=known.today, balance=known.balance, total=total)
    months = course.months_ahead(today=known.today, balance=known.balance, total=total)
    if simulated is not None:
        days = course.banded(days, simulated.of_days())
        months = course.banded(months, simulated.of_months())
    return Forecast(
        today=known.today,
        currency=known.currency,
        balance=known.balance,
        floor=known.floor,
        days=tuple(days),
        months=tuple(months),
        lowest=course.lowest(days),
        below_floor=_crossing(days, known.floor, flows, simulated) if known.floor else None,
        below_zero=_crossing(days, ZERO, flows, simulated),
        actions=actions.best(known=known, flows=flows, days=days),
        missing=_missing(known, learned),
        not_counted=tuple(invoices.left_out),
        flows=tuple(flows),
        # As they were found: what people decided lies over them, and can be taken back.
        recurrences=found,
    )


def _others(known: Known, profile: Profile, invoices: InvoiceRows) -> list[Flow]:
    """Every row that is no open invoice."""
    today, last = known.today, course.last_day(known.today)
    coming = business.coming(
        business=profile.business,
        sales=profile.sales,
        purchases=profile.purchases,
        today=today,
        until=last,
    )
    coming = invoice_rows.without_issued(coming=coming, known=known)
    ends = {one.key: one.until for one in known.recurrence_choices if one.until is not None}
    next_invoices = invoice_rows.of_coming(coming=coming, ends=ends, today=today, last=last)
    owed = taxes.flows(taxes.ahead(known=known, until=last))
    planned = recurring_rows.of_planned(known=known, last=last)
    beside = [*planned, *owed, *invoices.counted, *next_invoices, *_booked(known)]
    repeated = recurring_rows.of_recurrences(
        recurrences=profile.business.recurrences,
        choices=known.recurrence_choices,
        beside=beside,
        today=today,
        last=last,
    )
    rows = [*next_invoices, *owed, *planned, *repeated]
    rest = rest_rows.of_rest(going_on=profile.business, today=today, last=last)
    named = [*invoices.counted, *rows]
    rest = rest_rows.of_budgets(known=known, flows=named, rest=rest, last=last)
    return list(chain(rows, rest))


def _booked(known: Known) -> list[Flow]:
    """What moved today, as rows that a recurrence may be in already; none of them is counted."""
    return [
        Flow(day=one.day, amount=one.amount, source=Source.REST, ref=one.id, what=one.name)
        for one in known.booked_today
    ]


def _band(known: Known, profile: Profile, invoices: InvoiceRows, others: list[Flow]) -> Band | None:
    """The simulated courses; None without any history to say how far off a forecast is."""
    if profile.since is None:
        return None
    return band.simulate(
        balance=known.balance,
        today=known.today,
        timed=invoices.timed,
        flows=others,
        errors=profile.errors,
    )


def _crossing(
    days: list[DayAhead], limit: Decimal, flows: list[Flow], simulated: Band | None
) -> Crossing | None:
    found = course.crossing(days=days, limit=limit, flows=flows)
    if found is None or simulated is None:
        return found
    at = (found.day - days[0].day).days
    return Crossing(found.day, found.balance, simulated.chance_below(limit, day=at), found.because)


def _missing(known: Known, profile: Profile) -> tuple[str, ...]:
    """What the forecast had to do without."""
    found = []
    if not any(one.currency == known.currency for one in known.accounts):
        found.append("accounts")
    if profile.since is None:
        found.append("history")
    elif not profile.is_tried:
        found.append("little_history")
    if not known.open:
        found.append("invoices")
    if taxes.is_vat_unknown(known=known):
        found.append("vat")
    return tuple(found)
