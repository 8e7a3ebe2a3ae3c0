"""The door: form tokens, rate limits, cookies, headers, and what the log keeps of it all."""

import io
import json
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from billify.application import ports
from billify.data import tenancy
from billify.factory import create_app
from billify.web import limits, logs
from billify.web.access import COOKIE
from tests import factories, servers
from tests.blueprints.access_table import COMPANY, PREFIX
from tests.blueprints.bad_files import letter
from tests.blueprints.test_access_table import address, plant, rules
from tests.cast import PASSWORD, Cast, make_cast
from tests.committed import committed_app
from tests.conftest import World

SECRETS = ("BE68539007547034", "Molens van Deinze", "121,00", "121.00", PASSWORD)


@pytest.fixture
def guarded(world: World) -> Iterator[Flask]:
    """The application as it runs for people: with form tokens and rate limits."""
    # Counts of its own, whoever else runs tests on this machine.
    counter = servers.redis_url(32 + os.getpid() % 32)
    with committed_app(replace(world.settings, redis_url=counter), "door") as app:
        app.config.update(WTF_CSRF_ENABLED=True, RATELIMIT_ENABLED=True)
        ports.redis().flushdb()
        yield app
        ports.redis().flushdb()


@pytest.fixture
def people(guarded: Flask) -> Cast:
    return make_cast()


def token_of(answer: TestResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text)
    assert found is not None, (answer.status, answer.headers)
    return found[1]


class TestFormTokens:
    def test_no_change_goes_without_one(self, guarded: Flask, people: Cast) -> None:
        client = people.anna.client()
        ours = plant(people.anna, "marker")
        found = rules(guarded)
        for name in [f"POST {PREFIX}{key.split(' ')[1]}" for key in COMPANY if "POST" in key]:
            answer = client.post(address(found[name], people.anna.slug, ours.known), data={})
            tenancy.leave()
            assert answer.status_code == 400, name
            assert "This form was open too long." in answer.text
        for path in ("/log-in", "/sign-up", "/log-out", "/language"):
            assert client.post(path, data={}).status_code == 400, path

    def test_one_of_another_browser_does_not_fit(self, guarded: Flask, people: Cast) -> None:
        anna, chloe = people.anna.client(), people.chloe.client()
        token = token_of(chloe.get("/account"))

        answer = anna.post("/log-out", data={"csrf_token": token})

        assert answer.status_code == 400
        assert anna.get("/account").status_code == 200

    def test_the_right_one_opens(self, guarded: Flask, people: Cast) -> None:
        client = people.anna.client()
        token = token_of(client.get("/account"))

        answer = client.post("/log-out", data={"csrf_token": token})

        assert answer.status_code == 302
        assert client.get("/account").status_code == 302


