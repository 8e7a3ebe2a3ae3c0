"""Which values of a reading a person should look at, by how sure a company wants to be."""

from collections.abc import Mapping
from decimal import Decimal

from billify.domain.documents import SURE_PERCENT
from billify.domain.reading.reading import Direction, Reading

CONTRADICTED: Mapping[str, tuple[str, ...]] = {
    "totals": ("net_amount", "vat_amount", "gross_amount"),
    "vat": ("net_amount", "vat_amount"),
    "lines": ("net_amount",),
    "dates": ("issue_date", "due_date"),
    "sign": ("document_type", "gross_amount"),
    "iban": ("iban",),
}
"""The fields that a warning of a reading throws doubt on."""

_CHECKED = (
    "document_type", "invoice_number", "issue_date", "due_date", "currency", "net_amount",
    "vat_amount", "gross_amount", "payment_reference",
)  # fmt: skip
_OF_A_PURCHASE = ("supplier_name", "supplier_vat", "iban")
_OF_A_SALE = ("buyer_name", "buyer_vat")


def checked(*, direction: Direction) -> tuple[str, ...]:
    """The fields of a reading that a person checks; the others are kept but not asked about."""
    return _CHECKED + (_OF_A_PURCHASE if direction is Direction.PURCHASE else _OF_A_SALE)


def wanted(*, direction: Direction) -> tuple[str, ...]:
    """Fields that a document nearly always shows: not finding one is a doubt too."""
    name = "supplier_name" if direction is Direction.PURCHASE else "buyer_name"
    return (name, "invoice_number", "issue_date", "gross_amount")


def contradicted(*, reading: Reading) -> frozenset[str]:
    """Fields that can't all be right together; none of them is ever sure."""
    warned = {name for code in reading.warnings for name in CONTRADICTED.get(code, ())}
    return frozenset(warned) | _unequal(reading)


def sureness(*, reading: Reading) -> dict[str, float]:
    """The confidence of each field a person checks; 0 for a missing or contradicted one."""
    doubted = contradicted(reading=reading)
    found = {
        name: 0.0 if name in doubted else reading.fields[name].confidence
        for name in checked(direction=reading.direction)
        if name in reading.fields
    }
    return dict.fromkeys(wanted(direction=reading.direction), 0.0) | found


def unsure(*, sureness: Mapping[str, float], percent: int = SURE_PERCENT) -> tuple[str, ...]:
    """Names of the fields below the threshold, the least sure one first."""
    below = [name for name, one in sureness.items() if is_below(confidence=one, percent=percent)]
    return tuple(sorted(below, key=lambda name: sureness[name]))


def is_below(*, confidence: float, percent: int) -> bool:
    """Is a confidence of 0..1 less than so many percent? Compared to a tenth of a percent."""
    return round(Decimal(str(confidence)) * 100, 1) < percent


def _unequal(reading: Reading) -> frozenset[str]:
    """The totals where net and VAT do not make the gross, whatever the reader thought of it."""
    names = CONTRADICTED["totals"]
    net, vat, gross = (reading.amount(name) for name in names)
    if net is None or vat is None or gross is None or net + vat == gross:
        return frozenset()
    return frozenset(names)
