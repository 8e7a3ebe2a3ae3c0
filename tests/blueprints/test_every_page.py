"""What holds for every page there is: text is never code, looking changes nothing, and each page
stands in every language."""

import hashlib
from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select, update
from werkzeug.routing import Rule

from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import LoginSession, User
from billify.web.languages import LANGUAGES
from tests.blueprints.access_table import PREFIX, PUBLIC
from tests.blueprints.test_access_table import (
    address,
    call,
    company_rules,
    plant,
    rules,
    unpacked,
)
from tests.cast import Cast
from tests.planting import Planter, company_tables

EVIL = "<img src=x onerror=alert(1)>\"'`{{'ha'*3}}"
FORMULA = '=HYPERLINK("http://evil.example")'
EXPORTS = [f"POST {PREFIX}/{desk}/exports" for desk in ("purchases", "sales")]


def pages(app: Flask) -> list[tuple[str, Rule]]:
    return [(name, rule) for name, rule in company_rules(app) if name.startswith("GET")]


def files(name: str) -> bool:
    """Served as a file, never shown as a page."""
    return name.endswith(("/original", "/pages/<int:page>", "/pdf"))


def test_text_is_never_code(app: Flask, cast: Cast) -> None:
    ours = plant(cast.anna, EVIL)
    client = cast.anna.client()
    for name, rule in pages(app):
        if files(name):
            continue
        for query in ({}, {"q": EVIL, "search": EVIL, "contact_words": EVIL, "name": EVIL}):
            where = address(rule, cast.anna.slug, ours.known)
            answer = call(client, name, where, query_string=query)

            assert "<img src=x" not in answer.text, name
            assert "hahaha" not in answer.text, name


def test_text_is_never_a_formula(app: Flask, cast: Cast) -> None:
    ours = plant(cast.anna, FORMULA)
    found = rules(app)
    client = cast.anna.client()
    for name in EXPORTS:
        for kind in ("csv", "xlsx"):
            where = address(found[name], cast.anna.slug, ours.known)
            answer = call(client, name, where, data={"format": kind})

            assert answer.status_code == 200
            text = unpacked(answer.data)
            assert "<f>" not in text
            for cell in text.replace("\r", "\n").replace(";", "\n").splitlines():
                assert not cell.lstrip('"').startswith(("=", "+", "@", "\t")), cell


def test_looking_changes_nothing(app: Flask, cast: Cast) -> None:
    ours = plant(cast.anna, "marker")
    client = cast.anna.client()
    before = state(ours)
    for name, rule in pages(app):
        call(client, name, address(rule, cast.anna.slug, ours.known))

        assert state(ours) == before, name


def test_asking_for_the_head_gives_no_body(app: Flask, cast: Cast) -> None:
    ours = plant(cast.anna, "marker")
    client = cast.anna.client()
    for name, rule in pages(app):
        where = address(rule, cast.anna.slug, ours.known)
        whole, head = call(client, name, where), call(client, name.replace("GET", "HEAD"), where)

        assert head.status_code == whole.status_code, name
        assert head.data == b"", name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_stands_in_every_language(language: str, app: Flask, cast: Cast) -> None:
    ours = plant(cast.anna, "marker")
    with transaction() as session:
        session.execute(update(User).where(User.id == cast.anna.user_id).values(language=language))
    db.session.expire_all()
    client = cast.anna.client()
    for name, rule in pages(app):
        answer = call(client, name, address(rule, cast.anna.slug, ours.known))

        assert answer.status_code < 500, name
        if not files(name) and "<html" in answer.text:
            assert html.document_fromstring(answer.text).get("lang") == language, name


def test_pages_without_a_login_stand_too(app: Flask) -> None:
    client = app.test_client()
    for name in PUBLIC:
        if name.startswith("GET") and "<" not in name and name != "GET /metrics":
            assert client.get(name.split(" ")[1]).status_code in (200, 302, 303, 503), name


def state(planter: Planter) -> dict[str, Any]:
    """A fingerprint of every row of the company, and of who is signed in."""
    with tenancy.company_scope(planter.known["company"]):
        connection = db.session.connection()
        found = {
            table.name: hashlib.sha256(
                repr(sorted(map(repr, connection.execute(table.select())))).encode()
            ).hexdigest()
            for table in company_tables()
        }
    found["sessions"] = str(len(db.session.scalars(select(LoginSession.id)).all()))
    return found
