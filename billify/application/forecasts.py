"""The forecast of a company: asked for by whatever moves money, made by a worker, read by pages.

See docs/flows/cash-flow.md. Making it loads numpy, which the web process never does: so the parts
that reckon are imported where they are used.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog

from billify.application import alerts, jobs, live
from billify.application import forecast_material as material
from billify.application import forecast_profiles as profiles
from billify.application.forecast_asking import ask as ask
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.queries import companies, people
from billify.data.queries import forecast as queries
from billify.data.queries import forecast_known as rows
from billify.domain.brussels import day_of
from billify.domain.forecast import as_of, stored
from billify.domain.forecast.known import Known
from billify.domain.forecast.shapes import Flow, Forecast, Recurrence, Source

if TYPE_CHECKING:
    from billify.domain.forecast.profile import Profile

log = structlog.get_logger()
TOPIC = "forecast"
LEAST_HISTORY = timedelta(days=91)
WEEKS_BACK = 16
FEW_DAYS = 3
LONGEST_LEARNING = 3.0


@dataclass(frozen=True, slots=True)
class Latest:
    """The forecast as it was last made, without its flows; None until there is one.

    Read on a later day it is brought to that day, as `domain.forecast.as_of` says.

    A stale one is shown with a mark: something moved since, or it is of another day.
    """

    forecast: Forecast | None
    made_at: datetime | None
    is_stale: bool
    seconds: Decimal = Decimal(0)
    made_on: date | None = None
    """Its own day; `forecast` is brought to the day it is read on."""
    left_out: int = 0
    """How many open amounts are not counted, and what those in its own currency would bring and
    take (below zero)."""
    left_out_in: Decimal = Decimal("0.00")
    left_out_out: Decimal = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Whole:
    """The stored forecast with its flows at hand."""

    latest: Latest
    forecast: Forecast
    kept: Sequence[Any] = field(repr=False)  # Any: JSON

    def flows(
        self,
        *,
        since: date | None = None,
        until: date | None = None,
        source: Source | None = None,
        ref: str | None = None,
    ) -> list[Flow]:
        """The flows that fit, by day."""
        return stored.read_flows(
            self.kept,
            since=since,
            until=until,
            source=source,
            ref=ref,
            today=self.forecast.today,
        )

    def left_out(self) -> list[Flow]:
        """Open amounts that are not counted, each with its reason."""
        return stored.read_flows(self.kept, mark=stored.LEFT_OUT)


NOTHING_YET = Latest(None, None, is_stale=True)


def latest(*, today: date | None = None) -> Latest:
    """The stored forecast of the scope's company, in one query."""
    return _latest(queries.latest(), today)


def whole(*, today: date | None = None) -> Whole | None:
    """The stored forecast with its flows, all read at once; None while there is none."""
    kept, found = queries.whole()
    latest = _latest(kept, today)
    return None if latest.forecast is None else Whole(latest, latest.forecast, found)


def flows(
    *,
    today: date,
    since: date | None = None,
    until: date | None = None,
    source: Source | None = None,
    ref: str | None = None,
) -> list[Flow]:
    """The flows of the stored forecast that fit, by day; none while there is no forecast."""
    kept = _kept_flows()
    return stored.read_flows(kept, since=since, until=until, source=source, ref=ref, today=today)


def not_counted() -> list[Flow]:
    """Open amounts that the stored forecast does not count, each with its reason."""
    return stored.read_flows(_kept_flows(), mark=stored.LEFT_OUT)


def recurrences() -> tuple[Recurrence, ...]:
    """The recurring movements that the stored forecast found."""
    shape, kept = queries.recurrences()
    return stored.read_recurrences(kept) if shape == stored.SHAPE else ()


def make(*, today: date | None = None) -> Forecast:
    """Make the forecast of the scope's company and store it: the job's work.

    What was asked for and can be seen before the rows are read is done by this one, since
    whatever asked for it is committed by then. A newer one of another worker stays.
    """
    clock, day = time.perf_counter(), today or _today()
    with transaction():
        covered = queries.undone_jobs()
        queries.forget_waiting(covered)
    with rows.snapshot():
        read_at = queries.database_now()
        company = companies.own()
        known = material.known(company=company, today=day)
        profile = profiles.kept(today=day, now=read_at)
        since = time.perf_counter()
        history = None
        if profile is None:
            history = material.history(company=company, today=day, opened=known.open)
    if history is not None:
        profile = profiles.learn(history=history, read_at=read_at, since=since)
    forecast = _reckon(known, profile)
    with transaction():
        is_newest = _store(forecast, covered, read_at, time.perf_counter() - clock)
        if is_newest:
            alerts.raise_due(forecast=forecast, known=known, profile=profile, company=company)
    return forecast


