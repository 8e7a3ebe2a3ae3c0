"""Courses that the balance may take, simulated: the band, and the chance to fall below a limit."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from billify.domain.forecast.history import Cents
from billify.domain.forecast.rest import WEEK, Rest
from billify.domain.forecast.shapes import HIGH, LOW


@dataclass(frozen=True, slots=True)
class Timed:
    """Amounts whose day is uncertain, as open invoices are.

    `timing` has one row an amount: days from today at equally likely chances (n × 33); an offset
    beyond the last day asked for does not count. Cents are above zero when they come in.
    """

    cents: Cents
    timing: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Dated:
    """Amounts with a day: recurrences, taxes, planned items; all columns have the same length.

    `offsets` are days from today; the spreads are one standard deviation, in days and cents;
    `chance` is how likely it comes at all (0 to 1).
    """

    offsets: NDArray[np.int32]
    cents: Cents
    spread_days: NDArray[np.float32]
    spread_cents: NDArray[np.float32]
    chance: NDArray[np.float32]


def no_timed() -> Timed:
    """No amount whose day is uncertain."""
    return Timed(np.zeros(0, np.int64), np.zeros((0, 33), np.int16))


def no_dated() -> Dated:
    """No amount with a day."""
    none = np.zeros(0, np.float32)
    return Dated(np.zeros(0, np.int32), np.zeros(0, np.int64), none, none, none)


@dataclass(frozen=True, slots=True)
class Paths:
    """Simulated balances in cents: one row a path, one column a day of the grid."""

    days: NDArray[np.int32]
    balances: NDArray[np.float32]

    @property
    def low(self) -> Cents:
        """The lower edge of the band for each day of the grid."""
        return self.quantile(LOW)

    @property
    def high(self) -> Cents:
        """The upper edge of the band for each day of the grid."""
        return self.quantile(HIGH)

    def quantile(self, share: float) -> Cents:
        """The balance that this share of the paths stays below, for each day of the grid."""
        return np.rint(np.quantile(self.balances, share, axis=0)).astype(np.int64)

    def chance_below(self, limit_cents: int) -> NDArray[np.float64]:
        """How many of the paths were below a limit on some day till then, for each day."""
        lowest = np.minimum.accumulate(self.balances, axis=1)
        share: NDArray[np.float64] = (lowest < limit_cents).mean(axis=0)
        return share


def simulate(
    *,
    balance_cents: int,
    today: date,
    days: NDArray[np.int32],
    timed: Timed,
    dated: Dated,
    rest: Rest,
    paths: int = 2000,
    seed: int = 0,
) -> Paths:
    """Simulated balances at the end of the days of a grid (offsets from today, rising).

    The same input gives the same answer.
    """
    random = np.random.default_rng(seed)
    last = int(days[-1]) if len(days) else 0
    flows = np.zeros((paths, last + 2), np.float32)
    rows = np.arange(paths)
    for cents, timing in zip(timed.cents, timed.timing, strict=True):
        when = np.clip(timing[random.integers(0, timing.shape[0], paths)], 0, last + 1)
        flows[rows, when] += cents
    for at in range(len(dated.offsets)):
        shift = random.normal(0, dated.spread_days[at], paths)
        when = np.clip(np.rint(dated.offsets[at] + shift), 0, last + 1).astype(np.intp)
        amount = random.normal(dated.cents[at], dated.spread_cents[at], paths)
        flows[rows, when] += amount * (random.random(paths) < dated.chance[at])
    start = today.toordinal()
    for week in rest.weeks:
        if 0 <= week.day - start <= last:
            flows[:, week.day - start] += week.money_in - week.money_out
    balances = balance_cents + np.cumsum(flows[:, : last + 1], axis=1)[:, days]
    if rest.errors:
        balances += _errors(rest, random, paths, last)[:, days]
    return Paths(days, balances.astype(np.float32))


def _errors(rest: Rest, random: np.random.Generator, paths: int, last: int) -> NDArray[np.float32]:
    """One past error for each path, day by day: linear between weeks, joined end to end."""
    known = np.array(rest.errors, np.float32)
    weeks = last // WEEK + 1
    rounds = -(-weeks // known.shape[1])
    drawn = known[random.integers(0, len(known), (paths, rounds))]
    base = np.concatenate(
        [np.zeros((paths, 1), np.float32), np.cumsum(drawn[:, :-1, -1], axis=1)], axis=1
    )
    ends = (drawn + base[:, :, None]).reshape(paths, -1)
    ends = np.concatenate([np.zeros((paths, 1), np.float32), ends], axis=1)
    day = np.arange(last + 1) + 1
    before = day // WEEK
    part = (day % WEEK).astype(np.float32) / np.float32(WEEK)
    after = np.minimum(before + 1, ends.shape[1] - 1)
    answer: NDArray[np.float32] = ends[:, before] * (1 - part) + ends[:, after] * part
    return answer
