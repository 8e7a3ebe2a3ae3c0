"""In the first minute of a day the stored forecast is of the day before: its pages still agree."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from lxml import html

from billify.data import tenancy
from billify.domain.forecast.shapes import Flow, Source
from billify.web.access import today
from tests import factories, made_forecast
from tests.cast import Cast
from tests.factories import books_of

ROOT = "/c/bakkerij-anna"
TOLD = {"30,00", "700,00", "730,00"}


@pytest.fixture
def browser(cast: Cast) -> Iterator[FlaskClient]:
    before, day = today() - timedelta(days=1), today()
    flows = [
        Flow(before, Decimal("-700.00"), Source.PLANNED, "a", "of yesterday"),
        Flow(day, Decimal("-30.00"), Source.PLANNED, "b", "of today"),
    ]
    with books_of(cast.anna):
        factories.account(balance=Decimal("5000.00"))
        made_forecast.store(made_forecast.forecast_of(flows, today=before))
    tenancy.leave()
    yield cast.anna.client()
    tenancy.leave()


def goes_out(browser: FlaskClient, where: str) -> set[str]:
    """The amounts of this week that a page tells."""
    text = html.document_fromstring(browser.get(ROOT + where).text).text_content()
    tenancy.leave()
    return TOLD & set(re.findall(r"\d{1,3}(?:\.\d{3})*,\d\d", text))


def test_what_was_expected_yesterday_counts_today_on_every_page(browser: FlaskClient) -> None:
    day = today()
    sunday = day + timedelta(days=6 - day.weekday())

    week = goes_out(browser, f"/cash-flow?week={day}")
    home = goes_out(browser, "/")
    figure = goes_out(browser, f"/figures/money_out?since={day}&until={sunday}")

    page = goes_out(browser, f"/cash-flow/days/{day}")
    bank = goes_out(browser, "/bank-meeting")
    calendar = goes_out(browser, "/cash-flow/calendar")

    assert "730,00" in week
    assert "730,00" in page
    assert "730,00" in bank
    assert {"30,00", "700,00"} <= calendar
    assert "730,00" in home
    assert "730,00" in figure


def test_it_is_still_marked_as_of_yesterday(browser: FlaskClient) -> None:
    before = today() - timedelta(days=1)

    assert f"This forecast is of {before:%d/%m/%Y}" in browser.get(f"{ROOT}/cash-flow").text


def test_a_scenario_beside_it_reaches_as_far(browser: FlaskClient) -> None:
    month = (today().replace(day=1) + timedelta(days=70)).strftime("%Y-%m")

    assert browser.get(f"{ROOT}/scenarios?hire=2800@{month}").status_code == 200
