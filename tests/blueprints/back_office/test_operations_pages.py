"""Connections, audit logs and the fence as staff see them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from billify.application import companies
from billify.application.back_office import fence, version
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import AuditEvent, Integration, SyncLog
from billify.data.queries.fence import company_tables, probe
from billify.domain.connections import Cause, ConnectionState, Partner, RunState, Trouble
from tests.cast import Cast, Member

NOW = datetime.now(UTC)


def connect(member: Member, **given: Any) -> UUID:
    values = {
        "partner": Partner.PONTO,
        "state": ConnectionState.ACTIVE,
        "next_run": NOW + timedelta(minutes=1),
        "credentials": b"sealed",
    }
    with tenancy.company_scope(member.actor.company_id), transaction() as session:
        row = Integration(**(values | given))
        session.add(row)
    return row.id


def verbs(member: Member) -> list[tuple[str, str]]:
    with tenancy.company_scope(member.actor.company_id):
        events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()
    return [(event.verb, event.actor) for event in events]


def test_the_worst_connection_stands_first(cast: Cast, staff: FlaskClient) -> None:
    connect(cast.chloe)
    connect(cast.anna, state=ConnectionState.RECONNECT, trouble=Trouble.LOGIN_REFUSED, failures=1)

    page = staff.get("/back-office/connections").text

    assert page.index("Bakkerij Anna") < page.index("Chocolaterie Chloé")
    assert "no longer accepts the login" in page


def test_connections_are_found_by_trouble_and_by_company(cast: Cast, staff: FlaskClient) -> None:
    connect(cast.chloe, next_run=NOW - timedelta(hours=1))
    connect(cast.anna, trouble=Trouble.UNREACHABLE, failures=3)

    trouble = staff.get("/back-office/connections?view=trouble").text
    late = staff.get("/back-office/connections?view=late").text
    named = staff.get("/back-office/connections?q=chocola").text

    assert ("Bakkerij Anna" in trouble, "Chocolaterie" in trouble) == (True, False)
    assert ("Bakkerij Anna" in late, "Chocolaterie" in late) == (False, True)
    assert ("Bakkerij Anna" in named, "Chocolaterie" in named) == (False, True)


def test_connections_that_are_being_made_or_were_ended_stay_with_their_company(
    cast: Cast, staff: FlaskClient
) -> None:
    asked = connect(cast.anna, state=ConnectionState.ASKED)
    ended = connect(cast.anna, state=ConnectionState.DISCONNECTED)

    assert "Bakkerij Anna" not in staff.get("/back-office/connections").text
    assert staff.get(f"/back-office/connections/{asked}").status_code == 404
    assert staff.get(f"/back-office/connections/{ended}").status_code == 404


def test_a_connection_tells_its_runs_and_leaves_a_mark(cast: Cast, staff: FlaskClient) -> None:
    key = connect(cast.anna)
    with tenancy.company_scope(cast.anna.actor.company_id), transaction() as session:
        session.add(
            SyncLog(
                integration_id=key,
                cause=Cause.CLOCK,
                state=RunState.FAILED,
                started_at=NOW,
                finished_at=NOW,
                requests=17,
                trouble=Trouble.UNREACHABLE,
            )
        )

    page = staff.get(f"/back-office/connections/{key}").text

    assert "17" in page
    assert "did not answer" in page
    assert verbs(cast.anna) == [("staff.looked", "Dirk")]


def test_each_page_of_a_log_is_a_look(cast: Cast, staff: FlaskClient) -> None:
    move(cast.anna)
    where = f"/back-office/audit/{cast.anna.company_id}?before=9"

    more = staff.get(where, headers={"HX-Request": "true", "HX-Request-Type": "partial"})

    assert "Wortegem" in more.text
    assert verbs(cast.anna)[1:] == [("staff.looked", "Dirk")]


def move(member: Member) -> None:
    with tenancy.company_scope(member.actor.company_id, member.user_id):
        row = companies.queries.own()
        given = {
            name: getattr(row, name) for name in companies.Particulars.__dataclass_fields__
        } | {"city": "Wortegem"}
        companies.change(particulars=companies.Particulars(**given), by=member.actor)


def test_a_log_is_searched_and_each_look_stands_in_it(cast: Cast, staff: FlaskClient) -> None:
    move(cast.anna)
    where = f"/back-office/audit/{cast.anna.company_id}"

    found = staff.get(f"{where}?verb=company.changed&actor=ann").text
    other = staff.get(f"{where}?actor=nobody").text
    today = datetime.now(UTC).astimezone().strftime("%d/%m/%Y")
    on_the_day = staff.get(f"{where}?since={today}&until={today}&verb=company.changed").text
    long_ago = staff.get(f"{where}?until=01/01/2020").text
    wrong = staff.get(f"{where}?since=31/02/2026").text

    assert "Wortegem" in found
    assert "Nothing like that was done" in other
    assert "Wortegem" in on_the_day
    assert "Wortegem" not in long_ago
    assert "31/02/2026" in wrong
    assert verbs(cast.anna) == [("company.changed", "Anna"), *[("staff.looked", "Dirk")] * 5]
    assert verbs(cast.chloe) == []


def test_a_chain_is_walked_by_a_button(cast: Cast, staff: FlaskClient) -> None:
    move(cast.anna)
    where = f"/back-office/audit/{cast.anna.company_id}"

    assert "The chain holds" in staff.post(where).text
    with tenancy.company_scope(cast.anna.actor.company_id):
        # Nothing but the owner of the table could change a row; its head may be.
        db.session.execute(text("UPDATE audit_head SET seq = seq + 1"))
        db.session.commit()

    assert "The chain is broken" in staff.post(where).text


def test_logs_are_chosen_by_company(cast: Cast, staff: FlaskClient) -> None:
    page = staff.get("/back-office/audit?q=chocola").text

    assert "Chocolaterie" in page
    assert "Bakkerij" not in page
    assert staff.get(f"/back-office/audit/{UUID(int=7)}").status_code == 404


def test_the_fence_page_tells_every_table_and_why_some_are_open(staff: FlaskClient) -> None:
    page = staff.get("/back-office/fence").text

    for table in db.metadata.tables:
        assert table in page
    assert "A cookie is looked up before anyone knows whose it is." in page
    assert "company is the one that was entered" in page
    assert "own and about no company" in page
    assert "owns nothing" in page


def test_no_table_is_open_without_a_reason(app: Flask) -> None:
    assert [one.locks.table for one in fence.tables() if one.is_wrong] == []


def test_a_probe_finds_nothing_of_others(cast: Cast, staff: FlaskClient) -> None:
    connect(cast.chloe)
    answer = staff.post("/back-office/fence", data={"company": str(cast.anna.company_id)})

    assert "no row of another company can be seen" in answer.text
    assert staff.post("/back-office/fence", data={"company": "x"}).status_code == 404


def test_a_probe_would_see_what_is_to_be_seen(cast: Cast) -> None:
    """A probe that sees nothing at all proves nothing."""
    connect(cast.chloe)
    table = next(one for one in company_tables() if one.name == "integration")

    with tenancy.company_scope(cast.chloe.actor.company_id):
        own = probe(table, most_ms=2000)
    with tenancy.unscoped("a test of a scope that sees rows of others"):
        others = probe(table, most_ms=2000)

    assert (own.own, own.foreign) == (1, 0)
    assert (others.own, others.foreign) == (0, 1)


def told(**given: object) -> str:
    values: dict[str, object] = {
        "passed": True,
        "failures": [],
        "routes": 7,
        "callers": 9,
        "requests": 431,
        "refusals": 211,
        "version": version.number(),
        "mark": version.mark(),
        "at": "2026-03-02T12:00:00+00:00",
    }
    return json.dumps(values | given)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (None, "There is no result of the tests"),
        ("{}", "There is no result of the tests"),
        ("nonsense", "There is no result of the tests"),
        (told(), "431"),
        (told(mark="000000000000"), "of another version"),
        (told(passed=False, failures=["test_a_stranger"]), "The last run failed."),
    ],
    ids=["none", "empty", "nonsense", "passed", "other-version", "failed"],
)
def test_the_fence_page_says_plainly_what_the_tests_found(
    written: str | None, said: str, app: Flask, staff: FlaskClient
) -> None:
    file: Path = app.config["SETTINGS"].fence_result
    file.unlink(missing_ok=True)
    if written is not None:
        file.write_text(written)

    page = staff.get("/back-office/fence").text
    file.unlink(missing_ok=True)

    assert said in page
