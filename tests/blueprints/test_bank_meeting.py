"""The sheets for the bank: the same figures as Home, in any of the four languages."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pypdfium2
import pytest
from lxml import html

from billify.application import forecasts, tax_plans
from billify.domain.forecast.shapes import Flow, Reason, Source
from billify.domain.invoices import InvoiceDirection, InvoiceKind
from billify.domain.obligations import Every
from billify.web import filters
from billify.web.access import today
from tests import factories, made_forecast
from tests.cast import Cast
from tests.factories import books_of

PAGE = "/c/bakkerij-anna/bank-meeting"
SALE = InvoiceDirection.SALE


def books(cast: Cast) -> None:
    """An account, late and early invoices of two customers, a bill, and a forecast of them."""
    with books_of(cast.anna):
        factories.account(balance=Decimal("5000.00"), name="Zichtrekening")
        hotel = factories.contact("Hotel Astrid", is_customer=True)
        shop = factories.contact("Kruidenier Bos", is_customer=True)
        for of, gross, late in (
            (hotel, "900.00", -10),
            (hotel, "100.00", 30),
            (hotel, "50.00", 31),
            (shop, "70.00", 61),
            (shop, "30.00", 120),
        ):
            factories.invoice(
                of=of, gross=gross, direction=SALE, due_date=today() - timedelta(days=late)
            )
        factories.invoice(
            of=shop,
            gross="20.00",
            direction=SALE,
            kind=InvoiceKind.CREDIT_NOTE,
            due_date=today() - timedelta(days=200),
        )
        factories.invoice(gross="250.00", due_date=today() - timedelta(days=1))
        factories.invoice(gross="999.00", currency="USD")
        habit = Reason(
            "pays_late", (("days", 11), ("inside", 8), ("of", 9), ("low", 6), ("high", 16))
        )
        flows = [
            Flow(
                today() + timedelta(days=20),
                Decimal("900.00"),
                Source.SALE,
                "x",
                "Hotel Astrid",
                str(hotel.id),
                reason=habit,
            ),
            Flow(
                today() + timedelta(days=3), Decimal("-4500.00"), Source.PLANNED, "r", "Nieuwe oven"
            ),
            Flow(today() + timedelta(days=9), Decimal("-80.00"), Source.TAX, "vat 2026-Q4", "VAT"),
        ]
        made_forecast.store(made_forecast.forecast_of(flows, today=today()))


def rows(text: str, title: str) -> list[list[str]]:
    """The rows of the section under a heading."""
    section = html.document_fromstring(text).xpath(f"//section[h2='{title}']")[0]
    found = section.xpath(".//tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in found]


def test_open_amounts_stand_by_their_age(cast: Cast) -> None:
    books(cast)

    found = rows(cast.anna.client().get(PAGE).text, "Open amounts by age")

    assert found[0] == [
        "", "Not due", "1–30 days", "31–60 days", "61–90 days", "> 90 days", "In all",
    ]  # fmt: skip
    assert found[1] == [
        "To receive from customers", "880,00", "100,00", "50,00", "70,00", "30,00", "1.130,00",
    ]  # fmt: skip
    assert found[2] == ["To pay to suppliers", "0,00", "250,00", "0,00", "0,00", "0,00", "250,00"]


@pytest.mark.parametrize("tells", [True, False], ids=["half", "none"])
def test_vat_that_is_not_told_is_no_fact_for_the_bank(cast: Cast, tells: bool) -> None:
    """It is estimated from what invoices tell, or else said to be left out."""
    month = Every.MONTH
    with books_of(cast.anna):
        factories.account(balance=Decimal("5000.00"))
        vat = {"vat_amount": Decimal("210.00")} if tells else {}
        for more in ({"source": "yuki"}, vat):
            factories.invoice(gross="1210.00", direction=SALE, issue_date=today(), **more)
        tax_plans.set_periods(vat_every=month, withholding_every=month, by=cast.anna.actor)
        forecasts.make(today=today())

    text = cast.anna.client().get(PAGE).text

    assert ("VAT ahead is not known" in text) is not tells
    assert ("1 invoice of 1.210,00 tells no VAT; their VAT is estimated" in text) is tells


def test_the_figures_are_those_of_the_registry(cast: Cast) -> None:
    books(cast)
    client = cast.anna.client()

    text = client.get(PAGE).text

    for name, amount in (
        ("open_receivables", "1.130,00"),
        ("overdue_receivables", "250,00"),
        ("open_payables", "250,00"),
        ("cash_position", "5.000,00"),
    ):
        assert amount in client.get(f"/c/bakkerij-anna/figures/{name}").text
        assert amount in text


def test_thirteen_weeks_go_from_the_balance_to_the_end(cast: Cast) -> None:
    books(cast)

    weeks = rows(cast.anna.client().get(PAGE).text, "13 weeks")

    assert weeks[1][1] == "5.000,00"
    for before, after in pairwise(weeks[1:-1]):
        assert before[4] == after[1]
    assert weeks[-2][4] == "1.320,00"
    assert weeks[-1][2:5] == ["900,00", "4.580,00", "1.320,00"]


def test_the_largest_debtors_come_first_with_how_they_pay(cast: Cast) -> None:
    books(cast)

    debtors = rows(cast.anna.client().get(PAGE).text, "Largest debtors")

    assert debtors[1] == [
        "Hotel Astrid",
        "pays 11 days late on average; 8 of 9 between 6 and 16",
        "1.050,00",
        "150,00",
        "93 %",
    ]
    assert debtors[2][0] == "Kruidenier Bos"
    assert debtors[2][2:4] == ["80,00", "100,00"]


def test_what_it_is_made_of_and_rests_on_is_told(cast: Cast) -> None:
    books(cast)

    text = cast.anna.client().get(PAGE).text

    made = rows(text, "What the 13 weeks are made of")
    assert [row[0] for row in made[1:]] == ["Sale", "Tax", "Planned", "In all"]
    assert made[-1][1:] == ["900,00", "4.580,00", "−3.680,00"]
    assert rows(text, "Planned by hand")[1][0] == "Nieuwe oven"
    assert rows(text, "Taxes and social security")[1][3] == "−80,00"
    assert "Amounts in other currencies are not counted: USD." in text


@pytest.mark.parametrize(
    ("language", "word"),
    [("nl", "Rekening"), ("fr", "Compte"), ("en", "Account"), ("de", "Konto")],
    ids=["nl", "fr", "en", "de"],
)
def test_the_language_of_the_sheets_is_not_that_of_the_person(
    cast: Cast, language: str, word: str
) -> None:
    books(cast)

    answer = cast.anna.client().get(PAGE, query_string={"language": language})

    root = html.document_fromstring(answer.text)
    assert root.get("lang") == "en"
    (paper,) = root.xpath("//article")
    assert paper.get("lang") == language
    assert word in paper.text_content()
    assert root.xpath("//a[@aria-current='page' and contains(@href, 'bank-meeting')]/@href") == [
        f"{PAGE}?language={language}"
    ]


def test_an_unknown_language_is_the_persons_own(cast: Cast) -> None:
    answer = cast.anna.client().get(PAGE, query_string={"language": "xx"})

    assert answer.status_code == 200
    assert html.document_fromstring(answer.text).xpath("//article/@lang") == ["en"]


def test_a_company_without_anything_gets_an_honest_sheet(cast: Cast) -> None:
    text = cast.anna.client().get(PAGE).text

    assert "There is no forecast yet" in text
    assert "no account yet" in text
    assert "Largest debtors" not in text


def test_the_pdf_holds_the_same(cast: Cast) -> None:
    books(cast)

    answer = cast.anna.client().get(f"{PAGE}/pdf", query_string={"language": "en"})

    assert answer.mimetype == "application/pdf"
    assert f"{today()}-en.pdf" in answer.headers["Content-Disposition"]
    pages = pypdfium2.PdfDocument(answer.data)
    text = "".join(page.get_textpage().get_text_bounded() for page in pages)
    for words in ("Hotel Astrid", "1.130,00", "Nieuwe oven", filters.day(today())):
        assert words in text
    assert "1 / " in text


def test_text_of_others_is_no_markup_of_the_pdf(cast: Cast) -> None:
    with books_of(cast.anna):
        evil = factories.contact('#panic("x") <b>$_*', is_customer=True)
        factories.invoice(of=evil, direction=SALE)

    answer = cast.anna.client().get(f"{PAGE}/pdf")

    (page, *_more) = pypdfium2.PdfDocument(answer.data)
    text = page.get_textpage().get_text_bounded()
    assert '#panic("x") <b>$_*' in text.replace("“", '"').replace("”", '"')


def test_strangers_get_nothing(cast: Cast) -> None:
    assert cast.chloe.client().get(PAGE).status_code == 404
    assert cast.chloe.client().get(f"{PAGE}/pdf").status_code == 404
