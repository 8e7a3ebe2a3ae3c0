"""Learning from a history how each contact pays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from billify.domain.forecast.payments import runs
from billify.domain.forecast.payments.habits import DUE, ISSUE, KEPT, MONTH_END, Habits
from billify.domain.forecast.payments.values import (
    LONGEST_TERM,
    NEVER,
    Ints,
    Open,
    Settled,
    Terms,
    terms_of,
)
from billify.domain.forecast.payments.ways import bins_of
from billify.domain.forecast.payments.weighing import Awaited, Evidence, Seen

MOST = 40
"""So many of its latest payments are weighed of each contact."""
HALF_LIFE = 365
"""After so many days a payment counts half."""
_SPAN = 4_000_000
"""More than any ordinal of a day."""
_DRIFT_PER_YEAR = 4.0
"""By how many days a year everyone may get slower, beforehand (standard deviation)."""
_DRIFT_LAG = 60
_TOLD_LAG = 30
"""Invoices due less long ago say nothing of the band: only their quick payments are known."""
_OWN_ANCHOR = 4.0
"""How much better (log odds) another anchor has to explain a contact than its due days."""


@dataclass(frozen=True, slots=True)
class _History:
    """Payments as columns, sorted by contact and day of issue; `rank` 0 is a contact's latest."""

    contact: Ints
    issued: Ints
    due: Ints
    settled: Ints
    rank: Ints
    age: Ints
    """Days since the payment."""

    def only(self, rows: NDArray[np.bool_]) -> "_History":
        return _History(
            self.contact[rows],
            self.issued[rows],
            self.due[rows],
            self.settled[rows],
            self.rank[rows],
            self.age[rows],
        )


def learn(
    *, settled: Sequence[Settled], today: date, unpaid: Sequence[Open] | None = None
) -> Habits:
    """How contacts pay, from what was settled until `today`.

    `unpaid` are all invoices that are still open: they tell of slow payers what settled ones
    can't. None means that they are not known, which is not the same as that there are none.
    """
    now = today.toordinal()
    rows: dict[str, int] = {}
    past = [one for one in settled if one.settled <= today]
    contact = np.array([rows.setdefault(one.contact, len(rows)) for one in past], np.int64)
    waiting = [one for one in unpaid or () if one.issued <= today]
    waits = np.array([rows.setdefault(one.contact, len(rows)) for one in waiting], np.int64)
    if not rows:
        return Habits()
    stated, asked = terms_of(past), terms_of(waiting)
    term = (stated if past else asked).usual()
    history = _sorted(contact, past, stated.believed(term, now), now)
    anchors = _anchors(history, len(rows), term)
    late = history.settled - history.due
    drift = _drift(history, late, now, len(rows))
    seen = _seen(history, anchors, term, now, drift)
    awaited = _awaited(waits, asked.believed(term, now), history, anchors, term, now)
    evidence = Evidence(len(rows), seen, awaited, is_complete=unpaid is not None)
    shares, levels = evidence.weighed(history.due < now - _TOLD_LAG)
    is_open = runs.open_weekdays(history.settled)
    return Habits(
        rows=rows,
        anchors=tuple(anchors.tolist()),
        shares=shares,
        latest=_latest(history, late, len(rows)),
        counts=tuple(np.bincount(contact, minlength=len(rows)).tolist()),
        runs=runs.find(history.contact, history.settled, history.due, tuple(rows), is_open),
        usual_term=term,
        usual_late=int(np.median(late)) if len(late) else 0,
        open_weekdays=is_open,
        levels=levels,
    )


def anchor_days(kind: Ints, issued: Ints, due: Ints, term: int) -> Ints:
    """The day from which each contact counts, as ordinals."""
    days = (due - 719163).astype("datetime64[D]").astype("datetime64[M]") + 1
    ends = days.astype("datetime64[D]").astype(np.int64) + 719162
    anchors: Ints = np.choose(kind, [due, issued + term, ends])
    return anchors


