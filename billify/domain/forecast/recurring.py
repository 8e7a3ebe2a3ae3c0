"""Movements that come back: found in the bank's history, with their rhythm, amount and trust."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from billify.domain.cash_flow import Shift
from billify.domain.forecast import rhythms, timeline
from billify.domain.forecast.history import Cents, Movements
from billify.domain.forecast.rhythms import Slots
from billify.domain.forecast.shapes import Recurrence
from billify.domain.forecast.timeline import LATE, Probe

MOST_STREAMS = 3000
"""Only the streams that moved the most money are looked at."""
MOST_FOUND = 500
ROUNDS = 4
"""One counterparty may have so many recurrences of one direction."""
LONG_BACK = 1140
MANY = 100
"""With so many movements even a known counterparty may stand for many (a payment service)."""
SCREEN = 1.5
ENOUGH = 5.5
"""Scores: how much likelier than chance, as logarithms, before and after looking at amounts."""
KNOWN = 1.0
"""What it tells that the counterparty is known, so that its movements are of one kind."""
RARE = frozenset({rhythms.TWO_WEEKLY, rhythms.FOUR_WEEKLY, rhythms.QUARTERLY, rhythms.YEARLY})
MORE_FOR_RARE = 1.75
MISSES_TO_END = 2
SAME = 0.1
"""Amounts are taken for the same when they differ by less than this share."""
MOST_RAISED = 0.1
MOST_DRIFT = 0.2
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
    same = [each for rows in rows_of for each in _same_amounts(movements, rows[of[rows] < 0])]
    if same and len(found) < MOST_FOUND:
        _round(movements, same, now, probes, found, of)
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
        (rhythms.FOUR_WEEKLY, none, 14, (0, 1), (3, 4, 6, 12)),
        (rhythms.THIRTY_DAYS, none, 14, (0, 1), (3, 4, 6, 12)),
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


def _same_amounts(movements: Movements, rows: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Parts of a stream with one amount to the cent, where many things may be in a stream."""
    if len(rows) < MANY and (len(rows) < 3 or movements.names[int(movements.who[rows[0]])]):
        return []
    ordered = rows[np.argsort(movements.cents[rows], kind="stable")]
    edges = np.flatnonzero(np.diff(movements.cents[ordered])) + 1
    parts = np.split(ordered, edges) if len(edges) else [ordered]
    return [part for part in parts if 3 <= len(part) < len(rows)]


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
        enough = ENOUGH + (MORE_FOR_RARE if slots.rhythm in RARE else 0)
        if hits is None or hits.told < enough:
            continue
        recurrence = _recurrence(movements, hits, slots, phase, window, today)
        of[hits.rows] = len(found)
        found.append(_unique(recurrence, found))
        hit[each] = True
    return hit


def _unique(recurrence: Recurrence, found: Sequence[Recurrence]) -> Recurrence:
    """The same with a key of its own: the first keeps it, another one has its day in it too."""
    keys = {each.key for each in found}
    key = recurrence.key
    if key in keys:
        key = f"{key}|{recurrence.day or recurrence.next.weekday()}"
    number = 2
    while key in keys:
        key, number = f"{recurrence.key}|{number}", number + 1
    return replace(recurrence, key=key)


def _hits(
    movements: Movements, rows: NDArray[np.intp], slots: Slots, phase: int, window: int, today: int
) -> _Hits | None:
    """The movements nearest to each expected day, those of alike amounts first; None if gone."""
    expected = slots.days[phase]
    rows = rows[np.searchsorted(movements.days[rows], expected[-1] - window) :]
    if len(rows) > MOST_A_PERIOD * len(expected):
        return None
    days, size = movements.days[rows], np.log(np.abs(movements.cents[rows]))
    off = np.abs(days[None, :] - expected[:, None])
    near = off <= window
    recent = near[:LATEST].any(axis=0)
    if not recent.any():
        return None
    usual = _middle(size[recent])
    near[0] |= (off[0] <= window + LATE) & (np.abs(size - usual) < SAME)
    picked = np.where(near, np.abs(size - usual) * 4 + off * 0.2, np.inf).argmin(axis=1)
    is_hit = near.any(axis=1).tolist()
    is_pending = not is_hit[1] and today - int(expected[1]) <= window + LATE
    past = 2 if is_pending else 1
    periods = _running(is_hit, past)
    if len(periods) < 2:
        return None
    chosen = picked[periods]
    widest = float(np.abs(size[chosen] - usual).max()) + 0.01
    first = int(expected[periods[-1]]) - window
    alike = int(((np.abs(size - usual) <= widest) & (days >= first)).sum())
    wide = 2 * int(off[periods, chosen].max()) + 1
    chance = -math.expm1(-(alike + 0.5) * wide / (today - first + 1))
    span = periods[-1] - past + 1
    told = _told(sum(each >= past for each in periods), span, chance)
    told -= math.log(len(slots.days) / wide)
    if movements.names[int(movements.who[rows[0]])]:
        told += KNOWN
    if near[periods].sum() <= 1.3 * len(periods):
        told += (len(periods) - 1) * _alike(size[chosen])
    return _Hits(rows[chosen].tolist(), periods, is_pending, max(span, len(periods)), told)


