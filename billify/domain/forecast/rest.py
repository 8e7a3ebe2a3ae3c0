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
PULL = 0.1
"""The share of the way to its usual level that a balance goes in a week."""
TAKEN_OUT = 0.7
"""The share of it that is laid where amounts vary."""
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


@dataclass(frozen=True, slots=True)
class Around:
    """What else is known of the balance, in cents.

    `known` is what everything else is expected to move on each day ahead; `varying` the part of it
    that goes out in amounts that vary (at or below zero); `balances` those at the end of each past
    day, the last one yesterday's.
    """

    known: Floats
    varying: Floats
    balances: Floats


def baseline(*, movements: Movements, today: date, days: int, around: Around | None = None) -> Rest:
    """The weeks ahead of what nothing else explains, from the movements nothing else explains.

    Without anything known around it the net is zero: as much comes in as goes out.
    """
    start = today.toordinal()
    past = movements.before(start)
    by_day = np.zeros(days) if around is None else pulled(around=around)
    money_in, money_out = _usual(past, start, +1), _usual(past, start, -1)
    weeks = []
    for monday in range(start - (start - 1) % WEEK, start + days, WEEK):
        first, last = max(monday, start), min(monday + WEEK - 1, start + days - 1)
        net = float(by_day[first - start : last - start + 1].sum())
        half = (money_in + money_out) / 2 * (last - first + 1)
        comes = max(0.0, half + net / 2, net)
        weeks.append(RestWeek(monday, (first + last) // 2, round(comes), round(comes - net)))
    return Rest(tuple(weeks), ())


def pulled(*, around: Around) -> Floats:
    """Net cents a day by which the rest makes up for what the known movements leave over.

    Most of it falls where amounts vary: who has more left takes out more, on the days on which
    money is taken out anyway.
    """
    days = len(around.known)
    net = np.full(days, -SPENT * float(around.known.mean() if days else 0.0))
    if len(around.balances):
        way = _way_back(around.balances[-USUAL_DAYS:])
        net -= way * np.diff((1 - PULL) ** (np.arange(days + 1) / WEEK))
    total, varies = float(net.sum()), float(around.varying.sum())
    if varies >= 0 or not total:
        return net
    moved = min(max(TAKEN_OUT * total, 2 * varies), -0.9 * varies)
    laid: Floats = net * (1 - moved / total) + moved * around.varying / varies
    return laid


def _way_back(balances: Floats) -> float:
    """How far the balance is below its usual level, as far as it has one.

    One that rises or falls in a straight line has none: the share of its variance that the line
    explains is taken off.
    """
    usual = float(np.sort(balances)[len(balances) // 2])
    gap = usual - float(balances[-1])
    days = np.arange(len(balances)) - (len(balances) - 1) / 2
    spread = float(np.square(balances - balances.mean()).sum() * np.square(days).sum())
    if not spread:
        return gap
    return gap * max(0.0, 1 - float(days @ balances) ** 2 / spread)


def _usual(past: Movements, start: int, sign: int) -> float:
    """Cents a day in one direction, above zero."""
    if not len(past):
        return 0.0
    span = min(start - int(past.days[0]), WEEKS_LEARNED * WEEK)
    chosen = (past.days >= start - span) & (np.sign(past.cents) == sign)
    return float(np.abs(past.cents[chosen]).sum() / span)
