"""Learns the weights of the matcher's words from made-up companies, for `matching.py --train`.

Each movement is a choice among its candidates and "no invoice" (conditional logit); the lines
are walked in order of date and settled by the truth, so a word means the same as in use.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from billify.domain.matching.matching import Matcher
from billify.matching_command import case_of

FEWEST = 12
"""A word seen less often than this is not learnt: it would be noise."""


@dataclass
class Choices:
    """Every movement's candidates as words, and which one is right."""

    words: list[list[str]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    right: list[int] = field(default_factory=list)

    def add(self, candidates: list[list[str]], right: int) -> None:
        """One movement; `right` is the place of its true candidate."""
        self.right.append(len(self.words) + right)
        self.words += candidates
        self.sizes.append(len(candidates))


def collect(cases: Iterable[dict[str, Any]]) -> Choices:
    """Walk through cases with known truth."""
    choices = Choices()
    for told in cases:
        matcher = Matcher(case_of(told))
        truth = {one["movement"]: _links(one["links"]) for one in told["truth"]}
        for said in matcher.said:
            if said.id in matcher.transfers:
                continue
            weighed = matcher.weighed(said)
            wanted = truth[said.id]
            places = [at for at, one in enumerate(weighed.candidates)
                      if links_of(matcher, one.links) == wanted]  # fmt: skip
            if wanted and not places:
                continue
            right = places[0] if wanted else len(weighed.candidates)
            choices.add([*weighed.words, weighed.none], right)
            matcher.settle(said, weighed.candidates[right] if wanted else None)
    return choices


def links_of(matcher: Matcher, links: Iterable[tuple[int, int]]) -> set[tuple[str, Decimal]]:
    """Links as they stand in the truth: invoice and amount with the invoice's sign."""
    entries = matcher.book.entries
    return {
        (entries[at].id, Decimal(cents if entries[at].sale else -cents) / 100)
        for at, cents in links
    }


def learn(choices: Choices, *, rounds: int = 400, strength: float = 0.5) -> dict[str, float]:
    """The weights under which the right candidates are likeliest, kept small (ridge)."""
    counts = Counter(word for words in choices.words for word in words)
    vocabulary = {word: at for at, word in enumerate(sorted(counts)) if counts[word] >= FEWEST}
    vocabulary = {word: at for at, word in enumerate(vocabulary)}
    rows, columns = [], []
    for at, words in enumerate(choices.words):
        for word in words:
            if word in vocabulary:
                rows.append(at)
                columns.append(vocabulary[word])
    row, column = np.array(rows), np.array(columns)
    sizes = np.array(choices.sizes)
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    owner = np.repeat(np.arange(len(sizes)), sizes)
    target = np.zeros(len(choices.words))
    target[choices.right] = 1
    weights = np.zeros(len(vocabulary))
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, rounds + 1):
        scores = np.bincount(row, weights[column], len(target))
        scores -= np.maximum.reduceat(scores, starts)[owner]
        raised = np.exp(scores)
        shares = raised / np.add.reduceat(raised, starts)[owner]
        slope = np.bincount(column, (shares - target)[row], len(weights)) + strength * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope * slope
        pace = 0.15 * (1 - step / (rounds + 1))
        weights -= pace * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return {word: round(float(weights[at]), 3) for word, at in vocabulary.items()}


def written(weights: dict[str, float], learnt_from: str) -> str:
    """The content of `weights.json`."""
    return json.dumps({"learnt_from": learnt_from, "weights": weights}, indent=1) + "\n"


def _links(found: Iterable[tuple[str, str]]) -> set[tuple[str, Decimal]]:
    return {(invoice, Decimal(amount)) for invoice, amount in found}
