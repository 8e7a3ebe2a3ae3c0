"""When an open invoice is paid: learned from how each contact paid before."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from billify.domain.forecast.shapes import Reason

STEPS = 33
"""A timing is given at the probabilities (k + 0.5) / 33."""
NEVER = 1096
"""Days from today; an offset from here on means: not within the time ahead."""
OWN_AT_LEAST = 4
"""From so many payments on the reason speaks of the contact itself."""

Days = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Settled:
    """An invoice that was paid in full on the day `settled`."""

    contact: str
    issued: date
    due: date
    amount: Decimal
    settled: date


@dataclass(frozen=True, slots=True)
class Open:
    """An invoice that is not paid in full yet."""

    id: str
    contact: str
    issued: date
    due: date
    amount: Decimal


@dataclass(frozen=True, slots=True, eq=False)
class Expectation:
    """The median day, the days between which it falls in 4 of 5 cases, and the reason.

    `timing` holds 33 days from today at the probabilities (k + 0.5) / 33, never falling.
    """

    id: str
    day: date
    early: date
    late: date
    timing: Days
    reason: Reason


@dataclass(frozen=True, slots=True)
class Slower:
    """A contact pays later than it did: days late before and lately, and of how many."""

    before: int
    lately: int
    of: int


@dataclass(frozen=True, slots=True)
class Habits:
    """How each contact pays: days late, the oldest first; `others` of all together, sorted."""

    own: dict[str, tuple[int, ...]] = field(default_factory=dict)
    others: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """As JSON."""
        return {"own": {key: list(days) for key, days in self.own.items()}, "all": self.others}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Habits":  # Any: JSON
        """What `to_json` gave."""
        return cls({key: tuple(days) for key, days in told["own"].items()}, tuple(told["all"]))

    def slower(self, contact: str) -> Slower | None:
        """Whether a contact pays later than it used to; None when that can't be said."""
        own = self.own.get(contact, ())
        if len(own) < 8:
            return None
        before, lately = np.array(own[:-4]), np.array(own[-4:])
        if lately.min() <= np.quantile(before, 0.75) + 3:
            return None
        return Slower(round(float(np.median(before))), round(float(np.median(lately))), 4)


def learn(*, settled: Sequence[Settled], today: date, unpaid: Sequence[Open] = ()) -> Habits:  # noqa: ARG001
    """How contacts pay, from what was settled before `today` and what is still `unpaid`."""
    own: dict[str, list[int]] = defaultdict(list)
    for one in sorted(settled, key=lambda each: each.issued):
        if one.settled <= today:
            own[one.contact].append((one.settled - one.due).days)
    everyone = sorted(days for each in own.values() for days in each)
    return Habits(
        {key: tuple(days[-64:]) for key, days in own.items()},
        tuple(everyone[:: max(1, len(everyone) // 512)]),
    )


def expect(*, habits: Habits, invoices: Sequence[Open], today: date) -> list[Expectation]:
    """When each open invoice is paid, in their order."""
    return [_expectation(habits, one, today) for one in invoices]


def _expectation(habits: Habits, one: Open, today: date) -> Expectation:
    own = habits.own.get(one.contact, ())
    others = np.array(habits.others or (0,), float)
    weights = [np.full(len(others), 3 / len(others)), np.ones(len(own))]
    if own:
        others = others - np.median(others) + np.median(own)
    days = np.concatenate([others, np.array(own, float)]) + (one.due - today).days
    order = np.argsort(days)
    days, weight = days[order], np.concatenate(weights)[order]
    ahead = days >= 0
    if not ahead.any():
        days, weight = np.array([7.0, 30.0, NEVER]), np.ones(3)
    else:
        days, weight = days[ahead], weight[ahead]
    reached = (np.cumsum(weight) - weight / 2) / weight.sum()
    at = np.interp((np.arange(STEPS) + 0.5) / STEPS, reached, days)
    timing = np.clip(np.rint(at), 0, NEVER).astype(np.int16)
    day, early, late = (today + timedelta(int(timing[k])) for k in (16, 3, 29))
    return Expectation(one.id, day, early, late, timing, _reason(own, one, today))


def _reason(own: tuple[int, ...], one: Open, today: date) -> Reason:
    if one.due < today:
        return Reason("overdue", (("days_overdue", (today - one.due).days),))
    if len(own) < OWN_AT_LEAST:
        return Reason("like_others", (("count", len(own)), ("days", 0)))
    low, high = (round(float(each)) for each in np.quantile(own, (0.1, 0.9)))
    inside = sum(low <= each <= high for each in own)
    values = (
        ("days", round(sum(own) / len(own))),
        ("inside", inside),
        ("of", len(own)),
        ("low", low),
        ("high", high),
    )
    return Reason("pays_late", values)
