"""How a paid amount relates to what is open: all of it, a part, less a discount or fee, more.

All amounts are whole cents above zero. The answers are words of the model in `weights`.
"""

from dataclasses import dataclass
from datetime import date

_USUAL_DISCOUNTS = (10, 15, 20, 25, 30, 50)
"""Per mille of discounts that payers take: 1, 1.5, 2, 2.5, 3 and 5 per cent."""
_LARGEST_FEE = 3500
_REMINDER = 4000
"""The 40 euro a late payer owes (law of 2 August 2002, article 6)."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A discount for paying early: per mille of the amount, and until when."""

    per_mille: int
    until: date


def relation(paid: int, left: int, *, day: date, terms: Terms | None = None) -> str:
    """What a payment is to the open amount of one invoice."""
    if paid == left:
        return "exact"
    if abs(paid - left) <= 5 or _is_rounded(paid, left):
        return "rounding"
    if paid < left:
        return _less(paid, left, day, terms)
    return _more(paid, left)


def _is_rounded(paid: int, left: int) -> bool:
    """Paid in whole euro or ten cents, when less than a euro is lost by it."""
    return abs(paid - left) < 100 and (paid % 100 == 0 or (paid % 10 == 0 and left % 10 != 0))


def _less(paid: int, left: int, day: date, terms: Terms | None) -> str:
    missing = left - paid
    if terms and abs(missing - left * terms.per_mille / 1000) <= 2:
        return "discount_agreed" if day <= terms.until else "discount_late"
    if any(abs(missing - left * share / 1000) <= 1 for share in _USUAL_DISCOUNTS):
        return "discount"
    if missing <= _LARGEST_FEE and missing * 8 <= left:
        return "fee_round" if missing % 5 == 0 else "fee"
    share = paid * 20 / left
    if abs(share - round(share)) * left / 20 <= 1.5:
        return "part_share"
    return "part_round" if paid % 1000 == 0 else "part"


def _more(paid: int, left: int) -> str:
    extra = paid - left
    if paid == 2 * left:
        return "double"
    if extra == _REMINDER or (extra < 2000 and paid % 500 == 0):
        return "over_usual"
    return "over_little" if extra * 8 <= left else "over"


SETTLING = frozenset(
    {"rounding", "discount_agreed", "discount", "discount_late", "fee", "fee_round"}
)
"""Relations in which the payer means to have paid all; what is missing is written off."""
