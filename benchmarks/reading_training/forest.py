"""Learning boosted trees for one field, and laying them out as the arrays that the reader takes."""

from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
_SETTINGS = {
    "objective": "binary",
    "learning_rate": 0.08,
    "num_leaves": 12,
    "min_data_in_leaf": 12,
    "min_gain_to_split": 0.02,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 4.0,
    "verbosity": -1,
    "num_threads": 1,
    "seed": 7,
    "deterministic": True,
    "force_row_wise": True,
}
ROUNDS = 110


def learned(
    features: Array, truth: Array, weight: Array, *, rounds: int = ROUNDS
) -> dict[str, Array]:
    """The arrays of `billify.domain.reading.trees` for one field."""
    data = lightgbm.Dataset(features, truth, weight=weight, params={"max_bin": 63})
    model = lightgbm.train(_SETTINGS, data, num_boost_round=rounds)
    return laid_out(model.dump_model()["tree_info"])


def laid_out(trees: list[dict[str, Any]]) -> dict[str, Array]:
    """Trees as arrays, all as wide as the widest."""
    flat = [_flat(tree["tree_structure"]) for tree in trees]
    nodes = max(max((len(one["feature"]) for one in flat), default=1), 1)
    leaves = max((len(one["leaf"]) for one in flat), default=1)
    made = {
        "feature": np.zeros((len(flat), nodes), np.float32),
        "threshold": np.zeros((len(flat), nodes), np.float32),
        "left": np.full((len(flat), nodes), -1, np.float32),
        "right": np.full((len(flat), nodes), -1, np.float32),
        "leaf": np.zeros((len(flat), leaves), np.float32),
        "bias": np.zeros(1, np.float32),
    }
    for at, one in enumerate(flat):
        for part, values in one.items():
            made[part][at, : len(values)] = values
    return made


def _flat(root: dict[str, Any]) -> dict[str, list[float]]:
    flat: dict[str, list[float]] = {
        part: [] for part in ("feature", "threshold", "left", "right", "leaf")
    }
    _add(root, flat)
    return flat


def _add(node: dict[str, Any], flat: dict[str, list[float]]) -> int:
    """The node's number; leaves count from -1 downwards."""
    if "leaf_value" in node:
        flat["leaf"].append(node["leaf_value"])
        return -len(flat["leaf"])
    at = len(flat["feature"])
    flat["feature"].append(node["split_feature"])
    flat["threshold"].append(node["threshold"])
    flat["left"].append(0.0)
    flat["right"].append(0.0)
    flat["left"][at] = _add(node["left_child"], flat)
    flat["right"][at] = _add(node["right_child"], flat)
    return at
