"""Headers on every answer, and stored files that leave us harmless."""

import re
from urllib.parse import unquote

import pytest
from flask import Flask, Response
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from billify.web import security


@pytest.fixture
def app(bare_app: Flask) -> Flask:
    def stored(kind: str, word: str) -> Response:
        return security.file_answer(
            b"<script>alert(1)</script>",
            name="../../factuur.html",
            media_type=f"{kind}/{word}",
            is_shown=True,
        )

    security.init_app(bare_app, is_production=False)
    bare_app.add_url_rule("/", view_func=lambda: "home", endpoint="home")
    bare_app.add_url_rule("/stored/<kind>/<word>", view_func=stored)
    return bare_app


def test_a_page_may_only_use_what_is_ours(app: Flask) -> None:
    policy = app.test_client().get("/").headers["Content-Security-Policy"]

    assert policy.split("; ") == [
        "default-src 'self'",
        "img-src 'self' blob: data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "private, no-cache"),
    ],
)
def test_a_page_carries_the_protective_header(app: Flask, header: str, value: str) -> None:
    assert app.test_client().get("/").headers[header] == value


def test_an_error_page_is_protected_too(app: Flask) -> None:
    answer = app.test_client().get("/nowhere")

    assert answer.headers["Content-Security-Policy"] == security.PAGE_POLICY


def test_features_nobody_uses_are_switched_off(app: Flask) -> None:
    policy = app.test_client().get("/").headers["Permissions-Policy"]

    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(policy.split(", "))


def test_https_is_only_insisted_on_in_production(app: Flask) -> None:
    production = Flask("production", static_folder=None)
    security.init_app(production, is_production=True)

    assert "Strict-Transport-Security" not in app.test_client().get("/").headers
    told = production.test_client().get("/").headers["Strict-Transport-Security"]
    assert told == "max-age=31536000; includeSubDomains"


def test_a_stored_page_is_saved_and_can_run_nothing(app: Flask) -> None:
    answer = app.test_client().get("/stored/text/html")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="factuur.html"'
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_picture_may_be_shown(app: Flask) -> None:
    answer = app.test_client().get("/stored/image/webp")

    assert answer.headers["Content-Disposition"].startswith("inline; ")
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Content-Security-Policy"] == security.FILE_POLICY


def test_a_drawing_that_can_hold_scripts_is_not_shown(app: Flask) -> None:
    answer = app.test_client().get("/stored/image/svg+xml")

    assert answer.headers["Content-Disposition"].startswith("attachment; ")


def test_a_strange_media_type_is_not_repeated(bare_app: Flask) -> None:
    with bare_app.test_request_context():
        answer = security.file_answer(b"", name="a", media_type="text/html; charset=x")

    assert answer.headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("factuur 2026-014.pdf", "factuur 2026-014.pdf"),
        ("Facture à payer – août.pdf", "Facture à payer – août.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\anna\\factuur.pdf", "factuur.pdf"),
        ("", "document"),
        ("   ", "document"),
        ("...", "document"),
        ("a/", "document"),
        (".htaccess", "htaccess"),
        ("con.pdf", "_con.pdf"),
        ("lpt1", "_lpt1"),
        ('x"; filename="evil.exe', "x__ filename__evil.exe"),
        ("factuur.pdf\r\nSet-Cookie: a=b", "factuur.pdf Set-Cookie_ a_b"),
        ("factuur\u202efdp.exe", "factuur fdp.exe"),
        ("nul\0byte.pdf", "nul byte.pdf"),
        ("100% korting; €5.pdf", "100_ korting_ €5.pdf"),
        ("lone \ud800 half.pdf", "lone half.pdf"),
    ],
)
def test_a_hostile_file_name_becomes_a_plain_one(name: str, safe: str) -> None:
    assert security.safe_name(name) == safe


def test_four_kilobytes_of_emoji_become_a_short_name_with_its_ending() -> None:
    safe = security.safe_name("🧾" * 1000 + ".pdf")

    assert len(safe) <= security.LONGEST_NAME
    assert safe.endswith("🧾.pdf")


def test_a_plain_name_needs_no_second_form() -> None:
    assert security.content_disposition("factuur.pdf") == 'attachment; filename="factuur.pdf"'


def test_an_accented_name_comes_in_both_forms() -> None:
    assert security.content_disposition("Août €.pdf", is_shown=True) == (
        "inline; filename=\"Aout.pdf\"; filename*=UTF-8''Ao%C3%BBt%20%E2%82%AC.pdf"
    )


def test_a_name_without_a_latin_letter_has_a_plain_stand_in() -> None:
    assert security.content_disposition("請求書") == (
        "attachment; filename=\"document\"; filename*=UTF-8''%E8%AB%8B%E6%B1%82%E6%9B%B8"
    )


@given(st.text(max_size=300))
def test_no_name_escapes_from_its_header(name: str) -> None:
    header = security.content_disposition(name)

    kind, options = parse_options_header(header)
    assert kind == "attachment"
    assert set(options) == {"filename"}
    assert re.fullmatch(r"[\x20-\x7e]+", header)
    shown = unquote(options["filename"])
    assert shown
    assert not re.search(r'[\x00-\x1f\x7f/\\"<>|:*?\u202a-\u202e\u2066-\u2069]', shown)
    assert not shown.startswith(".")
