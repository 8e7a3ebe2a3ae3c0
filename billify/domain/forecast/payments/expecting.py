"""When each open invoice is paid, given the habits of its contact."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from billify.domain.forecast.payments import runs
from billify.domain.forecast.payments.habits import Habits
from billify.domain.forecast.payments.learning import anchor_days
from billify.domain.forecast.payments.reasons import reasons_of
from billify.domain.forecast.payments.values import (
    NEVER,
    STEPS,
    Expectation,
    Floats,
    Ints,
    Open,
    terms_of,
)
from billify.domain.forecast.payments.ways import BINS, DAILY, EDGES, FIRST, LAST

_EARLY, _MIDDLE, _LATE = 3, STEPS // 2, STEPS - 4
"""Where in a timing the 10 %, the median and the 90 % are."""
_LEFT = np.concatenate([[EDGES[0] - 365], EDGES])
_WIDTH = np.diff(np.concatenate([_LEFT, [_LEFT[-1] + 1]]))
_GONE = 1e-6
"""With less than this share left, a payment is as likely as one that never comes."""


def expect(*, habits: Habits, invoices: Sequence[Open], today: date) -> list[Expectation]:
    """When each open invoice is paid, in their order, knowing that it was not until `today`."""
    if not invoices:
        return []
    now = today.toordinal()
    terms = terms_of(invoices).believed(habits.usual_term, now)
    new = len(habits.rows)
    rows = np.array([habits.rows.get(one.contact, new) for one in invoices], np.int64)
    kinds = np.array((*habits.anchors, 0), np.int64)[rows]
    start = anchor_days(kinds, terms.issued, terms.due, habits.usual_term)
    timing = _timings(habits, invoices, rows, start, now)
    timing = _on_open_days(timing, habits.open_weekdays, now)
    days_overdue = (now - terms.due).tolist()
    reasons = reasons_of(habits, [one.contact for one in invoices], days_overdue)
    return [
        Expectation(
            id=one.id,
            day=today + timedelta(offsets[_MIDDLE]),
            early=today + timedelta(offsets[_EARLY]),
            late=today + timedelta(offsets[_LATE]),
            timing=row,
            reason=reason,
        )
        for one, row, offsets, reason in zip(
            invoices, timing, timing.tolist(), reasons, strict=True
        )
    ]


def _timings(
    habits: Habits, invoices: Sequence[Open], rows: Ints, start: Ints, now: int
) -> NDArray[np.int16]:
    """Days from today at the probabilities, for each invoice."""
    levels = np.array(habits.levels)
    running = np.array([one.contact in habits.runs for one in invoices])
    days = np.empty((len(rows), STEPS))
    plain = np.flatnonzero(~running)
    days[plain] = _quantiles(habits.shares, rows[plain], now - start[plain], levels)
    timed = np.flatnonzero(running)
    if len(timed):
        keys = [invoices[at].contact for at in timed.tolist()]
        shares = _on_run_days(habits, keys, rows[timed], start[timed], now)
        days[timed] = _quantiles(shares, np.arange(len(timed)), now - start[timed], levels)
    return np.clip(np.rint(days), 0, NEVER).astype(np.int16)


def _on_run_days(habits: Habits, keys: list[str], rows: Ints, start: Ints, now: int) -> Floats:
    """The shares of contacts that pay on certain days, for the very days around the anchor."""
    ahead = start[:, None] + np.arange(FIRST, LAST)
    which = runs.calendar(max(1, now - 2 * NEVER), now + 2 * NEVER, habits.open_weekdays)
    shares = habits.shares[rows]
    shares[:, DAILY] *= runs.weights_of(habits.runs, keys, ahead, which)
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


def _quantiles(
    shares: Floats, rows: Ints, passed: Ints, levels: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Days from today at the levels of what is left of each row after the days passed."""
    until = np.zeros((len(shares), BINS + 1))
    np.cumsum(shares, axis=1, out=until[:, 1:])
    until /= until[:, -1:]
    spent = _spent(until, rows, passed)
    wanted = spent[:, None] + levels[None, :] * (1 - spent[:, None])
    flat = (until + 2 * np.arange(len(until))[:, None]).ravel()
    at = np.searchsorted(flat, (wanted + 2 * rows[:, None]).ravel(), side="left") - 1
    at = np.clip(at.reshape(wanted.shape) - rows[:, None] * (BINS + 1), 0, BINS - 1)
    low, high = until[rows[:, None], at], until[rows[:, None], at + 1]
    part = np.clip((wanted - low) / np.maximum(high - low, 1e-12), 0, 1)
    days: NDArray[np.float64] = _LEFT[at] + part * _WIDTH[at] - passed[:, None]
    days[at == BINS - 1] = NEVER
    days[1 - spent < _GONE] = NEVER
    return days


def _spent(until: NDArray[np.float64], rows: Ints, passed: Ints) -> NDArray[np.float64]:
    """The probability that it would have been paid before today."""
    before = passed - 0.5
    at = np.clip(np.searchsorted(_LEFT, before, side="right") - 1, 0, BINS - 1)
    part = np.clip((before - _LEFT[at]) / _WIDTH[at], 0, 1)
    spent: NDArray[np.float64] = until[rows, at] + part * (until[rows, at + 1] - until[rows, at])
    return np.where(before > EDGES[-1], 1.0, np.where(before < _LEFT[0], 0.0, spent))


def _on_open_days(
    timing: NDArray[np.int16], is_open: tuple[bool, ...], now: int
) -> NDArray[np.int16]:
    """Days on which no payment comes moved to the next one on which it does."""
    wait = np.array([_wait(is_open, day) for day in range(7)], np.int16)
    moved = timing + wait[(timing.astype(np.int64) + now + 6) % 7]
    return np.where(timing >= NEVER, timing, np.minimum(moved, NEVER)).astype(np.int16)


def _wait(is_open: tuple[bool, ...], weekday: int) -> int:
    return next(days for days in range(7) if is_open[(weekday + days) % 7])
