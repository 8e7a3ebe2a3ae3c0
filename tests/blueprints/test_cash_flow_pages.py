"""The cash flow by week, as a calendar and on one day; and the day a person expects."""

from contextlib import AbstractContextManager
from datetime import date, timedelta
from decimal import Decimal

import pytest
from lxml import html
from sqlalchemy import select

from billify.application import forecasts
from billify.data import tenancy
from billify.data.db import db
from billify.data.models import Invoice
from billify.domain.cash_flow import week_start
from billify.domain.forecast import course
from billify.domain.invoices import InvoiceDirection, InvoiceStatus
from billify.domain.roles import Role
from billify.web.access import today
from tests import factories
from tests.cast import Cast, Member, add_member
from tests.factories import books_of

ROOT = "/c/bakkerij-anna/"
WEEKS = f"{ROOT}cash-flow"
CALENDAR = f"{ROOT}cash-flow/calendar"
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk & Zonen NV"


def filled(owner: Member) -> Invoice:
    """An account, what comes and what goes; gives the sale that comes in ten days."""
    with books_of(owner):
        factories.account(balance=Decimal("10000.00"))
        customer = factories.contact(LONG, is_customer=True)
        sale = factories.invoice(
            of=customer,
            gross="2428.33",
            direction=InvoiceDirection.SALE,
            due_date=today() + timedelta(days=10),
        )
        factories.invoice(gross="1210.00", due_date=today() + timedelta(days=17))
        factories.invoice(gross="80.00", due_date=today(), currency="USD")
    return sale


def foreseen(owner: Member) -> None:
    with books_of(owner):
        forecasts.make(today=today())


def day_of(sale: Invoice) -> date:
    """The day the stored forecast expects it."""
    with books_of_company(sale):
        [flow] = forecasts.flows(ref=str(sale.id), today=today())
    return flow.day


def books_of_company(row: Invoice) -> AbstractContextManager[None]:

    return tenancy.company_scope(row.company_id)


def test_each_row_tells_its_day_reason_and_amount(cast: Cast) -> None:
    sale = filled(cast.anna)
    foreseen(cast.anna)

    tree = html.document_fromstring(cast.anna.client().get(WEEKS).text)
    [row] = tree.xpath(f"//tr[.//a[@href='{ROOT}invoices/{sale.id}']]")
    said = " ".join(row.text_content().split())

    assert day_of(sale).strftime("%d/%m/%Y") in said
    assert "Donaudampf" in said
    assert "Sale" in said
    assert "no payments seen yet" in said
    assert "2.428,33" in said


def test_the_weeks_sum_to_the_balance_at_their_end(cast: Cast) -> None:
    filled(cast.anna)
    foreseen(cast.anna)

    tree = html.document_fromstring(cast.anna.client().get(WEEKS).text)
    balance = Decimal("10000.00")
    weeks = tree.xpath("//details[contains(@class, 'week')]/summary")
    for week in weeks:
        come, go, left = (Decimal(one) for one in week.xpath(".//data/@value"))
        balance += come - go
        assert left == balance

    assert len(weeks) in (13, 14)
    assert balance == Decimal("11218.33")


@pytest.mark.parametrize(
    ("asked", "shown", "hidden"),
    [
        ("way=in", "2.428,33", "−1.210,00"),
        ("way=out", "−1.210,00", "2.428,33"),
        ("source=purchase", "−1.210,00", "2.428,33"),
        ("source=sale&way=in", "2.428,33", "−1.210,00"),
    ],
)
def test_a_list_shows_only_what_its_address_asks_for(
    cast: Cast, asked: str, shown: str, hidden: str
) -> None:
    filled(cast.anna)
    foreseen(cast.anna)

    text = cast.anna.client().get(f"{WEEKS}?{asked}").text

    assert f">{shown}<" in text
    assert f">{hidden}<" not in text


@pytest.mark.parametrize("asked", ["source=%00", "source=profit&way=up", "rows=x"])
def test_words_that_nobody_knows_are_left_out(cast: Cast, asked: str) -> None:
    filled(cast.anna)
    foreseen(cast.anna)

    assert "2.428,33" in cast.anna.client().get(f"{WEEKS}?{asked}").text


def test_a_month_far_ahead_opens_with_its_rows(cast: Cast) -> None:
    filled(cast.anna)
    with books_of(cast.anna):
        factories.invoice(gross="333.00", expected_on=today() + timedelta(days=400))
    foreseen(cast.anna)
    client = cast.anna.client()
    far = today() + timedelta(days=400)

    months = client.get(WEEKS).text
    month = client.get(f"{WEEKS}?month={far:%Y-%m}").text

    assert f"{WEEKS}?month={far:%Y-%m}" in months
    assert "333,00" in month
    assert ">2.428,33<" not in month


