"""Each request has a name that is safe wherever it is written."""

import pytest
from flask import Flask

from billify.web import request_id


@pytest.fixture
def app(bare_app: Flask) -> Flask:
    request_id.init_app(bare_app)
    bare_app.add_url_rule("/", view_func=lambda: request_id.current(), endpoint="home")
    return bare_app


def test_a_request_without_a_name_gets_one(app: Flask) -> None:
    first = app.test_client().get("/").headers["X-Request-ID"]
    second = app.test_client().get("/").headers["X-Request-ID"]

    assert len(first) == 32
    assert first != second


def test_the_name_a_proxy_gave_is_kept(app: Flask) -> None:
    answer = app.test_client().get("/", headers={"X-Request-ID": "edge-7f3a.01"})

    assert answer.headers["X-Request-ID"] == "edge-7f3a.01"
    assert answer.text == "edge-7f3a.01"


def test_an_error_page_carries_the_name_too(app: Flask) -> None:
    answer = app.test_client().get("/nowhere", headers={"X-Request-ID": "edge-7f3a.01"})

    assert (answer.status_code, answer.headers["X-Request-ID"]) == (404, "edge-7f3a.01")


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "short",
        "x" * 65,
        "with a space",
        'quote"quote',
        "<script>alert(1)</script>",
        "line\nbreak-line",
        "line-break-at-end\n",
        "-leading-dash",
        "é-accented-name",
        "{jndi:ldap://x}",
    ],
)
def test_a_name_that_could_do_harm_is_replaced(given: str | None) -> None:
    accepted = request_id.accepted(given)

    assert accepted != given
    assert len(accepted) == 32
    assert accepted.isalnum()
