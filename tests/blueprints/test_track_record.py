"""The track record on screen: what was said weeks ago, against the balances that came."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from lxml import html

from billify.data.db import transaction
from billify.data.models import CashFlowPosition
from billify.data.queries import forecast as queries
from billify.web import filters
from billify.web.access import today
from tests import factories
from tests.cast import Cast
from tests.factories import books_of

PAGE = "/c/bakkerij-anna/track-record"


def said(
    weeks_ago: int, balance: str, width: str = "100.00", *, made_afterwards: bool = False
) -> date:
    """A forecast of some weeks ago: that the balance stays as it is. In the scope's company."""
    day = today() - timedelta(weeks=weeks_ago)
    amount, reach = Decimal(balance), Decimal(width)
    with transaction():
        queries.store_snapshot(
            made_on=day,
            balance=amount,
            days=[[str(amount), str(amount - reach), str(amount + reach)]] * 91,
            made_afterwards=made_afterwards,
        )
    return day


def held(cast: Cast, balance: str) -> None:
    """An account that held the same all the time."""
    account = factories.account(balance=Decimal(balance))
    day = today() - timedelta(days=200)
    with transaction() as session:
        session.add(CashFlowPosition(account_id=account.id, day=day, balance=Decimal(balance)))
        session.flush()


def scores(text: str) -> list[list[str]]:
    rows = html.document_fromstring(text).xpath("//table[@id='scores']/tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("./td")] for row in rows]


def test_at_first_nothing_is_kept(cast: Cast) -> None:
    answer = cast.anna.client().get(PAGE)

    assert answer.status_code == 200
    assert "Nothing kept yet" in answer.text


def test_who_began_yesterday_is_told_that_it_is_too_early(cast: Cast) -> None:
    with books_of(cast.anna):
        held(cast, "1000.00")
        said(0, "1000.00")

    text = cast.anna.client().get(PAGE).text

    assert "There are too few days yet to judge the forecast by." in text
    assert [row[1:] for row in scores(text)] == [["0", "None is that old yet."]] * 4
    assert f"Kept since {filters.day(today())}: 1 forecast." in text


def test_forecasts_are_judged_by_what_the_accounts_held(cast: Cast) -> None:
    with books_of(cast.anna):
        held(cast, "1000.00")
        for weeks in range(5, 15):
            said(weeks, "1250.00" if weeks >= 13 else "950.00")

    text = cast.anna.client().get(PAGE).text

    first, fourth, eighth, last = scores(text)
    assert first[1:] == ["10", "90,00", "–", "10,00", "90,00", "56 / 70 (80 %)"]
    assert fourth[1] == "10"
    assert eighth[1] == "7"
    assert last == ["13 weeks", "2 (few)", "250,00", "–", "250,00", "250,00", "0 / 14 (0 %)"]
    assert "lay within the band" in text


def test_one_forecast_is_shown_day_by_day(cast: Cast) -> None:
    with books_of(cast.anna):
        held(cast, "1000.00")
        day = said(6, "1075.00")
        said(13, "1000.00")

    page = cast.anna.client().get(PAGE, query_string={"said": filters.day(day)})
    root = html.document_fromstring(page.text)

    assert f"Said on {filters.day(day)}" in page.text
    assert "Of 42 days that are over, 42 lay within the band" in page.text
    assert "on average the forecast was 75,00 off" in page.text
    assert root.xpath("//select[@name='said']/option[@selected]/@value") == [str(day)]
    ends = root.xpath("//figure[@id='track']//tbody/tr")
    assert len(ends) == 13
    assert " ".join(ends[0].text_content().split()) == (
        f"{filters.day(day + timedelta(days=6))} 1.075,00 975,00 1.175,00 1.000,00 75,00"
    )
    assert ends[12].text_content().split()[-1] == "–"


def test_what_was_said_of_yesterday_stands_by_weeks(cast: Cast) -> None:
    with books_of(cast.anna):
        held(cast, "1000.00")
        said(4, "1050.00")
        said(8, "1500.00")

    text = cast.anna.client().get(PAGE).text

    assert "4 weeks before" in text
    assert "8 weeks before" in text
    assert "13 weeks before" not in text
    assert text.count("Outside") == 1


@pytest.mark.parametrize(
    ("asked", "said_"),
    [
        ("soon", "Write the date as dd/mm/yyyy."),
        ("31/02/2026", "does not exist"),
        ("01/01/2001", "No forecast of this day was kept."),
    ],
    ids=["word", "no day", "unknown"],
)
def test_a_day_that_is_none_gets_a_sentence(cast: Cast, asked: str, said_: str) -> None:
    with books_of(cast.anna):
        held(cast, "1000.00")
        said(4, "1050.00")

    answer = cast.anna.client().get(PAGE, query_string={"said": asked})

    assert answer.status_code == 200
    assert (
        said_
        in html.document_fromstring(answer.text).get_element_by_id("f-said-error").text_content()
    )


def test_forecasts_of_another_company_stay_there(cast: Cast) -> None:
    with books_of(cast.chloe):
        said(4, "1050.00")

    assert "Nothing kept yet" in cast.anna.client().get(PAGE).text
    assert cast.chloe.client().get(PAGE).status_code == 404


def test_one_made_afterwards_is_told_apart(cast: Cast) -> None:
    with books_of(cast.anna):
        held(cast, "1000.00")
        said(5, "1050.00", made_afterwards=True)
        said(4, "1050.00")

    text = " ".join(cast.anna.client().get(PAGE).text.split())

    assert ": 2 forecasts. 1 of them was made later" in text


def test_where_saying_nothing_was_closer_is_told(cast: Cast) -> None:
    with books_of(cast.anna):
        held(cast, "1000.00")
        for weeks in range(5, 10):
            day = today() - timedelta(weeks=weeks)
            with transaction():
                queries.store_snapshot(
                    made_on=day,
                    balance=Decimal("1000.00"),
                    days=[["1000.00", "900.00", "1100.00"]] * 21
                    + [["1500.00", "900.00", "1600.00"]] * 70,
                    made_afterwards=False,
                )

    text = cast.anna.client().get(PAGE).text

    assert "At 4 weeks ahead it was further off" in text
