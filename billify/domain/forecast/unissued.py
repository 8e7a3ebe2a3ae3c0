"""Invoices that do not exist yet: what the business will go on selling and buying.

Open invoices say little of the weeks beyond their terms, so what is going to be invoiced is learned
from what was, one direction at a time. Contacts with a rhythm have their next invoices foreseen one
by one; all others together are a level a month, with the shape that a month has and the seasons of
the last years. Each is paid as its contact pays: the issue day plus the days that invoices take.
Since only invoices issued after today are in here, nothing is counted twice with the open ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from billify.domain.forecast import payments, recurring, steady, stored
from billify.domain.forecast.history import Movements
from billify.domain.forecast.payments import NEVER, Habits, Open
from billify.domain.forecast.shapes import Recurrence
from billify.domain.forecast.steady import Steady

ZERO = Decimal("0.00")
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


def learn(*, issued: Issued, habits: Habits, today: date) -> Unissued:
    """What goes on, from the invoices issued before today; nothing without any."""
    known = issued.take(issued.days < today.toordinal())
    if not len(known):
        return NOTHING
    regular, left = _regular(known, today)
    seasons = steady.seasons_of(days=known.days, cents=known.cents, today=today)
    others = steady.learn(
        days=left.days,
        cents=left.cents,
        since=int(known.days[0]),
        today=today,
        seasons=seasons,
        lags=_lags(left, habits, today),
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


def _regular(known: Issued, today: date) -> tuple[tuple[Regular, ...], Issued]:
    """Contacts with a rhythm, and the invoices of all others."""
    movements = Movements(
        known.days,
        known.cents,
        known.who,
        known.contacts,
        np.zeros(len(known), np.int32),
        ("invoice",),
    )
    found = recurring.search(movements=movements, today=today)
    regular = []
    for at, one in enumerate(found.recurrences):
        rows = found.of == at
        who = int(known.who[rows][-1])
        terms = int(np.median(known.terms[rows]))
        regular.append(Regular(_named(one, known.names[who]), known.contacts[who], terms))
    return tuple(regular), known.take(found.of < 0)


def _named(one: Recurrence, name: str) -> Recurrence:
    told = {field: getattr(one, field) for field in Recurrence.__slots__}
    return Recurrence(**{**told, "name": name})


def _lags(left: Issued, habits: Habits, today: date) -> tuple[float, ...]:
    """How long invoices take to be paid, weighed by how much each contact has of them."""
    lately = left.take(left.days >= today.toordinal() - steady.WINDOW)
    weights = np.bincount(lately.who, weights=lately.cents, minlength=len(left.contacts))
    chosen = np.flatnonzero(weights)
    if not len(chosen):
        return ()
    invoices = []
    for who in chosen:
        terms = int(np.median(lately.terms[lately.who == who]))
        due = today + timedelta(days=terms)
        invoices.append(Open(str(who), left.contacts[who], today, due, ZERO))
    timing = np.stack(
        [one.timing for one in payments.expect(habits=habits, invoices=invoices, today=today)]
    )
    shares = np.repeat(weights[chosen], timing.shape[1])
    days = np.where(timing >= NEVER, LONGEST_LAG + 1, np.minimum(timing, LONGEST_LAG)).ravel()
    sums = np.bincount(days, weights=shares, minlength=LONGEST_LAG + 2)
    # A share that is never paid is lost, so the rest does not add up to one.
    found = sums[: LONGEST_LAG + 1] / sums.sum()
    last = int(np.flatnonzero(found)[-1]) + 1 if found.any() else 0
    return tuple(round(float(share), 6) for share in found[:last])
