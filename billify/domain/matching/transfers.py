"""Transfers between accounts of the company itself: two lines that are one move of money."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from billify.domain.matching.reading import Said

APART = timedelta(days=5)
"""Between two banks a transfer may take a weekend and a bank holiday."""


def pairs(said: Iterable[Said], *, own_accounts: frozenset[str]) -> dict[str, str | None]:
    """The movements that are own transfers, each with the other half, or None when not there.

    A line is one when its other side is an own account. Its half is the nearest line in time with
    the opposite amount on that account; a line that leaves the other side out is taken too.
    """
    own = frozenset(one.replace(" ", "").upper() for one in own_accounts)
    halves: defaultdict[int, list[Said]] = defaultdict(list)
    lines = list(said)
    for one in lines:
        halves[one.cents].append(one)
    found: dict[str, str | None] = {}
    for one in lines:
        if one.id in found or one.iban not in own or one.iban == one.account:
            continue
        half = _half(one, halves[-one.cents], own, found)
        found[one.id] = half.id if half else None
        if half:
            found[half.id] = one.id
    return found


def _half(
    one: Said, among: list[Said], own: frozenset[str], found: dict[str, str | None]
) -> Said | None:
    fits = [
        other for other in among
        if other.id not in found
        and abs(other.day - one.day) <= APART
        and (other.account == one.iban or not other.account)
        and (other.iban == one.account or not other.iban or (not one.account and other.iban in own))
    ]  # fmt: skip
    return min(fits, key=lambda other: (abs(other.day - one.day), other.id), default=None)