def _alike(size: NDArray[np.float64]) -> float:
    """What each further amount tells by being like the others; logarithms of amounts."""
    apart = sorted(np.abs(size - _middle(size)).tolist())
    return max(0.0, math.log(0.3 / max(apart[int(0.7 * len(apart))], 0.02)))


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
    days = movements.days[hits.rows]
    usual = _usual(cents.tolist())
    spread = _middle(np.abs(cents[:LATEST] - usual).astype(np.float64))
    name = movements.names[int(movements.who[hits.rows[0]])]
    kind = movements.kinds[int(movements.kind[hits.rows[0]])]
    wanted = int(slots.wanted[phase]) or None
    rhythm, shift = slots.rhythm, slots.shift
    if rhythm == rhythms.MONTHLY and wanted == rhythms.LAST_DAY and shift is Shift.PREVIOUS:
        rhythm, shift = rhythms.LAST_WORKING_DAY, Shift.NONE
    return Recurrence(
        key="|".join((name or f"({kind})", "in" if usual > 0 else "out", rhythm)),
        name=name or kind,
        rhythm=rhythm,
        amount=Decimal(usual) / 100,
        day=wanted,
        shift=shift.value,
        next=date.fromordinal(_next(hits, slots, phase, today)),
        last=date.fromordinal(int(days[0])),
        count=len(cents),
        spread_amount=Decimal(round(spread)) / 100,
        spread_days=window,
        drift=_drift(cents, days, spread),
        confidence=_confidence(hits),
        category=kind,
    )


def _confidence(hits: _Hits) -> int:
    """The chance in percent that the next one comes: how often it came, if it is no accident."""
    came = (len(hits.periods) + 0.85) / (hits.span + 1)
    is_real = -math.expm1(ENOUGH - 1.5 - hits.told)
    return round(100 * min(came * is_real, 0.99))


def _usual(cents: list[int]) -> int:
    """The amount to expect: the last one when it holds, else the middle of the last ones.

    Where all were the same and the last differs a little, it was raised and stays so.
    """
    before = set(cents[1:4])
    if cents[0] in before or (len(cents) > 3 and len(before) == 1 and _raised(cents)):
        return cents[0]
    return round(_middle(np.array(cents[:5], np.float64)))


def _raised(cents: list[int]) -> bool:
    return abs(cents[0] - cents[1]) <= MOST_RAISED * abs(cents[1])


def _drift(cents: Cents, days: NDArray[np.int32], spread: float) -> Decimal:
    """The growth of the amount in the last year; none where amounts vary more than they grew."""
    ago = int(days[0]) - days
    before = cents[(ago > 270) & (ago < 460)]
    if len(before) < 2 or len(cents) < 8:
        return Decimal("0.00")
    then = _middle(before.astype(np.float64))
    now = _middle(cents[:3].astype(np.float64))
    if abs(now - then) <= 2 * spread:
        return Decimal("0.00")
    return Decimal(round(100 * min(max(now / then - 1, -MOST_DRIFT), MOST_DRIFT))) / 100


def _next(hits: _Hits, slots: Slots, phase: int, today: int) -> int:
    """The next expected day: the one after, when this one came before its day."""
    coming = int(slots.days[phase][0])
    if 0 not in hits.periods:
        return today if hits.is_pending else coming
    wanted = int(slots.wanted[phase]) or None
    after = rhythms.ahead(
        rhythm=slots.rhythm, day=wanted, shift=slots.shift, after=date.fromordinal(coming)
    )
    return next(after).toordinal()
