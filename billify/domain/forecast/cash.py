"""The balance of an account from its own history alone: no invoices, no plans are known.

The same parts as the forecast of a company: what comes back, the rest, and a band from the errors
that the same forecast would have made before.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from statistics import NormalDist

import numpy as np

from billify.domain.forecast import paths, recurring, rest
from billify.domain.forecast.history import Cents, Movements
from billify.domain.forecast.rest import WEEK, Around, Floats, Rest
from billify.domain.forecast.shapes import HIGH, LOW, Recurrence

LIKELY = 50
"""In percent: what is less likely to come is not counted."""
VARYING = Decimal("0.05")
"""An amount varies when it is usually off by more than this share."""
MOST_ORIGINS = 30
LEAST_BEFORE = 42
"""Days: with less of a history a forecast of then tells nothing."""
FEW = 4
TRUST_AFTER = 60
"""With errors of so many earlier days, they count half of how wide the band is."""
USUAL_WIDTH, USUAL_GROWTH = 0.8, 0.38
"""Half a band of 80 % is so many weeks' turnover after one week, and grows with this power."""
LEAST_OF_USUAL = 0.02
TURNOVER_DAYS = 91
PATHS = 2000
Errors = tuple[tuple[int, ...], ...]
_NORMAL = np.array([NormalDist().inv_cdf(0.5 + (k + 0.5) / 40) / 1.2816 for k in range(20)])
"""How often an error is how large, against the edge of the band of 80 %."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Net cents of each day ahead, the band of the balance at its end, and where it comes from."""

    daily: Cents
    low: Cents
    high: Cents
    recurrences: tuple[Recurrence, ...]
    rest: Rest
    """Without errors nothing is known of how wide the band is, and it has no width."""


def ahead(
    *, movements: Movements, balance_cents: int, today: date, days: int, seed: int = 0
) -> Ahead:
    """The days ahead of an account whose movements and balance up to yesterday are known."""
    known = movements.before(today.toordinal())
    line = _line(known, balance_cents, today, days)
    errors = past_errors(movements=known, balance_cents=balance_cents, today=today, days=days)
    left = replace(line.rest, errors=errors)
    grid = np.arange(days, dtype=np.int32)
    courses = paths.simulate(
        balance_cents=balance_cents,
        today=today,
        days=grid,
        timed=paths.no_timed(),
        dated=paths.no_dated(),
        rest=Rest((), errors),
        paths=PATHS,
        seed=seed,
    )
    course = np.cumsum(line.daily)
    return Ahead(line.daily, courses.low + course, courses.high + course, line.recurrences, left)


