"""Staff look with a person's eyes: only when allowed, only for a while, and only look."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import AuditEvent, Company, Mail, SupportAccess, User
from billify.data.queries import companies as company_queries
from billify.domain.people import SUPPORT_LASTS, SupportState
from billify.domain.roles import Role
from tests.blueprints.test_access_table import address, call, plant, rules
from tests.cast import Cast, Member, add_member
from tests.planting import Planter

WHY = "The list of sales stays empty."


@pytest.fixture
def dirk(cast: Cast) -> FlaskClient:
    """The browser of the staff."""
    return cast.dirk.client()


@pytest.fixture
def ours(cast: Cast) -> Planter:
    """A row of Anna's company in every table."""
    return plant(cast.anna, "GELD-VAN-ANNA")


def ask(dirk: FlaskClient, person: Member, *, why: str = WHY) -> UUID:
    """Ask a person, and give the key of the question."""
    where = f"/back-office/companies/{person.company_id}/people/{person.user_id}/support"
    answer = dirk.post(where, data={"reason": why})
    assert answer.status_code == 303, answer.text
    return accesses(person)[-1].id


def accesses(person: Member) -> list[SupportAccess]:
    with tenancy.company_scope(person.actor.company_id):
        db.session.expire_all()
        return list(
            db.session.scalars(
                select(SupportAccess)
                .where(SupportAccess.user_id == person.user_id)
                .order_by(SupportAccess.asked_at, SupportAccess.id)
            )
        )


def answer(person: Member, access_id: UUID, what: str) -> int:
    return person.client().post(f"/c/{person.slug}/support/{access_id}/{what}").status_code


def look(dirk: FlaskClient, person: Member, access_id: UUID) -> int:
    where = f"/back-office/companies/{person.company_id}/support/{access_id}/looking"
    return dirk.post(where).status_code


def looking_at(dirk: FlaskClient, person: Member) -> UUID:
    """Ask, be allowed, and begin to look."""
    access_id = ask(dirk, person)
    assert answer(person, access_id, "permission") == 303
    assert look(dirk, person, access_id) == 303
    return access_id


def lines(person: Member, verb: str) -> list[AuditEvent]:
    with tenancy.company_scope(person.actor.company_id):
        found = company_queries.events(subject_type=None, subject_id=None, before=None)
    return [one for one in found if one.verb == verb]


def run_out(person: Member, access_id: UUID) -> None:
    """Let the hour pass."""
    with tenancy.company_scope(person.actor.company_id), transaction() as session:
        session.execute(
            update(SupportAccess)
            .where(SupportAccess.id == access_id)
            .values(until=datetime.now(UTC) - timedelta(seconds=1))
        )
    db.session.expire_all()


def page(client: FlaskClient, person: Member, path: str = "purchases", **more: Any) -> Any:
    try:
        return client.get(f"/c/{person.slug}/{path}", **more)
    finally:
        tenancy.leave()
        db.session.expire_all()


def test_who_is_asked_is_named_with_a_trace(dirk: FlaskClient, cast: Cast) -> None:
    where = f"/back-office/companies/{cast.anna.company_id}/people/{cast.emma.user_id}/support"

    assert "Emma" in dirk.get(where).text

    assert [one.after for one in lines(cast.anna, "staff.looked")] == [{"page": "company"}]


def test_a_question_tells_the_person_and_shows_nothing(dirk: FlaskClient, cast: Cast) -> None:
    access_id = ask(dirk, cast.anna)

    assert page(dirk, cast.anna).status_code == 404
    assert look(dirk, cast.anna, access_id) == 404
    assert page(dirk, cast.anna).status_code == 404
    shown = page(cast.anna.client(), cast.anna).text
    assert "Dirk of support asks to look along with you" in shown
    assert WHY in shown
    with tenancy.unscoped("as the test"):
        mail = db.session.scalars(select(Mail).where(Mail.kind == "support_asks")).one()
    assert mail.recipient == cast.anna.email
    assert lines(cast.anna, "support.asked")[0].after == {"eyes_of": "Anna", "reason": WHY}


def test_a_question_wants_a_reason_and_comes_once(dirk: FlaskClient, cast: Cast) -> None:
    where = f"/back-office/companies/{cast.anna.company_id}/people/{cast.anna.user_id}/support"
    assert dirk.post(where, data={"reason": " "}).status_code == 422
    ask(dirk, cast.anna)

    again = dirk.post(where, data={"reason": "Again"})

    assert again.status_code == 422
    assert "You have asked this person already." in again.text


def test_only_the_person_decides(dirk: FlaskClient, cast: Cast) -> None:
    owner = cast.anna
    access_id = ask(dirk, cast.emma)

    assert answer(owner, access_id, "permission") == 404
    assert answer(cast.chloe, access_id, "permission") == 404
    assert page(dirk, cast.emma).status_code == 404

    assert answer(cast.emma, access_id, "refusal") == 303
    assert answer(cast.emma, access_id, "permission") == 422
    assert look(dirk, cast.emma, access_id) == 404
    assert accesses(cast.emma)[0].state is SupportState.REFUSED


