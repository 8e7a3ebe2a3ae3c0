"""Companies in the back office: found, looked at, suspended and switched."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from billify.application import jobs
from billify.application.back_office import companies as deeds
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import Integration
from billify.data.queries import companies, connections
from billify.data.queries import jobs as job_queries
from billify.data.queries.staff_companies import State
from billify.domain.connections import ConnectionState, Partner
from billify.domain.features import Feature
from billify.domain.roles import Staff
from tests.cast import Cast

LIST = "/back-office/companies"


@pytest.fixture
def dirk(cast: Cast) -> FlaskClient:
    """The browser of the staff."""
    return cast.dirk.client()


def verbs(company_id: UUID) -> list[str]:
    """What stands in a company's audit log, newest first."""
    with tenancy.company_scope(company_id):
        found = companies.events(subject_type=None, subject_id=None, before=None)
    return [one.verb for one in found]


def staff_of(cast: Cast) -> Staff:
    return Staff(cast.dirk.user_id, "Dirk", cast.dirk.email)


@pytest.mark.parametrize(
    ("words", "seen", "unseen"),
    [
        ("", ("Bakkerij Anna", "Chocolaterie Chloé"), ()),
        ("anna bakk", ("Bakkerij Anna",), ("Chocolaterie Chloé",)),
        ("0202.239.951", ("Chocolaterie Chloé",), ("Bakkerij Anna",)),
        ("chocolaterie-chloe", ("Chocolaterie Chloé",), ("Bakkerij Anna",)),
        ("no such words", ("No company is like that",), ("Bakkerij Anna",)),
    ],
)
def test_a_company_is_found_by_name_number_and_address(
    words: str, seen: tuple[str, ...], unseen: tuple[str, ...], dirk: FlaskClient
) -> None:
    answer = dirk.get(LIST, query_string={"q": words})

    assert answer.status_code == 200
    assert all(one in answer.text for one in seen)
    assert not any(one in answer.text for one in unseen)


def test_the_list_is_walked_by_key(dirk: FlaskClient, cast: Cast) -> None:
    rows, following = deeds.page(words="", state=State.ALL, after=None, size=1)
    assert [row.name for row, _ in rows] == ["Bakkerij Anna"]

    rows, end = deeds.page(words="", state=State.ALL, after=following, size=1)

    assert [row.name for row, _ in rows] == ["Chocolaterie Chloé"]
    assert end is None


def test_the_directory_leaves_no_mark_and_the_page_of_one_does(
    dirk: FlaskClient, cast: Cast
) -> None:
    bakery = cast.anna.actor.company_id
    dirk.get(LIST)
    assert "staff.looked" not in verbs(bakery)

    answer = dirk.get(f"{LIST}/{bakery}")

    assert answer.status_code == 200
    assert "BE0403170701" in answer.text
    assert cast.emma.email in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert verbs(bakery) == ["staff.looked"]
    assert verbs(cast.chloe.actor.company_id) == []
    log = cast.anna.client().get(f"/c/{cast.anna.slug}/settings/audit").text
    assert "Looked at by support" in log
    assert "Dirk" in log


def test_a_suspended_company_says_why_to_its_people_and_to_nobody_else(
    dirk: FlaskClient, cast: Cast
) -> None:
    bakery = cast.anna.actor.company_id

    answer = dirk.post(f"{LIST}/{bakery}/suspension", data={"reason": "Bills of May are open."})

    assert answer.status_code == 303
    closed = cast.anna.client().get(f"/c/{cast.anna.slug}/purchases")
    assert closed.status_code == 403
    assert "Bakkerij Anna is suspended (Bills of May are open)" in closed.text
    assert cast.chloe.client().get(f"/c/{cast.anna.slug}/purchases").status_code == 404
    assert cast.chloe.client().get(f"/c/{cast.chloe.slug}/purchases").status_code == 200
    assert verbs(bakery)[0] == "company.suspended"

    assert dirk.post(f"{LIST}/{bakery}/resumption").status_code == 303
    assert cast.anna.client().get(f"/c/{cast.anna.slug}/purchases").status_code == 200


def test_a_suspension_wants_a_reason(dirk: FlaskClient, cast: Cast) -> None:
    answer = dirk.post(f"{LIST}/{cast.anna.company_id}/suspension", data={"reason": "  "})

    assert answer.status_code == 422
    assert "Fill this in." in answer.text
    assert cast.anna.client().get(f"/c/{cast.anna.slug}/").status_code == 200


