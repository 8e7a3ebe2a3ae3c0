"""The rest of the business: what neither invoices nor recurrences explain, week by week.

Its turnover goes on as it was, its trend does not: history gives no evidence that a business, or a
person, goes on saving or losing as it lately did. What is left over of the known movements is
mostly spent, and a balance is pulled back slowly to where it usually stood.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from billify.domain.forecast.history import Movements

Floats = NDArray[np.float64]
WEEK = 7
WEEKS_LEARNED = 26
SPENT = 0.9
"""The share of what the known movements leave over (or lack) that the rest makes up for."""
PULL = 0.08
"""The share of the way to its usual level that a balance goes in a week."""
USUAL_DAYS = 240
"""The usual level is the median of the balances of so many days."""


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

    # Any: JSON
    @staticmethod
    def from_json(told: Mapping[str, Any]) -> "Rest":
        """The counterpart of `to_json`."""
        return Rest(
            tuple(RestWeek(*week) for week in told["weeks"]),
            tuple(tuple(path) for path in told["errors"]),
        )


NOTHING = Rest((), ())


def baseline(
    *,
    movements: Movements,
    today: date,
    days: int,
    known: Floats | None = None,
    balances: Floats | None = None,
) -> Rest:
    """The weeks ahead of what nothing else explains, from the movements nothing else explains.

    `known` are the cents that everything else is expected to move on each day ahead; `balances`
    those at the end of each past day, the last one yesterday's. Without them the net is zero.
    """
    start = today.toordinal()
    past = movements.before(start)
    by_day = pulled(known=known, balances=balances, days=days)
    money_in, money_out = _usual(past, start, +1), _usual(past, start, -1)
    weeks = []
    for monday in range(start - (start - 1) % WEEK, start + days, WEEK):
        first, last = max(monday, start), min(monday + WEEK - 1, start + days - 1)
        net = float(by_day[first - start : last - start + 1].sum())
        half = (money_in + money_out) / 2 * (last - first + 1)
        comes = max(0.0, half + net / 2, net)
        weeks.append(RestWeek(monday, (first + last) // 2, round(comes), round(comes - net)))
    return Rest(tuple(weeks), ())


def pulled(*, known: Floats | None, balances: Floats | None, days: int) -> Floats:
    """Net cents a day by which the rest makes up for what the known movements leave over."""
    net = np.zeros(days)
    if known is not None and len(known):
        net -= SPENT * known.mean()
    if balances is not None and len(balances):
        gap = float(np.median(balances[-USUAL_DAYS:]) - balances[-1])
        left = (1 - PULL) ** (np.arange(days + 1) / WEEK)
        net += gap * -np.diff(left)
    return net


def _usual(past: Movements, start: int, sign: int) -> float:
    """Cents a day in one direction, above zero."""
    if not len(past):
        return 0.0
    span = min(start - int(past.days[0]), WEEKS_LEARNED * WEEK)
    chosen = (past.days >= start - span) & (np.sign(past.cents) == sign)
    return float(np.abs(past.cents[chosen]).sum() / span)
