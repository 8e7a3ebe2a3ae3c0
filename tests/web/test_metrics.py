"""Figures for Prometheus: few labels, honest gaps, and not for strangers."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from billify.application import health
from billify.web import metrics

TOKEN = "let-me-read-the-figures"


@pytest.fixture
def app(bare_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    def invoice(number: int) -> str:
        return f"invoice {number}"

    def figures() -> object:
        return metrics.page() if metrics.may_read() else abort(404)

    monkeypatch.setattr(health, "bells_by_queue", lambda: {"ocr": 3, "default": 0})
    monkeypatch.setattr(health, "jobs_by_state", lambda: {"waiting": 2, "dead": 1})
    metrics.init_app(bare_app)
    bare_app.add_url_rule("/invoices/<int:number>", view_func=invoice)
    bare_app.add_url_rule("/metrics", view_func=figures)  # type: ignore[arg-type]
    return bare_app


def samples(client: FlaskClient) -> Mapping[tuple[str, ...], float]:
    """Each sample by its name and sorted label values."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_requests_are_timed_by_route_and_not_by_address(app: Flask) -> None:
    client = app.test_client()
    for number in range(20):
        client.get(f"/invoices/{number}")

    found = samples(client)

    assert found["billify_request_seconds_count", "GET", "/invoices/<int:number>"] == 20
    assert found["billify_answers_total", "/invoices/<int:number>", "2xx"] == 20


def test_addresses_that_lead_nowhere_share_one_label(app: Flask) -> None:
    client = app.test_client()
    for number in range(20):
        client.get(f"/wp-login-{number}.php")

    found = samples(client)

    assert found["billify_answers_total", "(none)", "4xx"] == 20
    assert not [key for key in found if any("wp-login" in part for part in key)]


def test_made_up_methods_share_one_label(app: Flask) -> None:
    client = app.test_client()
    for method in ("BREW", "PROPFIND"):
        client.open("/invoices/1", method=method)

    assert samples(client)["billify_request_seconds_count", "other", "(none)"] == 2


def test_what_waits_is_told(app: Flask) -> None:
    found = samples(app.test_client())

    assert found["billify_queue_depth", "ocr"] == 3
    assert found["billify_queue_depth", "default"] == 0
    assert found["billify_jobs", "waiting"] == 2
    assert found["billify_jobs", "dead"] == 1


def test_a_part_that_is_away_leaves_a_gap_and_not_a_zero(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "bells_by_queue", dict)

    found = samples(app.test_client())

    assert not [key for key in found if key[0] == "billify_queue_depth"]
    assert found["billify_jobs", "waiting"] == 2


def test_registering_asks_nobody(bare_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody_home() -> Mapping[str, int]:
        raise AssertionError("asked at start")

    monkeypatch.setattr(health, "bells_by_queue", nobody_home)
    monkeypatch.setattr(health, "jobs_by_state", nobody_home)

    metrics.init_app(bare_app)


def test_memory_is_read_from_the_kernel(tmp_path: Path) -> None:
    (tmp_path / "smaps_rollup").write_text(
        "5580-7ffd ---p 00000000 00:00 0    [rollup]\nRss:   102400 kB\nPss:    51200 kB\n"
    )

    told = {family.name: family.samples[0].value for family in metrics.Memory(tmp_path).collect()}

    assert told == {
        "billify_memory_pss_bytes": 50 * 1024 * 1024,
        "billify_memory_rss_bytes": 100 * 1024 * 1024,
    }


def test_where_the_kernel_tells_nothing_there_is_no_figure(tmp_path: Path) -> None:
    assert list(metrics.Memory(tmp_path).collect()) == []


def test_a_stranger_sees_nothing(app: Flask) -> None:
    client = app.test_client()

    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404


@pytest.mark.parametrize("header", metrics.PROXY_HEADERS)
def test_a_proxy_on_this_machine_is_not_this_machine(app: Flask, header: str) -> None:
    answer = app.test_client().get("/metrics", headers={header: "192.0.2.7"})

    assert answer.status_code == 404


def test_the_token_opens_from_anywhere(app: Flask) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], metrics_token=TOKEN)
    client = app.test_client()
    afar = {"REMOTE_ADDR": "192.0.2.7"}

    def read(authorization: str) -> int:
        headers = {"Authorization": authorization}
        return client.get("/metrics", headers=headers, environ_base=afar).status_code

    assert read(f"Bearer {TOKEN}") == 200
    assert read("Bearer something-else") == 404
    assert read("") == 404


def test_without_a_token_set_an_empty_one_does_not_open(app: Flask) -> None:
    answer = app.test_client().get(
        "/metrics",
        headers={"Authorization": "Bearer "},
        environ_base={"REMOTE_ADDR": "192.0.2.7"},
    )

    assert answer.status_code == 404


def test_label_names_are_few(app: Flask) -> None:
    client = app.test_client()
    client.get("/invoices/1")

    names = set(re.findall(r'(\w+)="', client.get("/metrics").text))

    assert names <= {"method", "route", "status", "le", "queue", "state"}
