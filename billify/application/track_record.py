"""The track record: what was said weeks ago, and what happened. Read only; nights keep it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from billify.data.queries import cash_flow
from billify.data.queries import track_record as queries
from billify.domain.forecast import track
from billify.domain.forecast.shapes import DAYS_AHEAD
from billify.domain.forecast.track import Said, SaidDay, Score

JUDGED_WEEKS = 39
"""Forecasts of the last nine months are judged, one a week."""
TURNOVER_WEEKS = 13
LOOKED_BACK = (4, 8, 13)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a forecast of some weeks ago said of yesterday, beside what yesterday was."""

    weeks: int
    said: Said
    day: date
    told: SaidDay
    was: Decimal


@dataclass(frozen=True, slots=True)
class Record:
    """All that is known of how well the forecast does.

    Of `count` forecasts `afterwards` were not made on their day, but later from what was known on
    it. `chosen` is the forecast to look at, None when there is none; `is_unknown` says that another
    day was asked for, of which nothing is kept.
    """

    kept_since: date | None
    count: int
    afterwards: int
    scores: tuple[Score, ...]
    remembered: tuple[Remembered, ...]
    chosen: Said | None
    is_unknown: bool
    was: Mapping[date, Decimal]
    choices: tuple[date, ...]
    weekly_turnover: Decimal


def record(*, today: date, currency: str, asked: date | None = None) -> Record:
    """Judge what was kept, and lay one forecast beside what came."""
    kept = queries.days()
    days = list(kept)
    judged = track.weekly(day for day in days if day >= today - timedelta(weeks=JUDGED_WEEKS))
    chosen_day = _chosen(days, asked, today)
    looked_back = {
        weeks: track.nearest(days=days, wanted=today - ONE_DAY - timedelta(weeks=weeks))
        for weeks in LOOKED_BACK
    }
    wanted = {*judged, *(day for day in looked_back.values() if day)}
    said = _read(wanted | {chosen_day} if chosen_day else wanted)
    was = _balances(said, today, currency)
    turnover = _turnover(today, currency) if said else Decimal(0)
    return Record(
        kept_since=days[-1] if days else None,
        count=len(days),
        afterwards=sum(kept.values()),
        scores=track.score(
            said=[said[day] for day in judged if day in said],
            actual=was,
            weekly_turnover=turnover,
        ),
        remembered=tuple(_remembered(looked_back, said, was, today - ONE_DAY)),
        chosen=said.get(chosen_day) if chosen_day else None,
        is_unknown=asked is not None and asked != chosen_day,
        was=was,
        choices=tuple(reversed(judged)),
        weekly_turnover=turnover,
    )


def _chosen(days: Sequence[date], asked: date | None, today: date) -> date | None:
    """The day asked for, else the one that is nearest to 13 weeks ago, else the oldest."""
    if asked is not None and asked in days:
        return asked
    ago = today - timedelta(days=DAYS_AHEAD)
    return track.nearest(days=days, wanted=ago) or (days[-1] if days else None)


def _read(wanted: set[date]) -> dict[date, Said]:
    if not wanted:
        return {}
    read = (
        track.read(made_on=one.made_on, balance=one.balance, kept=one.days)
        for one in queries.kept(wanted)
    )
    return {one.made_on: one for one in read if one is not None}


def _balances(said: Mapping[date, Said], today: date, currency: str) -> dict[date, Decimal]:
    """What the accounts in the currency held in all, from the first forecast until yesterday."""
    if not said:
        return {}
    counted = {one.id for one in cash_flow.accounts() if one.currency == currency}
    positions = cash_flow.history(min(said))
    return track.balances(positions=positions, accounts=counted, before=today)


def _turnover(today: date, currency: str) -> Decimal:
    since = today - timedelta(weeks=TURNOVER_WEEKS)
    return queries.came_in(since=since, before=today, currency=currency) / TURNOVER_WEEKS


def _remembered(
    looked_back: Mapping[int, date | None],
    said: Mapping[date, Said],
    was: Mapping[date, Decimal],
    day: date,
) -> list[Remembered]:
    found = []
    for weeks, made_on in looked_back.items():
        one = said.get(made_on) if made_on else None
        told = one.on(day) if one else None
        if one is not None and told is not None and day in was:
            found.append(Remembered(weeks, one, day, told, was[day]))
    return found
