"""Home: three questions and their answers, the figures behind them, and who sees what."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask, g
from lxml import html

from billify.application import alerts, banking, cash_flow, cash_plans, expectations, forecasts
from billify.application.banking import Account, Movement
from billify.application.cash_plans import Plan
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import Company
from billify.data.queries import alerts as alert_queries
from billify.data.queries import cash_flow as queries
from billify.domain.banking import AccountKind
from billify.domain.cash_flow import Rhythm
from billify.domain.forecast.shapes import AlertKind, Flow, Source
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.domain.roles import Role
from billify.web import forecast_view
from billify.web.access import today
from tests import factories
from tests.cast import Cast, Member, add_member
from tests.factories import books_of

HOME = "/c/bakkerij-anna/"
WIDGETS = ("alerts", "position", "forecast", "next", "open", "waiting")


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


def foreseen(owner: Member) -> None:
    """The forecast as a worker would have made it by now."""
    assert owner.company_id is not None
    with tenancy.company_scope(owner.company_id):
        forecasts.make(today=today())


def tell_of_a_slower_customer(owner: Member) -> None:
    with books_of(owner), transaction():
        alert_queries.add(
            kind=AlertKind.CUSTOMER_SLOWER,
            key="x",
            facts={"name": "Trage Klant", "before": 3, "now": 20},
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
    foreseen(cast.anna)
    client = cast.bram.client()
    pages = client.get(HOME).text + client.get(f"{HOME}?view=months").text
    links = {
        part.split('"', 1)[0].replace("&amp;", "&")
        for part in pages.split('href="')[1:]
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


def test_the_first_day_below_the_floor_is_told_with_its_causes(cast: Cast) -> None:
    filled(cast.anna)
    with books_of(cast.anna):
        factories.invoice(gross="9000.00", due_date=today() + timedelta(days=12))
    set_floor(cast.anna, "5000.00")
    foreseen(cast.anna)

    text = cast.anna.client().get(HOME).text

    said = text.split('class="notice notice')[1].split("</div>")[0]
    assert "falls below your floor of 5.000,00" in said
    assert "Most likely because of:" in said
    assert "−9.000,00" in said
    assert "/invoices/" in said


def test_a_balance_below_the_floor_already_is_told_so(cast: Cast) -> None:
    filled(cast.anna)
    set_floor(cast.anna, "50000.00")
    foreseen(cast.anna)

    assert "The balance is below your floor of 50.000,00." in cast.anna.client().get(HOME).text


def test_before_the_first_forecast_home_says_that_it_is_being_made(cast: Cast) -> None:
    filled(cast.anna)

    text = cast.anna.client().get(HOME).text

    assert "No forecast yet" in text
    assert "being worked out for the first time" in text
    assert "12.984,92" in text


def test_a_forecast_that_is_behind_is_marked(cast: Cast) -> None:
    filled(cast.anna)
    foreseen(cast.anna)
    before = cast.anna.client().get(HOME).text
    with books_of(cast.anna):
        filled_again = factories.invoice(gross="77.00", due_date=today())
        expectations.expect(
            invoice_id=filled_again.id, on=today(), today=today(), by=cast.anna.actor
        )

    after = cast.anna.client().get(HOME).text

    assert "being worked out again" not in before
    assert "Something changed; the forecast is being worked out again." in after


def test_without_history_there_is_no_band_and_it_says_so(cast: Cast) -> None:
    filled(cast.anna)
    foreseen(cast.anna)

    text = cast.anna.client().get(HOME).text

    assert "too little history" in text
    assert "chart__band" not in text


def test_the_chart_looks_as_far_as_the_address_says(cast: Cast) -> None:
    filled(cast.anna)
    foreseen(cast.anna)
    client = cast.anna.client()

    weeks, months = client.get(HOME).text, client.get(f"{HOME}?view=months").text

    assert "Week ends" in weeks
    assert "Month ends" in months
    assert f'hx-get="{HOME}widgets/forecast?view=months"' in months


def test_each_day_of_the_chart_leads_to_its_page_and_one_takes_the_focus(cast: Cast) -> None:
    filled(cast.anna)
    foreseen(cast.anna)

    tree = html.document_fromstring(cast.anna.client().get(HOME).text)

    for size in ("wide", "narrow"):
        days = tree.xpath(f"//*[contains(@class, 'chart__plot--{size}')]//a[@class='chart__col']")
        assert len(days) == 91
        assert [one.get("tabindex") for one in days].count(None) == 1
        assert days[0].get("href") == f"{HOME}cash-flow/days/{today().isoformat()}"


def test_what_changed_since_an_earlier_day_is_the_sum_of_its_rows(cast: Cast) -> None:
    filled(cast.anna)
    with books_of(cast.anna):
        account = cash_flow.position(currency="EUR").accounts[0]
        banking.record_movements(
            account_id=account.id,
            movements=[
                Movement(today(), Decimal("-84.92")),
                Movement(today() - timedelta(days=3), Decimal("1000.00")),
            ],
        )
    client = cast.anna.client()

    text = client.get(HOME).text
    yesterday = (today() - timedelta(days=1)).isoformat()
    week_ago = (today() - timedelta(days=7)).isoformat()

    assert "−84,92" in text
    assert "+915,08" in text
    for day, total in ((yesterday, "−84,92"), (week_ago, "915,08")):
        link = f"{HOME}figures/position_change?since={day}"
        assert link in text
        assert total in client.get(link).text


def test_a_company_without_an_account_is_offered_one(cast: Cast) -> None:
    with books_of(cast.anna):
        factories.invoice(gross="1210.00", due_date=today() + timedelta(days=10))
    foreseen(cast.anna)

    text = cast.anna.client().get(HOME).text

    assert "No account yet" in text
    assert "the balance begins at zero" in text
    assert "falls below zero" in text


def test_an_absurd_date_does_not_break_the_page(cast: Cast) -> None:
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        factories.invoice(due_date=date(1970, 1, 1))
        factories.invoice(due_date=date(2099, 12, 31))

    assert cast.anna.client().get(HOME).status_code == 200


def test_what_is_told_once_is_dismissed_for_everybody(cast: Cast) -> None:
    filled(cast.anna)
    tell_of_a_slower_customer(cast.anna)
    client = cast.anna.client()
    tree = html.document_fromstring(client.get(HOME).text)
    [form] = tree.xpath("//*[@id='widget-alerts']//form")
    told = tree.get_element_by_id("widget-alerts").text_content()

    answer = client.post(form.get("action"))

    assert "Trage Klant" in told
    assert answer.status_code == 303
    assert "Trage Klant" not in client.get(f"{HOME}widgets/alerts").text
    assert cast.chloe.client().post(form.get("action")).status_code == 404


def test_who_only_reads_can_not_dismiss_what_is_told(cast: Cast) -> None:
    filled(cast.anna)
    tell_of_a_slower_customer(cast.anna)

    text = cast.bram.client().get(f"{HOME}widgets/alerts").text

    assert "Trage Klant" in text
    assert "<form" not in text


def test_the_fall_below_the_floor_is_said_once_on_home(cast: Cast) -> None:
    filled(cast.anna)
    set_floor(cast.anna, "50000.00")
    foreseen(cast.anna)

    with books_of(cast.anna):
        [told] = alerts.showing()
    tree = html.document_fromstring(cast.anna.client().get(HOME).text)

    assert told.kind is AlertKind.BELOW_FLOOR, "the board counts it"
    assert "floor" not in tree.get_element_by_id("widget-alerts").text_content()
    assert (
        "below your floor of 50.000,00" in tree.get_element_by_id("widget-forecast").text_content()
    )


def test_what_is_not_counted_is_summed_in_the_own_currency_only(cast: Cast) -> None:
    filled(cast.anna)
    with books_of(cast.anna):
        factories.invoice(gross="100.00", due_date=today(), is_disputed=True)
    foreseen(cast.anna)

    tree = html.document_fromstring(cast.anna.client().get(HOME).text)
    [counted] = tree.xpath("//p[contains(., 'amounts are not counted')]")
    sheet = cast.anna.client().get(f"{HOME}figures/not_counted").text

    said = " ".join(counted.text_content().split())
    assert said.endswith("2 amounts are not counted: 100,00 to pay.")
    assert "100,00" in sheet
    assert "80,00" not in sheet


def test_what_is_not_counted_only_in_other_currencies_has_no_sum(cast: Cast) -> None:
    filled(cast.anna)
    foreseen(cast.anna)

    tree = html.document_fromstring(cast.anna.client().get(HOME).text)
    [counted] = tree.xpath("//p[contains(., 'amount is not counted')]")

    assert " ".join(counted.text_content().split()).endswith("1 amount is not counted.")


def test_what_is_open_and_what_waits_are_the_same_asked_together_or_apart(cast: Cast) -> None:
    filled(cast.anna)
    with books_of(cast.anna):
        together = queries.open_and_waiting(today())

        assert sorted(together[0], key=str) == sorted(queries.open_days(today()), key=str)
        assert together[1] == queries.waiting()


def set_floor(owner: Member, floor: str) -> None:
    with books_of(owner), transaction() as session:
        company = session.get(Company, owner.company_id)
        assert company is not None
        company.floor_amount = Decimal(floor)


def test_what_falls_several_times_is_one_cause(app: Flask, cast: Cast) -> None:
    day = date(2027, 1, 4)
    wages = [
        Flow(day + timedelta(days=30 * n), Decimal(-500), Source.RECURRING, "wages", "Wages")
        for n in range(3)
    ]
    rent = Flow(day, Decimal(-900), Source.SALE, str(cast.anna.user_id), "Rent")

    with app.test_request_context(HOME):
        g.slug = "bakkerij-anna"
        first, second = forecast_view.causes_of([rent, *wages])

    assert (first.name, first.amount) == ("Wages", Decimal(-1500))
    assert first.days == "04/01/2027, 03/02/2027, 05/03/2027"
    assert (second.name, second.amount) == ("Rent", Decimal(-900))
