"""Which values of a reading a person should look at, by how sure a company wants to be."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from billify.domain.documents import SURE_PERCENT
from billify.domain.reading.reading import Reading

CONTRADICTED: Mapping[str, tuple[str, ...]] = {
    "totals": ("net_amount", "vat_amount", "gross_amount"),
    "vat": ("net_amount", "vat_amount"),
    "lines": ("net_amount",),
    "dates": ("issue_date", "due_date"),
    "sign": ("document_type", "gross_amount"),
}
"""The fields that a warning of a reading throws doubt on."""


def contradicted(*, warnings: tuple[str, ...]) -> frozenset[str]:
    """Fields that can't all be right together; none of them is ever sure."""
    return frozenset(name for code in warnings for name in CONTRADICTED.get(code, ()))


def unsure(*, reading: Reading, percent: int = SURE_PERCENT) -> tuple[str, ...]:
    """Names of the fields below the threshold or contradicted, the least sure one first."""
    doubted = contradicted(warnings=reading.warnings)
    names = [
        name
        for name, field in reading.fields.items()
        if name in doubted or is_below(confidence=field.confidence, percent=percent)
    ]
    return tuple(sorted(names, key=lambda name: reading.fields[name].confidence))


def is_below(*, confidence: float, percent: int) -> bool:
    """Is a confidence of 0..1 less than so many percent? Compared as it is written down."""
    return round(Decimal(str(confidence)) * 100, 1) < percent


def kept_unsure(*, kept: Mapping[str, Any], names: tuple[str, ...], percent: int) -> int:
    """How many of the named fields of a reading in its JSON form are unsure."""
    reading = Reading.from_json(kept)
    return sum(name in names for name in unsure(reading=reading, percent=percent))