@pytest.mark.parametrize(
    "asked", ["month=2020-01", "month=13", "month=2026-13", "week=2020-01-01", "week=tomorrow"]
)
def test_a_run_of_days_that_can_not_be_is_not_found(cast: Cast, asked: str) -> None:
    assert cast.anna.client().get(f"{WEEKS}?{asked}").status_code == 404


def test_a_week_with_many_rows_shows_some_and_leads_to_all(cast: Cast) -> None:
    with books_of(cast.anna):
        factories.account(balance=Decimal("10.00"))
        supplier = factories.contact()
        due = week_start(today()) + timedelta(days=14)
        for number in range(30):
            factories.invoice(of=supplier, gross=f"{100 + number}.00", expected_on=due)
    foreseen(cast.anna)
    client = cast.anna.client()

    page = client.get(WEEKS).text
    whole = client.get(f"{WEEKS}?week={due.isoformat()}").text

    assert "5 more in this week" in page
    assert whole.count("<tr>") == 31


def test_a_day_tells_what_is_left_and_its_part_is_a_card(cast: Cast) -> None:
    sale = filled(cast.anna)
    foreseen(cast.anna)
    client = cast.anna.client()
    where = f"{ROOT}cash-flow/days/{day_of(sale).isoformat()}"

    page = client.get(where)
    card = client.get(where, headers={"HX-Request": "true"})

    assert "12.428,33" in page.text
    assert "2.428,33" in page.text
    assert "12.428,33" in card.text
    assert "<html" not in card.text
    assert f'href="{where}"' in card.text


@pytest.mark.parametrize("day", ["2020-01-01", "today", "2026-02-31"])
def test_a_day_that_is_over_or_none_is_not_found(cast: Cast, day: str) -> None:
    assert cast.anna.client().get(f"{ROOT}cash-flow/days/{day}").status_code == 404


def test_the_calendar_puts_each_movement_on_its_day(cast: Cast) -> None:
    sale = filled(cast.anna)
    foreseen(cast.anna)
    on = day_of(sale)

    answer = cast.anna.client().get(f"{CALENDAR}?month={on:%Y-%m}")
    tree = html.document_fromstring(answer.text)
    [cell] = tree.xpath(f"//td[@data-day='{on.isoformat()}']")

    assert "2.428,33" in cell.text_content()
    [invoice] = cell.xpath(".//a[@draggable='true']")
    assert invoice.get("data-url") == f"{WEEKS}/invoices/{sale.id}"
    balances = tree.xpath(
        f"//td[@data-day='{on.isoformat()}']//*[@class='cell__balance']//data/@value"
    )
    assert [Decimal(one) for one in balances] == [Decimal("12428.33")]


def test_days_without_banks_are_marked_and_days_that_are_over_take_nothing(cast: Cast) -> None:
    filled(cast.anna)
    foreseen(cast.anna)

    tree = html.document_fromstring(cast.anna.client().get(CALENDAR).text)

    for cell in tree.xpath("//td[@data-day]"):
        day = date.fromisoformat(cell.get("data-day"))
        assert day >= today()
        if day.weekday() > 4:
            assert "cell--closed" in cell.get("class")


@pytest.mark.parametrize("asked", ["2020-01", "2099-01", "x", "2026-00"])
def test_a_month_out_of_reach_is_not_found(cast: Cast, asked: str) -> None:
    assert cast.anna.client().get(f"{CALENDAR}?month={asked}").status_code == 404


def test_what_is_not_counted_is_listed_with_its_reason(cast: Cast) -> None:
    filled(cast.anna)
    foreseen(cast.anna)
    client = cast.anna.client()

    home, page = client.get(ROOT).text, client.get(f"{WEEKS}/not-counted").text

    assert "1 amount is not counted" in home
    assert "in USD, which is not counted" in page
    [amount] = html.document_fromstring(page).xpath("//tbody//td[@data-amount]")
    assert amount.text_content().split() == ["$", "−80,00"]


def test_nothing_is_told_of_days_behind_the_forecast(cast: Cast) -> None:
    filled(cast.anna)
    foreseen(cast.anna)
    client, last = cast.anna.client(), course.last_day(today())
    behind = last + timedelta(days=1)

    page = client.get(f"{ROOT}cash-flow/days/{last}")
    month = client.get(f"{CALENDAR}?month={last:%Y-%m}").text

    assert page.status_code == 200
    assert f"cash-flow/days/{last - timedelta(days=1)}" in page.text
    assert f"cash-flow/days/{behind}" not in page.text + month
    assert f"month={behind:%Y-%m}" not in month
    assert client.get(f"{ROOT}figures/expected_balance?until={last}").status_code == 200
    for beyond in (
        f"cash-flow/days/{behind}",
        f"cash-flow?month={behind:%Y-%m}",
        f"cash-flow/calendar?month={behind:%Y-%m}",
        f"figures/expected_balance?until={behind}",
    ):
        assert client.get(ROOT + beyond).status_code == 404, beyond


