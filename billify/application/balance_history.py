"""What the accounts held before: the past of the curve, and by how much the position changed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from billify.application.cash_flow import Position
from billify.data.queries import cash_flow as queries
from billify.domain.cash_flow import months_on

DAYS_SHOWN = 28
"""How many past days stand before the daily curve."""
MONTHS_SHOWN = 6
"""How many past months stand before the monthly one."""
_ONE_DAY = timedelta(days=1)


class Ago(StrEnum):
    """Since when a change is told."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Change:
    """By how much the position differs from the end of an earlier day; None when not known."""

    ago: Ago
    day: date
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Past:
    """The total at the end of each known past day, oldest first, and the changes since."""

    days: tuple[tuple[date, Decimal], ...]
    changes: tuple[Change, ...]

    def since(self, day: date) -> tuple[tuple[date, Decimal], ...]:
        """The days from one on."""
        return tuple(one for one in self.days if one[0] >= day)


def past(*, held: Position, today: date, months: int = 0) -> Past:
    """The days before today, at least as many as a month; with `months`, that many more."""
    starts = [day_of(ago, today=today) for ago in Ago]
    since = min(*starts, today - timedelta(days=DAYS_SHOWN), months_on(today, -months))
    days = tuple(_totals(held, since, today)) if held.counted else ()
    known = dict(days)
    changes = tuple(
        Change(ago, day, held.total - known[day] if day in known else None)
        for ago, day in zip(Ago, starts, strict=True)
    )
    return Past(days, changes)


def day_of(ago: Ago, *, today: date) -> date:
    """The day at whose end a change begins: yesterday, a week and a month before today."""
    if ago is Ago.DAY:
        return today - _ONE_DAY
    if ago is Ago.WEEK:
        return today - timedelta(days=7)
    return months_on(today, -1)


def month_ends(days: Sequence[tuple[date, Decimal]]) -> list[tuple[date, Decimal]]:
    """Of past days those that end a month."""
    return [(day, amount) for day, amount in days if (day + _ONE_DAY).day == 1]


def _totals(held: Position, since: date, today: date) -> Iterator[tuple[date, Decimal]]:
    """The total at the end of each day, from the first on that every account is known."""
    counted = {one.id for one in held.counted}
    kept: defaultdict[date, list[tuple[UUID, Decimal]]] = defaultdict(list)
    for account_id, day, balance in queries.history(since):
        if account_id in counted:
            kept[max(day, since)].append((account_id, balance))
    last: dict[UUID, Decimal] = {}
    for at in range((today - since).days):
        day = since + timedelta(days=at)
        last.update(kept[day])
        if len(last) == len(counted):
            yield day, sum(last.values(), Decimal("0.00"))
