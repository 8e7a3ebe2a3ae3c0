"""Scenarios on screen: read from the address, added by a form, kept by name."""

from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest
from lxml import html
from sqlalchemy import select

from billify.data.db import db
from billify.data.models import AuditEvent, Scenario
from billify.data.types import uuid7
from billify.domain.forecast.scenarios import month_after
from billify.domain.forecast.shapes import Flow, Source
from billify.domain.invoices import InvoiceDirection
from billify.web import filters
from billify.web.access import today
from tests import factories, made_forecast
from tests.cast import Cast, Member
from tests.factories import books_of

PAGE = "/c/bakkerij-anna/scenarios"


def later(months: int = 2) -> str:
    """A month ahead, as an address has it."""
    return f"{month_after(today(), months):%Y-%m}"


def customer(of: Member, name: str = "Hotel Astrid", owes: str = "900.00") -> UUID:
    """A customer with an open invoice, and the forecast that expects it in ten days."""
    with books_of(of):
        contact = factories.contact(name, is_customer=True)
        invoice = factories.invoice(
            of=contact,
            gross=owes,
            direction=InvoiceDirection.SALE,
            issue_date=today() - timedelta(days=20),
        )
        day = today() + timedelta(days=10)
        flow = Flow(day, Decimal(owes), Source.SALE, str(invoice.id), name, str(contact.id))
        made_forecast.store(made_forecast.forecast_of([flow], today=today()))
    return contact.id


def table(text: str) -> list[list[str]]:
    """The rows of the table that compares."""
    rows = html.document_fromstring(text).xpath("//table[@id='compared']/tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("./td")] for row in rows]


def kept(cast: Cast) -> list[Scenario]:
    with books_of(cast.anna):
        db.session.expire_all()
        return list(db.session.scalars(select(Scenario).order_by(Scenario.name)))


def test_without_a_forecast_the_page_says_so(cast: Cast) -> None:
    text = cast.anna.client().get(PAGE).text

    assert "No forecast yet" in text
    assert "A customer pays later" in text


def test_the_forecast_stands_first_and_alone(cast: Cast) -> None:
    customer(cast.anna)

    rows = table(cast.anna.client().get(PAGE).text)

    assert [row[0] for row in rows] == ["Expected now"]
    assert rows[0][1] == "5.000,00"
    assert rows[0][4] == "5.900,00"


def test_a_purchase_changes_the_lowest_point_and_the_end(cast: Cast) -> None:
    customer(cast.anna)
    day = today() + timedelta(days=5)

    answer = cast.anna.client().get(PAGE, query_string={"buy": f"4500@{day}"})

    assert answer.status_code == 200
    assert f"Buy for 4.500,00 on {filters.day(day)}" in answer.text
    row = table(answer.text)[1]
    assert row[:6] == [
        "A Scenario A",
        "500,00",
        filters.day(day),
        filters.day(day),
        "1.400,00",
        "−4.500,00",
    ]


def test_a_customer_that_pays_later_moves_its_invoice(cast: Cast) -> None:
    contact = customer(cast.anna)

    answer = cast.anna.client().get(PAGE, query_string={"late": f"{contact}:120"})

    assert "Hotel Astrid pays 120 days later" in answer.text
    assert "Owes 900,00" in answer.text
    row = table(answer.text)[1]
    assert (row[4], row[5]) == ("5.000,00", "−900,00")
    assert row[7] == "", "after a year it is all the same"


def test_three_stand_beside_each_other_by_their_names(cast: Cast) -> None:
    customer(cast.anna)

    answer = cast.anna.client().get(
        PAGE,
        query_string={
            "hire": f"2000@{later()}",
            "name": "One more baker",
            "b.loan": f"10000:24:4@{later()}",
            "c.buy": f"100@{today()}",
            "d.buy": f"999@{today()}",
        },
    )

    assert [row[0] for row in table(answer.text)] == [
        "Expected now",
        "A One more baker",
        "B Scenario B",
        "C Scenario C",
    ]
    assert "Another scenario" not in answer.text


def test_several_changes_join_in_one_scenario(cast: Cast) -> None:
    customer(cast.anna)
    query = f"buy=100@{today()}&buy=200@{today()}"

    assert table(cast.anna.client().get(f"{PAGE}?{query}").text)[1][5] == "−300,00"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("late=nobody:30", "Choose a customer from the list."),
        ("late=", "Write it like late=…:30."),
        ("hire=much@2027-01", "Write a number"),
        ("hire=2800@1999-01", "This lies in the past"),
        ("buy=1@2027-02-31", "This day does not exist."),
        ("price=5%00@x", "Choose a month."),
        ("loan=1:2:3:4:5", "Write it like loan="),
        ("b.vat=99999", "from 1 to 365."),
        ("vat=30" + "&vat=30" * 12, "A scenario takes at most 12 changes."),
    ],
    ids=["contact", "empty", "amount", "past", "day", "nul", "parts", "second", "many"],
)
def test_what_can_not_be_read_gets_a_sentence(cast: Cast, query: str, said: str) -> None:
    customer(cast.anna)

    answer = cast.anna.client().get(f"{PAGE}?{query}")

    assert answer.status_code == 200
    assert said in answer.text


