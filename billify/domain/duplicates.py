"""Has this invoice been here before? Paying twice is the most expensive mistake in a pile."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billify.domain.invoices import InvoiceKind

NUMBERS_START_AGAIN = 300
"""Days after which a supplier may use a number again: many restart each year."""
SHORTEST_PART = 3
"""Characters from which a number within another says something."""


class Likeness(StrEnum):
    """How sure it is that two invoices are one, the surest first."""

    SAME = "same"
    SAME_NUMBER = "same_number"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Seen:
    """An invoice as far as telling it from another needs; the supplier by any one key."""

    id: str
    supplier: str | None
    number: str | None
    gross: Decimal | None
    issue_date: date | None
    kind: InvoiceKind = InvoiceKind.INVOICE


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Another invoice that may be the same one."""

    id: str
    likeness: Likeness


def number_key(number: str) -> str:
    """An invoice number without spaces, marks and leading zeros: `inv 00-12` = `INV0012`."""
    return re.sub(r"[\W_]+", "", number).upper().lstrip("0")


def is_part(one: str, other: str) -> bool:
    """Whether one number is the other or part of it, by their keys: `889` in `V26889`."""
    return min(len(one), len(other)) >= SHORTEST_PART and (one in other or other in one)


def find(invoice: Seen, *, among: Iterable[Seen]) -> list[Duplicate]:
    """Invoices that may be this one, the surest first.

    SAME: supplier, number and amount; SAME_NUMBER: supplier and number, but another amount,
    within the time in which a supplier does not start its numbers again; NEAR: supplier,
    amount and date, but another number or none. A credit note never doubles an invoice.
    """
    found = [
        Duplicate(other.id, likeness)
        for other in among
        if other.id != invoice.id and (likeness := _likeness(invoice, other))
    ]
    return sorted(found, key=lambda duplicate: list(Likeness).index(duplicate.likeness))


def _likeness(one: Seen, other: Seen) -> Likeness | None:
    if one.supplier is None or one.supplier != other.supplier or one.kind is not other.kind:
        return None
    same_gross = one.gross is not None and one.gross == other.gross
    if one.number and other.number and number_key(one.number) == number_key(other.number):
        if same_gross:
            return Likeness.SAME
        return Likeness.SAME_NUMBER if _within_a_series(one, other) else None
    if same_gross and one.issue_date is not None and one.issue_date == other.issue_date:
        return Likeness.NEAR
    return None


def _within_a_series(one: Seen, other: Seen) -> bool:
    if one.issue_date is None or other.issue_date is None:
        return True
    return abs((one.issue_date - other.issue_date).days) < NUMBERS_START_AGAIN
