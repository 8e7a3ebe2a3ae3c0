"""Calibration: out of how sure the reader feels, the share of such values that are right."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from benchmarks.reading_training.dataset import Paper
from billify.domain.reading import Reading
from billify.domain.reading.reading import How

Array = NDArray[np.float32]
Judged = tuple[str, float, bool, float]
"""(field, as sure as the reader feels 0..1, right, weight)."""
_OWN = 120
"""A field seen less often than this shares the map of all fields."""
_BIN = 40
_TOTALS = ("net_amount", "vat_amount", "gross_amount")


def judged(
    paper: Paper, reading: Reading, same: Callable[..., bool], weight: float
) -> Iterable[Judged]:
    """Every field that the truth speaks of."""
    is_credit = paper.truth.get("document_type") == "credit_note"
    for name, found in reading.fields.items():
        if name not in paper.ask:
            continue
        truth = paper.truth.get(name)
        right = truth not in (None, []) and same(name, truth, found.value, is_credit)
        adds_up = name in _TOTALS and found.how is How.ARITHMETIC
        yield (f"{name}.sum" if adds_up else name), found.confidence, bool(right), weight


def maps(found: Iterable[Judged]) -> dict[str, Array]:
    """`<field>.raw` and `<field>.sure` for `billify.domain.reading.sureness`."""
    by_field: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for name, raw, right, weight in found:
        by_field[name].append((raw, float(right), weight))
    everything = [one for name, rows in by_field.items() for one in rows if "." not in name]
    made: dict[str, Array] = {}
    for name, rows in by_field.items():
        kept = rows if len(rows) >= _OWN else rows * 3 + everything
        raw, sure = _map(kept)
        made[f"{name}.raw"], made[f"{name}.sure"] = raw, sure
    return made


def _map(rows: list[tuple[float, float, float]]) -> tuple[Array, Array]:
    """Bins of equal size, never falling, drawn a little towards one half."""
    table = np.array(sorted(rows), dtype=np.float64)
    bins = np.array_split(table, max(3, min(12, len(table) // _BIN)))
    merged: dict[float, list[float]] = {}
    for one in bins:
        # Many values feel equally sure: bins of the same feeling are one.
        at = round(float(np.average(one[:, 0], weights=one[:, 2])), 3)
        total = merged.setdefault(at, [0.25, 0.5])
        total[0] += float((one[:, 1] * one[:, 2]).sum())
        total[1] += float(one[:, 2].sum())
    raw = np.array(sorted(merged))
    size = np.array([merged[at][1] for at in sorted(merged)])
    sure = np.array([merged[at][0] / merged[at][1] for at in sorted(merged)])
    sure = IsotonicRegression().fit_transform(raw, sure, sample_weight=size)
    return raw.astype(np.float32), np.asarray(sure, dtype=np.float32)


def reliability(found: Iterable[Judged]) -> list[Mapping[str, Any]]:
    """Stated against true shares, in bands of stated confidence."""
    edges = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01)
    bands: dict[float, list[tuple[float, bool]]] = defaultdict(list)
    for _, stated, right, _ in found:
        bands[max(edge for edge in edges if edge <= stated)].append((stated, right))
    return [
        {
            "from": edge,
            "fields": len(rows),
            "stated": round(sum(stated for stated, _ in rows) / len(rows), 3),
            "right": round(sum(right for _, right in rows) / len(rows), 3),
        }
        for edge, rows in sorted(bands.items())
    ]
