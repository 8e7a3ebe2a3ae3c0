"""The clock rings by itself, and its rings find a body."""

from collections.abc import Iterator

import pytest
from flask import Flask
from rq.cron import CronScheduler

from billify.application import documents, jobs
from billify.tasks import schedule


@pytest.fixture
def registered(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    found: dict[str, int] = {}

    def note(_: CronScheduler, body: object, queue: str, *, interval: int, **__: object) -> None:
        assert queue == "default"
        found[getattr(body, "__name__", "")] = interval

    monkeypatch.setattr(CronScheduler, "register", note)
    monkeypatch.setattr(CronScheduler, "start", lambda _: None)
    schedule.tick_forever(app)
    return found


def test_jobs_are_swept_and_the_spool_emptied_often(registered: dict[str, int]) -> None:
    assert registered["sweep"] <= 10
    assert registered["empty_spool"] <= 30


def test_bank_connections_are_looked_after_well_within_a_minute(
    registered: dict[str, int],
) -> None:
    assert registered["ring_connections"] <= 20


def test_each_ring_calls_its_use_case(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setattr(jobs, "sweep", lambda: called.append("sweep"))
    monkeypatch.setattr(documents, "ask_to_move_spooled", lambda: called.append("spool"))

    schedule.sweep()
    schedule.empty_spool()

    assert called == ["sweep", "spool"]


def test_a_forecast_of_another_day_is_asked_for_within_a_minute(
    registered: dict[str, int],
) -> None:
    assert registered["ring_forecasts"] <= 60
