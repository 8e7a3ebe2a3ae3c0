"""What is another company's stays there: its contacts, categories, rows and decisions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from billify.application import budgets, cash_plans, categories, forecasts, scenarios
from billify.application.cash_plans import Plan
from billify.data import tenancy
from billify.data.db import db
from billify.data.models import Budget, PlannedItem, RecurrenceChoice, Scenario
from billify.domain.cash_flow import Rhythm
from billify.domain.invoices import InvoiceDirection
from billify.domain.roles import Role
from billify.web.access import today
from tests import factories
from tests.cast import Cast, Member, add_member
from tests.factories import books_of

OURS, THEIRS = "/c/bakkerij-anna", "/c/chocolaterie-chloe"
SECRET = "Geheime Klant BV"


@dataclass(frozen=True)
class Theirs:
    """Keys of rows in Chloé's company."""

    contact: str
    invoice: str
    category: str
    planned: str
    scenario: str


@pytest.fixture
def theirs(cast: Cast) -> Iterator[Theirs]:
    chloe = cast.chloe
    with books_of(chloe):
        factories.account(balance=Decimal("10000.00"))
        customer = factories.contact(SECRET, is_customer=True)
        sale = factories.invoice(
            of=customer,
            gross="2428.33",
            direction=InvoiceDirection.SALE,
            due_date=today() + timedelta(days=10),
        )
        category = categories.chosen(given="rent")
        planned = cash_plans.plan(
            wanted=Plan(SECRET, Decimal("-77.77"), Rhythm.MONTHLY, today()), by=chloe.actor
        )
        kept = scenarios.save(name=SECRET, query="hire=2800@2027-01", by=chloe.actor)
        forecasts.make(today=today())
    tenancy.leave()
    yield Theirs(str(customer.id), str(sale.id), str(category), str(planned.id), str(kept.id))
    tenancy.leave()


@pytest.fixture
def anna(cast: Cast) -> Member:
    with books_of(cast.anna):
        factories.account(balance=Decimal("500.00"))
        forecasts.make(today=today())
    tenancy.leave()
    return cast.anna


def ask(client: FlaskClient, where: str, **data: str) -> TestResponse:
    answer = client.post(where, data=data) if data else client.get(where)
    tenancy.leave()
    db.session.expire_all()
    return answer


def test_a_contact_of_another_company_is_unknown_in_a_scenario(
    anna: Member, theirs: Theirs
) -> None:
    client = anna.client()

    late = ask(client, f"{OURS}/scenarios?late={theirs.contact}:30")
    lost = ask(client, f"{OURS}/scenarios?lose={theirs.contact}@2027-01")

    assert late.status_code == lost.status_code == 200
    assert SECRET not in late.text + lost.text
    assert "This customer is not known here." in late.text


@pytest.mark.parametrize(
    "where",
    [
        "/figures/expected?ref={invoice}",
        "/figures/expected?ref={planned}",
        "/figures/expected_from?ref=sale",
        "/figures/receivable_of?ref={contact}",
        "/figures/category_actual?category={category}&since=2026-11-01",
        "/cash-flow/not-counted",
        "/bank-meeting",
    ],
)
def test_a_figure_knows_nothing_of_another_company(
    where: str, anna: Member, theirs: Theirs
) -> None:
    answer = ask(anna.client(), OURS + where.format(**vars(theirs)))

    assert answer.status_code in (200, 404)
    assert SECRET not in answer.text
    assert "2.428,33" not in answer.text
    assert "77,77" not in answer.text


def test_rows_of_another_company_are_not_there(cast: Cast, anna: Member, theirs: Theirs) -> None:
    client = anna.client()
    good = {"name": "x", "way": "out", "amount": "1,00", "rhythm": "once", "day": "31/12/2026"}

    codes = {
        ask(client, f"{OURS}/cash-flow/invoices/{theirs.invoice}").status_code,
        ask(client, f"{OURS}/cash-flow/invoices/{theirs.invoice}", on="31/12/2026").status_code,
        ask(client, f"{OURS}/cash-flow/invoices/{theirs.invoice}/dispute", do="x").status_code,
        ask(client, f"{OURS}/cash-flow/plans/planned/{theirs.planned}", **good).status_code,
        ask(client, f"{OURS}/cash-flow/plans/planned/{theirs.planned}/deletion", x="1").status_code,
        ask(client, f"{OURS}/scenarios/{theirs.scenario}/name", name="Mine").status_code,
        ask(client, f"{OURS}/scenarios/{theirs.scenario}/deletion", x="1").status_code,
    }

    assert codes == {404}
    with books_of(cast.chloe):
        assert [one.name for one in db.session.scalars(select(PlannedItem))] == [SECRET]
        assert [one.name for one in db.session.scalars(select(Scenario))] == [SECRET]


def test_a_category_of_another_company_gets_no_budget_and_no_plan(
    anna: Member, theirs: Theirs
) -> None:
    client = anna.client()
    with books_of(anna):
        seen = budgets.year_of(year=2026, currency="EUR").version
    tenancy.leave()

    put = ask(
        client, f"{OURS}/cash-flow/budget/edit?year=2026", seen=seen,
        **{f"m-{theirs.category}-1": "10,00"},
    )  # fmt: skip
    plan = ask(
        client, f"{OURS}/cash-flow/plans/planned/new", name="x", way="out", amount="1,00",
        rhythm="once", day="31/12/2026", category=theirs.category,
    )  # fmt: skip

    assert put.status_code in (404, 422)
    assert plan.status_code in (404, 422)
    with books_of(anna):
        assert db.session.scalars(select(Budget)).all() == []
        assert db.session.scalars(select(PlannedItem)).all() == []


def test_a_movement_that_only_another_company_knows_can_not_be_decided(
    anna: Member, theirs: Theirs
) -> None:
    for do in ("confirm", "refuse", "take_back"):
        answer = ask(anna.client(), f"{OURS}/cash-flow/plans/recurring/decision", key=SECRET, do=do)
        assert answer.status_code == 422

    with books_of(anna):
        assert db.session.scalars(select(RecurrenceChoice)).all() == []


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EMPLOYEE])
def test_who_may_not_change_can_not(role: Role, anna: Member, theirs: Theirs) -> None:
    person = add_member(anna.actor.company_id, anna.slug, f"The {role}", role)
    client = person.client()

    codes = {
        ask(client, f"{OURS}{where}", x="1").status_code
        for where in (
            "/cash-flow/budget/counting",
            "/cash-flow/budget/edit",
            "/cash-flow/plans/taxes/periods",
            "/cash-flow/plans/recurring/decision",
            "/cash-flow/plans/taxes/decision",
            "/cash-flow/plans/planned/new",
            "/scenarios?hire=2800@2027-01",
        )
    }

    assert codes == {403}


def test_an_employee_sees_no_money_on_the_board(anna: Member) -> None:
    person = add_member(anna.actor.company_id, anna.slug, "The clerk", Role.EMPLOYEE)

    board = ask(person.client(), "/board")
    home = ask(person.client(), f"{OURS}/")

    assert board.status_code == home.status_code == 200
    assert "500,00" not in board.text + home.text
