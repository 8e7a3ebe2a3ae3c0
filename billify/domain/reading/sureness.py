"""How sure a chosen value is: the share of such values that prove right.

The maps are learned by benchmarks/reading_training from documents that had no part in learning
the chances themselves.
"""

from collections.abc import Sequence

import numpy as np

from billify.domain.reading import weights
from billify.domain.reading.words import Word

_MOST = 0.998
_DOES_NOT_ADD_UP = 0.6
"""What contradicts the arithmetic is never shown as sure."""


def of_choice(field: str, chance: float, rival: float, words: Sequence[Word]) -> float:
    """For the likeliest candidate of a field, by its chance, the next one's and its letters."""
    raw = chance * (1 - 0.5 * min(rival, chance)) * legibility(words)
    return mapped(field, raw)


def of_amount(field: str, chance: float, adds_up: bool | None, words: Sequence[Word]) -> float:
    """For a total; sums that agree speak for each of their parts."""
    if adds_up:
        return mapped(f"{field}.sum", chance)
    raw = mapped(field, chance * legibility(words))
    return min(raw, _DOES_NOT_ADD_UP) if adds_up is False else raw


def legibility(words: Sequence[Word]) -> float:
    """How far the letters themselves can be trusted: 1 for a text layer."""
    return min((0.5 + 0.5 * word.confidence for word in words), default=1.0)


def mapped(name: str, raw: float) -> float:
    """The raw figure as a share of right values; as it is where nothing was learned."""
    kept = weights.kept()
    knots = kept.get(f"{name}.raw")
    if knots is None:
        return raw
    sure = float(np.interp(raw, knots, kept[f"{name}.sure"]))
    return round(min(max(sure, 0.02), _MOST), 3)
