"""A person's own page: their companies and the devices they are signed in on."""

from flask.testing import FlaskClient
from sqlalchemy import select

from billify.data.db import db
from billify.data.models import LoginSession
from billify.domain import passwords
from tests.cast import PASSWORD, Cast, Member

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def session_of(who: Member) -> LoginSession:
    """The device session that the cast gave a person."""
    return db.session.scalars(
        select(LoginSession).where(LoginSession.token_hash == passwords.token_hash(who.token))
    ).one()


def test_the_account_shows_companies_roles_and_devices(cast: Cast, client: FlaskClient) -> None:
    form = {"email": cast.anna.email, "password": PASSWORD}
    client.post("/log-in", data=form, headers={"User-Agent": FIREFOX})

    text = client.get("/account").text

    assert "Bakkerij Anna" in text
    assert "Owner" in text
    assert "Firefox, Linux" in text
    assert "This device" in text
    assert "End session" in text


def test_ending_another_device_leaves_this_one(cast: Cast, client: FlaskClient) -> None:
    client.post("/log-in", data={"email": cast.anna.email, "password": PASSWORD})
    first = session_of(cast.anna)

    answer = client.post(f"/account/sessions/{first.id}/end", headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert answer.text.count("<tr id=") == 1
    db.session.expunge_all()
    assert cast.anna.client().get("/account").status_code == 302
    assert client.get("/account").status_code == 200


def test_nobody_ends_the_session_of_another_person(cast: Cast) -> None:
    session = session_of(cast.anna)

    answer = cast.chloe.client().post(f"/account/sessions/{session.id}/end")

    assert answer.status_code == 404
    assert cast.anna.client().get("/account").status_code == 200


def test_who_is_not_signed_in_is_sent_to_the_login_page(client: FlaskClient, cast: Cast) -> None:
    answer = client.get("/account")

    assert answer.status_code == 302
    assert "/log-in" in answer.location


def test_a_person_without_a_company_is_told_what_to_do(cast: Cast) -> None:
    assert "You belong to no company." in cast.dirk.client().get("/account").text
