"""How a company goes on: what it will sell and buy, what comes back, and all the rest.

Everything here is about what is not known yet today: open invoices, taxes and planned items have
their own rows. Four parts, none of which overlaps another: invoices still to be issued, those still
to come in, movements that come back, and what is left of the movements.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from billify.domain.forecast import (
    extra_wages,
    payments,
    recurring,
    rhythms,
    steady,
    stored,
    unissued,
)
from billify.domain.forecast.history import Movements
from billify.domain.forecast.payments import NEVER, Habits
from billify.domain.forecast.shapes import Recurrence
from billify.domain.forecast.steady import Steady
from billify.domain.forecast.unissued import Issued, NextInvoice, Unissued

Floats = NDArray[np.float64]
MIDDLE = 16
PART = 0.6
SALE, PURCHASE = "sale ", "purchase "
"""How the keys of invoices with a rhythm begin."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was, in columns: invoices of both directions and movements without invoice."""

    sold: Issued
    bought: Issued
    movements: Movements
    sales: Habits
    purchases: Habits
    since: int
    """The first day that anything is known of, an ordinal."""


@dataclass(frozen=True, slots=True)
class Business:
    """What goes on."""

    sold: Unissued = unissued.NOTHING
    bought: Unissued = unissued.NOTHING
    recurrences: tuple[Recurrence, ...] = ()
    money_in: Steady = steady.NOTHING
    money_out: Steady = steady.NOTHING

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """As JSON."""
        return {
            "sold": self.sold.to_json(),
            "bought": self.bought.to_json(),
            "recurrences": stored.recurrence_rows(self.recurrences),
            "money_in": self.money_in.to_json(),
            "money_out": self.money_out.to_json(),
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Business":  # Any: JSON
        """What `to_json` gave."""
        return cls(
            Unissued.from_json(told["sold"]),
            Unissued.from_json(told["bought"]),
            stored.read_recurrences(told["recurrences"]),
            Steady.from_json(told["money_in"]),
            Steady.from_json(told["money_out"]),
        )


@dataclass(frozen=True, slots=True)
class ComingInvoice:
    """An invoice not issued yet, and the days from today on which it may be paid."""

    invoice: NextInvoice
    is_sale: bool
    timing: NDArray[np.int16]


def learn(*, before: Before, today: date) -> Business:
    """How the business goes on, from what was known before today."""
    now = today.toordinal()
    known = before.movements.before(now)
    found = _without_streams(recurring.search(movements=known, today=today), known)
    yearly = extra_wages.again(found=found, movements=known, today=today)
    found = recurring.Found([*found.recurrences, *yearly], found.of)
    return Business(
        sold=unissued.learn(issued=before.sold, habits=before.sales, today=today, word=SALE),
        bought=unissued.learn(
            issued=before.bought, habits=before.purchases, today=today, word=PURCHASE
        ),
        recurrences=tuple(found.recurrences),
        money_in=_rest(known, found, before.since, today, sign=1),
        money_out=_rest(known, found, before.since, today, sign=-1),
    )


def recurrences(*, business: Business) -> tuple[Recurrence, ...]:
    """All that comes back, movements and invoices; money out is below zero."""
    sold = (one.recurrence for one in business.sold.regular)
    bought = (
        replace(one.recurrence, amount=-one.recurrence.amount) for one in business.bought.regular
    )
    return (*business.recurrences, *sold, *bought)


def with_recurrences(*, business: Business, kept: Sequence[Recurrence]) -> Business:
    """The business with what came of its recurrences; those that are not kept are gone."""
    by_key = {one.key: one for one in kept}
    return replace(
        business,
        sold=_with(business.sold, by_key),
        bought=_with(business.bought, by_key),
        recurrences=tuple(by_key[one.key] for one in business.recurrences if one.key in by_key),
    )


def _with(part: Unissued, by_key: Mapping[str, Recurrence]) -> Unissued:
    regular = (
        replace(
            one,
            recurrence=replace(
                by_key[one.recurrence.key], amount=abs(by_key[one.recurrence.key].amount)
            ),
        )
        for one in part.regular
        if one.recurrence.key in by_key
    )
    return replace(part, regular=tuple(regular))


def coming(
    *, business: Business, sales: Habits, purchases: Habits, today: date, until: date
) -> list[ComingInvoice]:
    """Every invoice foreseen one by one that may be paid until a day, with when it may be."""
    found = []
    for part, habits, is_sale in (
        (business.sold, sales, True),
        (business.bought, purchases, False),
    ):
        ahead = unissued.next_invoices(ahead=part, today=today, until=until)
        expected = payments.expect(
            habits=habits, invoices=unissued.opened(coming=ahead), today=today
        )
        found += [
            ComingInvoice(one, is_sale, when.timing)
            for one, when in zip(ahead, expected, strict=True)
        ]
    return found


def rest_in(*, business: Business, today: date, days: int) -> Floats:
    """Cents coming in on each day ahead that no row of its own explains, at or above zero."""
    others = steady.by_day(steady=business.sold.others, today=today, days=days)
    return others + steady.by_day(steady=business.money_in, today=today, days=days)


def rest_out(*, business: Business, today: date, days: int) -> Floats:
    """The same for money going out, at or above zero."""
    others = steady.by_day(steady=business.bought.others, today=today, days=days)
    return others + steady.by_day(steady=business.money_out, today=today, days=days)


def net_by_day(*, business: Business, before: Before, today: date, days: int) -> Floats:
    """Cents expected on each day ahead of all that goes on, to hold against what then was."""
    end = today + timedelta(days=days - 1)
    net = rest_in(business=business, today=today, days=days)
    net -= rest_out(business=business, today=today, days=days)
    for one in coming(
        business=business,
        sales=before.sales,
        purchases=before.purchases,
        today=today,
        until=end,
    ):
        day = int(one.timing[MIDDLE])
        if day < min(days, NEVER):
            net[day] += one.invoice.cents if one.is_sale else -one.invoice.cents
    for each in business.recurrences:
        for day_ in recurring.occurrences(recurrence=each, start=today, end=end):
            net[(day_ - today).days] += float(each.amount) * 100
    return net


def moved_by_day(*, before: Before, today: date, days: int) -> Floats:
    """Cents that then moved on each day of invoices issued from today on, and without invoice."""
    start = today.toordinal()
    net = np.zeros(days)
    for issued, sign in ((before.sold, 1), (before.bought, -1)):
        paid = issued.days + issued.lag - start
        chosen = (issued.days >= start) & (issued.lag >= 0) & (paid < days)
        net += sign * np.bincount(paid[chosen], weights=issued.cents[chosen], minlength=days)
    at = before.movements.days - start
    inside = (at >= 0) & (at < days)
    net += np.bincount(at[inside], weights=before.movements.cents[inside], minlength=days)
    return net


def _without_streams(found: recurring.Found, movements: Movements) -> recurring.Found:
    """Without weekly ones that are but a part of what their counterparty moves all the time.

    Card takings come every day: those of Fridays are no movement that comes back, and would
    keep the season of the last weeks for ever.
    """
    recent = movements.days >= (int(movements.days[-1]) - steady.WINDOW if len(movements) else 0)
    kept: list[Recurrence] = []
    of = np.full_like(found.of, -1)
    for at, one in enumerate(found.recurrences):
        mine = (found.of == at) & recent
        if one.rhythm in rhythms.STEPS and mine.any():
            row = int(np.flatnonzero(mine)[0])
            is_alike = (movements.who == movements.who[row]) & recent
            is_alike &= np.sign(movements.cents) == np.sign(movements.cents[row])
            if mine.sum() < PART * is_alike.sum():
                continue
        of[found.of == at] = len(kept)
        kept.append(one)
    return recurring.Found(kept, of)


def _rest(
    movements: Movements, found: recurring.Found, since: int, today: date, *, sign: int
) -> Steady:
    """One direction of the movements without invoice, less what comes back."""
    mine = np.sign(movements.cents) == sign
    days, cents = movements.days[mine], np.abs(movements.cents[mine])
    left = found.of[mine] < 0
    shape = left if left.sum() >= unissued.LEAST_OTHERS else np.ones_like(left)
    # What came once and is expected again in a year has no row among the explained ones.
    once = [one for one in found.recurrences if one.count == 1 and (one.amount > 0) is (sign > 0)]
    level = steady.level_of(days=days[left], cents=cents[left], since=since, today=today)
    return steady.learn(
        days=days[shape],
        cents=cents[shape],
        level=level,
        beside=steady.repeated_lately(recurrences=once, since=since, today=today),
        seasons=steady.seasons_of(days=days, cents=cents, today=today),
    )


def weekly(by_day: Sequence[float] | Floats) -> Floats:
    """Sums of each whole week from the first day on."""
    values = np.asarray(by_day, float)
    whole = len(values) // 7 * 7
    sums: Floats = values[:whole].reshape(-1, 7).sum(axis=1)
    return sums