def test_a_customer_of_another_company_is_unknown(cast: Cast) -> None:
    theirs = customer(cast.chloe, "Geheime Klant")
    customer(cast.anna)

    answer = cast.anna.client().get(PAGE, query_string={"late": f"{theirs}:30"})

    assert "This customer is not known here." in answer.text
    assert "Geheime Klant" not in answer.text
    assert table(answer.text)[1][5] == ""


def test_the_form_leads_to_an_address(cast: Cast) -> None:
    contact = customer(cast.anna)
    client = cast.anna.client()

    answer = client.get(
        PAGE,
        query_string={
            "buy": f"100@{today()}",
            "add": "late",
            "place": "b",
            "set": "1",
            "contact": str(contact),
            "days": "45",
        },
    )

    assert answer.status_code == 303
    assert parse_qsl(urlsplit(answer.headers["Location"]).query) == [
        ("buy", f"100@{today()}"),
        ("b.late", f"{contact}:45"),
    ]
    assert "Hotel Astrid pays 45 days later" in client.get(answer.headers["Location"]).text


def test_the_form_reads_amounts_and_days_as_people_write_them(cast: Cast) -> None:
    customer(cast.anna)
    day = today() + timedelta(days=40)
    sent = {"add": "buy", "set": "1", "amount": "1.234,50", "percent": "", "on": filters.day(day)}

    answer = cast.anna.client().get(PAGE, query_string=sent)

    assert parse_qsl(urlsplit(answer.headers["Location"]).query) == [("buy", f"1234.5@{day}")]


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({"add": "late", "contact": "", "days": "30"}, "contact", "Fill this in."),
        ({"add": "late", "contact": "x", "days": "30"}, "contact", "Choose one from the list."),
        ({"add": "vat", "days": "soon"}, "days", "Write a whole number."),
        ({"add": "vat", "days": "400"}, "days", "from 1 to 365."),
        ({"add": "hire", "amount": "0", "on": "M"}, "amount", "Write an amount above zero."),
        ({"add": "hire", "amount": "2800", "on": "1999-01"}, "on", "Choose one from the list."),
        ({"add": "buy", "amount": "5", "on": "01/02/1999"}, "on", "This lies in the past"),
        ({"add": "price", "percent": "500", "on": "M"}, "percent", "from -90 to 200"),
    ],
    ids=["empty", "stranger", "word", "far", "zero", "old month", "old day", "price"],
)
def test_a_mistake_stands_at_its_field(
    cast: Cast, sent: dict[str, str], field: str, said: str
) -> None:
    customer(cast.anna)
    sent = {name: later() if value == "M" else value for name, value in sent.items()}

    answer = cast.anna.client().get(PAGE, query_string={**sent, "set": "1"})

    assert answer.status_code == 422
    wrong = html.document_fromstring(answer.text).get_element_by_id(f"f-{field}-error")
    assert said in wrong.text_content()


def test_a_change_can_be_changed_and_removed(cast: Cast) -> None:
    customer(cast.anna)
    client = cast.anna.client()
    query = {"vat": "30", "buy": f"100@{today()}"}

    page = html.document_fromstring(client.get(PAGE, query_string=query).text)
    edit, remove = (
        page.xpath(f"//a[starts-with(@aria-label, '{word}: VAT is paid')]/@href")[0]
        for word in ("Change", "Remove")
    )
    form = client.get(edit).text
    answer = client.get(f"{edit}&set=1&days=60")

    assert 'value="30"' in form
    assert parse_qsl(urlsplit(answer.headers["Location"]).query)[0] == ("vat", "60")
    assert parse_qsl(urlsplit(remove).query) == [("buy", f"100@{today()}")]


