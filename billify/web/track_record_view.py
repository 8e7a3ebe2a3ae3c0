"""The track record in words and coordinates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from billify.application.track_record import Record
from billify.domain.forecast import track
from billify.domain.forecast.track import SaidDay, Score
from billify.web import filters
from billify.web.charts import compare
from billify.web.charts.compare import Lines, Series

WEEK = 7
ENOUGH_DAYS = 28
LEAST, MOST = 75, 85
"""Where the share of days within a band of 80 % should lie, in percent."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A day of which a forecast is kept."""

    day: date
    label: str


@dataclass(frozen=True, slots=True)
class WeekEnd:
    """What was said of a day and what it was; `off` is said less been."""

    day: date
    told: SaidDay
    was: Decimal | None
    off: Decimal | None
    is_inside: bool


@dataclass(frozen=True, slots=True)
class View:
    """All that the page shows."""

    record: Record
    chart: Lines | None
    said: str
    weeks: tuple[WeekEnd, ...]
    choices: tuple[Choice, ...]
    verdict: str
    tone: str
    worse: str
    """At which horizons saying nothing would have been closer; empty at none."""
    text: str
    error: str

    @property
    def options(self) -> list[tuple[date, str]]:
        """The days to choose from, as a field takes them."""
        return [(one.day, one.label) for one in self.choices]

    def percent(self, share: Decimal | None) -> str:
        """A share as whole percent."""
        return "" if share is None else filters.percent(round(100 * share))


def view(record: Record, *, text: str, error: str, today: date) -> View:
    """What the page shows of a record."""
    if record.is_unknown and not error:
        error = _("No forecast of this day was kept.")
    verdict, tone = _verdict(record.scores)
    return View(
        record=record,
        chart=_chart(record, today),
        said=_said(record),
        weeks=tuple(_weeks(record)),
        choices=tuple(_choices(record, today)),
        verdict=verdict,
        tone=tone,
        worse=_worse(record.scores),
        text=text,
        error=error,
    )


def _verdict(scores: Sequence[Score]) -> tuple[str, str]:
    """Does the band keep its promise, over all horizons together?"""
    days = sum(one.days for one in scores)
    inside = sum(one.inside or 0 for one in scores)
    if days < ENOUGH_DAYS:
        return _("There are too few days yet to judge the forecast by."), "accent"
    share = round(100 * inside / days)
    told = {"inside": inside, "days": days, "share": filters.percent(share)}
    if share < LEAST:
        return _(
            "%(inside)s of %(days)s days lay within the band (%(share)s). It should be 4 of 5: "
            "the forecast was too sure of itself.",
            **told,
        ), "warn"
    if share > MOST:
        return _(
            "%(inside)s of %(days)s days lay within the band (%(share)s). It should be 4 of 5: "
            "the forecast was more careful than it had to be.",
            **told,
        ), "accent"
    return _(
        "%(inside)s of %(days)s days lay within the band (%(share)s), as they should: 4 of 5.",
        **told,
    ), "good"


def _worse(scores: Sequence[Score]) -> str:
    """Where the forecast was further off than saying that the balance stays as it was."""
    found = [
        str(one.weeks)
        for one in scores
        if one.error is not None
        and one.flat is not None
        and one.error > one.flat
        and not one.says_little
    ]
    if not found:
        return ""
    return str(
        _(
            "At %(weeks)s weeks ahead it was further off than saying that the balance stays as "
            "it is. Look at what it is made of before you rely on it.",
            weeks=", ".join(found),
        )
    )


def _chart(record: Record, today: date) -> Lines | None:
    chosen = record.chosen
    if chosen is None:
        return None
    rows = track.compared(said=chosen, actual=record.was)
    was = tuple((day, amount) for day, _told, amount in rows if amount is not None)
    series = [
        Series(
            "said",
            "",
            _("Said on %(day)s", day=filters.day(chosen.made_on)),
            tuple((day, told.balance) for day, told, _was in rows),
            tuple((day, told.low, told.high) for day, told, _was in rows),
        ),
        Series("was", "", _("What happened"), was),
    ]
    return compare.lines(series, today=today)


def _said(record: Record) -> str:
    """The chart in a sentence."""
    chosen = record.chosen
    if chosen is None:
        return ""
    rows = track.compared(said=chosen, actual=record.was)
    known = [(told, was) for _day, told, was in rows if was is not None]
    if not known:
        return str(_("None of its days is over yet."))
    inside = sum(told.low <= was <= told.high for told, was in known)
    off = sum((abs(told.balance - was) for told, was in known), Decimal(0)) / len(known)
    return str(
        ngettext(
            "Of %(num)s day that is over, %(inside)s lay within the band; on average the "
            "forecast was %(off)s off.",
            "Of %(num)s days that are over, %(inside)s lay within the band; on average the "
            "forecast was %(off)s off.",
            len(known),
            inside=inside,
            off=filters.money(off),
        )
    )


def _weeks(record: Record) -> list[WeekEnd]:
    if record.chosen is None:
        return []
    rows = track.compared(said=record.chosen, actual=record.was)
    return [
        WeekEnd(
            day,
            told,
            was,
            None if was is None else told.balance - was,
            was is not None and told.low <= was <= told.high,
        )
        for day, told, was in rows[WEEK - 1 :: WEEK]
    ]


def _choices(record: Record, today: date) -> list[Choice]:
    chosen = record.chosen.made_on if record.chosen else None
    days = sorted({*record.choices, *([chosen] if chosen else [])}, reverse=True)
    return [Choice(day, _ago(day, today)) for day in days]


def _ago(day: date, today: date) -> str:
    weeks = (today - day).days // WEEK
    if not weeks:
        return filters.day(day)
    ago = ngettext("%(num)s week ago", "%(num)s weeks ago", weeks)
    return f"{filters.day(day)} ({ago})"
