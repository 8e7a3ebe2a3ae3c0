"""What goes on as before, though no single movement of it can be foreseen.

A level a day, the shape that a month has, the seasons of the last year, and how long it takes until
the money moves: the same for invoices that are not issued yet and for movements without invoice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from billify.domain.cash_flow import month_end
from billify.domain.forecast import recurring
from billify.domain.forecast.shapes import Recurrence

NO_SEASON = (1.0,) * 12
WINDOW = 182
"""The level is that of half a year."""
LEAST_DAYS = 28
YEAR = 364
PLACES = 31
"""A month is cut into as many places, so that months of any length are alike."""
LEAST_MONTHS = 12
"""With less of a past, a month a year ago can't be held against the months around it."""
MOST_SEASON = 2.5
Floats = NDArray[np.float64]
Days = NDArray[np.int32]
Cents = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Steady:
    """Cents a day, at or above zero, with factors by place in the month and month of the year.

    `lags` are shares by days until the money moves; they may add up to less than one.
    """

    level: float = 0.0
    beside: float = 0.0
    """Cents a day of the level, seasons or not, that rows of their own stand for."""
    places: tuple[float, ...] = (1.0,) * PLACES
    seasons: tuple[float, ...] = NO_SEASON
    lags: tuple[float, ...] = (1.0,)
    often: float = 0.0
    """On how many days a week something of it moves."""

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """As JSON."""
        return {
            "level": self.level,
            "beside": self.beside,
            "places": list(self.places),
            "seasons": list(self.seasons),
            "lags": list(self.lags),
            "often": self.often,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Steady":  # Any: JSON
        """What `to_json` gave."""
        return cls(
            told["level"],
            told["beside"],
            tuple(told["places"]),
            tuple(told["seasons"]),
            tuple(told["lags"]),
            told["often"],
        )


NOTHING = Steady()


def level_of(*, days: Days, cents: Cents, since: int, today: date) -> float:
    """Cents a day of the last half year; `since` is the first day that anything is known of."""
    now = today.toordinal()
    span = min(WINDOW, max(now - since, LEAST_DAYS))
    return float(cents[days >= now - span].sum()) / span


def repeated_a_day(*, recurrences: Iterable[Recurrence], today: date) -> float:
    """Cents a day of what comes back, its sign left away, over the year ahead."""
    end = today + timedelta(days=YEAR - 1)
    return sum(
        float(abs(one.amount))
        * 100
        * len(recurring.occurrences(recurrence=one, start=today, end=end))
        / YEAR
        for one in recurrences
    )


def repeated_lately(*, recurrences: Iterable[Recurrence], since: int, today: date) -> float:
    """Cents a day that the last one of each is worth in the level, its sign left away."""
    now = today.toordinal()
    span = min(WINDOW, max(now - since, LEAST_DAYS))
    lately = [one for one in recurrences if one.last.toordinal() >= now - span]
    return sum((float(abs(one.amount)) * 100 for one in lately), 0.0) / span


def learn(
    *,
    days: Days,
    cents: Cents,
    level: float,
    beside: float = 0.0,
    seasons: tuple[float, ...] = NO_SEASON,
    lags: tuple[float, ...] = (1.0,),
) -> Steady:
    """What goes on at a level, with the shape of month that amounts by day (ordinals) show."""
    if not len(days) or not lags or level <= 0:
        return NOTHING
    return Steady(
        round(level, 2), round(beside, 2), _places(days, cents), seasons, lags, _often(days)
    )


def by_day(*, steady: Steady, today: date, days: int) -> Floats:
    """Cents expected on each of the days from today, of what begins today or later."""
    if not steady.level:
        return np.zeros(days)
    dates = [today + timedelta(days=at) for at in range(days)]
    shape = np.array(steady.places)[[_place(day) for day in dates]]
    season = np.array(steady.seasons)[[day.month - 1 for day in dates]]
    a_day = np.maximum(steady.level * season - steady.beside, 0.0) * shape
    moved: Floats = np.convolve(a_day, np.array(steady.lags))[:days]
    return moved


def seasons_of(*, days: Days, cents: Cents, today: date) -> tuple[float, ...]:
    """Factors for January to December on the level of the half year before today.

    What a month came to a year ago, over what the half year before came to then; smoothed over
    its neighbours and drawn towards 1 by as much as single months jump about.
    """
    months = _by_month(days, cents, today)
    if len(months) < LEAST_MONTHS or not months.any():
        return NO_SEASON
    months = np.maximum(months, months.mean() / 20)
    level = months[-18:-12].mean() if len(months) >= 18 else months[-6:].mean()
    trust, sharp = _trust(months, _jumping(days, cents, today) / float(months[-12:].mean()))
    factors = [1.0] * 12
    for ahead in range(12):
        place = len(months) - 12 + ahead
        near = months[max(place - 1, 0) : place + 2]
        then = sharp * months[place] + (1 - sharp) * (near.mean() + months[place]) / 2
        ratio = float(np.clip(then / level, 1 / MOST_SEASON, MOST_SEASON))
        factors[(today.month - 1 + ahead) % 12] = round(ratio**trust, 4)
    return tuple(factors)


def _trust(months: Floats, jumping: float) -> tuple[float, float]:
    """How far the last year's months may be trusted to come again, and how sharply.

    By how much they differ against how much of that is chance, as single weeks show it; with two
    years, as far as they went together; else by how much their smoothed course swings against
    how single months jump about.
    """
    logs = np.log(months)
    differ = float(logs[-12:].var())
    steady = max(1 - jumping**2 / differ, 0.0) if differ else 0.0
    if len(months) >= 24:
        late, early = logs[-12:] - logs[-12:].mean(), logs[-24:-12] - logs[-24:-12].mean()
        size = float(np.sqrt((late**2).sum() * (early**2).sum()))
        steady = max(steady, float((late * early).sum()) / size if size else 0.0)
        return steady, steady
    smooth = np.convolve(months, [0.25, 0.5, 0.25], "valid")
    jumps = float(np.log(months[1:-1] / smooth).var())
    swing = float(np.log(smooth).var())
    return max(steady, swing / (swing + 2 * jumps) if swing + jumps else 0.0), steady


def _jumping(days: Days, cents: Cents, today: date) -> float:
    """By how much a month differs by chance, if one week did from the next as it does: cents."""
    ago = (today.toordinal() - 1 - days) // 7
    chosen = ago < 52
    weeks = np.bincount(ago[chosen], weights=cents[chosen], minlength=52)
    return float(np.sqrt((np.diff(weeks) ** 2).mean() / 2 * 52 / 12))


def _often(days: Days) -> float:
    recent = days[days > days.max() - WINDOW]
    weeks = max(int(days.max() - recent.min()) / 7, 1.0)
    return round(len(np.unique(recent)) / weeks, 2)


def _places(days: Days, cents: Cents) -> tuple[float, ...]:
    """How the days of a month share what moves in it; 1 on average."""
    at = _places_of(days)
    sums = np.bincount(at, weights=cents, minlength=PLACES)
    shares = sums / sums.sum() * PLACES if sums.sum() else np.ones(PLACES)
    # With few amounts the shape of the month is chance: it is drawn towards an even one.
    trust = len(days) / (len(days) + 60.0)
    return tuple(round(float(share), 4) for share in trust * shares + (1 - trust))


def _places_of(days: Days) -> NDArray[np.int64]:
    first = int(days.min())
    table = [_place(date.fromordinal(day)) for day in range(first, int(days.max()) + 1)]
    return np.array(table, np.int64)[days - first]


def _place(day: date) -> int:
    return int((day.day - 0.5) / month_end(day).day * PLACES)


def _by_month(days: Days, cents: Cents, today: date) -> Floats:
    """Sums of the whole months before this one, oldest first, without the partial first one."""
    if not len(days):
        return np.zeros(0)
    first = int(days.min())
    table = [date.fromordinal(day) for day in range(first, int(days.max()) + 1)]
    months = np.array([day.year * 12 + day.month - 1 for day in table], np.int64)[days - first]
    at = months - (today.year * 12 + today.month - 1)
    start = int(at.min()) + 1
    if start >= 0:
        return np.zeros(0)
    chosen = (at >= start) & (at < 0)
    return np.bincount(at[chosen] - start, weights=cents[chosen], minlength=-start).astype(float)
