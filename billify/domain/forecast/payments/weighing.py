"""Weighing the ways of paying by what was seen of each contact."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from billify.domain.forecast.payments.values import STEPS, Floats, Ints
from billify.domain.forecast.payments.ways import BINS, MIDDLES, Ways, bins_of, ways

HIDDEN = 0.3
"""How far to correct for the slow ones that can't be seen yet when they are not told. In full
would be right if the ways were exact; measured, a third is better with little history."""
CHANGED = 0.15
"""How likely it is beforehand that a contact changed its way within its latest payments."""
CHANGES = (0, 2, 4, 8)
"""So many payments ago it may have changed; 0: with what is open now."""
FIRM = 30.0
"""So many contacts is the common knowledge of ways worth."""
_LATE = int(bins_of(np.array([1]))[0])
_FEWEST_LATE = 2
"""So many invoices must be open past their day to speak of a change by themselves."""
_ROUNDS = 3
_SAMPLE = 512
_KEPT = 0.998
"""With many contacts a third of the ways make up all but this share, and the rest costs time."""
_NEAR = 8
"""Days."""
_BLOCK = 256
"""Contacts at a time, so that the tables stay in the cache of the processor."""
_LEVEL_SAMPLE = 500
_LEVEL_FIRM = 400.0
"""So many payments is the model's own word on its band worth; time brings changes of its own."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Payments as columns: contact, bin, the bin until which it would have been seen by now."""

    contact: Ints
    bin: Ints
    until: Ints
    weight: Floats
    rank: Ints
    """0 is the latest of a contact."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """Open invoices as columns: contact and the bin until which it was not paid."""

    contact: Ints
    until: Ints
    weight: Floats
    rank: Ints
    """How many later invoices of the contact were paid."""


class Evidence:
    """What was seen of each contact, to weigh the ways by."""

    def __init__(self, contacts: int, seen: Seen, awaited: Awaited, *, is_complete: bool) -> None:
        self._ways: Ways = ways()
        self._contacts = contacts
        self._seen = seen
        self._awaited = awaited
        speaks = [self._ways.log_shares]
        if len(awaited.contact):
            speaks.append(self._ways.log_after)
        if not is_complete:
            speaks.append(np.float32(-HIDDEN) * self._ways.log_until)
        self._is_complete = is_complete
        self._shares = self._ways.shares
        self._speaks = np.ascontiguousarray(np.hstack(speaks).T)

    def weighed(self, told: NDArray[np.bool_]) -> tuple[Floats, tuple[float, ...]]:
        """The shares of the bins for each contact and for someone new, and the levels to read.

        `told` are the payments of which also the slow ones are known by now.
        """
        whole = self._counts(None)
        able = self._able()
        latest = {at: self._counts(CHANGES[at]) for at in np.flatnonzero(able.any(axis=0)).tolist()}
        common = self._common(whole[:: max(1, self._contacts // _SAMPLE)])
        common = self._only_kept(common, [whole, *latest.values()])
        shares = np.empty((self._contacts + 1, BINS), np.float32)
        for start in range(0, self._contacts, _BLOCK):
            block = slice(start, min(start + _BLOCK, self._contacts))
            after = {at: counts[block] for at, counts in latest.items()}
            weights = self._weights(whole[block], after, able[block], common)
            shares[block] = weights @ self._shares
        shares[-1] = np.exp(common) @ self._shares
        shares /= shares.sum(axis=1, keepdims=True)
        return shares, self._levels(whole, common, told)

    def _able(self) -> NDArray[np.bool_]:
        """Of which contact (row) at which of the changes enough is known before and after."""
        seen, still = self._seen, self._awaited
        paid = np.bincount(seen.contact, minlength=self._contacts)[:, None]
        is_late = (still.rank == 0) & (still.until >= _LATE)
        late = np.bincount(still.contact[is_late], minlength=self._contacts)[:, None]
        changes = np.array(CHANGES)[None, :]
        return (paid > changes) & ((changes > 0) | (late >= _FEWEST_LATE))

    def _counts(self, latest: int | None) -> Floats:
        """How often each contact (row) paid in a bin, still awaits one, could be seen till one."""
        seen = self._seen
        rows = slice(None) if latest is None else seen.rank < latest
        parts = [self._table(seen.contact[rows], seen.bin[rows], seen.weight[rows])]
        if len(self._awaited.contact):
            still = self._awaited
            of = slice(None) if latest is None else still.rank <= latest
            parts.append(self._table(still.contact[of], still.until[of], still.weight[of]))
        if not self._is_complete:
            parts.append(self._table(seen.contact[rows], seen.until[rows], seen.weight[rows]))
        return np.hstack(parts)

    def _table(self, contact: Ints, bins: Ints, weight: Floats) -> Floats:
        flat = np.bincount(contact * BINS + bins, weight, self._contacts * BINS)
        return flat.reshape(self._contacts, BINS).astype(np.float32)

    def _common(self, counts: Floats) -> Floats:
        """How common each way is among these contacts (logarithms), starting from all."""
        prior = self._ways.common
        explained = counts @ self._speaks
        common = np.log(prior)
        for _ in range(_ROUNDS):
            weights, _chance = _posterior(explained + common.astype(np.float32))
            weighed = weights.sum(axis=0, dtype=np.float64)
            common = np.log((weighed + FIRM * prior) / (len(counts) + FIRM))
        return common.astype(np.float32)

    def _only_kept(self, common: Floats, counts: list[Floats]) -> Floats:
        """How common those ways are that matter here; the others are dropped.

        Kept are the most common ones, and those whose usual day is near the average of any
        contact, or near that of its latest payments: a contact may be unlike all others.
        """
        order = np.argsort(-common, kind="stable")
        is_kept = np.zeros(len(common), bool)
        is_kept[order[np.cumsum(np.exp(common[order])) < _KEPT]] = True
        for paid in (each[:, :BINS] for each in counts):
            many = paid.sum(axis=1)
            of = many > 0
            averages = np.unique(np.rint(paid[of] @ MIDDLES.astype(np.float32) / many[of]))
            if len(averages):
                at = np.searchsorted(averages, self._ways.usual - _NEAR)
                nearest = averages[np.minimum(at, len(averages) - 1)]
                is_kept |= np.abs(nearest - self._ways.usual) <= _NEAR
        self._shares = self._shares[is_kept]
        self._speaks = np.ascontiguousarray(self._speaks[:, is_kept])
        return common[is_kept]

    def _weights(
        self, whole: Floats, latest: dict[int, Floats], able: NDArray[np.bool_], common: Floats
    ) -> Floats:
        """The weight of each way for some contacts, which may have changed of late."""
        explained: Floats = whole @ self._speaks + common
        weights, chance = _posterior(explained.copy())
        options, chances = [weights], [chance + np.log(1 - CHANGED)]
        for at, counts in latest.items():
            after = counts @ self._speaks
            _before, chance_before = _posterior(explained - after)
            after += common
            weights, chance_after = _posterior(after)
            both = chance_before + chance_after + np.log(CHANGED / len(CHANGES))
            options.append(weights)
            chances.append(np.where(able[:, at], both, -np.inf))
        odds = np.exp(np.array(chances) - np.max(chances, axis=0)).astype(np.float32)
        odds /= odds.sum(axis=0)
        mixed: Floats = odds[0][:, None] * options[0]
        for share, weights in zip(odds[1:], options[1:], strict=True):
            mixed += share[:, None] * weights
        return mixed

    def _levels(self, whole: Floats, common: Floats, told: NDArray[np.bool_]) -> tuple[float, ...]:
        """What to read so that the bands would have held so far.

        Each of the latest payments is foretold from the others of its contact. Where it falls
        in what was foretold should be spread evenly; the quantiles of where it did fall, pulled
        to even ones while there are few, are the levels (conformal prediction, leave-one-out).
        """
        even = (np.arange(STEPS) + 0.5) / STEPS
        rows = np.flatnonzero(told)
        if not len(rows):
            return tuple(even.tolist())
        rows = rows[np.argsort(self._seen.rank[rows], kind="stable")[:_LEVEL_SAMPLE]]
        bins = self._seen.bin[rows]
        explained = whole[self._seen.contact[rows]] @ self._speaks
        explained -= self._speaks[bins] * self._seen.weight[rows][:, None]
        weights, _chance = _posterior(explained + common)
        until = np.cumsum(weights @ self._shares, axis=1)
        at = np.arange(len(rows))
        before = np.where(bins > 0, until[at, bins - 1], 0)
        held = np.quantile((before + until[at, bins]) / 2, even)
        levels = (len(rows) * held + _LEVEL_FIRM * even) / (len(rows) + _LEVEL_FIRM)
        return tuple(np.round(levels, 4).tolist())


def _posterior(weighed: Floats) -> tuple[Floats, Floats]:
    """The weights of the ways, adding up to 1, and the evidence (logarithm) of each row."""
    top = weighed.max(axis=1, keepdims=True)
    weighed -= top
    np.exp(weighed, out=weighed)
    total = weighed.sum(axis=1, keepdims=True)
    weighed /= total
    return weighed, (top + np.log(total))[:, 0]
