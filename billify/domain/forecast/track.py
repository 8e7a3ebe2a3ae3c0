"""What was forecast against what happened. No numpy in here.

A forecast says a balance and its band for each day from the one it was made on. A horizon of four
weeks is judged by the seven days of the fourth week (days 21 to 27 after it was made), so that no
single weekday decides.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from billify.domain import money
from billify.domain.forecast.shapes import DAYS_AHEAD

ZERO = Decimal("0.00")
HORIZONS = (1, 4, 8, 13)
"""In weeks."""
FEW = 4
"""With fewer forecasts than this behind a figure it says little."""


@dataclass(frozen=True, slots=True)
class SaidDay:
    """What was said of the balance at the end of a day."""

    balance: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Said:
    """A forecast as it was kept: its days from `made_on` on."""

    made_on: date
    balance: Decimal
    """What the accounts held when it was made."""
    days: tuple[SaidDay, ...]

    @property
    def until(self) -> date:
        """The last day it speaks of."""
        return self.made_on + timedelta(days=max(len(self.days) - 1, 0))

    def on(self, day: date) -> SaidDay | None:
        """What it said of a day, when that is among its days."""
        at = (day - self.made_on).days
        return self.days[at] if 0 <= at < len(self.days) else None


@dataclass(frozen=True, slots=True)
class Score:
    """How well forecasts did at one horizon; amounts in the currency of the balances.

    `error` is the mean distance between what was said and what was; `lean` the mean difference,
    above zero when more was said than came. `flat` is the mean distance of saying that the balance
    stays as it was. `inside` of `days` days lay within the band. All None without a day.
    """

    weeks: int
    forecasts: int
    days: int
    error: Decimal | None = None
    lean: Decimal | None = None
    flat: Decimal | None = None
    inside: int | None = None
    of_turnover: Decimal | None = None
    """The error as a share of what comes in in a week (0.25 is a quarter)."""

    @property
    def percent_inside(self) -> int | None:
        """The share of days within the band, in whole percent."""
        if self.inside is None or not self.days:
            return None
        return round(100 * self.inside / self.days)

    @property
    def says_little(self) -> bool:
        """Only a few forecasts stand behind this."""
        return self.forecasts < FEW


def read(*, made_on: date, balance: Decimal, kept: object) -> Said | None:
    """A forecast from the JSON it was kept as: balance, low and high as text for each day. None
    when it is of another form."""
    if not isinstance(kept, list):
        return None
    try:
        days = tuple(SaidDay(*(Decimal(amount) for amount in one)) for one in kept)
    except (TypeError, ArithmeticError, ValueError):
        return None
    return Said(made_on, balance, days) if days else None


def balances(
    *, positions: Iterable[tuple[Hashable, date, Decimal]], accounts: Set[Hashable], before: date
) -> dict[date, Decimal]:
    """The total at the end of each day before one, from kept balances: account, day and balance,
    ordered by day. It begins on the first day on which every account is known."""
    ordered = [one for one in positions if one[0] in accounts and one[1] < before]
    last: dict[Hashable, Decimal] = {}
    found: dict[date, Decimal] = {}
    at = 0
    day = ordered[0][1] if ordered else before
    while day < before:
        while at < len(ordered) and ordered[at][1] <= day:
            last[ordered[at][0]] = ordered[at][2]
            at += 1
        if len(last) == len(accounts):
            found[day] = sum(last.values(), ZERO)
        day += timedelta(days=1)
    return found


def weekly(days: Iterable[date]) -> list[date]:
    """One day of each ISO week, the first there is, oldest first: so that many forecasts of a few
    days do not outweigh the others."""
    first: dict[tuple[int, int], date] = {}
    for day in sorted(days):
        first.setdefault(day.isocalendar()[:2], day)
    return list(first.values())


def nearest(*, days: Iterable[date], wanted: date) -> date | None:
    """The day nearest to one, when it is less than a week off."""
    found = min(days, key=lambda day: (abs((day - wanted).days), day), default=None)
    return found if found and abs((found - wanted).days) < 7 else None


def score(
    *,
    said: Sequence[Said],
    actual: Mapping[date, Decimal],
    weekly_turnover: Decimal = ZERO,
    horizons: Sequence[int] = HORIZONS,
) -> tuple[Score, ...]:
    """Judge kept forecasts by the balances that came, at each horizon.

    A forecast counts at a horizon when the whole of that week is known.
    """
    return tuple(_scored(weeks, said, actual, weekly_turnover) for weeks in horizons)


def compared(
    *, said: Said, actual: Mapping[date, Decimal]
) -> tuple[tuple[date, SaidDay, Decimal | None], ...]:
    """Each day of one forecast with what it was, None where that is still to come."""
    days = (said.made_on + timedelta(days=at) for at in range(len(said.days)))
    return tuple((day, told, actual.get(day)) for day, told in zip(days, said.days, strict=True))


def _scored(
    weeks: int, said: Sequence[Said], actual: Mapping[date, Decimal], turnover: Decimal
) -> Score:
    offsets = range(7 * (weeks - 1), min(7 * weeks, DAYS_AHEAD))
    errors: list[Decimal] = []
    flat: list[Decimal] = []
    inside = forecasts = 0
    for one in said:
        pairs = _pairs(one, actual, offsets)
        forecasts += bool(pairs)
        for told, was in pairs:
            errors.append(told.balance - was)
            flat.append(abs(one.balance - was))
            inside += told.low <= was <= told.high
    if not errors:
        return Score(weeks, 0, 0)
    error = _mean([abs(one) for one in errors])
    return Score(
        weeks,
        forecasts,
        len(errors),
        error=error,
        lean=_mean(errors),
        flat=_mean(flat),
        inside=inside,
        of_turnover=error / turnover if turnover > 0 else None,
    )


def _pairs(
    said: Said, actual: Mapping[date, Decimal], offsets: range
) -> list[tuple[SaidDay, Decimal]]:
    """What was said and what was on the days of a week; none unless all of them are known."""
    if offsets.stop > len(said.days):
        return []
    days = [said.made_on + timedelta(days=at) for at in offsets]
    if not all(day in actual for day in days):
        return []
    return [(said.days[at], actual[day]) for at, day in zip(offsets, days, strict=True)]


def _mean(amounts: Sequence[Decimal]) -> Decimal:
    return money.cents(sum(amounts, ZERO) / len(amounts))
