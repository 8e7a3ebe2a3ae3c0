"""Which open invoices add up to an amount; bounded, so that a hundred invoices cost no more.

Amounts are whole cents with the sign of the invoice; credit notes are below zero.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

WIDEST = 26
"""Pairs, triples and fours are looked for among this many invoices, the most likely first."""
MOST = 8


def adding_up(cents: Sequence[int], target: int, *, most: int = MOST) -> list[tuple[int, ...]]:
    """Sets of two or more places in `cents` that sum to the target, at most `most` of them.

    Runs without a gap come first (a statement is paid from the oldest on), then pairs, triples
    and fours among the first 26.
    """
    found: dict[tuple[int, ...], None] = {}
    for run in _runs(cents, target):
        found[run] = None
    narrow = cents[:WIDEST]
    for group in _pairs(narrow, target):
        found[group] = None
    if len(found) < most:
        for group in _triples(narrow, target, most):
            found[group] = None
    if len(found) < most:
        for group in _fours(narrow, target, most):
            found[group] = None
    return list(found)[:most]


def _runs(cents: Sequence[int], target: int) -> list[tuple[int, ...]]:
    """Runs of neighbours; a sum met before tells where such a run begins."""
    starts: defaultdict[int, list[int]] = defaultdict(list)
    starts[0].append(0)
    total = 0
    found: list[tuple[int, ...]] = []
    for at, amount in enumerate(cents):
        total += amount
        found += [
            tuple(range(start, at + 1)) for start in starts[total - target] if at + 1 - start >= 2
        ]
        starts[total].append(at + 1)
    return found[:MOST]


def _pairs(cents: Sequence[int], target: int) -> list[tuple[int, ...]]:
    seen: defaultdict[int, list[int]] = defaultdict(list)
    found: list[tuple[int, ...]] = []
    for at, amount in enumerate(cents):
        found += [(other, at) for other in seen[target - amount]]
        seen[amount].append(at)
    return found


def _triples(cents: Sequence[int], target: int, most: int) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    for at, amount in enumerate(cents[:-2]):
        rest = cents[at + 1 :]
        for pair in _pairs(rest, target - amount):
            found.append((at, pair[0] + at + 1, pair[1] + at + 1))
            if len(found) >= most:
                return found
    return found


def _fours(cents: Sequence[int], target: int, most: int) -> list[tuple[int, ...]]:
    sums: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    found: list[tuple[int, ...]] = []
    for one, other in combinations(range(len(cents)), 2):
        for before in sums.get(target - cents[one] - cents[other], ()):
            if before[1] < one:
                found.append((*before, one, other))
                if len(found) >= most:
                    return found
        sums[cents[one] + cents[other]].append((one, other))
    return found
