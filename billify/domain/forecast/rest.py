"""The rest of the business: what neither invoices nor recurrences explain, week by week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from billify.domain.forecast.history import Cents, Movements

WEEK = 7
WEEKS_LEARNED = 52


@dataclass(frozen=True, slots=True)
class RestWeek:
    """What is expected of one ISO week. Cents; both are at or above zero.

    `start` is its Monday, `day` the day on which it is laid; ordinals.
    """

    start: int
    day: int
    money_in: int
    money_out: int


@dataclass(frozen=True, slots=True)
class Rest:
    """The rest by week, and the errors that such forecasts had before.

    An error is a path: by how many cents the balance was above the forecast after 1, 2 … weeks.
    """

    weeks: tuple[RestWeek, ...]
    errors: tuple[tuple[int, ...], ...]

    # Any: JSON
    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "weeks": [[w.start, w.day, w.money_in, w.money_out] for w in self.weeks],
            "errors": [list(path) for path in self.errors],
        }

    @staticmethod
    def from_json(told: Mapping[str, Any]) -> "Rest":
        """The counterpart of `to_json`."""
        return Rest(
            tuple(RestWeek(*week) for week in told["weeks"]),
            tuple(tuple(path) for path in told["errors"]),
        )


NOTHING = Rest((), ())


def baseline(*, movements: Movements, today: date, days: int) -> Rest:
    """The weeks ahead of what nothing else explains, from the movements nothing else explains."""
    start = today.toordinal()
    known = movements.before(start)
    mondays = range(start - (start - 1) % WEEK, start + days, WEEK)
    if not len(known):
        return Rest((), ())
    since = max(int(known.days[0]), start - WEEKS_LEARNED * WEEK)
    count = max(1, (start - since) // WEEK)
    money_in = _by_week(known, start, count, +1)
    money_out = _by_week(known, start, count, -1)
    usual = int((money_in.mean() + money_out.mean()) / 2)
    weeks = []
    for monday in mondays:
        first, last = max(monday, start), min(monday + 6, start + days - 1)
        part = usual * (last - first + 1) // WEEK
        weeks.append(RestWeek(monday, (first + last) // 2, part, part))
    return Rest(tuple(weeks), _errors(money_in - money_out, len(weeks)))


def _by_week(known: Movements, start: int, count: int, sign: int) -> Cents:
    """Sums of the last whole weeks before today in one direction, oldest first."""
    ago = (start - 1 - known.days) // WEEK
    chosen = (ago < count) & (np.sign(known.cents) == sign)
    sums = np.bincount(ago[chosen], weights=np.abs(known.cents[chosen]), minlength=count)
    return sums[::-1].astype(np.int64)


def _errors(net: Cents, ahead: int) -> tuple[tuple[int, ...], ...]:
    """What followed each past week, taken as the error of a forecast of nothing."""
    paths: Sequence[Cents] = [np.cumsum(np.resize(net[at:], ahead)) for at in range(0, len(net), 3)]
    return tuple(tuple(int(cents) for cents in path) for path in paths)
