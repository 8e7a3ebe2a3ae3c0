"""Which counterparties moved money in step with a rhythm: many at once, before any closer look."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from billify.domain.forecast.rhythms import Slots

AHEAD = 400
"""Days after today that the timeline has room for; nothing is known of them."""
LONGEST_WINDOW = 7
LATE = 2
"""So many days after its window an expected movement may still come."""

Seen = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Probe:
    """A rhythm's slots, by how many days they may be missed, over how many periods."""

    slots: Slots
    windows: tuple[int, ...]
    periods: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Best:
    """For each row of the timeline the rhythm that fits best; `score` tells how well.

    The score is how much likelier (as a logarithm) the hits are with the rhythm than by chance,
    less what it says that one of many phases was the best.
    """

    score: NDArray[np.float32]
    probe: NDArray[np.int32]
    phase: NDArray[np.int32]
    window: NDArray[np.int32]


def seen(
    *, row: NDArray[np.intp], days: NDArray[np.int32], rows: int, today: int, back: int
) -> Seen:
    """Days on which each row moved: a line a day, from far ahead to far back, a column a row."""
    table = np.zeros((AHEAD + back + 1, rows), np.uint8)
    ago = today - 1 - days
    inside = ago < back
    table[AHEAD + ago[inside], row[inside]] = 1
    return table


def best(*, table: Seen, today: int, probes: Sequence[Probe]) -> Best:
    """The best rhythm of each row."""
    rows = table.shape[1]
    found = Best(
        np.zeros(rows, np.float32),
        np.zeros(rows, np.int32),
        np.zeros(rows, np.int32),
        np.zeros(rows, np.int32),
    )
    widened = [table]
    for _ in range(LONGEST_WINDOW):
        widened.append(_widen(table, widened[-1], len(widened)))
    for at, probe in enumerate(probes):
        _try(found, widened, probe, at, today)
    return found


def _widen(table: Seen, narrower: Seen, by: int) -> Seen:
    wider = narrower.copy()
    wider[by:] |= table[:-by]
    wider[:-by] |= table[by:]
    return wider


def _try(found: Best, widened: Sequence[Seen], probe: Probe, at: int, today: int) -> None:
    days = probe.slots.days[:, 1 : max(probe.periods) + 2].T
    lines = np.minimum(AHEAD + today - 1 - days, widened[0].shape[0] - 1)
    nearer = np.zeros((lines.shape[1], widened[0].shape[1]), np.uint8)
    for window in probe.windows:
        hits = widened[window][lines]
        count, before = np.zeros_like(nearer), np.zeros_like(nearer)
        may_come = (today - days[0] <= window + LATE)[:, None] & (hits[0] == 0)
        common = math.log(lines.shape[1] / (2 * window + 1))
        for period in range(len(hits)):
            before, count = count, count + hits[period]
            if period in probe.periods:
                chance = _by_chance(widened[window], days[:period], today)
                _keep(
                    found,
                    (at, window),
                    np.where(may_come, count, before),
                    nearer,
                    chance,
                    period,
                    common,
                )
        nearer += count


def _keep(
    found: Best,
    of: tuple[int, int],
    count: Seen,
    nearer: Seen,
    chance: NDArray[np.float32],
    periods: int,
    common: float,
) -> None:
    """Take the best phase of each row when it is better than what was found before."""
    rank = count.astype(np.uint16) * 256 + nearer
    phase = rank.argmax(axis=0)
    most = count[phase, np.arange(count.shape[1])]
    score = _score(most, periods, chance) - common
    better = score > found.score
    found.score[better] = score[better]
    found.probe[better], found.window[better] = of
    found.phase[better] = phase[better]


def _by_chance(wide: Seen, days: NDArray[np.int32], today: int) -> NDArray[np.float32]:
    """The share of the days looked at that are near a movement: how likely a hit is anyway."""
    span = int(today - days[-1].min())
    near = wide[AHEAD : AHEAD + span].sum(axis=0, dtype=np.uint16)
    share: NDArray[np.float32] = (near + np.float32(0.5)) / np.float32(span + 1)
    return np.minimum(share, np.float32(0.999))


def _score(
    hits: NDArray[np.uint8], periods: int, chance: NDArray[np.float32]
) -> NDArray[np.float32]:
    rate = np.clip(hits / periods, 1e-6, 1 - 1e-6)
    told = hits * np.log(rate / chance) + (periods - hits) * np.log((1 - rate) / (1 - chance))
    score: NDArray[np.float32] = np.where(rate > chance, told, 0).astype(np.float32)
    return score
