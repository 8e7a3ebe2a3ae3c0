"""Passkeys at the door and on the page of security."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from billify.application import passkeys
from billify.data import tenancy
from billify.data.db import db
from billify.data.models import Passkey
from billify.domain.passkeys import Party
from tests.cast import PASSWORD, Cast
from tests.fakes.authenticator import Authenticator

ORIGIN = "http://localhost"
SECURITY = "/account/security"


@pytest.fixture
def phone(cast: Cast) -> Authenticator:
    """Anna's phone, with a passkey."""
    device = Authenticator()
    party = Party(id="localhost", origin=ORIGIN)
    with tenancy.user_scope(cast.anna.user_id):
        asked = passkeys.adding(user_id=cast.anna.user_id, password=PASSWORD, party=party)
        answer = device.make(asked, origin=ORIGIN)
        passkeys.add(user_id=cast.anna.user_id, name="Phone", answer=answer, party=party)
    return device


def asked_on(page: TestResponse) -> str:
    """What the page asks the device for."""
    found = html.document_fromstring(page.text).xpath("string(//@data-asked)")
    assert found
    return str(found)


def test_a_passkey_alone_leads_inside(
    cast: Cast, client: FlaskClient, phone: Authenticator
) -> None:
    asked = asked_on(client.get("/log-in"))

    answer = client.post("/log-in/passkey", data={"answer": phone.sign(asked, origin=ORIGIN)})

    assert (answer.status_code, answer.location) == (303, "/c/bakkerij-anna/")
    assert client.get("/account").status_code == 200


def test_the_answer_of_another_browser_is_refused(
    cast: Cast, app: Flask, client: FlaskClient, phone: Authenticator
) -> None:
    asked = asked_on(app.test_client().get("/log-in"))
    client.get("/log-in")

    answer = client.post("/log-in/passkey", data={"answer": phone.sign(asked, origin=ORIGIN)})

    assert (answer.status_code, answer.location) == (303, "/log-in")
    assert "open too long" in client.get("/log-in").text


@pytest.mark.parametrize("answer", ["", "{", "[]", '{"response": {}}', "\x00", "9" * 30_000])
def test_nonsense_is_refused(client: FlaskClient, answer: str) -> None:
    found = client.post("/log-in/passkey", data={"answer": answer})

    assert (found.status_code, found.location) == (303, "/log-in")


def test_by_number_no_passkey_is_offered(client: FlaskClient, cast: Cast) -> None:
    """Browsers tie passkeys to names only."""
    text = client.get("/log-in", base_url="http://127.0.0.1:8000").text

    assert "data-asked" not in text


def test_one_is_added_named_and_removed(cast: Cast) -> None:
    anna = cast.anna.client()
    page = anna.post(f"{SECURITY}/passkeys/new", data={"name": "My laptop", "password": PASSWORD})
    made = Authenticator().make(asked_on(page), origin=ORIGIN)

    added = anna.post(f"{SECURITY}/passkeys", data={"name": "My laptop", "answer": made})

    assert (added.status_code, added.location) == (303, SECURITY)
    assert "My laptop" in anna.get(SECURITY).text
    with tenancy.user_scope(cast.anna.user_id):
        one = db.session.scalars(select(Passkey.id)).one()
    assert anna.get(f"{SECURITY}/passkeys/{one}").status_code == 200
    anna.post(f"{SECURITY}/passkeys/{one}", data={"name": "Old laptop"})
    assert "Old laptop" in anna.get(SECURITY).text
    removal = f"{SECURITY}/passkeys/{one}/removal"
    assert "Old laptop" in anna.get(removal).text
    for given in ({}, {"password": "not that one"}):
        assert anna.post(removal, data=given).status_code == 422
    assert anna.post(removal, data={"password": PASSWORD}).location == SECURITY
    assert "Old laptop" not in anna.get(SECURITY).text.split("toast")[0]


def test_adding_one_wants_the_password(cast: Cast) -> None:
    answer = cast.anna.client().post(
        f"{SECURITY}/passkeys/new", data={"name": "x", "password": "not that one"}
    )

    assert answer.status_code == 422
    assert "This is not your password." in answer.text
    assert "data-asked" not in answer.text


def test_those_of_another_person_are_not_there(cast: Cast, phone: Authenticator) -> None:
    with tenancy.user_scope(cast.anna.user_id):
        one = db.session.scalars(select(Passkey.id)).one()
    chloe = cast.chloe.client()

    assert chloe.get(f"{SECURITY}/passkeys/{one}").status_code == 404
    assert chloe.post(f"{SECURITY}/passkeys/{one}", data={"name": "x"}).status_code == 404
    assert chloe.post(f"{SECURITY}/passkeys/{one}/removal").status_code == 404
    assert "Phone" not in chloe.get(SECURITY).text
