"""Movements that come back: found in the bank's history, with their rhythm, amount and trust."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from billify.domain.cash_flow import Shift
from billify.domain.forecast import rhythms, timeline
from billify.domain.forecast.history import Movements
from billify.domain.forecast.rhythms import Slots
from billify.domain.forecast.shapes import Recurrence
from billify.domain.forecast.timeline import LATE, Probe

MOST_STREAMS = 3000
"""Only the streams that moved the most money are looked at."""
MOST_FOUND = 500
ROUNDS = 4
"""One counterparty may have so many recurrences of one direction."""
LONG_BACK = 1140
SCREEN = 1.5
ENOUGH = 6.0
"""Scores: how much likelier than chance, as logarithms, before and after looking at amounts."""
MISSES_TO_END = 2
MOST_A_PERIOD = 20
"""What moves more often than that in a period has no rhythm that could be told from chance."""
LATEST = 7
"""Of so many periods the amounts count."""


@dataclass(frozen=True, slots=True)
class Found:
    """What comes back, and for each movement the index of its recurrence, or -1."""

    recurrences: list[Recurrence]
    of: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Hits:
    """What of a stream is one recurrence: rows by period, the latest first."""

    rows: list[int]
    periods: list[int]
    is_pending: bool
    """The latest expected one may still come."""
    span: int
    """Over how many periods."""
    told: float
    """How much likelier it is that this comes back than that it came by chance, as a logarithm."""


def find(*, movements: Movements, today: date) -> list[Recurrence]:
    """The movements that come back and are still expected after today."""
    return search(movements=movements, today=today).recurrences


def search(*, movements: Movements, today: date) -> Found:
    """The movements that come back, and which movements each of them explains."""
    now = today.toordinal()
    of = np.full(len(movements), -1, dtype=np.int32)
    found: list[Recurrence] = []
    rows_of = _streams(movements, now)
    if not rows_of:
        return Found(found, of)
    probes = _probes(now)
    active = np.arange(len(rows_of))
    for _ in range(ROUNDS):
        left = [rows_of[at][of[rows_of[at]] < 0] for at in active]
        keep = [at for at, rows in enumerate(left) if len(rows) >= 2]
        if not keep or len(found) >= MOST_FOUND:
            break
        left, active = [left[at] for at in keep], active[keep]
        hit = _round(movements, left, now, probes, found, of)
        active = active[hit]
    return Found(found, of)


def occurrences(*, recurrence: Recurrence, start: date, end: date) -> list[date]:
    """The days it is expected on from start to end, both included, in order."""
    days = [recurrence.next] if start <= recurrence.next <= end else []
    coming = rhythms.ahead(
        rhythm=recurrence.rhythm,
        day=recurrence.day,
        shift=Shift(recurrence.shift),
        after=recurrence.next,
    )
    for day in coming:
        if day > end:
            break
        if day >= start:
            days.append(day)
    return days


def _probes(today: int) -> list[Probe]:
    none, late, early = Shift.NONE, Shift.NEXT, Shift.PREVIOUS
    short, month = (0, 1), (0, 1, 2, 3, 4)
    wanted = (
        (rhythms.MONTHLY, none, 14, month, (2, 3, 4, 6, 12)),
        (rhythms.MONTHLY, late, 14, (0, 1), (2, 3, 4, 6, 12)),
        (rhythms.MONTHLY, early, 14, (0, 1), (2, 3, 4, 6, 12)),
        (rhythms.WEEKLY, none, 14, short, (4, 6, 12)),
        (rhythms.TWO_WEEKLY, none, 14, (0, 1), (3, 4, 6, 12)),
        (rhythms.FOUR_WEEKLY, none, 14, (0, 1), (3, 4, 6)),
        (rhythms.THIRTY_DAYS, none, 14, (0, 1), (3, 4, 6)),
        (rhythms.QUARTERLY, none, 8, (0, 2, 5), (2, 3, 4, 6)),
        (rhythms.YEARLY, none, 4, (0, 3, 7), (2, 3)),
    )
    return [
        Probe(slots, windows, periods)
        for (_, _, _, windows, periods), slots in zip(
            wanted,
            rhythms.all_slots(today=today, wanted=[each[:3] for each in wanted]),
            strict=True,
        )
    ]


def _streams(movements: Movements, today: int) -> list[NDArray[np.intp]]:
    """Rows of one counterparty and direction, or of one kind when nobody is known."""
    recent = np.flatnonzero(
        (movements.days >= today - LONG_BACK) & (movements.days < today) & (movements.cents != 0)
    )
    if not len(recent):
        return []
    named = np.array([bool(name) for name in movements.names] or [False])
    who, kind = movements.who[recent].astype(np.int64), movements.kind[recent]
    stream = np.where(named[who], who, len(movements.names) + kind) * 2
    stream += movements.cents[recent] > 0
    order = np.argsort(stream, kind="stable")
    ordered = stream[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sizes = np.diff(np.r_[starts, len(ordered)])
    volume = np.add.reduceat(np.abs(movements.cents[recent][order]).astype(np.float64), starts)
    many = np.flatnonzero(sizes >= 2)
    if len(many) > MOST_STREAMS:
        many = many[np.argsort(-volume[many], kind="stable")[:MOST_STREAMS]]
    else:
        many = many[np.argsort(-volume[many], kind="stable")]
    return [recent[order[starts[at] : starts[at] + sizes[at]]] for at in many]


def _round(
    movements: Movements,
    left: Sequence[NDArray[np.intp]],
    today: int,
    probes: Sequence[Probe],
    found: list[Recurrence],
    of: NDArray[np.int32],
) -> NDArray[np.bool_]:
    """Look once at each stream; says which of them had a recurrence."""
    rows = np.concatenate(left)
    at = np.repeat(np.arange(len(left)), [len(each) for each in left])
    table = timeline.seen(
        row=at, days=movements.days[rows], rows=len(left), today=today, back=LONG_BACK
    )
    best = timeline.best(table=table, today=today, probes=probes)
    hit = np.zeros(len(left), bool)
    for each in np.flatnonzero(best.score >= SCREEN).tolist():
        if len(found) >= MOST_FOUND:
            break
        probe = probes[best.probe[each]]
        slots, phase, window = probe.slots, int(best.phase[each]), int(best.window[each])
        hits = _hits(movements, left[each], slots, phase, max(window, 1), today)
        if hits is None or hits.told < ENOUGH:
            continue
        recurrence = _recurrence(movements, hits, slots, phase, window, today)
        of[hits.rows] = len(found)
        found.append(recurrence)
        hit[each] = True
    return hit


def _hits(
    movements: Movements, rows: NDArray[np.intp], slots: Slots, phase: int, window: int, today: int
) -> _Hits | None:
    """The movements nearest to each expected day, those of alike amounts first; None if gone."""
    expected = slots.days[phase]
    rows = rows[np.searchsorted(movements.days[rows], expected[-1] - window) :]
    days, cents = movements.days[rows], movements.cents[rows]
    if len(rows) > MOST_A_PERIOD * len(expected):
        return None
    off = np.abs(days[None, :] - expected[:, None])
    near = off <= window
    recent = near[:LATEST].any(axis=0)
    if not recent.any():
        return None
    size = np.log(np.abs(cents))
    usual = _middle(size[recent])
    apart = np.where(near, np.abs(size - usual) * 4 + off * 0.2, np.inf)
    picked = apart.argmin(axis=1)
    is_hit = near.any(axis=1).tolist()
    is_pending = not is_hit[1] and today - int(expected[1]) <= window + LATE
    periods = _running(is_hit, 2 if is_pending else 1)
    if len(periods) < 2:
        return None
    chosen = picked[periods]
    past = 2 if is_pending else 1
    span = periods[-1] - past + 1
    widest = float(np.abs(size[chosen] - usual).max()) + 0.01
    alike = days[np.abs(size - usual) <= widest]
    first = int(expected[periods[-1]]) - window
    count = int((alike >= first).sum())
    chance = -math.expm1(-(count + 0.5) * (2 * window + 1) / (today - first + 1))
    told = _told(sum(each >= past for each in periods), span, chance)
    told -= math.log(len(slots.days) / (2 * window + 1))
    if near[periods].sum() <= 1.3 * len(periods):
        spread = _middle(np.abs(size[chosen] - _middle(size[chosen])))
        told += (len(periods) - 1) * max(0.0, math.log(0.3 / max(spread, 0.02)))
    return _Hits(rows[chosen].tolist(), periods, is_pending, span, told)


def _middle(values: NDArray[np.float64]) -> float:
    """The median; of few values, where a function for many takes its time."""
    ordered = sorted(values.tolist())
    return float(ordered[len(ordered) // 2] + ordered[(len(ordered) - 1) // 2]) / 2


def _running(is_hit: list[bool], first: int) -> list[int]:
    """The periods it came in, back to where it was missing more than once in a row."""
    periods = [at for at in range(first) if is_hit[at]]
    missed = 0
    for at in range(first, len(is_hit)):
        missed = 0 if is_hit[at] else missed + 1
        if missed >= MISSES_TO_END:
            break
        if is_hit[at]:
            periods.append(at)
    return periods


def _told(hits: int, periods: int, chance: float) -> float:
    """How much likelier so many hits are by a rhythm than by chance, as a logarithm."""
    rate = min(hits / periods, 1 - 1e-6)
    if rate <= chance:
        return 0.0
    missed = (periods - hits) * math.log((1 - rate) / (1 - chance)) if hits < periods else 0.0
    return hits * math.log(rate / chance) + missed


def _recurrence(
    movements: Movements, hits: _Hits, slots: Slots, phase: int, window: int, today: int
) -> Recurrence:
    cents = movements.cents[hits.rows]
    expected = slots.days[phase]
    usual = _usual(cents)
    chance = (len(cents) + 1.0) / (max(hits.span, len(cents)) + 1.5)
    next_ = _next(hits, expected, today)
    name = movements.names[int(movements.who[hits.rows[0]])]
    kind = movements.kinds[int(movements.kind[hits.rows[0]])]
    wanted = int(slots.wanted[phase]) or None
    side = "in" if usual > 0 else "out"
    return Recurrence(
        key="|".join([name, "" if name else kind, side, slots.rhythm, str(wanted or next_ % 7)]),
        name=name or kind,
        rhythm=slots.rhythm,
        amount=Decimal(usual) / 100,
        day=wanted,
        shift=slots.shift.value,
        next=date.fromordinal(next_),
        last=date.fromordinal(int(movements.days[hits.rows[0]])),
        count=len(cents),
        spread_amount=Decimal(round(float(np.median(np.abs(cents[:6] - usual))))) / 100,
        spread_days=window,
        drift=Decimal("0.00"),
        confidence=round(100 * min(chance, 0.99)),
        category=kind,
    )


def _usual(cents: NDArray[np.int64]) -> int:
    """The amount to expect: the last one when it holds, else the middle of the last ones."""
    if len(cents) > 1 and cents[0] == cents[1]:
        return int(cents[0])
    return int(np.median(cents[:5]))


def _next(hits: _Hits, expected: NDArray[np.int32], today: int) -> int:
    if 0 in hits.periods:
        return max(2 * int(expected[0]) - int(expected[1]), today)
    return today if hits.is_pending else int(expected[0])
