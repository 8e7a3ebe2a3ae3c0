"""The learned weights that come with Billify: small arrays, loaded when first needed."""

from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray


@lru_cache(maxsize=1)
def kept() -> dict[str, NDArray[np.float32]]:
    """Name → array, as benchmarks/reading_training wrote them."""
    with (files("billify.domain.reading") / "weights.npz").open("rb") as packed:
        arrays = np.load(packed, allow_pickle=False)
        return {name: arrays[name].astype(np.float32) for name in arrays.files}
