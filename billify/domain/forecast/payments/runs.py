"""On which days a contact pays: each Friday, on the 5th and the 20th, on the last of the month."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from billify.domain.forecast.payments.habits import Run
from billify.domain.forecast.payments.values import Floats, Ints

WEEKDAY, DAY_OF_MONTH, TO_MONTH_END = 0, 1, 2
_CLASSES = (7, 31, 31)
_FOUR_YEARS = 1461
_EPOCH = 719163
"""1970-01-01 as an ordinal."""
_BELIEF = (1.5, 1.5, 1.5)
"""How many payments the uniform share of a class is worth: few, since runs are sharp."""
_BEFOREHAND = np.log(np.array((0.1, 0.05, 0.05)))
_FEWEST_DAYS = 5
_SURE = 0.7
_MOST = 40
_OPEN_SHARE = 0.25
"""A weekday with less than this part of the payments it should have counts as closed."""
_WEEKEND_PAYMENTS = 20
"""So many payments it takes to believe that they come at weekends."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """For each day from `first` on its class of each kind, and whether payments come then.

    The class is the weekday, the day of the month, and how many open days are left in the month.
    """

    first: int
    classes: NDArray[np.int8]
    is_open: NDArray[np.bool_]

    def of(self, kind: int, days: Ints) -> Ints:
        """The class of each day; days outside are taken as the nearest one inside."""
        found: Ints = self.classes[kind][self._at(days)].astype(np.int64)
        return found

    def are_open(self, days: Ints) -> NDArray[np.bool_]:
        """Whether payments come on each day."""
        found: NDArray[np.bool_] = self.is_open[self._at(days)]
        return found

    def _at(self, days: Ints) -> Ints:
        return np.clip(days - self.first, 0, len(self.is_open) - 1)


def calendar(first: int, last: int, is_open: tuple[bool, ...]) -> Calendar:
    """The calendar from one ordinal to another, given the weekdays on which payments come."""
    ordinals = np.arange(first, max(first, last) + 1)
    days = (ordinals - _EPOCH).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    ends = (months + 1).astype("datetime64[D]").astype(np.int64) + _EPOCH - 1
    weekday = (ordinals + 6) % 7
    classes = np.stack(
        [
            weekday,
            (days - months.astype("datetime64[D]")).astype(np.int64),
            _open_days(ends, is_open) - _open_days(ordinals, is_open),
        ]
    )
    return Calendar(first, classes.astype(np.int8), np.array(is_open)[weekday])


def open_weekdays(settled: Ints) -> tuple[bool, ...]:
    """On which weekdays payments come: all but Saturday and Sunday until shown otherwise."""
    came = np.bincount((settled + 6) % 7, minlength=7)
    expected = len(settled) / 7
    enough = len(settled) >= _WEEKEND_PAYMENTS
    often = came >= _OPEN_SHARE * expected
    return tuple(bool(often[day]) if enough and day >= 5 else day < 5 for day in range(7))


def find(
    contact: Ints, settled: Ints, due: Ints, names: tuple[str, ...], is_open: tuple[bool, ...]
) -> dict[str, Run]:
    """The runs of the contacts that have them; a contact is its index in `names`.

    Several payments on a day count once. What the due days already explain is no run.
    """
    if not len(contact):
        return {}
    first, last = min(settled.min(), due.min()), max(settled.max(), due.max())
    days = calendar(int(first), int(last), is_open)
    paid = _distinct(contact, settled)
    owed = _distinct(contact, due)
    found = np.bincount(paid[0], minlength=len(names))
    gains, weights = [], []
    for kind in (WEEKDAY, DAY_OF_MONTH, TO_MONTH_END):
        base = _base(kind, settled, is_open)
        seen = _counts(paid, days, kind, len(names))
        gain = _gain(seen, base, kind)
        gain -= np.maximum(_gain(_counts(owed, days, kind, len(names)), base, kind), 0)
        gains.append(np.where(found >= _FEWEST_DAYS, gain, -np.inf) + _BEFOREHAND[kind])
        belief = _BELIEF[kind]
        weights.append((seen / base + belief) / (seen.sum(axis=1, keepdims=True) + belief))
    odds = np.exp(np.clip(np.array(gains), -50, 50))
    sure = odds / (1 + odds.sum(axis=0))
    best = sure.argmax(axis=0)
    return {
        names[who]: Run(
            int(best[who]), _mixed(weights[best[who]][who], float(sure[best[who], who]))
        )
        for who in np.flatnonzero(sure.max(axis=0) > _SURE)
    }


def weights_of(
    runs: dict[str, Run], keys: list[str], days: NDArray[np.int64], which: Calendar
) -> Floats:
    """The weight of each day (rows: invoices, columns: days) for the contacts of the rows."""
    table = np.ones((len(keys), max(_CLASSES)), np.float32)
    kinds = np.zeros(len(keys), np.int64)
    for row, key in enumerate(keys):
        run = runs[key]
        kinds[row] = run.kind
        table[row, : len(run.weights)] = run.weights
    out = np.empty(days.shape, np.float32)
    for kind in range(len(_CLASSES)):
        rows = np.flatnonzero(kinds == kind)
        out[rows] = np.take_along_axis(table[rows], which.of(kind, days[rows]), axis=1)
        if kind == TO_MONTH_END:
            out[rows] *= which.are_open(days[rows])
    return out


def _distinct(contact: Ints, days: Ints) -> tuple[Ints, Ints]:
    both = np.unique(contact * 4_000_000 + days)
    return both // 4_000_000, both % 4_000_000


def _open_days(ordinals: Ints, is_open: tuple[bool, ...]) -> Ints:
    """How many open days there were until each day."""
    until = np.concatenate([[0], np.cumsum(is_open)])
    days: Ints = (ordinals - 1) // 7 * until[-1] + until[(ordinals - 1) % 7 + 1]
    return days


def _base(kind: int, settled: Ints, is_open: tuple[bool, ...]) -> NDArray[np.float64]:
    """How often a class comes by itself; weekdays as the payments of all contacts do."""
    if kind == WEEKDAY:
        came = np.bincount((settled + 6) % 7, minlength=7) + 2.0
        return np.asarray(came / came.sum(), np.float64)
    years = calendar(_EPOCH, _EPOCH + _FOUR_YEARS, is_open)
    days = years.classes[kind][years.is_open]
    base = np.bincount(days, minlength=_CLASSES[kind]) + 1.0
    return np.asarray(base / base.sum(), np.float64)


def _counts(
    of: tuple[Ints, Ints], which: Calendar, kind: int, contacts: int
) -> NDArray[np.float64]:
    classes = _CLASSES[kind]
    at = of[0] * classes + which.of(kind, of[1])
    seen = np.bincount(at, minlength=contacts * classes).reshape(contacts, classes)
    return seen.astype(np.float64)


def _gain(seen: NDArray[np.float64], base: NDArray[np.float64], kind: int) -> NDArray[np.float64]:
    """How much better sharp days explain the payments than days as they come (log odds)."""
    scale = np.minimum(1, _MOST / np.maximum(seen.sum(axis=1, keepdims=True), 1))
    counts = np.rint(seen * scale).astype(np.int64)
    belief = _BELIEF[kind]
    steps = np.arange(_MOST + 1)
    each = np.cumsum(np.log(belief * base[:, None] + steps), axis=1)
    each = np.hstack([np.zeros((len(base), 1)), each])
    total = np.concatenate([[0.0], np.cumsum(np.log(belief + np.arange(2 * _MOST)))])
    sharp = each[np.arange(len(base)), counts].sum(axis=1) - total[counts.sum(axis=1)]
    even: NDArray[np.float64] = (counts * np.log(base)).sum(axis=1)
    gain: NDArray[np.float64] = sharp - even
    return gain


def _mixed(weights: NDArray[np.float64], sure: float) -> tuple[float, ...]:
    return tuple(round(float(each), 4) for each in sure * weights + 1 - sure)