def test_staff_see_the_person_s_pages_and_each_is_written_down(
    dirk: FlaskClient, cast: Cast, ours: Planter
) -> None:
    looking_at(dirk, cast.anna)

    shown = page(dirk, cast.anna, "purchases?q=secret")
    contact = page(dirk, cast.anna, f"contacts/{ours.known['contact']}")

    assert shown.status_code == contact.status_code == 200
    assert "You see what Anna sees" in shown.text
    assert "GELD-VAN-ANNA" in contact.text
    assert shown.headers["Cache-Control"] == "no-store"
    seen = [(one.actor, one.user_id, one.after) for one in lines(cast.anna, "staff.looked")]
    assert (
        "Dirk",
        cast.dirk.user_id,
        {"page": f"/contacts/{ours.known['contact']}", "eyes_of": "Anna"},
    ) in seen
    assert ("Dirk", cast.dirk.user_id, {"page": "/purchases", "eyes_of": "Anna"}) in seen
    log = page(cast.anna.client(), cast.anna, "settings/audit").text
    assert "/purchases" in log
    assert "secret" not in log


def test_the_person_sees_who_looks_and_ends_it(dirk: FlaskClient, cast: Cast) -> None:
    access_id = looking_at(dirk, cast.anna)
    assert "Dirk of support sees what you see here" in page(cast.anna.client(), cast.anna).text
    assert "of support" not in page(cast.emma.client(), cast.emma, "").text

    assert answer(cast.anna, access_id, "ending") == 303

    assert page(dirk, cast.anna).status_code == 404
    assert "of support" not in page(cast.anna.client(), cast.anna).text
    assert [one.actor for one in lines(cast.anna, "support.ended")] == ["Anna"]


def test_it_ends_by_time(dirk: FlaskClient, cast: Cast) -> None:
    access_id = looking_at(dirk, cast.anna)
    access = accesses(cast.anna)[0]
    assert access.decided_at is not None
    assert access.until == access.decided_at + SUPPORT_LASTS

    run_out(cast.anna, access_id)

    gone = page(dirk, cast.anna)
    assert gone.status_code == 404
    assert "you look along no longer" in gone.text
    assert look(dirk, cast.anna, access_id) == 404


def test_staff_end_it_too(dirk: FlaskClient, cast: Cast) -> None:
    access_id = looking_at(dirk, cast.anna)
    where = f"/back-office/companies/{cast.anna.company_id}/support/{access_id}/ending"

    assert dirk.post(where).status_code == 303

    assert page(dirk, cast.anna).status_code == 404
    assert [one.actor for one in lines(cast.anna, "support.ended")] == ["Dirk"]
    assert "of support" not in page(cast.anna.client(), cast.anna).text


def test_another_company_and_other_staff_see_nothing_of_it(
    dirk: FlaskClient, cast: Cast, app: Flask
) -> None:
    access_id = looking_at(dirk, cast.anna)
    with transaction() as session:
        session.execute(update(User).where(User.id == cast.chloe.user_id).values(is_staff=True))
    db.session.expire_all()
    other = cast.chloe.client()

    assert page(dirk, cast.chloe).status_code == 404
    assert look(other, cast.anna, access_id) == 404
    assert page(other, cast.anna).status_code == 404
    assert page(other, cast.chloe).status_code == 200


def test_nothing_can_be_changed(dirk: FlaskClient, cast: Cast, app: Flask, ours: Planter) -> None:
    """Each route of the company that is no reading, with rows that are there."""
    looking_at(dirk, cast.anna)
    for name, rule in rules(app).items():
        if not name.startswith("POST /c/<company>"):
            continue
        told = call(dirk, name, address(rule, cast.anna.slug, ours.known), data={})

        assert told.status_code == 403, name


def test_no_file_leaves(dirk: FlaskClient, cast: Cast, ours: Planter) -> None:
    looking_at(dirk, cast.anna)
    document = f"documents/{ours.known['document']}"
    own = page(cast.anna.client(), cast.anna, f"{document}/original")
    assert own.status_code == 200

    told = page(dirk, cast.anna, f"{document}/original")

    assert told.status_code == 403
    assert own.data not in told.data
    assert page(dirk, cast.anna, f"{document}/pages/1").status_code == 200


def test_the_person_s_rights_are_the_ceiling(dirk: FlaskClient, cast: Cast, ours: Planter) -> None:
    bakery = cast.anna.actor.company_id
    employee = add_member(bakery, cast.anna.slug, "Fien", Role.EMPLOYEE)
    looking_at(dirk, employee)

    assert page(dirk, employee, "inbox").status_code == 200
    assert page(dirk, employee, "bank").status_code == 403
    assert page(dirk, employee, "settings").status_code == 403
    assert "GELD-VAN-ANNA" not in page(dirk, employee, "inbox").text


@pytest.mark.parametrize("event", ["person suspended", "company suspended", "no longer staff"])
def test_what_closes_the_door_closes_it_here_too(event: str, dirk: FlaskClient, cast: Cast) -> None:
    looking_at(dirk, cast.anna)
    assert page(dirk, cast.anna).status_code == 200
    now = datetime.now(UTC)
    with tenancy.company_scope(cast.anna.actor.company_id), transaction() as session:
        if event == "person suspended":
            session.execute(
                update(User).where(User.id == cast.anna.user_id).values(suspended_at=now)
            )
        elif event == "company suspended":
            session.execute(update(Company).values(suspended_at=now))
        else:
            session.execute(update(User).where(User.id == cast.dirk.user_id).values(is_staff=False))
    db.session.expire_all()

    assert page(dirk, cast.anna).status_code == 404