def _sorted(contact: Ints, past: list[Settled], terms: Terms, now: int) -> _History:
    issued = terms.issued
    paid = np.fromiter([one.settled.toordinal() for one in past], np.int64, len(past))
    meant = np.flatnonzero(paid >= issued - LONGEST_TERM)
    order = meant[np.lexsort((paid[meant], issued[meant], contact[meant]))]
    contact = contact[order]
    ends = np.searchsorted(contact, contact, side="right")
    rank = ends - 1 - np.arange(len(contact))
    history = _History(
        contact, issued[order], terms.due[order], paid[order], rank, now - paid[order]
    )
    return history.only(rank < MOST)


def _anchors(history: _History, contacts: int, term: int) -> Ints:
    """The anchor of each contact: the one around which its payments are closest together."""
    counts = np.bincount(history.contact, minlength=contacts)
    spreads = []
    for kind in (DUE, ISSUE, MONTH_END):
        kinds = np.full(len(history.contact), kind)
        days = history.settled - anchor_days(kinds, history.issued, history.due, term)
        days = np.clip(days, -NEVER, NEVER).astype(np.float64)
        middle = np.bincount(history.contact, days, contacts) / np.maximum(counts, 1)
        apart = np.minimum(np.abs(days - middle[history.contact]), 30)
        spread = np.bincount(history.contact, apart, contacts) / np.maximum(counts, 1)
        spreads.append(np.maximum(counts - 1, 0) * np.log(spread + 0.7))
    better = np.array(spreads)
    better[DUE] -= _OWN_ANCHOR
    best: Ints = better.argmin(axis=0)
    return best


def _drift(history: _History, late: Ints, now: int, contacts: int) -> float:
    """By how many days a year everyone gets slower, as far as it is sure.

    Within contacts, all weighed the same; the youngest invoices are left out since only their
    quick payments are known.
    """
    old = history.issued < now - _DRIFT_LAG
    who = history.contact[old]
    counts = np.maximum(np.bincount(who, minlength=contacts), 1)
    y = np.clip(late[old], -NEVER, NEVER).astype(np.float64)
    y = np.clip(y - (np.bincount(who, y, contacts) / counts)[who], -25, 25)
    t = history.issued[old] / 365.0 - now / 365.0
    t = t - (np.bincount(who, t, contacts) / counts)[who]
    xy, xx = np.bincount(who, t * y, contacts), np.bincount(who, t * t, contacts)
    total = float(xx.sum())
    if np.count_nonzero(xx) < 5 or total <= 0:
        return 0.0
    slope = float(xy.sum()) / total
    doubt = float(((xy - slope * xx) ** 2).sum()) / total**2
    return slope * _DRIFT_PER_YEAR**2 / (_DRIFT_PER_YEAR**2 + doubt)


def _seen(history: _History, anchors: Ints, term: int, now: int, drift: float) -> Seen:
    start = anchor_days(anchors[history.contact], history.issued, history.due, term)
    years = np.minimum((now - history.issued) / 365.0, 1.0)
    days = history.settled - start + np.rint(drift * np.maximum(years, 0)).astype(np.int64)
    return Seen(
        contact=history.contact,
        bin=bins_of(days),
        until=np.maximum(bins_of(now - start), bins_of(days)),
        weight=(0.5 ** (history.age / HALF_LIFE)).astype(np.float32),
        rank=history.rank,
    )


def _awaited(
    contact: Ints, terms: Terms, history: _History, anchors: Ints, term: int, now: int
) -> Awaited:
    days = now - 1 - anchor_days(anchors[contact], terms.issued, terms.due, term)
    issued = history.contact * _SPAN + history.issued
    younger = np.searchsorted(issued, contact * _SPAN + terms.issued, side="right")
    rank = np.searchsorted(history.contact, contact, side="right") - younger
    weight = 0.5 ** (np.maximum(days, 0) / HALF_LIFE)
    return Awaited(contact, bins_of(days), weight.astype(np.float32), rank)


def _latest(history: _History, late: Ints, contacts: int) -> tuple[tuple[int, ...], ...]:
    kept = history.rank < KEPT
    days = np.clip(late[kept], -NEVER, NEVER).tolist()
    ends = np.cumsum(np.bincount(history.contact[kept], minlength=contacts)).tolist()
    return tuple(tuple(days[start:end]) for start, end in zip([0, *ends[:-1]], ends, strict=True))
