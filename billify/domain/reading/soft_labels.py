"""How much a text looks like a label for a field, also where its wording is in no list.

Letters in threes and fours, hashed, times small weights: "fact.datum" and "datum v. factuur" share
most of them with wordings that are known. The weights are learned by benchmarks/reading_training.
"""

import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from billify.domain.reading import weights

CLASSES = (
    "invoice_number",
    "order_reference",
    "payment_reference",
    "other_number",
    "issue_date",
    "due_date",
    "delivery_date",
    "other_date",
    "net",
    "vat",
    "gross",
    "not_total",
    "supplier",
    "buyer",
    "ship",
)
BUCKETS = 4096
_LONGEST = 60


def grams(text: str) -> list[int]:
    """The buckets of a folded text's letter groups, each once."""
    spaced = f" {text[-_LONGEST:]} "
    found = {
        zlib.crc32(spaced[at : at + size].encode()) % BUCKETS
        for size in (3, 4, 5)
        for at in range(len(spaced) - size + 1)
    }
    return sorted(found)


@lru_cache(maxsize=8192)
def chances(text: str) -> tuple[float, ...]:
    """For each of CLASSES the chance 0..1 that the text is a label for it."""
    if not text:
        return (0.0,) * len(CLASSES)
    kept = weights.kept()
    return with_weights(text, kept["label_weights"], kept["label_bias"])


def with_weights(
    text: str, matrix: NDArray[np.float32], bias: NDArray[np.float32]
) -> tuple[float, ...]:
    """The same by other weights: a row per bucket, a column per class."""
    at = grams(text)
    sums = matrix[at].sum(axis=0) / max(len(at), 1) ** 0.5 + bias
    return tuple((1 / (1 + np.exp(-np.clip(sums, -30, 30)))).tolist())