def known_on(*, day: date) -> Known:
    """How things stood for the scope's company at the end of a day in the past."""
    with rows.snapshot():
        return material.known_on(company=companies.own(), day=day)


def look_back(*, today: date, weeks: int) -> int:
    """Make and keep the forecasts of earlier weeks, each from what was known on its day.

    So that a company's track record begins with it. Days that have one, and days with less than
    a quarter of bank lines before them, are left out; returns how many were made.
    """
    from billify.domain.forecast import profile

    with transaction():
        company = companies.own()
        first = rows.first_day(currency=company.currency)
        there = set(queries.snapshot_days())
    days = [today - timedelta(weeks=at) for at in range(weeks, 0, -1)]
    wanted = [one for one in days if first and one - first >= LEAST_HISTORY and one not in there]
    for day in wanted:
        with rows.snapshot():
            known = material.known_on(company=company, day=day)
            history = material.history(company=company, today=day, opened=known.open)
        forecast = _reckon(known, profile.learn(history=history))
        with transaction():
            keep(forecast=forecast, made_afterwards=True)
    return len(wanted)


def ring_due() -> int:
    """Ask for the forecasts that are missing or of another day; returns how many."""
    today = _today()
    with tenancy.unscoped("one clock looks after the forecasts of all companies"):
        company_ids = [one.id for one in people.companies() if one.suspended_at is None]
    return sum(_ring(company_id, today) for company_id in company_ids)


def _ring(company_id: UUID, today: date) -> bool:
    with tenancy.company_scope(company_id), transaction():
        is_due = queries.is_due(today=today, shape=stored.SHAPE, now=datetime.now(UTC))
        if is_due:
            ask()
    return is_due


def keep(*, forecast: Forecast, made_afterwards: bool = False) -> bool:
    """Keep the first forecast of a day for the track record; says whether this is the one.

    Without accounts it says nothing. One that was made afterwards is marked as such.
    """
    if "accounts" in forecast.missing:
        return False
    return queries.store_snapshot(
        made_on=forecast.today,
        balance=forecast.balance,
        days=[[str(one.balance), str(one.low), str(one.high)] for one in forecast.days],
        made_afterwards=made_afterwards,
    )


def begin_record(*, today: date | None = None) -> int:
    """Look back as far as a forecast looks ahead, once, so that the track record begins: a job.

    Not where learning the history takes long: there it begins with the nights to come.
    """
    if profiles.seconds() > LONGEST_LEARNING:
        return 0
    return look_back(today=today or _today(), weeks=WEEKS_BACK)


def _reckon(known: Known, profile: "Profile | None") -> Forecast:
    from billify.domain.forecast import whole

    return whole.make(known=known, profile=profile)


def _store(forecast: Forecast, covered: Sequence[UUID], read_at: datetime, seconds: float) -> bool:
    is_newest = queries.store(
        {
            "made_at": read_at,
            "made_on": forecast.today,
            "shape": stored.SHAPE,
            "seconds": round(Decimal(seconds), 3),
            "summary": stored.summary(forecast),
            "flows": stored.flows(forecast),
            "recurrences": stored.recurrences(forecast),
        }
    )
    queries.forget(covered)
    if is_newest:
        if keep(forecast=forecast) and _is_second_day(forecast.today):
            jobs.later("forecast.look_back")
        live.touch(TOPIC)
    log.info("forecast.made", seconds=round(seconds, 3), flows=len(forecast.flows), kept=is_newest)
    return is_newest


def _is_second_day(today: date) -> bool:
    """Is there hardly a forecast of before? Only then, since on the first day a history may still
    be on its way from the bank."""
    before = [day for day in queries.snapshot_days() if day < today]
    return 1 <= len(before) <= FEW_DAYS


def _latest(kept: queries.Kept, today: date | None) -> Latest:
    if kept.made_at is None or kept.shape != stored.SHAPE:
        return NOTHING_YET
    day = today or _today()
    forecast = as_of.forecast(stored.read_summary(dict(kept.summary)), day)
    if forecast is None:
        return NOTHING_YET
    return Latest(
        forecast=forecast,
        made_at=kept.made_at,
        is_stale=kept.is_asked_for or kept.made_on != day,
        seconds=kept.seconds,
        made_on=kept.made_on,
        left_out=kept.summary["left_out"],
        left_out_in=Decimal(kept.summary["left_out_in"]),
        left_out_out=Decimal(kept.summary["left_out_out"]),
    )


def _kept_flows() -> Sequence[Any]:  # Any: JSON
    shape, kept = queries.flows()
    return kept if shape == stored.SHAPE else ()


def _today() -> date:
    return day_of(datetime.now(UTC))
