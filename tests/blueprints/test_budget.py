"""The budget on screen: seen by month and by year, typed as a table, filled, exported."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from billify.application import bank_rules, budgets
from billify.application.budgets import Wanted, Way
from billify.data.db import db
from billify.data.models import AuditEvent, Budget, Category, Company
from billify.web.access import today
from tests import factories
from tests.blueprints.test_access_table import unpacked
from tests.cast import Cast
from tests.factories import books_of

BUDGET = "/c/bakkerij-anna/cash-flow/budget"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def key(cast: Cast, code: str) -> str:
    with books_of(cast.anna):
        found = next(one for one in bank_rules.ensure_categories() if one.code == code)
        return str(found.id)


def kept(cast: Cast) -> list[tuple[date, Decimal]]:
    with books_of(cast.anna):
        db.session.expire_all()
        rows = db.session.scalars(select(Budget).order_by(Budget.month, Budget.amount))
        return [(one.month, one.amount) for one in rows]


def planned(cast: Cast, code: str = "rent", amount: str = "100.00", year: int = 2026) -> None:
    """The same amount for each month."""
    with books_of(cast.anna):
        way = Way.IN if code == "cards" else Way.OUT
        budgets.save(
            year=year,
            wanted=[Wanted(key(cast, code), way, (Decimal(amount),) * 12)],
            seen=budgets.year_of(year=year, currency="EUR").version,
            by=cast.anna.actor,
        )


def moved(cast: Cast, amount: str, day: date, code: str = "rent") -> None:
    category_id = key(cast, code)
    with books_of(cast.anna):
        account = factories.account(iban=None)
        factories.movement(on=account, amount=amount, booked_on=day, category_id=category_id)


def version(cast: Cast, year: int = 2026) -> str:
    with books_of(cast.anna):
        return budgets.year_of(year=year, currency="EUR").version


def post(cast: Cast, do: str = "save", *, year: int = 2026, **more: Any) -> TestResponse:
    """What a person typed into the table: `rent_1="100"` for January."""
    headers = more.pop("headers", None)
    data = {"do": do, "seen": more.pop("seen", version(cast, year))}
    for name, text in more.items():
        code, _, month = name.rpartition("_")
        data[f"way-{code}" if month == "way" else f"m-{code}-{month}"] = text
    address = f"{BUDGET}/edit?year={year}"
    return cast.anna.client().post(address, data=data, headers=headers)


def values(answer: TestResponse, code: str) -> list[str]:
    """What stands in a row of the table."""
    page = html.document_fromstring(answer.text)
    return [page.xpath(f"//input[@name='m-{code}-{month}']/@value")[0] for month in range(1, 13)]


def cells(text: str, name: str) -> list[str]:
    page = html.document_fromstring(text)
    (row,) = page.xpath(f"//div[@id='budget']//tr[th='{name}']")
    return [" ".join(cell.text_content().split()) for cell in row.xpath("td")]


def test_without_a_budget_the_page_offers_to_make_one(cast: Cast) -> None:
    text = cast.anna.client().get(f"{BUDGET}?year=2025").text

    assert "No budget for 2025 yet" in text
    assert f"{BUDGET}/edit?year=2025" in text


def test_a_month_stands_beside_the_months_so_far(cast: Cast) -> None:
    planned(cast)
    moved(cast, "-120.00", date(2026, 2, 3))
    moved(cast, "-50.00", date(2026, 1, 3))

    text = cast.bram.client().get(f"{BUDGET}?year=2026&month=2").text

    shown = cells(text, "Rent and common charges")
    assert [one.replace("\N{MINUS SIGN}", "-") for one in shown] == [
        "100,00", "120,00", "-20,00", "200,00", "170,00", "30,00",
    ]  # fmt: skip
    assert "more than the budget" in text
    assert "/figures/category_actual?since=2026-02-01&amp;until=2026-02-28&amp;category=" in text
    assert "January until February" in text


def test_the_whole_year_and_all_months_have_views(cast: Cast) -> None:
    planned(cast)
    planned(cast, "cards", "300.00")
    moved(cast, "-50.00", date(2026, 3, 3))
    moved(cast, "-7.50", date(2026, 3, 4), "energy")
    client = cast.bram.client()

    year = client.get(f"{BUDGET}?year=2026&month=year").text
    months = client.get(f"{BUDGET}?year=2026&month=months").text

    assert cells(year, "Rent and common charges")[:2] == ["1.200,00", "50,00"]
    assert cells(year, "In less out")[0] == "2.400,00"
    assert cells(year, "Energy and water")[1] == "7,50"
    assert cells(months, "Rent and common charges")[2] == "50,00100,00"
    assert len(cells(months, "All that moved on the accounts")) == 13


def test_by_itself_the_page_shows_the_running_month(cast: Cast) -> None:
    planned(cast, year=today().year)

    page = html.document_fromstring(cast.anna.client().get(BUDGET).text)

    (current,) = page.xpath("//nav[@aria-label='Months']//a[@aria-current]/@href")
    assert current.endswith(f"year={today().year}&month={today().month}")


@pytest.mark.parametrize(
    "asked",
    ["year=1969", "year=2100", "year=x", "year=-1", "year=99999", "month=0", "month=13", "month=x"],
)
def test_a_month_or_year_that_there_is_not_is_not_found(cast: Cast, asked: str) -> None:
    assert cast.anna.client().get(f"{BUDGET}?{asked}").status_code == 404


@pytest.mark.parametrize("year", [1970, 2099])
def test_the_first_and_the_last_year_are_shown(cast: Cast, year: int) -> None:
    client = cast.anna.client()

    for view in ("year", "months", "12"):
        assert client.get(f"{BUDGET}?year={year}&month={view}").status_code == 200
    assert post(cast, "before:", year=year, rent_1="1").status_code == 200


def test_a_table_is_typed_and_kept(cast: Cast) -> None:
    answer = post(cast, rent_1="1.234,56", rent_12="-80", rent_way="out", sales_3="90 000,00",
                  sales_way="in")  # fmt: skip

    assert answer.status_code == 303
    assert kept(cast) == [
        (date(2026, 1, 1), Decimal("-1234.56")),
        (date(2026, 3, 1), Decimal("90000.00")),
        (date(2026, 12, 1), Decimal("-80.00")),
    ]
    opened = cast.anna.client().get(f"{BUDGET}/edit?year=2026")
    assert values(opened, key(cast, "rent"))[0] == "1.234,56"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("abc", "is not an amount"),
        ("1e30", "is not an amount"),
        ("9" * 40, "is too large an amount"),
        ("1,234", "can be read in two ways"),
        ("1,2345", "too many decimals"),
    ],
)
def test_a_bad_amount_gets_a_sentence_and_what_was_typed_stays(
    cast: Cast, text: str, said: str
) -> None:
    answer = post(cast, rent_1="100", rent_3=text)

    assert answer.status_code == 422
    assert "Rent and common charges, March:" in answer.text
    assert said in answer.text
    assert values(answer, "rent")[:3] == ["100", "", text]
    page = html.document_fromstring(answer.text)
    assert page.xpath("//input[@aria-invalid]/@name") == ["m-rent-3"]
    assert kept(cast) == []


def test_rows_are_filled_before_they_are_saved(cast: Cast) -> None:
    moved(cast, "-75.00", date(2025, 4, 1))
    rent, energy = key(cast, "rent"), key(cast, "energy")

    same = post(cast, f"same:{rent}", **{f"{rent}_2": "40", f"{energy}_1": "9"})
    before = post(cast, "before:", **{f"{rent}_2": "40", f"{energy}_1": "9"}, headers=HTMX)
    empty = post(cast, f"empty:{energy}", **{f"{rent}_2": "40", f"{energy}_1": "9"})

    assert values(same, rent) == ["40"] * 12
    assert values(same, energy)[0] == "9"
    assert values(before, rent) == ["", "", "", "75,00", *[""] * 8]
    assert values(before, energy)[0] == "9"
    assert "<html" not in before.text
    assert values(empty, energy) == [""] * 12
    assert "Nothing is saved yet." in same.text
    assert kept(cast) == []


def test_strange_rows_and_buttons_are_not_found(cast: Cast) -> None:
    with books_of(cast.chloe):
        theirs = str(bank_rules.ensure_categories()[0].id)

    for answer in (
        post(cast, **{f"{theirs}_1": "5"}),
        post(cast, casino_1="5"),
        post(cast, "explode", rent_1="5"),
    ):
        assert answer.status_code == 404
    assert kept(cast) == []


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(cast: Cast) -> None:
    seen = version(cast)
    planned(cast)

    answer = post(cast, seen=seen, rent_1="5")

    assert answer.status_code == 409
    assert "Somebody changed this" in answer.text
    assert kept(cast)[0] == (date(2026, 1, 1), Decimal("-100.00"))


def test_a_category_no_longer_offered_stands_only_where_it_has_something(cast: Cast) -> None:
    planned(cast)
    with books_of(cast.anna):
        for one in db.session.scalars(select(Category)):
            one.is_active = False
        db.session.commit()

    form = cast.anna.client().get(f"{BUDGET}/edit?year=2026").text

    page = html.document_fromstring(form)
    assert page.xpath("//th[@class='budget__name']/text()") == ["Rent and common charges"]


def test_the_forecast_counts_what_is_left_when_it_is_asked_to(cast: Cast) -> None:
    planned(cast, year=today().year)
    client = cast.anna.client()

    assert client.post(f"{BUDGET}/counting", data={"counts": "1"}).status_code == 303
    assert "What is left of the budget counts" in cast.bram.client().get(BUDGET).text
    client.post(f"{BUDGET}/counting", data={"counts": "0"})

    with books_of(cast.anna):
        db.session.expire_all()
        assert not db.session.scalars(select(Company)).one().counts_budget


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_budget_is_exported_with_an_audit(cast: Cast, kind: str) -> None:
    with books_of(cast.anna):
        bank_rules.ensure_categories()
        row = db.session.scalars(select(Category).where(Category.code == "rent")).one()
        row.name = '=HYPERLINK("http://evil.example")'
        db.session.commit()
    planned(cast)
    moved(cast, "-120.00", date(2026, 2, 3))

    answer = cast.anna.client().post(f"{BUDGET}/exports?year=2026", data={"format": kind})

    assert answer.status_code == 200
    assert f"budget-bakkerij-anna-2026.{kind}" in answer.headers["Content-Disposition"]
    text = unpacked(answer.data)
    assert "<f>" not in text
    if kind == "csv":
        assert "Money out;01/02/2026;100,00;120,00;-20,00" in text
        assert "'=HYPERLINK" in text
    with books_of(cast.anna):
        verbs = list(db.session.scalars(select(AuditEvent.verb).order_by(AuditEvent.seq)))
    assert verbs[-1] == "budget.exported"


def test_a_strange_format_is_refused(cast: Cast) -> None:
    answer = cast.anna.client().post(f"{BUDGET}/exports", data={"format": "exe"})

    assert answer.status_code == 422


def test_who_may_only_read_sees_but_does_not_change(cast: Cast) -> None:
    planned(cast, year=today().year)
    client = cast.bram.client()

    text = client.get(BUDGET).text

    assert "Change the budget" not in text
    assert client.get(f"{BUDGET}/edit").status_code == 403
    for address in ("edit", "counting", "exports"):
        assert client.post(f"{BUDGET}/{address}", data={}).status_code == 403
    assert cast.chloe.client().get(BUDGET).status_code == 404
