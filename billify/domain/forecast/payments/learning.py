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
    STEPS,
    Floats,
    Ints,
    Open,
    Settled,
    believed_due,
    due_of,
    issued_of,
    usual_term,
)
from billify.domain.forecast.payments.ways import BINS, Ways, bins_of, ways

MOST = 40
"""So many of its latest payments are weighed of each contact."""
HALF_LIFE = 365
"""After so many days a payment counts half."""
_HIDDEN = 0.3
"""How far to correct for the slow ones that can't be seen yet when they are not told. In full
would be right if the ways were exact; measured, a third is better with little history."""
_CHANGED = 0.1
"""How likely it is beforehand that a contact changed its way within its latest payments."""
_CHANGES = (2, 4, 8)
_ROUNDS = 3
_FIRM = 30.0
"""So many contacts is the common knowledge of ways worth."""
_SAMPLE = 512
_DRIFT_PER_YEAR = 4.0
_DRIFT_LAG = 60
_OWN_ANCHOR = 4.0
"""How much better (log odds) another anchor has to explain a contact than its due days."""
_LEVEL_SAMPLE = 600
_LEVEL_FIRM = 150.0


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


@dataclass(frozen=True, slots=True)
class _Seen:
    """What speaks for each way: bins of payments, and bins until which one was awaited."""

    contact: Ints
    bin: Ints
    until: Ints
    weight: Floats
    rank: Ints


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
    term = usual_term(issued_of(past or waiting), due_of(past or waiting))
    history = _sorted(contact, past, now, term)
    anchors = _anchors(history, len(rows), term)
    late = history.settled - history.due
    drift = _drift(history, late, now, len(rows))
    seen = _seen(history, anchors, term, now, drift)
    open_until = _awaited(waiting, waits, anchors, term, now)
    known = _Evidence(len(rows), seen, open_until, is_complete=unpaid is not None)
    shares, levels = known.weighed(history.due < now - _DRIFT_LAG // 2)
    return Habits(
        rows=rows,
        anchors=tuple(anchors.tolist()),
        shares=shares,
        latest=_latest(history, late, len(rows)),
        counts=tuple(np.bincount(contact, minlength=len(rows)).tolist()),
        runs=runs.find(history.contact, history.settled, history.due, tuple(rows)),
        usual_term=term,
        usual_late=int(np.median(late)) if len(late) else 0,
        open_weekdays=runs.open_weekdays(history.settled),
        levels=levels,
    )


def anchor_days(kind: Ints, issued: Ints, due: Ints, term: int) -> Ints:
    """The day from which each contact counts, as ordinals."""
    days = (due - 719163).astype("datetime64[D]").astype("datetime64[M]") + 1
    ends = days.astype("datetime64[D]").astype(np.int64) + 719162
    anchors: Ints = np.choose(kind, [due, issued + term, ends])
    return anchors


def _sorted(contact: Ints, past: list[Settled], now: int, term: int) -> _History:
    issued = issued_of(past)
    paid = np.fromiter((one.settled.toordinal() for one in past), np.int64, len(past))
    due = believed_due(issued, due_of(past), term)
    meant = np.flatnonzero(paid >= issued - LONGEST_TERM)
    order = meant[np.lexsort((paid[meant], issued[meant], contact[meant]))]
    contact = contact[order]
    ends = np.searchsorted(contact, contact, side="right")
    rank = ends - 1 - np.arange(len(contact))
    history = _History(contact, issued[order], due[order], paid[order], rank, now - paid[order])
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


def _seen(history: _History, anchors: Ints, term: int, now: int, drift: float) -> _Seen:
    start = anchor_days(anchors[history.contact], history.issued, history.due, term)
    years = np.minimum((now - history.issued) / 365.0, 1.0)
    days = history.settled - start + np.rint(drift * np.maximum(years, 0)).astype(np.int64)
    return _Seen(
        contact=history.contact,
        bin=bins_of(days),
        until=np.maximum(bins_of(now - start), bins_of(days)),
        weight=(0.5 ** (history.age / HALF_LIFE)).astype(np.float32),
        rank=history.rank,
    )


def _awaited(
    waiting: list[Open], contact: Ints, anchors: Ints, term: int, now: int
) -> tuple[Ints, Ints, Floats]:
    """Contact, bin until which it was not paid, and weight of what is open."""
    issued = issued_of(waiting)
    due = believed_due(issued, due_of(waiting), term)
    days = now - 1 - anchor_days(anchors[contact], issued, due, term)
    weight = 0.5 ** (np.maximum(days, 0) / HALF_LIFE)
    return contact, bins_of(days), weight.astype(np.float32)


class _Evidence:
    """How well each way explains each contact (contacts × ways, logarithms)."""

    def __init__(
        self, contacts: int, seen: _Seen, awaited: tuple[Ints, Ints, Floats], *, is_complete: bool
    ) -> None:
        self.table: Ways = ways()
        self.contacts = contacts
        self.seen = seen
        self.awaited = awaited
        self.is_complete = is_complete

    def weighed(self, told: NDArray[np.bool_]) -> tuple[Floats, tuple[float, ...]]:
        """The shares of the bins for each contact and someone new, and the levels to read."""
        everyone = np.ones(len(self.seen.rank), bool)
        explained = self._explained(everyone) + self._still_open()
        common = self._common(explained)
        ways_of = _posterior(explained, common)
        levels = self._levels(explained, common, told)
        if len(self.seen.rank):
            ways_of = self._with_changes(explained, ways_of, common)
        shares = np.vstack([ways_of, np.exp(common)[None, :]]) @ self.table.shares
        return shares / shares.sum(axis=1, keepdims=True), levels

    def _explained(self, rows: NDArray[np.bool_]) -> Floats:
        seen = self.seen
        paid = self._table(seen.contact[rows], seen.bin[rows], seen.weight[rows])
        explained: Floats = paid @ self.table.log_shares.T
        if not self.is_complete:
            hidden = self._table(seen.contact[rows], seen.until[rows], seen.weight[rows])
            explained -= np.float32(_HIDDEN) * (hidden @ self.table.log_until.T)
        return explained

    def _still_open(self) -> Floats:
        contact, until, weight = self.awaited
        if not len(contact):
            return np.zeros((1, 1), np.float32)
        still: Floats = self._table(contact, until, weight) @ self.table.log_after.T
        return still

    def _table(self, contact: Ints, bins: Ints, weight: Floats) -> Floats:
        flat = np.bincount(contact * BINS + bins, weight, self.contacts * BINS)
        return flat.reshape(self.contacts, BINS).astype(np.float32)

    def _common(self, explained: Floats) -> Floats:
        """How common each way is among these contacts (logarithms), starting from all."""
        prior = self.table.common
        some = explained[:: max(1, self.contacts // _SAMPLE)]
        common = np.log(prior)
        for _ in range(_ROUNDS):
            weighed = _posterior(some, common).sum(axis=0, dtype=np.float64)
            common = np.log((weighed + _FIRM * prior) / (len(some) + _FIRM))
        return common.astype(np.float32)

    def _with_changes(self, explained: Floats, ways_of: Floats, common: Floats) -> Floats:
        """The ways of each contact, when it may have changed within its latest payments."""
        chances = [_evidence(explained, common) + np.log(1 - _CHANGED)]
        options = [ways_of]
        counts = np.bincount(self.seen.contact, minlength=self.contacts)
        for latest in _CHANGES:
            able = counts > latest
            if not able.any():
                continue
            after = self._explained(self.seen.rank < latest)
            both = _evidence(after, common) + _evidence(explained - after, common)
            both += np.log(_CHANGED / len(_CHANGES))
            chances.append(np.where(able, both, -np.inf))
            options.append(_posterior(after, common))
        odds = np.exp(np.array(chances) - np.max(chances, axis=0))
        odds /= odds.sum(axis=0)
        pairs = zip(odds.astype(np.float32), options, strict=True)
        mixed = sum(chance[:, None] * of for chance, of in pairs)
        return np.asarray(mixed, np.float32)

    def _levels(
        self, explained: Floats, common: Floats, told: NDArray[np.bool_]
    ) -> tuple[float, ...]:
        """What to read so that the bands would have held so far.

        Each of the latest payments is foretold from the others of its contact. Where it falls
        in what was foretold should be spread evenly; the quantiles of where it did fall, pulled
        to even ones while there are few, are the levels (conformal prediction, leave-one-out).
        """
        even = (np.arange(STEPS) + 0.5) / STEPS
        rows = np.flatnonzero(told)
        if not len(rows):
            return tuple(even.tolist())
        rows = rows[np.argsort(self.seen.rank[rows], kind="stable")[:_LEVEL_SAMPLE]]
        bins = self.seen.bin[rows]
        own = self.table.log_shares[:, bins].T * self.seen.weight[rows][:, None]
        ways_of = _posterior(explained[self.seen.contact[rows]] - own, common)
        until = np.cumsum(ways_of @ self.table.shares, axis=1)
        at = np.arange(len(rows))
        before = np.where(bins > 0, until[at, bins - 1], 0)
        fell = np.sort((before + until[at, bins]) / 2)
        held = np.quantile(fell, even)
        levels = (len(rows) * held + _LEVEL_FIRM * even) / (len(rows) + _LEVEL_FIRM)
        return tuple(np.round(levels, 4).tolist())


def _posterior(explained: Floats, common: Floats) -> Floats:
    weighed = (explained + common).astype(np.float32)
    weighed -= weighed.max(axis=1, keepdims=True)
    np.exp(weighed, out=weighed)
    weighed /= weighed.sum(axis=1, keepdims=True)
    return weighed


def _evidence(explained: Floats, common: Floats) -> Floats:
    weighed = explained + common
    top = weighed.max(axis=1)
    evidence: Floats = top + np.log(np.exp(weighed - top[:, None]).sum(axis=1))
    return evidence


def _latest(history: _History, late: Ints, contacts: int) -> tuple[tuple[int, ...], ...]:
    kept = history.rank < KEPT
    days = np.clip(late[kept], -NEVER, NEVER).tolist()
    ends = np.cumsum(np.bincount(history.contact[kept], minlength=contacts)).tolist()
    return tuple(tuple(days[start:end]) for start, end in zip([0, *ends[:-1]], ends, strict=True))