def test_jobs_of_a_suspended_company_wait_and_go_on_after_it(app: Flask, cast: Cast) -> None:
    bakery = cast.anna.actor.company_id
    with tenancy.company_scope(bakery), transaction():
        job_id = jobs.later("forecast.make")
    later = datetime.now(UTC) + timedelta(minutes=5)

    deeds.suspend(company_id=bakery, reason="Bills", by=staff_of(cast))

    with tenancy.company_scope(bakery):
        assert jobs.claim(job_id=job_id) is None
    with tenancy.unscoped("as the clock"):
        assert job_queries.take_left_behind(later, timedelta(0)) == []

    deeds.resume(company_id=bakery, by=staff_of(cast))

    with tenancy.unscoped("as the clock"):
        left = job_queries.take_left_behind(later, timedelta(0))
    assert [one[0] for one in left] == [job_id]
    with tenancy.company_scope(bakery):
        assert jobs.claim(job_id=job_id) is not None


@pytest.mark.parametrize(
    ("feature", "page"),
    [
        (Feature.SCENARIOS, "scenarios"),
        (Feature.TRACK_RECORD, "track-record"),
        (Feature.BANK_MEETING, "bank-meeting"),
        (Feature.ACCOUNTING, "accounting/differences"),
    ],
)
def test_a_part_that_is_off_is_not_there(
    feature: Feature, page: str, dirk: FlaskClient, cast: Cast
) -> None:
    bakery = cast.anna.actor.company_id
    anna, where = cast.anna.client(), f"/c/{cast.anna.slug}/{page}"
    assert anna.get(where).status_code == 200
    others = {f"feature-{one.value}": "1" for one in Feature if one is not feature}

    assert dirk.post(f"{LIST}/{bakery}/features", data=others).status_code == 303

    assert anna.get(where).status_code == 404
    assert f'href="{where}"' not in anna.get(f"/c/{cast.anna.slug}/").text
    assert f'href="{where}"' not in anna.get(f"/c/{cast.anna.slug}/cash-flow").text
    assert cast.chloe.client().get(f"/c/{cast.chloe.slug}/{page}").status_code == 200
    assert verbs(bakery)[0] == "company.switched"


def test_switching_to_the_same_is_no_deed(dirk: FlaskClient, cast: Cast) -> None:
    bakery = cast.anna.actor.company_id
    on = {f"feature-{one.value}": "1" for one in Feature}

    dirk.post(f"{LIST}/{bakery}/features", data=on)

    assert verbs(bakery) == []


def test_connections_rest_while_a_company_is_suspended_or_accounting_is_off(cast: Cast) -> None:
    bakery = cast.anna.actor.company_id
    yuki, ponto = connection(bakery, Partner.YUKI), connection(bakery, Partner.PONTO)
    assert due() == {yuki, ponto}

    deeds.switch(company_id=bakery, on=set(Feature) - {Feature.ACCOUNTING}, by=staff_of(cast))
    assert due() == {ponto}

    deeds.suspend(company_id=bakery, reason="Bills", by=staff_of(cast))
    assert due() == set()

    deeds.resume(company_id=bakery, by=staff_of(cast))
    deeds.switch(company_id=bakery, on=set(Feature), by=staff_of(cast))
    assert due() == {yuki, ponto}


def connection(company_id: UUID, partner: Partner) -> UUID:
    """A connection that works and whose time has come."""
    with tenancy.company_scope(company_id), transaction() as session:
        row = Integration(
            partner=partner,
            state=ConnectionState.ACTIVE,
            next_run=datetime.now(UTC) - timedelta(minutes=1),
        )
        session.add(row)
        session.flush()
        return row.id


def due() -> set[UUID]:
    """The connections that the clock would ring for."""
    with tenancy.unscoped("as the clock"):
        found = connections.due(datetime.now(UTC), ahead=timedelta(hours=1))
    return {one.id for one in found}


def test_the_board_of_an_accountant_shows_no_figure_of_a_suspended_company(cast: Cast) -> None:
    assert "This company is suspended." not in cast.bram.client().get("/board").text

    deeds.suspend(company_id=cast.anna.actor.company_id, reason="Bills", by=staff_of(cast))

    assert "This company is suspended." in cast.bram.client().get("/board").text
