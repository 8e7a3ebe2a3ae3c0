"""Reading changes nothing; and when staff read what is a company's, the company can see that."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, select

from billify.application import jobs, mails
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import AuditEvent, Integration, Mail
from billify.domain.connections import ConnectionState, Partner
from tests.blueprints.access_table import PERSON, PUBLIC, STAFF
from tests.blueprints.test_access_table import (
    OURS,
    address,
    call,
    company_rules,
    plant,
    rules,
    staff_address,
)
from tests.cast import Cast, Member
from tests.planting import Planter

INVITED = {
    "company": "Bakkerij Anna",
    "inviter": "Anna",
    "role": "viewer",
    "until": "2999-01-01T00:00:00+00:00",
    "opens": "/invitations/a.b",
}
CHANGES = ("INSERT", "UPDATE", "DELETE")
BRINGS_BACK = "GET /connections/ponto"
"""Where Ponto sends a person back to with what they have consented to: it comes as a GET."""
LISTS = {
    "GET /back-office/audit": "companies to choose from, by name",
    "GET /back-office/companies": "names and counts of all companies",
    "GET /back-office/connections": "how the connections of all companies go",
    "GET /back-office/fence": "companies to choose from, by name",
    "GET /back-office/jobs": "dead letters of all companies, without their words",
    "GET /back-office/mails": "to whom and when, without words",
    "GET /back-office/people": "names and addresses of everybody",
}
"""Pages over all companies that show no row of one."""


@pytest.fixture
def ours(cast: Cast) -> Iterator[Planter]:
    """A row of Anna's company in every table."""
    yield plant(cast.anna, OURS)
    tenancy.leave()


def test_no_page_of_a_company_changes_anything(app: Flask, cast: Cast, ours: Planter) -> None:
    client = cast.anna.client()
    found = [one for one in company_rules(app) if one[0].startswith("GET")]

    assert len(found) > 80
    for name, rule in found:
        with changes() as seen:
            call(client, name, address(rule, cast.anna.slug, ours.known))
        assert seen == [], name


def test_no_page_of_a_person_or_of_everybody_changes_anything(app: Flask, cast: Cast) -> None:
    client = cast.anna.client()
    found = [name for name in PERSON | PUBLIC if name.startswith("GET") and name != BRINGS_BACK]

    assert len(found) > 20
    for name in found:
        with changes() as seen:
            call(client, name, any_address(app, name))
        assert seen == [], name


def test_a_page_of_staff_writes_down_the_look_and_nothing_else(
    app: Flask, cast: Cast, ours: Planter
) -> None:
    """One that shows a row of a company, and no list of all, writes it down there."""
    client = cast.dirk.client()
    known = ours.known | more_rows(cast.anna) | {"user": cast.emma.user_id}
    traced = set()
    for name in (one for one in STAFF if one.startswith("GET")):
        before = looks(cast.anna)
        with changes() as seen:
            answer = call(client, name, staff_address(rules(app)[name], known))

        assert [one for one in seen if "audit_" not in one] == [], name
        if looks(cast.anna) > before:
            assert seen, name
            traced.add(name)
        elif name not in LISTS:
            assert OURS not in answer.text, name
            assert "Bakkerij Anna" not in answer.text, name
    assert len(traced) >= 8


def test_the_lists_of_staff_are_there(application: Flask) -> None:
    assert set(LISTS) <= set(rules(application))


def more_rows(member: Member) -> dict[str, UUID]:
    """Rows of a company that no page of its own shows, or that have to be as they are in use."""
    with tenancy.company_scope(member.actor.company_id), transaction() as session:
        mails.write(kind="invitation", to="gust@example.be", language="nl", facts=INVITED)
        job_id = jobs.later("documents.read", document_id=OURS)
        row = Integration(partner=Partner.PONTO, state=ConnectionState.ACTIVE, credentials=b"x")
        session.add(row)
    with tenancy.unscoped("the test looks"):
        mail_id = db.session.scalars(select(Mail.id)).one()
    return {"mail": mail_id, "job": job_id, "integration": row.id}


def any_address(app: Flask, name: str) -> str:
    rule = rules(app)[name]
    if not rule.arguments & {"secret", "version", "name"}:
        return staff_address(rule, {})
    values = {key: UUID(int=7) if key == "company_id" else "nothing" for key in rule.arguments}
    built = rule.build(values)
    assert built is not None
    return built[1]


@contextmanager
def changes() -> Iterator[list[str]]:
    """The statements that change rows while this lasts."""
    found: list[str] = []

    def note(*seen: Any) -> None:  # Any: as SQLAlchemy gives it
        if seen[2].lstrip().upper().startswith(CHANGES):
            found.append(seen[2])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def looks(member: Member) -> int:
    with tenancy.company_scope(member.actor.company_id):
        found = select(AuditEvent.id).where(AuditEvent.verb == "staff.looked")
        return len(db.session.scalars(found).all())
