"""Home: the widgets, the figures behind them, and who sees what."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from billify.application import banking, cash_plans
from billify.application.banking import Account
from billify.application.cash_plans import Plan
from billify.data import tenancy
from billify.domain.banking import AccountKind
from billify.domain.cash_flow import Rhythm
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.domain.roles import Role
from billify.web.access import today
from tests import factories
from tests.cast import Cast, Member, add_member

HOME = "/c/bakkerij-anna/"
WIDGETS = ("position", "forecast", "open", "waiting")


def filled(owner: Member) -> None:
    """Money in the bank, money to receive and to pay, overdue and foreign, and what waits."""
    assert owner.company_id is not None
    day = today()
    with tenancy.company_scope(owner.company_id):
        banking.open_account(
            account=Account("Zichtrekening", "BE71096123456769", AccountKind.CURRENT),
            opening_balance=Decimal("12984.92"),
            opening_day=day - timedelta(days=20),
            today=day,
            by=None,
        )
        sale = InvoiceDirection.SALE
        factories.invoice(gross="2428.33", direction=sale, due_date=day + timedelta(days=3))
        factories.invoice(gross="591.73", direction=sale, due_date=day - timedelta(days=20))
        factories.invoice(gross="80.00", direction=sale, due_date=day, currency="USD")
        factories.invoice(gross="1210.00", due_date=day + timedelta(days=10))
        factories.invoice(gross="20.00", due_date=day, kind=InvoiceKind.CREDIT_NOTE)
        factories.invoice(gross="302.50", due_date=day, status=InvoiceStatus.TO_APPROVE)
        cash_plans.plan(
            wanted=Plan("Huur", Decimal("-2450.00"), Rhythm.MONTHLY, day + timedelta(days=1)),
            by=None,
        )


def test_home_of_a_company_that_began_today_says_what_to_do_first(cast: Cast) -> None:
    answer = cast.anna.client().get(HOME)

    assert answer.status_code == 200
    assert "First steps" in answer.text
    assert "/c/bakkerij-anna/bank/accounts/new" in answer.text


def test_home_shows_the_position_what_is_open_and_what_waits(cast: Cast) -> None:
    filled(cast.anna)

    text = cast.anna.client().get(HOME).text

    assert "12.984,92" in text
    assert "3.020,06" in text
    assert "591,73" in text
    assert "1.190,00" in text
    assert "302,50" in text
    assert "USD" in text
    assert "<svg" in text
    assert "As a table" in text
    assert 'action="/c/bakkerij-anna/documents"' in text


@pytest.mark.parametrize("widget", WIDGETS)
def test_each_widget_answers_alone_with_the_root_that_stands_on_the_page(
    cast: Cast, widget: str
) -> None:
    filled(cast.anna)
    client = cast.anna.client()

    page = client.get(HOME).text
    answer = client.get(f"{HOME}widgets/{widget}", headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert f'id="widget-{widget}"' in answer.text[:200]
    assert f'hx-get="{HOME}widgets/{widget}"' in page


def test_who_may_only_hand_in_documents_sees_no_amount(cast: Cast) -> None:
    filled(cast.anna)
    assert cast.anna.company_id is not None
    finn = add_member(cast.anna.company_id, cast.anna.slug, "Finn", Role.EMPLOYEE)

    answer = finn.client().get(HOME)

    assert answer.status_code == 200
    assert 'action="/c/bakkerij-anna/documents"' in answer.text
    assert "12.984,92" not in answer.text
    assert finn.client().get(f"{HOME}widgets/position").status_code == 403
    assert finn.client().get(f"{HOME}figures/cash_position").status_code == 403


def test_a_stranger_finds_nothing(cast: Cast) -> None:
    client = cast.chloe.client()

    assert client.get(HOME).status_code == 404
    assert client.get(f"{HOME}widgets/position").status_code == 404
    assert client.get(f"{HOME}figures/cash_position").status_code == 404


def test_a_figure_shows_the_rows_that_sum_to_it(cast: Cast) -> None:
    filled(cast.anna)

    answer = cast.bram.client().get(f"{HOME}figures/open_payables")

    assert answer.status_code == 200
    assert "1.190,00" in answer.text
    assert "1.210,00" in answer.text
    assert "Credit note" in answer.text
    assert "2 rows" in answer.text


def test_every_figure_linked_from_home_opens(cast: Cast) -> None:
    filled(cast.anna)
    client = cast.bram.client()
    links = {
        part.split('"', 1)[0].replace("&amp;", "&")
        for part in client.get(HOME).text.split('href="')[1:]
        if part.startswith(f"{HOME}figures/")
    }

    assert len(links) > 20
    for link in links:
        assert client.get(link).status_code == 200, link


@pytest.mark.parametrize(
    "asked",
    [
        "profit",
        "money_in",
        "money_in?since=31/02/2026&until=x",
        "open_payables?after=1_2",
        "open_payables?after=x_2026-01-01_y",
    ],
)
def test_a_figure_asked_for_in_an_impossible_way_is_not_found(cast: Cast, asked: str) -> None:
    assert cast.anna.client().get(f"{HOME}figures/{asked}").status_code == 404


def test_a_figure_of_another_currency_stands_on_its_own(cast: Cast) -> None:
    filled(cast.anna)

    answer = cast.anna.client().get(f"{HOME}figures/open_receivables?currency=USD")

    assert "80,00" in answer.text
    assert "2.428,33" not in answer.text


def test_the_floor_is_told_in_words(cast: Cast) -> None:
    filled(cast.anna)
    client = cast.anna.client()
    client.post(
        f"{HOME}settings",
        data={"name": "Bakkerij Anna", "country": "BE", "language": "nl", "floor_amount": "50.000"},
    )

    assert "below your floor of 50.000,00 today" in client.get(HOME).text


def test_an_absurd_date_does_not_break_the_page(cast: Cast) -> None:
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        factories.invoice(due_date=date(1970, 1, 1))
        factories.invoice(due_date=date(2099, 12, 31))

    assert cast.anna.client().get(HOME).status_code == 200
