"""Courses that the balance may take, simulated: the band, and the chance to fall below a limit."""

import math
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from billify.domain.forecast.history import Cents
from billify.domain.forecast.rest import WEEK, Rest
from billify.domain.forecast.shapes import HIGH, LOW

Floats = NDArray[np.float64]
LARGEST = 200
"""So many of the amounts are drawn for each path."""
DRAWS = 64
"""So many draws of all smaller amounts are shared by the paths."""
TOGETHER = 0.08
"""How much of the lateness is common to all customers, or to all our own payments."""


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
    """Simulated balances in cents: one row a path, one column a day of the grid.

    `low` and `high` are the edges of the band for each day of the grid.
    """

    days: NDArray[np.int32]
    balances: Floats
    low: Cents
    high: Cents

    def quantile(self, share: float) -> Cents:
        """The balance that this share of the paths stays below, for each day of the grid."""
        return _edge(self.balances, share)

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

    Customers are late together and so are we, a little: with each amount by itself the band of
    many would be too narrow. The same input gives the same answer.
    """
    random = np.random.default_rng(seed)
    steps = np.zeros((paths, len(days) + 1))
    _add_timed(steps, random, timed, days)
    _add_dated(steps, random, dated, days)
    steps[:, :-1] += _fixed(rest, today, days)
    balances = balance_cents + np.cumsum(steps[:, :-1], axis=1)
    if rest.errors and len(days):
        balances += _errors(rest, random, paths, days)
    return Paths(days, balances, _edge(balances, LOW), _edge(balances, HIGH))


def _edge(balances: Floats, share: float) -> Cents:
    """The quantile of each column, between its two neighbours where it falls between."""
    at = share * (len(balances) - 1)
    below = int(at)
    above = min(below + 1, len(balances) - 1)
    parted = np.partition(balances, (below, above), axis=0)
    edge: Floats = parted[below] + (parted[above] - parted[below]) * (at - below)
    return np.rint(edge).astype(np.int64)


def _cells(days: NDArray[np.int32], offsets: NDArray[np.integer[Any]]) -> NDArray[np.intp]:
    """The column of the first day of the grid at or after each offset; one more when none is."""
    last = int(days[-1]) if len(days) else -1
    columns = np.searchsorted(days, np.arange(last + 2))
    cells: NDArray[np.intp] = columns[np.clip(offsets, 0, last + 1)]
    return cells


def _fixed(rest: Rest, today: date, days: NDArray[np.int32]) -> Floats:
    """What the rest moves in each column."""
    offsets = np.array([week.day for week in rest.weeks], np.int64) - today.toordinal()
    nets = np.array([week.money_in - week.money_out for week in rest.weeks], float)
    coming = offsets >= 0
    cells = _cells(days, offsets[coming])
    moved: Floats = np.bincount(cells, weights=nets[coming], minlength=len(days) + 1).astype(float)
    return moved[: len(days)]


def _add_timed(
    steps: Floats, random: np.random.Generator, timed: Timed, days: NDArray[np.int32]
) -> None:
    """Draw a day of each amount: of the largest for each path, of the many for a few draws.

    What thousands of small amounts come to hardly differs by how each of them is drawn, so paths
    share draws of all of them; the common lateness belongs to the draw.
    """
    if not len(timed.cents):
        return
    paths, width = steps.shape
    columns = _cells(days, timed.timing)
    order = np.argsort(-np.abs(timed.cents), kind="stable")
    large, small = order[:LARGEST], order[LARGEST:]
    draw = random.integers(0, DRAWS, paths)
    common = random.standard_normal((DRAWS, 2), dtype=np.float32)
    cells = _drawn(random, common[draw], columns[large], timed.cents[large])
    cells += np.arange(paths)[:, None] * width
    steps += _summed(cells, timed.cents[large], steps.shape)
    if len(small):
        cells = _drawn(random, common, columns[small], timed.cents[small])
        cells += np.arange(DRAWS)[:, None] * width
        steps += _summed(cells, timed.cents[small], (DRAWS, width))[draw]


def _drawn(
    random: np.random.Generator,
    common: NDArray[np.float32],
    columns: NDArray[np.intp],
    cents: Cents,
) -> NDArray[np.intp]:
    """For each draw (rows) and amount (columns) the column of the grid it falls in."""
    count, chances = columns.shape
    own = random.standard_normal((len(common), count), dtype=np.float32)
    own *= np.float32(math.sqrt(1 - TOGETHER) * _FINE)
    late = common * np.float32(math.sqrt(TOGETHER) * _FINE)
    own += np.where(cents > 0, late[:, :1], late[:, 1:])
    np.clip(own, -_WIDEST * _FINE, _WIDEST * _FINE - 1, out=own)
    at = _chance_of(chances)[own.astype(np.int16) + _WIDEST * _FINE]
    at += np.arange(count) * chances
    return columns.ravel()[at]


_FINE, _WIDEST = 128, 4


@lru_cache(maxsize=4)
def _chance_of(chances: int) -> NDArray[np.intp]:
    """Which of so many equal chances a value of the normal distribution belongs to.

    By value: 0 stands for four standard deviations below the middle, in steps of 1/128.
    """
    normal = NormalDist()
    values = range(-_WIDEST * _FINE, _WIDEST * _FINE)
    return np.array([int(normal.cdf((value + 0.5) / _FINE) * chances) for value in values], np.intp)


def _summed(cells: NDArray[np.intp], cents: Cents, shape: tuple[int, ...]) -> Floats:
    """The amounts of each cell of a table, row after row."""
    weights = np.broadcast_to(cents.astype(float), cells.shape)
    size = shape[0] * shape[1]
    total: Floats = np.bincount(cells.ravel(), weights=weights.ravel(), minlength=size).astype(
        float
    )
    return total.reshape(shape)


def _add_dated(
    steps: Floats, random: np.random.Generator, dated: Dated, days: NDArray[np.int32]
) -> None:
    """Amounts with a day: those that spread drawn for each path, the largest spreads at least."""
    if not len(dated.offsets):
        return
    paths, width = steps.shape
    cents = dated.cents.astype(float)
    sure = cents * dated.chance
    unsure = np.abs(cents) * ((dated.spread_days > 0) | (dated.chance < 1)) + dated.spread_cents
    order = np.argsort(-unsure, kind="stable")
    drawn = order[:LARGEST][unsure[order[:LARGEST]] > 0]
    is_fixed = np.ones(len(cents), bool)
    is_fixed[drawn] = False
    cells = _cells(days, dated.offsets[is_fixed])
    steps += np.bincount(cells, weights=sure[is_fixed], minlength=width)
    if not len(drawn):
        return
    size = (paths, len(drawn))
    shift = random.standard_normal(size, dtype=np.float32) * dated.spread_days[drawn]
    offsets = (dated.offsets[drawn] + np.rint(shift)).astype(np.int32)
    amounts = random.standard_normal(size, dtype=np.float32) * dated.spread_cents[drawn]
    amounts = amounts + cents[drawn]
    amounts *= random.random(size, dtype=np.float32) < dated.chance[drawn]
    cells = _cells(days, offsets) + np.arange(paths)[:, None] * width
    total = np.bincount(cells.ravel(), weights=amounts.ravel(), minlength=paths * width)
    steps += total.reshape(steps.shape)


def _errors(rest: Rest, random: np.random.Generator, paths: int, days: NDArray[np.int32]) -> Floats:
    """Past errors for each path, day by day: linear between weeks, joined end to end."""
    known = np.array(rest.errors, float)
    known = np.concatenate([np.zeros((len(known), 1)), known], axis=1)
    weeks = known.shape[1] - 1
    rounds = int(days[-1] + 1) // (weeks * WEEK) + 1
    drawn = random.integers(0, len(known), (paths, rounds))
    joined = np.concatenate([np.zeros((paths, 1)), np.cumsum(known[drawn, -1], axis=1)], axis=1)
    at, day = np.divmod(days + 1, weeks * WEEK)
    week, part = day // WEEK, (day % WEEK) / WEEK
    course = known[:, week] * (1 - part) + known[:, np.minimum(week + 1, weeks)] * part
    answer: Floats = course[drawn[:, at], np.arange(len(days))] + joined[:, at]
    return answer
