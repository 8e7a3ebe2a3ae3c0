"""What is there and what is open, as Home shows it; what is expected stands in `forecasts`.

Invoices count with what is still open, in the company's currency; others stand apart. A credit
note is never overdue: a late one is taken off today.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from billify.data.models import BankAccount
from billify.data.queries import banking
from billify.data.queries import cash_flow as queries
from billify.data.queries.cash_flow import OpenDay
from billify.domain import cash_flow as rules
from billify.domain.brussels import day_of
from billify.domain.invoices import InvoiceDirection

WEEKS = 13
ZERO = Decimal("0.00")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Position:
    """What the accounts hold: the total in the company's currency, and every account."""

    total: Decimal
    currency: str
    accounts: Sequence[BankAccount]

    @property
    def counted(self) -> list[BankAccount]:
        """The accounts that the total is made of."""
        return [one for one in self.accounts if one.currency == self.currency]

    @property
    def oldest(self) -> datetime | None:
        """The moment of the least fresh balance in the total."""
        return min((one.as_of for one in self.counted), default=None)

    @property
    def newest(self) -> datetime | None:
        """The moment of the freshest balance in the total."""
        return max((one.as_of for one in self.counted), default=None)


@dataclass(frozen=True, slots=True)
class Side:
    """Open amounts of one direction in one currency, credit notes taken off."""

    open: Decimal = ZERO
    overdue: Decimal = ZERO
    later: Decimal = ZERO
    count: int = 0
    count_overdue: int = 0
    weeks: tuple[Decimal, ...] = (ZERO,) * WEEKS


@dataclass(frozen=True, slots=True)
class Foreign:
    """Open amounts in a currency that the forecast does not count."""

    currency: str
    receivable: Side
    payable: Side


@dataclass(frozen=True, slots=True)
class OpenAmounts:
    """Who owes what: by ISO week from this week on, with overdue and later ones apart."""

    receivable: Side
    payable: Side
    foreign: tuple[Foreign, ...]
    starts: tuple[date, ...]

    @property
    def after(self) -> date:
        """The first day behind the last week."""
        return self.starts[-1] + timedelta(days=7)


def position(*, currency: str) -> Position:
    """What the accounts hold, as they were last told."""
    accounts = queries.accounts()
    held = sum((one.balance for one in accounts if one.currency == currency), ZERO)
    return Position(held, currency, accounts)


def counted_since(held: Position, today: date) -> date:
    """From this day on planned items count: the day after the freshest balance, at most today."""
    if held.newest is None:
        return today
    return min(day_of(held.newest) + _ONE_DAY, today)


def open_amounts(*, open_days: Sequence[OpenDay], today: date, currency: str) -> OpenAmounts:
    """Open amounts by direction and week."""
    starts = week_starts(today)
    by_side: defaultdict[tuple[str, InvoiceDirection], list[OpenDay]] = defaultdict(list)
    for day in open_days:
        by_side[day.currency, day.direction].append(day)
    sides = {key: _side(days, today, starts) for key, days in by_side.items()}

    def side(code: str, direction: InvoiceDirection) -> Side:
        return sides.get((code, direction), Side())

    others = sorted({code for code, _ in sides} - {currency})
    return OpenAmounts(
        side(currency, InvoiceDirection.SALE),
        side(currency, InvoiceDirection.PURCHASE),
        tuple(
            Foreign(code, side(code, InvoiceDirection.SALE), side(code, InvoiceDirection.PURCHASE))
            for code in others
        ),
        starts,
    )


def week_starts(today: date) -> tuple[date, ...]:
    """The Mondays of this week and those after it."""
    monday = rules.week_start(today)
    return tuple(monday + timedelta(weeks=at) for at in range(WEEKS))


def verify() -> list[banking.Difference]:
    """Kept balances that are not what the movements add up to; none when all is well."""
    return banking.differences()


def _side(days: Iterable[OpenDay], today: date, starts: Sequence[date]) -> Side:
    end = starts[-1] + timedelta(days=7)
    weeks = dict.fromkeys(starts, ZERO)
    overdue, later, count, count_overdue = ZERO, ZERO, 0, 0
    for day in days:
        count += day.count
        if day.day < today:
            overdue += day.amount
            count_overdue += day.count
        elif day.day >= end:
            later += day.amount
        else:
            weeks[rules.week_start(day.day)] += day.amount
    total = overdue + later + sum(weeks.values(), ZERO)
    return Side(total, overdue, later, count, count_overdue, tuple(weeks.values()))
