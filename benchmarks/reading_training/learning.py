"""All weights of the reader out of documents, so that no document helps to judge itself."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.reading_training import forest, labels
from benchmarks.reading_training.dataset import (
    FIELDS,
    SHARES,
    Paper,
    as_array,
    share_of,
    tables_of,
)
from billify.domain.reading import soft_labels
from billify.domain.reading.features import Soft

Array = NDArray[np.float32]
WEIGHTS = {"pdf": 8.0, "picture": 8.0, "scan": 3.0, "photo": 3.0, "unseen": 6.0, "made": 1.0}
"""How much a document of each source counts."""


def learned(found: Sequence[Paper], same: Callable[..., bool]) -> dict[str, Array]:
    """Name → array for `weights.npz`."""
    examples = [list(labels.of_paper(paper, same)) for paper in found]
    groups = sorted({paper.issuer for paper in found})
    shares = {issuer: at % SHARES for at, issuer in enumerate(groups)}
    softs = []
    for share in range(SHARES):
        kept = [
            one
            for paper, of_paper in zip(found, examples, strict=True)
            if shares[paper.issuer] != share
            for one in of_paper
        ]
        known = [one for one in (*labels.of_list(), *kept) if share_of(one[0]) != share]
        softs.append(soft_of(*labels.learned(known)))
    made = tables_of(
        found, same, lambda paper: softs[shares[paper.issuer]], lambda paper: shares[paper.issuer]
    )
    matrix, bias = labels.learned([*labels.of_list(), *(one for each in examples for one in each)])
    arrays: dict[str, Array] = {"label_weights": matrix, "label_bias": bias}
    for kind, table in made.items():
        features = as_array(table)
        of = np.array(table.papers)
        weight = np.array([WEIGHTS.get(paper.source, 1.0) for paper in found], np.float32)[of]
        for name in FIELDS[kind]:
            truth = np.array(table.truths[name], np.float32)
            known = ~np.isnan(truth)
            if not (truth[known] == 1).any():
                continue
            trees = forest.learned(features[known], truth[known], weight[known])
            arrays |= {f"{name}.{part}": values for part, values in trees.items()}
    return arrays


def soft_of(matrix: Array, bias: Array) -> Soft:
    """A label model with these weights."""

    @lru_cache(maxsize=200_000)
    def soft(text: str) -> tuple[float, ...]:
        if not text:
            return (0.0,) * len(soft_labels.CLASSES)
        return soft_labels.with_weights(text, matrix, bias)

    return soft


def packed(arrays: dict[str, Array]) -> dict[str, NDArray[Any]]:
    """The arrays in the smallest types that hold them."""
    small: dict[str, NDArray[Any]] = {}
    for name, values in arrays.items():
        part = name.rsplit(".", 1)[-1]
        if part == "feature":
            small[name] = values.astype(np.uint8)
        elif part in ("left", "right"):
            small[name] = values.astype(np.int8)
        elif part in ("label_weights", "leaf"):
            small[name] = values.astype(np.float16)
        else:
            small[name] = values.astype(np.float32)
    return small