def past_errors(*, movements: Movements, balance_cents: int, today: date, days: int) -> Errors:
    """Courses that the balance may take around the forecast, in cents after 1, 2 … weeks.

    They are what the same forecast, made on earlier days of the history, was off by, with both
    signs. How wide they are is drawn towards what is usual for the turnover, the more the shorter
    the past is. None without any movement: then nothing can be said.
    """
    weeks = -(-days // WEEK)
    usual = _usual_width(movements, today, weeks)
    if not usual[-1]:
        return ()
    own = _own_errors(movements, balance_cents, today, weeks)
    if len(own) < FEW:
        return _both_signs(usual * _NORMAL[:, None])
    edge = np.sort(np.abs(own), axis=0)[int((HIGH - LOW) * len(own))]
    width: Floats = np.maximum(edge, LEAST_OF_USUAL * usual)
    weight = len(own) / (len(own) + TRUST_AFTER)
    wanted = width**weight * usual ** (1 - weight)
    return _both_signs(own / width * wanted)


def _usual_width(movements: Movements, today: date, weeks: int) -> Floats:
    """Half the band of 80 % after each week, as accounts of this turnover usually need."""
    none: Floats = np.zeros(weeks)
    if not len(movements):
        return none
    age = today.toordinal() - int(movements.days[0])
    span = min(age, TURNOVER_DAYS)
    recent = movements.days >= today.toordinal() - span
    if not recent.any():
        recent, span = np.ones(len(movements), bool), age
    turnover = float(np.abs(movements.cents[recent]).sum()) / max(span, WEEK) * WEEK
    growth: Floats = np.arange(1, weeks + 1, dtype=np.float64) ** USUAL_GROWTH
    width: Floats = turnover * USUAL_WIDTH * growth
    return width


def _own_errors(movements: Movements, balance_cents: int, today: date, weeks: int) -> Floats:
    """A row an earlier day, the earliest first; weeks not over yet are those of the row before."""
    known: list[Floats] = []
    for back in range(1, MOST_ORIGINS + 1):
        origin = today - timedelta(days=back * WEEK)
        if origin.toordinal() - int(movements.days[0]) < LEAST_BEFORE:
            break
        known.append(_steps_off(movements, balance_cents, origin, min(back, weeks)))
    filled: list[Floats] = []
    for steps in reversed(known):
        older = filled[-1] if filled else np.resize(steps, weeks)
        filled.append(np.concatenate([steps, older[len(steps) :]]))
    courses: Floats = np.cumsum(np.array(filled).reshape(len(filled), weeks), axis=1)
    return courses


def _both_signs(courses: Floats) -> Errors:
    return tuple(
        tuple(round(cents) for cents in course)
        for course in [*courses.tolist(), *(-courses).tolist()]
    )


def _steps_off(movements: Movements, balance_cents: int, origin: date, weeks: int) -> Floats:
    """By how much each week after an earlier day was above what had been said then."""
    start = origin.toordinal()
    after = movements.days >= start
    then = balance_cents - int(movements.cents[after].sum())
    line = _line(movements.before(start), then, origin, weeks * WEEK)
    inside = after & (movements.days < start + weeks * WEEK)
    moved = np.bincount(
        movements.days[inside] - start, weights=movements.cents[inside], minlength=weeks * WEEK
    )
    off: Floats = (moved - line.daily).reshape(weeks, WEEK).sum(axis=1)
    return off


@dataclass(frozen=True, slots=True)
class _Line:
    daily: Cents
    recurrences: tuple[Recurrence, ...]
    rest: Rest


def _line(known: Movements, balance_cents: int, today: date, days: int) -> _Line:
    found = recurring.search(movements=known, today=today)
    likely = [each for each in found.recurrences if each.confidence >= LIKELY]
    varying = [each for each in likely if each.amount < 0 and _varies(each)]
    around = Around(
        known=_by_day(likely, today, days),
        varying=_by_day(varying, today, days),
        balances=_balances(known, balance_cents, today),
    )
    left = rest.baseline(movements=known.take(found.of < 0), today=today, days=days, around=around)
    by_day = around.known + rest.pulled(around=around)
    return _Line(np.rint(by_day).astype(np.int64), tuple(found.recurrences), left)


def _varies(recurrence: Recurrence) -> bool:
    return recurrence.spread_amount > abs(recurrence.amount) * VARYING


def _by_day(recurrences: list[Recurrence], today: date, days: int) -> Floats:
    """Cents expected of what comes back on each day ahead: its amount times its chance."""
    by_day = np.zeros(days)
    end = today + timedelta(days=days - 1)
    for each in recurrences:
        for day in recurring.occurrences(recurrence=each, start=today, end=end):
            by_day[(day - today).days] += float(each.amount) * each.confidence
    return by_day


def _balances(known: Movements, balance_cents: int, today: date) -> Floats:
    """Cents at the end of each day from the first movement to yesterday."""
    if not len(known):
        return np.array([float(balance_cents)])
    first = max(int(known.days[0]), today.toordinal() - rest.USUAL_DAYS)
    span = today.toordinal() - first
    recent = known.days >= first
    moved = np.bincount(known.days[recent] - first, weights=known.cents[recent], minlength=span)
    balances: Floats = balance_cents - (moved.sum() - np.cumsum(moved))
    return balances
