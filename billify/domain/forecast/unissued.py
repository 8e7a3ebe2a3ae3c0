"""Invoices that do not exist yet: what the business will go on selling and buying.

Open invoices say little of the weeks beyond their terms, so what is going to be invoiced is learned
from what was, one direction at a time. Contacts with a rhythm have their next invoices foreseen one
by one; all others together are a level a month, with the shape that a month has and the seasons of
the last years. Each is paid as its contact pays: the issue day plus the days that invoices take.
Since only invoices issued after today are in here, nothing is counted twice with the open ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from billify.domain.forecast import payments, recurring, rhythms, steady, stored
from billify.domain.forecast.history import Movements
from billify.domain.forecast.payments import Habits, Open
from billify.domain.forecast.shapes import Recurrence
from billify.domain.forecast.steady import Steady

ZERO = Decimal("0.00")
MONTH = 30.44
LEAST_OTHERS = 10
LEAST_SETTLED = 12
SETTLED_AFTER = 75
"""Days after which an invoice is settled as a rule."""
LONGEST_LAG = 240
"""Days; what takes longer is as good as lost."""


@dataclass(frozen=True, slots=True)
class Issued:
    """Invoices of one direction as columns, by the day of issue: ordinals and cents above zero.

    `lag` is the days until each was settled, -1 while it is not; `who` an index into `contacts`.
    """

    days: NDArray[np.int32]
    cents: NDArray[np.int64]
    who: NDArray[np.int32]
    lag: NDArray[np.int32]
    terms: NDArray[np.int32]
    contacts: tuple[str, ...]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.days)

    def take(self, chosen: NDArray[np.bool_]) -> "Issued":
        """Those invoices for which `chosen` is true."""
        return Issued(
            self.days[chosen],
            self.cents[chosen],
            self.who[chosen],
            self.lag[chosen],
            self.terms[chosen],
            self.contacts,
            self.names,
        )


@dataclass(frozen=True, slots=True)
class Regular:
    """A contact that gets or sends an invoice in a rhythm; the amount is what one comes to."""

    recurrence: Recurrence
    contact: str
    terms: int


@dataclass(frozen=True, slots=True)
class Unissued:
    """What one direction goes on with: invoices foreseen one by one, and all others together."""

    regular: tuple[Regular, ...] = ()
    others: Steady = steady.NOTHING
    seasons: tuple[float, ...] = steady.NO_SEASON

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """As JSON."""
        rows = stored.recurrence_rows(one.recurrence for one in self.regular)
        return {
            "regular": [
                [row, one.contact, one.terms] for row, one in zip(rows, self.regular, strict=True)
            ],
            "others": self.others.to_json(),
            "seasons": list(self.seasons),
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Unissued":  # Any: JSON
        """What `to_json` gave."""
        found = stored.read_recurrences(row for row, _, _ in told["regular"])
        return cls(
            tuple(
                Regular(one, contact, terms)
                for one, (_, contact, terms) in zip(found, told["regular"], strict=True)
            ),
            Steady.from_json(told["others"]),
            tuple(told["seasons"]),
        )


NOTHING = Unissued()


@dataclass(frozen=True, slots=True)
class NextInvoice:
    """An invoice foreseen one by one; `terms` days after `issued` it is due."""

    regular: Regular
    issued: date
    cents: int


def learn(*, issued: Issued, habits: Habits, today: date, word: str = "") -> Unissued:
    """What goes on, from the invoices issued before today; nothing without any.

    The keys of invoices with a rhythm begin with the word, which tells the directions apart.
    """
    known = issued.take(issued.days < today.toordinal())
    if not len(known):
        return NOTHING
    regular, left = _regular(known, today, word)
    seasons = steady.seasons_of(days=known.days, cents=known.cents, today=today)
    shape = left if len(left) >= LEAST_OTHERS else known
    others = steady.learn(
        days=shape.days,
        cents=shape.cents,
        level=_level(known, regular, today),
        seasons=seasons,
        lags=_lags(shape, habits, today),
    )
    return Unissued(regular, others, seasons)


def next_invoices(*, ahead: Unissued, today: date, until: date) -> list[NextInvoice]:
    """The invoices of contacts with a rhythm from today until a day, by day of issue."""
    found = [
        NextInvoice(
            one, day, round(float(one.recurrence.amount) * 100 * ahead.seasons[day.month - 1])
        )
        for one in ahead.regular
        for day in recurring.occurrences(recurrence=one.recurrence, start=today, end=until)
    ]
    return sorted(found, key=lambda each: (each.issued, each.regular.recurrence.key))


def opened(*, coming: Sequence[NextInvoice]) -> list[Open]:
    """Invoices not issued yet, as the payment model takes them."""
    return [
        Open(
            f"{one.regular.recurrence.key} {one.issued}",
            one.regular.contact,
            one.issued,
            one.issued + timedelta(days=one.regular.terms),
            one.regular.recurrence.amount,
        )
        for one in coming
    ]


def gather(*, rows: Iterable[tuple[str, str, date, date, int, date | None]]) -> Issued:
    """Columns of contact, name, day of issue, due day, cents and day of settling."""
    listed = sorted(rows, key=lambda row: row[2])
    places: dict[str, int] = {}
    names: dict[str, str] = {}
    for contact, name, *_ in listed:
        places.setdefault(contact, len(places))
        names[contact] = name
    table = np.array(
        [
            (
                issued.toordinal(),
                cents,
                places[contact],
                -1 if settled is None else max((settled - issued).days, 0),
                (due - issued).days,
            )
            for contact, _, issued, due, cents, settled in listed
        ],
        dtype=np.int64,
    ).reshape(len(listed), 5)
    return Issued(
        table[:, 0].astype(np.int32),
        table[:, 1].copy(),
        table[:, 2].astype(np.int32),
        table[:, 3].astype(np.int32),
        np.clip(table[:, 4], 0, 365).astype(np.int32),
        tuple(places),
        tuple(names[contact] for contact in places),
    )


def _regular(known: Issued, today: date, word: str) -> tuple[tuple[Regular, ...], Issued]:
    """Contacts with a rhythm, and the invoices of all others."""
    movements = Movements(
        known.days,
        known.cents,
        known.who,
        known.contacts,
        np.zeros(len(known), np.int32),
        ("",),
    )
    found = recurring.search(movements=movements, today=today)
    regular = []
    for at, one in enumerate(found.recurrences):
        rows = found.of == at
        who = int(known.who[rows][-1])
        terms = int(np.median(known.terms[rows]))
        came = _share_that_came(one, known.days[rows])
        named = replace(
            one, key=f"{word}{one.key}", name=known.names[who], amount=one.amount * came
        )
        regular.append(Regular(named, known.contacts[who], terms))
    return tuple(regular), known.take(found.of < 0)


def _level(known: Issued, regular: Sequence[Regular], today: date) -> float:
    """What all invoices come to, less those foreseen one by one: cents a day."""
    usual = steady.repeated_a_day(recurrences=(one.recurrence for one in regular), today=today)
    since = int(known.days[0])
    return steady.level_of(days=known.days, cents=known.cents, since=since, today=today) - usual


def _share_that_came(one: Recurrence, days: NDArray[np.int32]) -> Decimal:
    """Which share of the invoices of its rhythm there was: a month may be skipped."""
    step = rhythms.STEPS.get(one.rhythm) or rhythms.MONTHS[one.rhythm] * MONTH
    wanted = round(int(days[-1] - days[0]) / step) + 1
    return Decimal(min(len(set(days.tolist())), wanted)) / wanted


def _lags(shape: Issued, habits: Habits, today: date) -> tuple[float, ...]:
    """How long invoices take to be paid, weighed by amount.

    From those old enough to be settled as a rule; with few of them, from how contacts pay.
    """
    age = today.toordinal() - shape.days
    old = shape.take((age >= SETTLED_AFTER) & (age < SETTLED_AFTER + 365))
    if len(old) < LEAST_SETTLED:
        return _by_habit(shape, habits, today)
    # One that is still open after so long is taken to come a month from now.
    waiting = today.toordinal() - old.days + 30
    days = np.where((old.lag >= 0) & (old.days + old.lag < today.toordinal()), old.lag, waiting)
    return _shares(days, old.cents)


def _by_habit(shape: Issued, habits: Habits, today: date) -> tuple[float, ...]:
    """The days that each contact is expected to take for an invoice of today."""
    weights = np.bincount(shape.who, weights=shape.cents, minlength=len(shape.contacts))
    chosen = np.flatnonzero(weights)
    if not len(chosen):
        return ()
    invoices = [
        Open(
            str(who),
            shape.contacts[who],
            today,
            today + timedelta(days=int(np.median(shape.terms[shape.who == who]))),
            ZERO,
        )
        for who in chosen
    ]
    expected = payments.expect(habits=habits, invoices=invoices, today=today)
    timing = np.stack([one.timing for one in expected])
    return _shares(timing.ravel(), np.repeat(weights[chosen], timing.shape[1]))


def _shares(days: NDArray[Any], weights: NDArray[Any]) -> tuple[float, ...]:
    """Shares by days; what takes too long is lost, so they may add up to less than one."""
    sums = np.bincount(
        np.minimum(days, LONGEST_LAG + 1), weights=weights, minlength=LONGEST_LAG + 2
    )
    found = sums[: LONGEST_LAG + 1] / sums.sum()
    last = int(np.flatnonzero(found)[-1]) + 1 if found.any() else 0
    return tuple(round(float(share), 6) for share in found[:last])
