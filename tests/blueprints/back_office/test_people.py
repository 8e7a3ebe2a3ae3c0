"""People in the back office: found, kept out, let in; each deed told in all their companies."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import AuditEvent, Mail, Membership, User
from billify.data.queries import companies, second_step
from billify.domain.roles import Role
from tests.cast import PASSWORD, Cast, Member

LIST = "/back-office/people"


@pytest.fixture
def dirk(cast: Cast) -> FlaskClient:
    """The browser of the staff."""
    return cast.dirk.client()


@pytest.fixture
def both(cast: Cast) -> Member:
    """Bram, who belongs to both companies."""
    with tenancy.company_scope(cast.chloe.actor.company_id), transaction() as session:
        session.add(Membership(user_id=cast.bram.user_id, role=Role.ACCOUNTANT))
    return cast.bram


def events(company_id: UUID) -> list[AuditEvent]:
    with tenancy.company_scope(company_id):
        return list(companies.events(subject_type=None, subject_id=None, before=None))


def user(person: Member) -> User:
    db.session.expire_all()
    found = db.session.get(User, person.user_id)
    assert found is not None
    return found


def change(person: Member, **values: object) -> None:
    with transaction() as session:
        session.execute(update(User).where(User.id == person.user_id).values(**values))
    db.session.expire_all()


@pytest.mark.parametrize(
    ("query", "seen", "unseen"),
    [
        ({}, ("Anna", "Dirk"), ()),
        ({"q": "chlo"}, ("Chloé",), ("Emma",)),
        ({"q": "EXAMPLE.be anna"}, ("Anna",), ("Emma",)),
        ({"view": "staff"}, ("Dirk",), ("Emma",)),
        ({"view": "suspended"}, ("Nobody is like that",), ("Emma",)),
        ({"view": "no such view"}, ("Emma",), ()),
    ],
)
def test_people_are_found(
    query: dict[str, str], seen: tuple[str, ...], unseen: tuple[str, ...], dirk: FlaskClient
) -> None:
    answer = dirk.get(LIST, query_string=query)

    assert answer.status_code == 200
    rows = answer.text.partition('<div id="list"')[2]
    assert all(one in rows for one in seen)
    assert not any(one in rows for one in unseen)


def test_the_page_of_a_person_shows_no_secret(dirk: FlaskClient, both: Member) -> None:
    answer = dirk.get(f"{LIST}/{both.user_id}")

    assert answer.status_code == 200
    assert "Bakkerij Anna" in answer.text
    assert "Chocolaterie Chloé" in answer.text
    assert both.token not in answer.text
    assert user(both).password_hash not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_each_company_of_a_person_can_see_that_staff_looked(
    dirk: FlaskClient, both: Member, cast: Cast
) -> None:
    dirk.get(f"{LIST}/{both.user_id}")

    for company_id in (cast.anna.actor.company_id, cast.chloe.actor.company_id):
        (event,) = events(company_id)
        assert (event.verb, event.actor, event.after) == (
            "staff.looked",
            "Dirk",
            {"page": "person"},
        )


def test_who_is_suspended_is_out_at_once_and_can_come_back(
    dirk: FlaskClient, both: Member, cast: Cast
) -> None:
    browser = both.client()
    assert browser.get(f"/c/{both.slug}/").status_code == 200

    answer = dirk.post(f"{LIST}/{both.user_id}/suspension", data={"reason": "Lost laptop"})

    assert answer.status_code == 303
    assert browser.get(f"/c/{both.slug}/").status_code == 302
    login = {"email": both.email, "password": PASSWORD}
    assert cast.dirk.client().post("/log-in", data=login).status_code == 422
    for company_id in (cast.anna.actor.company_id, cast.chloe.actor.company_id):
        event = events(company_id)[0]
        assert (event.verb, event.actor, event.after) == (
            "person.suspended",
            "Dirk",
            {"name": "Bram", "reason": "Lost laptop"},
        )

    assert dirk.post(f"{LIST}/{both.user_id}/resumption").status_code == 303

    assert user(both).suspended_at is None
    assert events(cast.chloe.actor.company_id)[0].verb == "person.resumed"


def test_nobody_suspends_themselves(dirk: FlaskClient, cast: Cast) -> None:
    answer = dirk.post(f"{LIST}/{cast.dirk.user_id}/suspension", data={"reason": "Holiday"})

    assert answer.status_code == 422
    assert user(cast.dirk).suspended_at is None


def test_a_lock_out_is_ended(dirk: FlaskClient, cast: Cast) -> None:
    change(cast.emma, failed_logins=10, locked_until=datetime.now(UTC) + timedelta(hours=1))
    assert "Locked out until" in dirk.get(f"{LIST}/{cast.emma.user_id}").text

    assert dirk.post(f"{LIST}/{cast.emma.user_id}/release").status_code == 303

    assert user(cast.emma).locked_until is None
    assert user(cast.emma).failed_logins == 0
    assert events(cast.anna.actor.company_id)[0].verb == "person.released"


def test_every_device_is_signed_out(dirk: FlaskClient, cast: Cast) -> None:
    browser = cast.emma.client()
    assert browser.get("/account").status_code == 200

    assert dirk.post(f"{LIST}/{cast.emma.user_id}/sign-out").status_code == 303

    assert browser.get("/account").status_code == 302
    assert events(cast.anna.actor.company_id)[0].verb == "person.signed_out"


def test_who_has_lost_the_second_step_gets_in_with_the_password_again(
    dirk: FlaskClient, cast: Cast
) -> None:
    page, removal = f"{LIST}/{cast.emma.user_id}", f"{LIST}/{cast.emma.user_id}/second-step/removal"
    assert dirk.post(removal).status_code == 422
    change(cast.emma, totp_seed=b"sealed", totp_since=datetime.now(UTC))
    with tenancy.user_scope(cast.emma.user_id), transaction():
        second_step.add_codes(cast.emma.user_id, [b"x" * 32])
    assert removal in dirk.get(page).text

    assert dirk.post(removal).status_code == 303

    assert (user(cast.emma).totp_seed, user(cast.emma).totp_since) == (None, None)
    with tenancy.user_scope(cast.emma.user_id):
        assert second_step.codes_left(cast.emma.user_id) == 0
    assert mails_to(cast.emma) == ["way_in"]
    assert events(cast.anna.actor.company_id)[0].verb == "person.second_step_removed"
    assert removal not in dirk.get(page).text


def test_staff_turn_off_nothing_of_their_own(dirk: FlaskClient, cast: Cast) -> None:
    change(cast.dirk, totp_seed=b"sealed", totp_since=datetime.now(UTC))

    assert dirk.post(f"{LIST}/{cast.dirk.user_id}/second-step/removal").status_code == 422

    assert user(cast.dirk).totp_since is not None


def test_a_new_password_is_offered_by_mail_and_to_nobody_who_is_suspended(
    dirk: FlaskClient, cast: Cast
) -> None:
    assert dirk.post(f"{LIST}/{cast.emma.user_id}/password").status_code == 303

    assert mails_to(cast.emma) == ["reset_password"]
    assert events(cast.anna.actor.company_id)[0].verb == "person.reset_sent"

    change(cast.bram, suspended_at=datetime.now(UTC))
    assert dirk.post(f"{LIST}/{cast.bram.user_id}/password").status_code == 422
    assert mails_to(cast.bram) == []


def mails_to(person: Member) -> list[str]:
    with tenancy.unscoped("as the test"):
        return list(db.session.scalars(select(Mail.kind).where(Mail.recipient == person.email)))


def test_staff_without_a_second_step_are_sent_to_set_one_up_in_production(
    app: Flask, dirk: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(app.config["SETTINGS"], env="production")
    monkeypatch.setitem(app.config, "SETTINGS", settings)

    sent = dirk.get(LIST)

    assert sent.status_code == 302
    assert sent.location == "/account/security"
    change(cast.dirk, totp_seed=b"sealed", totp_since=datetime.now(UTC))
    assert dirk.get(LIST).status_code == 200
