"""The figures of the overview: each asked for by itself, none hides another."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from billify.application import ports
from billify.application.back_office import figures
from billify.data.types import uuid7
from billify.integrations import processes
from billify.web import metrics

NOW = datetime.now(UTC)


def test_the_overview_shows_what_waits_is_kept_and_runs(staff: FlaskClient) -> None:
    page = staff.get("/back-office/").text

    assert "Jobs waiting" in page
    assert figures.migrate.head() in page
    assert "Slowest pages of this process" in page


def test_what_waits_in_the_spool_is_counted(app: Flask) -> None:
    spool = ports.storage().spool
    key = f"{uuid7()}/{'ab' * 32}"
    spool.put(key, b"12345", "application/octet-stream")

    found = figures.gather(now=NOW).spool
    spool.delete(key)

    assert found is not None
    assert (found.files, found.bytes, found.is_whole) == (1, 5, True)
    assert found.oldest is not None
    assert figures.gather(now=NOW).spool == figures.Folder(0, 0, None, True)


def test_what_is_away_hides_nothing_else(
    staff: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures.health, "bells_by_queue", dict)
    monkeypatch.setattr(figures.operations, "database", lambda: None)
    monkeypatch.setattr(figures, "_folder", lambda _root: None)

    page = staff.get("/back-office/").text

    assert page.count("can&#39;t be asked now") >= 4 or page.count("can't be asked now") >= 4
    assert figures.version.number() in page


def test_the_database_tells_its_size(app: Flask) -> None:
    found = figures.gather(now=NOW).database

    assert found is not None
    assert found.bytes > 1_000_000
    assert 1 <= found.connections <= found.most_connections


def test_routes_are_told_by_how_slow_they_are(app: Flask) -> None:
    seconds = app.extensions["metrics"]._names_to_collectors["billify_request_seconds"]
    for _ in range(100):
        seconds.labels("GET", "/slow-for-a-test").observe(0.2)
    seconds.labels("GET", "/beyond-for-a-test").observe(60)

    found = {one.route: one for one in metrics.slowest(10_000)}

    slow = found["/slow-for-a-test"]
    assert slow.requests == 100
    assert slow.median is not None
    assert slow.p95 is not None
    assert 0.1 < slow.median < slow.p95 <= 0.25
    assert found["/beyond-for-a-test"].p95 is None
    assert metrics.slowest(1)[0].route == "/beyond-for-a-test"


def test_memory_is_told_by_role(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes.os, "getpid", lambda: 12)
    for pid, parent, name, command, pss in (
        (10, 1, "python", b"python\0-m\0billify\0up\0", 5),
        (11, 10, "web", b"python\0-m\0billify\0up\0", 20),
        (12, 11, "web", b"python\0-m\0billify\0up\0", 30),
        (13, 10, "worker-ocr", b"python\0-m\0billify\0up\0", 40),
        (20, 1, "python", b"python\0-m\0billify\0up\0", 70),
        (30, 1, "vim", b"vim\0", 80),
    ):
        folder = tmp_path / str(pid)
        folder.mkdir()
        (folder / "cmdline").write_bytes(command)
        (folder / "status").write_text(f"Name:\t{name}\nPPid:\t{parent}\n")
        (folder / "smaps_rollup").write_text(f"Rss: 9 kB\nPss:   {pss} kB\n")
        (folder / "cwd").symlink_to(tmp_path)

    found = processes.memory(seconds=5, proc=tmp_path)

    assert [(one.name, one.processes, one.bytes) for one in found] == [
        ("web", 2, 50 * 1024),
        ("worker-ocr", 1, 40 * 1024),
        ("billify up", 1, 5 * 1024),
    ]


def test_processes_started_one_by_one_are_told_by_their_role(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes.os, "getpid", lambda: 11)
    for pid, role in ((11, b"web"), (12, b"clock")):
        folder = tmp_path / str(pid)
        folder.mkdir()
        (folder / "cmdline").write_bytes(b"python\0-m\0billify\0run\0" + role + b"\0")
        (folder / "status").write_text("Name:\tpython\nPPid:\t1\n")
        (folder / "cwd").symlink_to(tmp_path)

    found = processes.memory(seconds=5, proc=tmp_path)

    assert [(one.name, one.bytes) for one in found] == [("clock", None), ("web", None)]
