"""The ways in which a contact may pay: distributions of the days between anchor and payment.

A way is a usual day, a spread, how often a payment is slow (a dispute, a holiday) and by how
much, and how often it gets stuck. What a contact does is a mixture of ways, weighed by its own
history; all ways are tabled over the same bins, so weighing is a product of two matrices.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from billify.domain.forecast.payments.values import NEVER, Floats, Ints

FIRST, LAST = -60, 90
"""Between these days around the anchor a bin is one day."""
_BEFORE = (-365, -240, -160, -120, -95, -78, -68)
_AFTER = (95, 100, 106, 113, 121, 131, 143, 158, 176, 198, 224, 255, 292, 336, 390, 455, 530)
_LONG_AFTER = (620, 730, 850, 970, NEVER)
EDGES = np.array((*_BEFORE, *range(FIRST, LAST + 1), *_AFTER, *_LONG_AFTER), np.float64) - 0.5
"""Bin k + 1 holds the days from EDGES[k] on; bin 0 what is earlier, the last bin `NEVER`."""
BINS = len(EDGES) + 1
MIDDLES = np.concatenate([EDGES[:1], (EDGES[1:] + EDGES[:-1]) / 2, EDGES[-1:]])
"""A day to stand for each bin."""
DAILY = slice(len(_BEFORE) + 1, len(_BEFORE) + 1 + LAST - FIRST)
"""The bins of one day."""

_SPREADS = ((0.7, 1), (2.0, 2), (4.5, 4), (8.0, 6), (14.0, 10), (25.0, 18))
"""Standard deviation in days, and the step between usual days that are told apart."""
_FAR = tuple(round(86 * 1.07**k) for k in range(22))
"""Later still, up to a year, in steps that grow; there the spread is a part of the days."""
_FAR_SPREADS = (0.05, 0.12)
_KINDS = (
    # share of slow ones, how much slower, share that gets stuck, of it never, how common
    (0.0, 14.0, 0.015, 0.017, 1.0),
    (0.15, 14.0, 0.015, 0.017, 0.3),
    (0.4, 14.0, 0.015, 0.017, 0.3),
    (0.15, 30.0, 0.015, 0.017, 0.3),
    (0.0, 14.0, 0.3, 0.017, 0.05),
)
"""With the power below, 3 of 10 that are 90 days late and 3 of 4 that are a year late are not
seen within three years, which is about what collectors report."""
_HOPELESS = (0.0, 8.0, 0.0, 14.0, 0.95, 0.8, 0.003)
"""One that does not pay any more: usual day and spread, and then as above."""
_TAIL_POWER = 1.5
_LEAST = 1e-7


@dataclass(frozen=True, slots=True)
class Ways:
    """All ways: the share of each bin (ways × bins), its logarithms, and how common each is."""

    shares: Floats
    log_shares: Floats
    log_until: Floats
    """Of being paid in this bin or before."""
    log_after: Floats
    """Of being paid after this bin."""
    common: NDArray[np.float64]
    usual: Ints
    """The usual day of each."""


@lru_cache(maxsize=1)
def ways() -> Ways:
    """The table of ways, the same in every run."""
    usual, spread, slow, slower, stuck, never, weight = _parameters().T
    on_time = _normal(usual, 0.9 * spread) * 0.9 + _normal(usual, 2.5 * spread) * 0.1
    late = _normal(usual + slower, np.hypot(spread, 0.35 * slower))
    after = np.maximum(EDGES - usual[:, None], 0) / np.maximum(2 * spread, 12)[:, None]
    paid = (1 - never)[:, None] * (1 - (1 + after) ** -_TAIL_POWER)
    until = (1 - slow - stuck)[:, None] * on_time + slow[:, None] * late + stuck[:, None] * paid
    edges = np.zeros((len(usual), 1))
    shares = np.maximum(np.diff(np.hstack([edges, until, edges + 1]), axis=1), _LEAST)
    shares /= shares.sum(axis=1, keepdims=True)
    until = np.cumsum(shares, axis=1)
    return Ways(
        shares=shares.astype(np.float32),
        log_shares=np.log(shares).astype(np.float32),
        log_until=np.log(until).astype(np.float32),
        log_after=np.log(np.maximum(1 - until, shares[:, -1:])).astype(np.float32),
        common=weight / weight.sum(),
        usual=usual.astype(np.int64),
    )


def bins_of(days: Ints) -> Ints:
    """In which bin each number of days is."""
    return np.searchsorted(EDGES, days, side="right")


def _parameters() -> NDArray[np.float64]:
    """Usual day, spread, slow share, how much slower, stuck, never, how common: a row a way.

    Beforehand a third pay within days of the due day, the others anywhere around it.
    """
    near = [(usual, spread, step) for spread, step in _SPREADS for usual in range(-40, 81, step)]
    far = [(usual, part * usual, 0.07 * usual) for part in _FAR_SPREADS for usual in _FAR]
    regular = np.array(
        [
            (usual, spread, *kind[:-1], kind[-1] * step * _at(usual))
            for usual, spread, step in (*near, *far)
            for kind in _KINDS
        ]
    )
    regular[:, -1] *= (1 - _HOPELESS[-1]) / regular[:, -1].sum()
    return np.vstack([regular, _HOPELESS])


def _at(usual: float) -> float:
    near = np.exp(-0.5 * ((usual - 1) / 4) ** 2) / 4
    far = np.exp(-0.5 * ((usual - 4) / 22) ** 2) / 22
    odd = np.exp(-abs(usual) / 60) / 60
    return float(0.3 * near + 0.69 * far + 0.01 * odd)


def _normal(usual: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.float64]:
    """The normal distribution function at the edges (Abramowitz and Stegun, 26.2.17)."""
    z = np.clip((EDGES - usual[:, None]) / spread[:, None], -12, 12)
    t = 1 / (1 + 0.2316419 * np.abs(z))
    poly = -1.821255978 + t * 1.330274429
    for factor in (1.781477937, -0.356563782, 0.319381530):
        poly = factor + t * poly
    upper = np.exp(-z * z / 2) / np.sqrt(2 * np.pi) * t * poly
    below: NDArray[np.float64] = np.where(z > 0, 1 - upper, upper)
    return below
