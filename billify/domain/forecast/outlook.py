"""The few things of a stored forecast that a board of several companies shows. No numpy in here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Outlook:
    """A company's balance ahead, day by day from `today` on, and where it is lowest."""

    today: date
    currency: str
    floor: Decimal
    lowest: Decimal
    lowest_on: date
    below_floor_on: date | None
    balances: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class LowestTogether:
    """Where the balances of several companies together are lowest."""

    day: date
    amount: Decimal


def together(outlooks: Sequence[Outlook]) -> LowestTogether | None:
    """The lowest point of the sum of balances, over the days that every outlook has.

    They may have been made on different days. None for no outlook, and where no day is shared.
    The caller sees to it that all are in one currency.
    """
    if not outlooks:
        return None
    start = max(one.today for one in outlooks)
    end = min(one.today + timedelta(days=len(one.balances)) for one in outlooks)
    days = (end - start).days
    if days <= 0:
        return None
    parts = [one.balances[(start - one.today).days :] for one in outlooks]
    sums = [sum((part[at] for part in parts), Decimal("0.00")) for at in range(days)]
    lowest = min(range(days), key=lambda at: (sums[at], at))
    return LowestTogether(start + timedelta(days=lowest), sums[lowest])