class TestLimits:
    def test_guessing_passwords_is_slowed_down(self, guarded: Flask, people: Cast) -> None:
        client = guarded.test_client()
        token = token_of(client.get("/log-in"))
        data = {"csrf_token": token, "email": people.anna.email, "password": "wrong wrong"}

        answers = [client.post("/log-in", data=data) for _ in range(12)]

        assert [answer.status_code for answer in answers] == [422] * 10 + [429] * 2
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
        assert "Too many attempts." in answers[-1].text
        right = client.post("/log-in", data={**data, "password": PASSWORD})
        assert right.status_code == 429

    def test_an_account_is_counted_from_wherever_it_is_tried(
        self, guarded: Flask, people: Cast
    ) -> None:
        """Ten machines with one guess each are ten guesses."""
        client = guarded.test_client()
        token = token_of(client.get("/log-in"))
        data = {"csrf_token": token, "email": people.anna.email.upper(), "password": "no no no"}

        statuses = [
            client.post(
                "/log-in", data=data, environ_base={"REMOTE_ADDR": f"192.0.2.{number}"}
            ).status_code
            for number in range(12)
        ]

        assert statuses == [422] * 10 + [429] * 2

    def test_a_forwarded_address_nobody_vouches_for_is_not_believed(
        self, guarded: Flask, people: Cast
    ) -> None:
        client = guarded.test_client()
        token = token_of(client.get("/log-in"))
        statuses = [
            client.post(
                "/log-in",
                data={"csrf_token": token, "email": f"{n}@example.be", "password": "no no no"},
                headers={"X-Forwarded-For": f"192.0.2.{n}"},
            ).status_code
            for n in range(12)
        ]

        assert statuses == [422] * 10 + [429] * 2

    def test_showing_a_form_costs_nothing(self, guarded: Flask) -> None:
        client = guarded.test_client()

        assert {client.get("/log-in").status_code for _ in range(30)} == {200}

    def test_nobody_is_kept_from_a_new_password_by_who_asks_for_it_elsewhere(
        self, guarded: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("billify.blueprints.recovery.ANSWERS_AFTER_SECONDS", 0.0)
        statuses = []
        for number in range(12):
            client = guarded.test_client()
            here = {"REMOTE_ADDR": f"192.0.2.{number}"}
            token = token_of(client.get("/forgot-password", environ_base=here))
            form = {"csrf_token": token, "email": "anna@example.be"}
            answer = client.post("/forgot-password", data=form, environ_base=here)
            statuses.append(answer.status_code)

        assert statuses == [200] * 12

    def test_sign_ups_are_counted(self, guarded: Flask) -> None:
        client = guarded.test_client()
        token = token_of(client.get("/sign-up"))

        statuses = [
            client.post("/sign-up", data={"csrf_token": token}).status_code for _ in range(11)
        ]

        assert statuses == [422] * 10 + [429]

    def test_while_the_counter_is_away_people_get_in(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # The limiter remembers that its counter was away, also for the tests that follow.
        monkeypatch.setattr(limits.limiter, "_storage_dead", False)
        away = replace(world.settings, redis_url="unix:///nowhere/valkey.sock?db=0")
        with committed_app(away, "away") as app:
            app.config.update(RATELIMIT_ENABLED=True)
            anna = make_cast().anna

            answer = app.test_client().post(
                "/log-in", data={"email": anna.email, "password": PASSWORD}
            )

            assert answer.status_code == 303


class TestCookies:
    def test_the_session_is_out_of_reach_of_scripts_and_other_sites(
        self, client: FlaskClient, cast: Cast
    ) -> None:
        answer = client.post("/log-in", data={"email": cast.anna.email, "password": PASSWORD})

        (cookie,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith(COOKIE)]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie

    def test_in_production_cookies_go_over_https_only(self, world: World) -> None:
        app = create_app(replace(world.settings, env="production"))

        assert app.config["SESSION_COOKIE_SECURE"]
        assert not app.debug
        assert "ui.index" not in app.view_functions

    def test_logging_out_ends_the_session_itself(self, cast: Cast) -> None:
        """A cookie that was copied before is worth nothing afterwards."""
        client, copied = cast.anna.client(), cast.anna.client()
        client.post("/log-out")

        assert copied.get("/account").status_code == 302

    def test_a_cookie_of_rubbish_is_nobody(self, client: FlaskClient, cast: Cast) -> None:
        for value in ("x", "a" * 4000, '"', "%00", cast.anna.token[:-1]):
            client.set_cookie(COOKIE, value)
            assert client.get("/account").status_code == 302


class TestHeaders:
    @pytest.mark.parametrize("path", ["/log-in", "/c/bakkerij-anna/", "/no-such-page", "/health"])
    def test_every_answer_is_guarded(self, path: str, cast: Cast) -> None:
        headers = cast.anna.client().get(path).headers

        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Server" not in headers
        assert "X-Powered-By" not in headers

    def test_what_a_person_saw_is_not_kept_by_a_cache(self, cast: Cast) -> None:
        answer = cast.anna.client().get("/c/bakkerij-anna/purchases")

        assert "private" in answer.headers["Cache-Control"]
        assert "public" not in answer.headers["Cache-Control"]


class TestLogs:
    def test_a_day_of_work_leaves_no_person_and_no_secret_in_the_log(
        self, guarded: Flask, people: Cast
    ) -> None:
        """Failures too: a database's message quotes the row, a URL the search."""
        stream = io.StringIO()
        logs.configure(stream=stream)
        try:
            work(guarded, people)
        finally:
            logs.configure()
            logging.getLogger().setLevel(logging.INFO)

        lines = [json.loads(line) for line in stream.getvalue().splitlines()]
        assert len(lines) >= 8
        text = stream.getvalue()
        for secret in (
            *SECRETS,
            people.anna.email,
            people.anna.token,
            people.anna.name,
            "192.0.2.9",
        ):
            assert secret not in text, secret
        assert all("event" in line for line in lines)
        requests = [line for line in lines if line["event"] == "request"]
        assert all(line["request_id"] for line in requests)
        assert any(line.get("company_id") == str(people.anna.company_id) for line in requests)


def work(app: Flask, people: Cast) -> None:
    """A login that fails and one that works, an upload, a search, and a fault of the database."""
    client = app.test_client()
    where = {"REMOTE_ADDR": "192.0.2.9"}
    token = token_of(client.get("/log-in"))
    for password in ("wrong wrong", PASSWORD):
        data = {"csrf_token": token, "email": people.anna.email, "password": password}
        client.post("/log-in", data=data, environ_base=where)
    here = f"/c/{people.anna.slug}"
    page = client.get(f"{here}/purchases", query_string={"q": "Molens van Deinze 121,00"})
    headers = {"X-CSRFToken": token_of(page), "HX-Request": "true"}
    content = letter("Molens van Deinze NV", "IBAN BE68539007547034", "Totaal 121,00")
    file = {"files": (io.BytesIO(content), "Molens van Deinze 121,00.pdf")}
    client.post(f"{here}/documents", data=file, headers=headers, environ_base=where)
    with tenancy.company_scope(people.anna.actor.company_id):
        for _ in range(2):
            factories.contact("Molens van Deinze")
    tenancy.leave()
    contact = {
        "name": "Molens van Deinze",
        "iban": "BE68539007547034",
        "vat_number": "BE0202239951",
    }
    for _ in range(2):
        client.post(f"{here}/contacts/new", data=contact, headers=headers)
    client.get(f"{here}/invoices/not-a-key", environ_base=where)
    client.get("/no/BE68539007547034?iban=BE68539007547034")
