"""Log lines: one per request, JSON, with ids and without people."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import structlog
from flask import Flask

from billify.web import logs, request_id

COMPANY = UUID("0199d1c2-0000-7000-8000-000000000001")


class Written:
    """What was logged so far, line by line."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Logging belongs to the whole process: leave it as it was found."""
    root = logging.getLogger()
    before = list(root.handlers), root.level, structlog.get_config()
    yield
    root.handlers[:], root.level, config = before
    structlog.configure(**config)
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def written() -> Written:
    written = Written()
    logs.configure(stream=written.stream)
    return written


@pytest.fixture
def app(bare_app: Flask, written: Written) -> Flask:
    def purchases(company: str) -> str:
        logs.bind_company(COMPANY)
        structlog.get_logger("billify.test").info("purchases.listed", rows=50)
        return "fifty rows"

    def broken() -> str:
        raise RuntimeError("jan.peeters@example.be owes 1.234,56")

    request_id.init_app(bare_app)
    logs.init_app(bare_app)
    logs.configure(stream=written.stream)
    bare_app.add_url_rule("/c/<company>/purchases", view_func=purchases)
    bare_app.add_url_rule("/broken", view_func=broken)
    return bare_app


def test_a_request_is_one_line_with_its_route_and_not_its_address(
    app: Flask, written: Written
) -> None:
    app.test_client().get("/c/bakkerij-anna/purchases?q=jan.peeters@example.be")

    line = written.lines[-1]
    assert [one["event"] for one in written.lines].count("request") == 1
    assert line["method"] == "GET"
    assert line["route"] == "/c/<company>/purchases"
    assert line["status"] == 200
    assert line["ms"] >= 0
    assert "jan" not in written.stream.getvalue()
    assert "bakkerij-anna" not in written.stream.getvalue()


def test_every_line_of_a_request_has_its_ids(app: Flask, written: Written) -> None:
    app.test_client().get("/c/a/purchases", headers={"X-Request-ID": "edge-7f3a.01"})

    assert [(line["event"], line["request_id"], line["company_id"]) for line in written.lines] == [
        ("purchases.listed", "edge-7f3a.01", str(COMPANY)),
        ("request", "edge-7f3a.01", str(COMPANY)),
    ]


def test_the_next_request_does_not_inherit_a_company(app: Flask, written: Written) -> None:
    app.test_client().get("/c/a/purchases")
    app.test_client().get("/nowhere")

    assert "company_id" not in written.lines[-1]
    assert written.lines[-1]["route"] == "(none)"
    assert written.lines[-1]["status"] == 404


def test_an_unhandled_error_is_told_without_its_message(app: Flask, written: Written) -> None:
    app.test_client().get("/broken")

    told = next(line for line in written.lines if "error" in line)
    assert told["error"] == "builtins.RuntimeError"
    assert told["trace"][-1].endswith(" broken")
    assert written.lines[-1]["status"] == 500
    assert "peeters" not in written.stream.getvalue()
    assert "1.234,56" not in written.stream.getvalue()


def test_a_cause_is_told_by_its_kind(written: Written) -> None:
    try:
        try:
            raise KeyError("BE71 0961 2345 6769")
        except KeyError as missing:
            raise ValueError("no such account") from missing
    except ValueError:
        structlog.get_logger().exception("sync.failed")

    assert written.lines[-1]["cause"] == "builtins.KeyError"
    assert "BE71" not in written.stream.getvalue()


@pytest.mark.parametrize("key", sorted(logs.PERSONAL))
def test_a_key_that_smells_of_a_person_is_left_out(written: Written, key: str) -> None:
    structlog.get_logger().info("contact.saved", **{key: "something private"})

    assert written.lines[-1][key] == "(left out)"
    assert "private" not in written.stream.getvalue()


def test_other_libraries_log_in_the_same_form(written: Written) -> None:
    logging.getLogger("rq.worker").warning("worker %s stopped", "ocr")

    line = written.lines[-1]
    assert (line["event"], line["level"], line["logger"]) == (
        "worker ocr stopped",
        "warning",
        "rq.worker",
    )


def test_lines_of_others_about_visitors_are_not_kept(written: Written) -> None:
    logging.getLogger("werkzeug").info("GET /c/bakkerij-anna?q=jan 192.0.2.7")
    logging.getLogger("flask-limiter").info("ratelimit exceeded by account:jan@example.be")
    logging.getLogger("flask-limiter").warning("storage unreachable")

    assert [line["event"] for line in written.lines] == ["storage unreachable"]


def test_configuring_twice_does_not_write_twice(written: Written) -> None:
    logs.configure(stream=written.stream)

    structlog.get_logger().info("once")

    assert len(written.lines) == 1


def test_logs_leave_stdout_to_results(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(stream=sys.stderr)

    structlog.get_logger().info("something")

    said = capsys.readouterr()
    assert said.out == ""
    assert "something" in said.err