def test_a_person_says_the_day_and_takes_it_back(cast: Cast) -> None:
    sale = filled(cast.anna)
    foreseen(cast.anna)
    client = cast.anna.client()
    where = f"{WEEKS}/invoices/{sale.id}"
    wanted = today() + timedelta(days=40)

    said = client.post(where, data={"on": wanted.strftime("%d/%m/%Y"), "from": "weeks"})
    foreseen(cast.anna)
    marked = client.get(WEEKS).text
    undone = client.post(where, data={"do": "forget", "from": "weeks"})

    assert (said.status_code, said.location) == (303, WEEKS)
    assert "Set by hand" in marked
    assert wanted.strftime("%d/%m/%Y") in marked
    assert undone.status_code == 303
    assert expected_on(cast.anna, sale) is None


def test_an_invoice_dragged_to_a_day_is_answered_with_a_word(cast: Cast) -> None:
    sale = filled(cast.anna)
    wanted = today() + timedelta(days=5)

    answer = cast.anna.client().post(
        f"{WEEKS}/invoices/{sale.id}",
        data={"on": wanted.isoformat(), "from": "calendar"},
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 204
    assert "cash-flow-changed" in answer.headers["HX-Trigger"]
    assert expected_on(cast.anna, sale) == wanted


@pytest.mark.parametrize("day", ["", "31/02/2027", "soon", "01/01/2020", "01/01/2099"])
def test_a_day_that_will_not_do_is_refused_at_its_field(cast: Cast, day: str) -> None:
    sale = filled(cast.anna)

    answer = cast.anna.client().post(f"{WEEKS}/invoices/{sale.id}", data={"on": day})

    assert answer.status_code == 422
    assert "field__error" in answer.text
    assert expected_on(cast.anna, sale) is None


def test_an_invoice_says_that_it_is_in_dispute(cast: Cast) -> None:
    sale = filled(cast.anna)
    client = cast.anna.client()
    where = f"{ROOT}invoices/{sale.id}"

    before = client.get(where).text
    client.post(f"{WEEKS}/invoices/{sale.id}/dispute", data={"do": "begin"})
    during = client.get(where).text
    client.post(f"{WEEKS}/invoices/{sale.id}/dispute", data={"do": "end"})

    assert "In dispute" not in before
    assert "In dispute" in during
    assert "The dispute is over" in during
    assert "In dispute" not in client.get(where).text


def test_a_paid_invoice_has_no_day_to_say(cast: Cast) -> None:
    with books_of(cast.anna):
        paid = factories.invoice(status=InvoiceStatus.PAID)
    client = cast.anna.client()

    answer = client.get(f"{WEEKS}/invoices/{paid.id}")
    assert answer.status_code == 303
    assert answer.location.endswith(f"/invoices/{paid.id}")
    assert "In the forecast" not in client.get(f"{ROOT}invoices/{paid.id}").text


def test_who_only_reads_sees_the_weeks_and_says_nothing(cast: Cast) -> None:
    sale = filled(cast.anna)
    foreseen(cast.anna)
    assert cast.anna.company_id is not None
    vera = add_member(cast.anna.company_id, cast.anna.slug, "Vera", Role.VIEWER).client()

    page = vera.get(WEEKS).text

    assert "2.428,33" in page
    assert f"{WEEKS}/invoices/" not in page
    assert 'draggable="true"' not in vera.get(CALENDAR).text
    answer = vera.post(f"{WEEKS}/invoices/{sale.id}", data={"on": today().isoformat()})
    assert answer.status_code == 403


def test_before_the_first_forecast_each_page_says_so(cast: Cast) -> None:
    client = cast.anna.client()

    for where in (
        WEEKS,
        CALENDAR,
        f"{WEEKS}/days/{today().isoformat()}",
        f"{WEEKS}?month={today():%Y-%m}",
    ):
        answer = client.get(where)
        assert answer.status_code == 200
        assert "No forecast yet" in answer.text


def expected_on(owner: Member, invoice: Invoice) -> date | None:
    db.session.expire_all()
    with books_of(owner):
        return db.session.scalars(select(Invoice.expected_on).where(Invoice.id == invoice.id)).one()
