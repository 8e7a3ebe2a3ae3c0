"""Boosted decision trees, evaluated: chances out of features."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from billify.domain.reading import weights
from billify.domain.reading.features import Row

Matrix = NDArray[np.float32]


def matrix(rows: Sequence[Row]) -> Matrix:
    """The rows as one array; no rows give an empty one."""
    values = [row.values for row in rows]
    return np.array(values, dtype=np.float32) if values else np.zeros((0, 0), dtype=np.float32)


def chances(name: str, features: Matrix) -> NDArray[np.float32]:
    """For each row the chance 0..1 that the candidate is the field of that name."""
    kept = weights.kept()
    if f"{name}.leaf" not in kept:
        return np.zeros(len(features), dtype=np.float32)
    return evaluated({part: kept[f"{name}.{part}"] for part in PARTS}, features)


PARTS = ("feature", "threshold", "left", "right", "leaf", "bias")
"""The arrays of one ensemble, trees by nodes: a node below nought is leaf number -node - 1."""


def evaluated(forest: dict[str, NDArray[np.float32]], features: Matrix) -> NDArray[np.float32]:
    """The same with given trees."""
    if not len(features):
        return np.zeros(0, dtype=np.float32)
    which, bound = forest["feature"].astype(np.int32), forest["threshold"]
    left, right = forest["left"].astype(np.int32), forest["right"].astype(np.int32)
    trees = np.arange(len(which))
    rows = np.arange(len(features))[:, None]
    node = np.zeros((len(features), len(which)), dtype=np.int32)
    inside = np.ones_like(node, dtype=bool)
    while inside.any():
        at = np.where(inside, node, 0)
        goes_left = features[rows, which[trees, at]] <= bound[trees, at]
        node = np.where(inside, np.where(goes_left, left[trees, at], right[trees, at]), node)
        inside = node >= 0
    total = forest["leaf"][trees, -node - 1].sum(axis=1) + forest["bias"][0]
    return np.asarray(1 / (1 + np.exp(-np.clip(total, -30, 30))), dtype=np.float32)


def odds(chance: float, *, margin: float = 0.001) -> float:
    """The logarithm of the odds: what adds up where chances multiply.

    No chance counts as nearer to 0 or 1 than the margin.
    """
    kept = min(max(chance, margin), 1 - margin)
    return math.log(kept / (1 - kept))
