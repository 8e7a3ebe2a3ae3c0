"""The pages of a forgotten password and another address."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from billify.application import mails
from billify.blueprints import recovery
from billify.data import tenancy
from billify.data.db import db
from billify.data.models import Mail
from tests.blueprints.test_companies import particulars
from tests.cast import PASSWORD, Cast

NEW_PASSWORD = "een heel ander wachtwoord"


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each answer was held back; the clock stands still."""
    found: list[float] = []
    monkeypatch.setattr("billify.blueprints.recovery.time.monotonic", lambda: 100.0)
    monkeypatch.setattr("billify.blueprints.recovery.time.sleep", found.append)
    return found


def opens(kind: str) -> str:
    with tenancy.unscoped("the test looks"):
        newest = db.session.scalars(
            select(Mail.id).where(Mail.kind == kind).order_by(Mail.id.desc()).limit(1)
        ).one()
    facts = mails.opened(mail_id=newest)[1]
    assert facts is not None
    return str(facts["opens"])


def test_the_answer_and_its_time_are_the_same_for_nobody(
    cast: Cast, client: FlaskClient, waits: list[float]
) -> None:
    known = client.post("/forgot-password", data={"email": cast.anna.email})
    unknown = client.post("/forgot-password", data={"email": "nobody@example.be"})

    assert known.status_code == unknown.status_code == 200
    assert known.text.replace(cast.anna.email, "X") == unknown.text.replace(
        "nobody@example.be", "X"
    )
    assert waits == [pytest.approx(recovery.ANSWERS_AFTER_SECONDS)] * 2


def test_a_link_leads_to_a_new_password_and_the_login(cast: Cast, client: FlaskClient) -> None:
    client.post("/forgot-password", data={"email": cast.anna.email})
    link = opens("reset_password")
    assert cast.anna.email in client.get(link).text
    assert client.post(link, data={"password": "kort"}).status_code == 422

    assert client.post(link, data={"password": NEW_PASSWORD}).location == "/log-in"

    assert client.get(link).status_code == 404
    entered = client.post("/log-in", data={"email": cast.anna.email, "password": NEW_PASSWORD})
    assert entered.status_code == 303


def test_looking_at_a_link_uses_it_not_up(cast: Cast, client: FlaskClient) -> None:
    client.post("/forgot-password", data={"email": cast.anna.email})
    link = opens("reset_password")

    assert [client.get(link).status_code for _ in range(3)] == [200, 200, 200]


def test_an_address_is_changed_by_the_link_and_taken_back_by_the_other(
    cast: Cast, client: FlaskClient
) -> None:
    anna = cast.anna.client()
    form = {"email": "nieuw@example.be", "password": PASSWORD}
    assert anna.post("/account/email-address", data=form).status_code == 303
    link = opens("change_email")
    assert "nieuw@example.be" in client.get(link).text

    assert client.post(link, data={"password": "fout fout fout"}).status_code == 422
    assert client.post(link, data={"password": PASSWORD}).status_code == 303

    undo = opens("email_changed")
    assert cast.anna.email in client.get(undo).text
    answer = client.post(undo)
    assert answer.location.startswith("/reset-password/")
    assert client.get(answer.location).status_code == 200
    assert anna.get("/account").status_code == 302


def test_where_one_is_signed_in_the_link_asks_for_no_password(cast: Cast) -> None:
    anna = cast.anna.client()
    anna.post("/account/email-address", data={"email": "nieuw@example.be", "password": PASSWORD})

    assert anna.post(opens("change_email")).location == "/account"

    assert "nieuw@example.be" in anna.get("/account").text


def test_who_has_signed_up_confirms_the_address_before_inviting(client: FlaskClient) -> None:
    form = {
        "company_name": "Garage",
        "name": "Eric",
        "email": "eric@example.be",
        "password": "een lang wachtwoord",
    }
    assert client.post("/sign-up", data=form).status_code == 303
    first = opens("confirm_email")
    invitation = {"email": "gust@example.be", "role": "viewer", "language": "nl"}
    refused = client.post("/c/garage/settings/people/invitation", data=invitation)
    assert (refused.status_code, "Confirm your e-mail address first" in refused.text) == (422, True)
    assert "Send the link again" in client.get("/account").text

    assert client.post("/account/email-address/confirmation").status_code == 303
    assert client.get(first).status_code == 404
    assert client.post(opens("confirm_email")).location == "/account"

    assert "Send the link again" not in client.get("/account").text
    assert client.post("/c/garage/settings/people/invitation", data=invitation).status_code == 303


@pytest.mark.parametrize("name", ["Win at https://evil.example", "www.evil.example", "WWW.x.be"])
def test_a_name_that_leads_away_is_refused(name: str, cast: Cast, client: FlaskClient) -> None:
    anna = cast.anna.client()
    person = {"name": name, "language": "en", "date_style": "slashes"}
    new = {"name": "E", "email": "e@example.be", "password": "een lang wachtwoord"}

    answers = (
        anna.post("/account", data=person),
        client.post("/sign-up", data=new | {"company_name": name}),
        client.post("/sign-up", data=new | {"company_name": "Garage", "name": name}),
        anna.post("/c/bakkerij-anna/settings", data={**particulars(), "name": name}),
    )

    for answer in answers:
        assert (answer.status_code, "address on the web" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"email": "nieuw@example.be", "password": "fout fout fout"}, "not your password"),
        ({"email": "geen adres", "password": PASSWORD}, "not an e-mail address"),
        ({"email": "", "password": ""}, ""),
    ],
)
def test_what_is_wrong_is_said(form: dict[str, str], said: str, cast: Cast) -> None:
    answer = cast.anna.client().post("/account/email-address", data=form)

    assert answer.status_code == 422
    assert said in answer.text


def test_an_unknown_link_is_told_to_be_no_longer_good(client: FlaskClient) -> None:
    for path in ("/email-address/x", "/reset-password/x"):
        assert client.get(path).status_code == 404
        assert client.post(path, data={"password": NEW_PASSWORD}).status_code == 404
