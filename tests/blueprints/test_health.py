"""What machines that watch over Billify are told."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from billify.application import health
from billify.application.health import Part
from billify.blueprints.health import bp
from billify.config import Settings
from billify.data.db import transaction
from billify.data.models import Job
from billify.data.tenancy import company_scope
from billify.factory import create_app
from billify.integrations.storage import StorageDown, storage_from
from billify.web import metrics
from tests.cast import Cast

FINE = [Part("database", True, 0.8), Part("queue", True, 0.3), Part("storage", True, 0.1)]
SPOOLING = replace(FINE[2], note="the store is down; files wait in the spool")
NO_QUEUE = replace(FINE[1], is_ok=False, note="does not answer")


@pytest.fixture
def watched(tmp_path: Path) -> Flask:
    app = Flask("watched", static_folder=None)
    app.config["SETTINGS"] = Settings.load(
        {
            "BILLIFY_ENV": "test",
            "BILLIFY_VAR": str(tmp_path),
            "SECRET_KEY": "not-a-secret",
            "DATABASE_URL": "postgresql+psycopg:///none",
            "REDIS_URL": "redis://127.0.0.1:1/0",
        }
    )
    metrics.init_app(app)
    app.register_blueprint(bp)
    return app


@pytest.fixture
def watcher(watched: Flask) -> FlaskClient:
    return watched.test_client()


def parts_are(monkeypatch: pytest.MonkeyPatch, *parts: Part) -> None:
    monkeypatch.setattr(health, "check", lambda: list(parts))


def test_a_live_process_says_so_without_asking_anyone(
    watcher: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> list[Part]:
        raise AssertionError("asked")

    monkeypatch.setattr(health, "check", nobody)

    answer = watcher.get("/health/live")

    assert (answer.status_code, answer.json) == (200, {"status": "live"})


def test_when_every_part_works_it_is_ready(
    watcher: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts_are(monkeypatch, *FINE)

    answer = watcher.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json == {
        "status": "ready",
        "parts": [
            {"name": "database", "ok": True, "ms": 0.8},
            {"name": "queue", "ok": True, "ms": 0.3},
            {"name": "storage", "ok": True, "ms": 0.1},
        ],
    }


def test_one_part_away_is_enough_not_to_be_ready(
    watcher: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts_are(monkeypatch, FINE[0], NO_QUEUE, FINE[2])

    answer = watcher.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["status"] == "not ready"
    assert answer.json["parts"][1] == {
        "name": "queue",
        "ok": False,
        "ms": 0.3,
        "note": "does not answer",
    }


def test_a_spool_that_takes_over_keeps_it_ready(
    watcher: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts_are(monkeypatch, FINE[0], FINE[1], SPOOLING)

    ready, summary = watcher.get("/health/ready"), watcher.get("/health")

    assert ready.status_code == 200
    assert summary.json == {
        "status": "degraded",
        "parts": {"database": "ok", "queue": "ok", "storage": "degraded"},
    }


def test_the_summary_is_one_word_on_each_part(
    watcher: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts_are(monkeypatch, FINE[0], NO_QUEUE, SPOOLING)

    answer = watcher.get("/health")

    assert answer.status_code == 503
    assert answer.json == {
        "status": "down",
        "parts": {"database": "ok", "queue": "down", "storage": "degraded"},
    }


def test_an_answer_is_never_kept_by_a_cache(
    watcher: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts_are(monkeypatch, *FINE)

    for address in ("/health", "/health/live", "/health/ready"):
        assert watcher.get(address).headers["Cache-Control"] == "no-store"


def test_the_figures_are_for_this_machine(
    watcher: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "jobs_by_state", lambda: {"waiting": 2})
    monkeypatch.setattr(health, "bells_by_queue", lambda: {"ocr": 3})
    afar = {"REMOTE_ADDR": "192.0.2.7"}

    assert b"billify_request_seconds" in watcher.get("/metrics").data
    assert watcher.get("/metrics", environ_base=afar).status_code == 404


def test_a_queue_that_is_away_is_noted_and_leaves_a_gap(watched: Flask) -> None:
    with watched.app_context():
        part = health._timed("queue", health._queue)
        bells = health.bells_by_queue()

    assert (part.is_ok, part.note) == (False, "does not answer")
    assert bells == {}


def test_a_store_that_is_down_is_a_note_while_the_spool_works(watched: Flask) -> None:
    settings: Settings = watched.config["SETTINGS"]
    settings.storage_dir.write_text("a file where the folder should be")
    with watched.app_context():
        part = health._timed("storage", health._storage)

    assert part.is_ok
    assert part.note == "the store is down; files wait in the spool"


def test_a_store_and_a_spool_that_are_both_down_are_a_failure(watched: Flask) -> None:
    settings: Settings = watched.config["SETTINGS"]
    for folder in (settings.storage_dir, settings.spool_dir):
        folder.write_text("a file where the folder should be")
    with watched.app_context():
        part = health._timed("storage", health._storage)

    assert not part.is_ok


def test_no_note_tells_a_path_or_an_address(watched: Flask) -> None:
    settings: Settings = watched.config["SETTINGS"]
    for folder in (settings.storage_dir, settings.spool_dir):
        folder.write_text("a file where the folder should be")
    with pytest.raises(StorageDown, match=str(settings.storage_dir)):
        storage_from(settings).check()
    with watched.app_context():
        part = health._timed("storage", health._storage)

    assert part.note == "neither the store nor the spool can be used"


# On the whole application, with its database, queue and folders


def test_the_whole_application_is_ready(client: FlaskClient) -> None:
    answer = client.get("/health/ready")

    assert answer.json is not None
    assert [(part["name"], part["ok"]) for part in answer.json["parts"]] == [
        ("database", True),
        ("schema", True),
        ("queue", True),
        ("storage", True),
    ]
    assert all(part["ms"] >= 0 for part in answer.json["parts"])
    assert answer.status_code == 200


def test_a_schema_from_another_version_is_not_ready(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_newest_revision", lambda: "9999")

    answer = client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json is not None
    schema = answer.json["parts"][1]
    assert not schema["ok"]
    assert schema["note"].endswith("this version wants 9999")


def test_the_whole_application_tells_its_figures(client: FlaskClient) -> None:
    figures = client.get("/metrics").text

    assert 'billify_queue_depth{queue="ocr"}' in figures
    assert "billify_memory_pss_bytes" in figures


def test_jobs_of_all_companies_are_counted(client: FlaskClient, cast: Cast) -> None:
    for owner in (cast.anna, cast.chloe):
        with company_scope(owner.actor.company_id), transaction() as session:
            session.add(Job(name="documents.read", arguments={}, queue="ocr"))

    assert 'billify_jobs{state="waiting"} 2.0' in client.get("/metrics").text


def test_without_a_database_it_is_alive_but_not_ready(application: Flask) -> None:
    settings: Settings = application.config["SETTINGS"]
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    watcher = create_app(replace(settings, database_url=nowhere)).test_client()

    live, ready, figures = (
        watcher.get(address) for address in ("/health/live", "/health/ready", "/metrics")
    )

    assert live.status_code == 200
    assert ready.status_code == 503
    assert ready.json is not None
    assert {part["name"]: part["ok"] for part in ready.json["parts"]} == {
        "database": False,
        "schema": False,
        "queue": True,
        "storage": True,
    }
    assert figures.status_code == 200
    assert "billify_jobs{" not in figures.text
