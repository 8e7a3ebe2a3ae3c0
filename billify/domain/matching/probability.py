"""From words to a probability: weights learnt from made-up companies, shared among candidates.

A candidate's score is the sum of its words' weights; "no invoice" is a candidate of its own.
Shares are the softmax of the scores, so candidates that are as good as each other halve each
other. `weights.json` is written by `benchmarks/matching.py --train`.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources

Words = Iterable[str]


@cache
def weights() -> Mapping[str, float]:
    """The learnt weight of each word."""
    text = resources.files("billify.domain.matching").joinpath("weights.json").read_text("utf-8")
    learnt: dict[str, float] = json.loads(text)["weights"]
    return learnt


def score(words: Words, by: Mapping[str, float]) -> float:
    """The sum of the weights of a candidate's words."""
    return sum(by.get(word, 0.0) for word in words)


def shares(scores: Sequence[float]) -> list[float]:
    """What part of one each score gets (softmax)."""
    highest = max(scores)
    raised = [math.exp(one - highest) for one in scores]
    total = sum(raised)
    return [one / total for one in raised]
