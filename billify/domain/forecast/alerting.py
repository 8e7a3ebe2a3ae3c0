"""When something is worth telling: once, and only while it lasts. No numpy in here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from billify.domain.forecast.known import PlannedItem
from billify.domain.forecast.shapes import AlertKind, Crossing, Forecast, Recurrence

FLOOR_KEY = "floor"
TIMES_LARGER = 3
"""A payment so many times the largest one before to the same party is out of proportion."""
ABOUT = Decimal("0.10")
NEAR = timedelta(days=10)
"""An amount that differs by no more, within these days, was expected."""
LEAST_LINES = 50
"""With fewer payments in a year nothing can be called unusual."""
LEAST_SHARE = Decimal("0.02")
"""A payment below this share of what the accounts hold needs no telling."""

Facts = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Due:
    """Something to tell: `key` says what it is about, `facts` what its words take."""

    kind: AlertKind
    key: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Payment:
    """A bank line out of the last days that settles no invoice; `amount` is above zero.

    `largest_before` is the largest payment to the same party in the year before, zero for a party
    that was never paid.
    """

    id: str
    day: date
    name: str
    amount: Decimal
    largest_before: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Usual:
    """Payments of the year before: how many, and the size that one of two hundred passes."""

    count: int
    large: Decimal


def below_floor(*, forecast: Forecast, within_days: int) -> Due | None:
    """The balance falls below the floor (or zero, without one) within so many days."""
    crossing = _first(forecast)
    if crossing is None or crossing.day > forecast.today + timedelta(days=within_days):
        return None
    return Due(
        AlertKind.BELOW_FLOOR,
        FLOOR_KEY,
        {
            "day": crossing.day.isoformat(),
            "floor": str(forecast.floor),
            "balance": str(crossing.balance),
            "chance": crossing.chance,
        },
    )


def large_outflows(
    *,
    payments: Iterable[Payment],
    usual: Usual,
    balance: Decimal,
    planned: Sequence[PlannedItem],
    recurrences: Sequence[Recurrence],
) -> list[Due]:
    """Payments out of proportion to what this party and the company usually cost, unexpected."""
    if usual.count < LEAST_LINES:
        return []
    return [
        Due(
            AlertKind.LARGE_OUTFLOW,
            one.id,
            {"amount": str(one.amount), "name": one.name, "day": one.day.isoformat()},
        )
        for one in payments
        if one.amount > max(usual.large, one.largest_before * TIMES_LARGER)
        and one.amount >= abs(balance) * LEAST_SHARE
        and not _is_expected(one, planned, recurrences)
    ]


def slower(*, contact: str, name: str, before: int, lately: int) -> Due:
    """A customer pays later than it used to, in days after the due date."""
    facts: Facts = {"name": name, "before": before, "now": lately}
    return Due(AlertKind.CUSTOMER_SLOWER, contact, facts)


def _first(forecast: Forecast) -> Crossing | None:
    if forecast.floor:
        return forecast.below_floor
    return forecast.below_zero


def _is_expected(
    one: Payment, planned: Sequence[PlannedItem], recurrences: Sequence[Recurrence]
) -> bool:
    """Was it planned for these days, or does it come back about as large?"""
    for item in planned:
        is_near = abs(item.planned.first - one.day) <= NEAR
        if is_near and _is_about(-item.planned.amount, one.amount):
            return True
    return any(
        found.name.lower() == one.name.lower() and _is_about(-found.amount, one.amount)
        for found in recurrences
    )


def _is_about(expected: Decimal, amount: Decimal) -> bool:
    return abs(expected - amount) <= abs(amount) * ABOUT