def test_a_scenario_is_kept_opened_renamed_and_deleted(cast: Cast) -> None:
    customer(cast.anna)
    client = cast.anna.client()
    query = f"vat=30&b.hire=2000@{later()}"

    answer = client.post(f"{PAGE}?{query}", data={"name": " Slow  winter ", "place": "b"})

    assert answer.status_code == 303
    assert "b.name=Slow+winter" in answer.headers["Location"]
    (row,) = kept(cast)
    assert (row.name, row.query) == ("Slow winter", f"hire=2000@{later()}")
    listed = client.get(PAGE).text
    assert "Slow winter" in listed
    assert "Hire for 2.000,00 gross a month" in listed

    client.post(f"{PAGE}/{row.id}/name", data={"name": "Mild winter"})
    assert [one.name for one in kept(cast)] == ["Mild winter"]

    client.post(f"{PAGE}/{row.id}/deletion")
    assert kept(cast) == []
    with books_of(cast.anna):
        told = db.session.scalars(select(AuditEvent.verb).order_by(AuditEvent.seq)).all()
    assert [one for one in told if one.startswith("scenario.")] == [
        "scenario.added",
        "scenario.changed",
        "scenario.removed",
    ]


def test_the_same_name_takes_the_place_of_the_old_one(cast: Cast) -> None:
    client = cast.anna.client()
    client.post(f"{PAGE}?vat=30", data={"name": "Winter", "place": "a"})

    client.post(f"{PAGE}?vat=60", data={"name": "winter", "place": "a"})

    assert [(one.name, one.query) for one in kept(cast)] == [("winter", "vat=60")]


@pytest.mark.parametrize(
    ("query", "name", "said"),
    [
        ("vat=30", " ", "Fill this in."),
        ("vat=30", "x" * 81, "At most 80 characters."),
        ("", "Winter", "add a change first"),
    ],
    ids=["no name", "long name", "no change"],
)
def test_what_can_not_be_kept_gets_a_sentence(cast: Cast, query: str, name: str, said: str) -> None:
    answer = cast.anna.client().post(f"{PAGE}?{query}", data={"name": name, "place": "a"})

    assert answer.status_code == 422
    assert said in answer.text
    assert kept(cast) == []


def test_two_can_not_have_one_name(cast: Cast) -> None:
    client = cast.anna.client()
    for name in ("Summer", "Winter"):
        client.post(f"{PAGE}?vat=30", data={"name": name, "place": "a"})

    client.post(f"{PAGE}/{kept(cast)[0].id}/name", data={"name": "WINTER"})

    assert "There is a scenario of this name already." in client.get(PAGE).text
    assert [one.name for one in kept(cast)] == ["Summer", "Winter"]


def test_what_was_kept_stands_beside_what_is_shown(cast: Cast) -> None:
    client = cast.anna.client()
    client.post(f"{PAGE}?vat=60", data={"name": "Winter", "place": "a"})

    page = html.document_fromstring(client.get(f"{PAGE}?vat=30").text)

    (beside,) = page.xpath("//a[contains(., 'Beside these')]/@href")
    assert urlsplit(beside).query == "vat=30&b.vat=60&b.name=Winter"


def test_who_only_reads_compares_and_keeps_nothing(cast: Cast) -> None:
    customer(cast.anna)
    client = cast.bram.client()

    assert "Save under a name" not in client.get(f"{PAGE}?vat=30").text
    assert client.post(f"{PAGE}?vat=30", data={"name": "x", "place": "a"}).status_code == 403


def test_strangers_and_unknown_ones_get_nothing(cast: Cast) -> None:
    assert cast.chloe.client().get(PAGE).status_code == 404
    assert cast.anna.client().post(f"{PAGE}/{uuid7()}/deletion").status_code == 404
    assert cast.anna.client().post(f"{PAGE}/{uuid7()}/name", data={"name": "x"}).status_code == 404


def test_a_month_that_has_passed_is_said_to_be_over(cast: Cast) -> None:
    customer(cast.anna)
    before = f"{date(today().year - 1, 1, 1):%Y-%m}"

    answer = cast.anna.client().get(PAGE, query_string={"hire": f"2000@{before}"})

    assert "This lies in the past" in answer.text


def test_the_comparison_asks_for_itself_when_a_new_forecast_is_there(cast: Cast) -> None:
    customer(cast.anna)
    client = cast.anna.client()

    root = html.document_fromstring(client.get(f"{PAGE}?vat=30&add=hire").text)

    part = root.get_element_by_id("scenario-results")
    assert part.get("hx-trigger").startswith("forecast-changed from:body")
    again = html.document_fromstring(client.get(part.get("hx-get")).text)
    assert again.get_element_by_id("scenario-results").get("hx-get") == f"{PAGE}?vat=30"
