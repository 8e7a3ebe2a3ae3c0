"""The parts of a file: all statements of one account, currency and product together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billify.domain.bank_files.shapes import Movement, Statement


@dataclass(frozen=True, slots=True)
class Part:
    """What a file tells of one account; `key` names the part within the file."""

    key: str
    account: str | None
    currency: str | None
    product: str
    movements: tuple[Movement, ...]
    opening_balance: Decimal | None
    closing_balance: Decimal | None
    opening_date: date | None
    closing_date: date | None

    @property
    def first_day(self) -> date | None:
        """The first day that something was booked."""
        return min((one.booked_on for one in self.movements), default=self.opening_date)

    @property
    def last_day(self) -> date | None:
        """The last day that something was booked."""
        return max((one.booked_on for one in self.movements), default=self.closing_date)


def of(statements: Sequence[Statement]) -> tuple[Part, ...]:
    """The parts of a file, in the order in which they first come."""
    groups: dict[tuple[str | None, str | None, str], list[Statement]] = {}
    for one in statements:
        groups.setdefault((one.account, one.currency, one.product), []).append(one)
    return tuple(_part(str(place), group) for place, group in enumerate(groups.values()))


def _part(key: str, group: Sequence[Statement]) -> Part:
    first, last = group[0], group[-1]
    return Part(
        key=key,
        account=first.account,
        currency=first.currency,
        product=first.product,
        movements=tuple(movement for one in group for movement in one.movements),
        opening_balance=first.opening_balance,
        closing_balance=last.closing_balance,
        opening_date=first.opening_date,
        closing_date=last.closing_date,
    )
