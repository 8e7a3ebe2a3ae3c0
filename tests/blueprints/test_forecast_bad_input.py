"""What nobody should ask of or send to the pages of the forecast: an answer, never a 500."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from billify.application import forecasts
from billify.data import tenancy
from billify.data.db import db
from billify.domain.invoices import InvoiceDirection
from billify.web.access import today
from tests import factories
from tests.cast import Cast
from tests.factories import books_of

ROOT = "/c/bakkerij-anna"
SALE = "<sale>"
FIRST, LAST = "0001-01-01", "9999-12-31"


@pytest.fixture
def sale_and_browser(cast: Cast) -> Iterator[tuple[str, FlaskClient]]:
    with books_of(cast.anna):
        factories.account(balance=Decimal("10000.00"))
        sale = factories.invoice(
            of=factories.contact("<b>Naam</b>", is_customer=True),
            gross="2428.33",
            direction=InvoiceDirection.SALE,
            due_date=today() + timedelta(days=10),
        )
        forecasts.make(today=today())
    tenancy.leave()
    yield str(sale.id), cast.anna.client()
    tenancy.leave()


ANSWERED = (
    f"/cash-flow?week={FIRST}",
    "/cash-flow?month=0001-01",
    "/cash-flow?month=2026-13",
    f"/cash-flow/days/{FIRST}",
    "/cash-flow/calendar?month=9999-12",
    "/cash-flow/calendar?month=0001-01",
    f"/track-record?said={LAST}",
    f"/track-record?said={FIRST}",
    f"/figures/money_in?since={FIRST}&until={LAST}",
    f"/figures/expected_balance?until={LAST}",
    "/cash-flow/budget?year=9999",
    "/cash-flow/budget?year=99999999999999999999",
    "/cash-flow/budget?year=2026&month=999999999999",
    "/cash-flow/plans/planned?after=9999-12-31_x",
    "/cash-flow/plans/recurring?key=%00",
    "/cash-flow/plans/taxes/change?ref=vat%00",
    "/scenarios?hire=NaN@2027-01&hire=1e400@2027-01&buy=1:1@9999-12-31&loan=::@&vat=-1",
    "/scenarios?late=x:30&lose=%00@2027-01&price=9999999999@0000-00",
    "/scenarios?add=hire&set=1&amount=1e400&on=9999-12&place=z&at=99",
)
AT_THE_END = (
    f"/cash-flow?week={LAST}",
    "/cash-flow?month=9999-12",
    f"/cash-flow/days/{LAST}",
    f"/figures/position_change?since={LAST}",
    f"/figures/category_actual?category=rent&since={LAST}",
    "/figures/vat_of_period?ref=vat+9999-12",
    "/figures/vat_of_period?ref=vat+9999-Q4",
    "/figures/vat_of_period?ref=vat+99999999999999999999-01",
    "/figures/vat_of_period?ref=vat+2026-Q99999999999999999999",
    "/cash-flow?week=9999-12-20",
    "/cash-flow?week=2090-01-02",
    "/cash-flow?month=2090-01",
    "/cash-flow/days/2090-01-01",
    "/cash-flow/calendar?month=2090-01",
    "/figures/expected_balance?until=2090-01-01",
    "/figures/expected_balance?until=2020-01-01",
)
"""Days from which no page can reckon on, and days of which the forecast says nothing."""


@pytest.mark.parametrize("where", [*ANSWERED, *AT_THE_END])
def test_an_address_that_nobody_wrote_is_answered(
    where: str, sale_and_browser: tuple[str, FlaskClient]
) -> None:
    _, browser = sale_and_browser

    for headers in ({}, {"HX-Request": "true", "HX-Request-Type": "partial"}):
        answer = browser.get(ROOT + where, headers=headers)
        tenancy.leave()
        assert answer.status_code < 500
        assert answer.status_code == 404 or where not in AT_THE_END


BAD = ("NaN", "1e400", "9" * 400, "a\0b", LAST, "-999999999999,99", "<script>", "x" * 5000)
PLAN = {"name": "x", "way": "out", "amount": "1,00", "rhythm": "monthly", "day": "01/12/2026"}
FORMS = {
    f"/cash-flow/invoices/{SALE}": {"on": "01/12/2026", "from": "weeks"},
    f"/cash-flow/invoices/{SALE}/dispute": {"do": "x"},
    "/cash-flow/plans/planned/new": PLAN | {"until": "", "category": ""},
    "/cash-flow/plans/recurring/decision": {"do": "take_back", "key": "x"},
    "/cash-flow/plans/taxes/decision": {"do": "take_back", "ref": "vat 2026-Q4"},
    "/cash-flow/plans/taxes/periods": {"vat_period": "month", "withholding_period": "none"},
    "/cash-flow/budget/edit": {"do": "save", "seen": "", "m-rent-1": "1,00"},
    "/cash-flow/budget/edit?year=2026": {"m-x-1": "1,00", "m--": "1", "m-rent-13": "1"},
    "/cash-flow/budget/exports": {"format": "csv"},
    "/scenarios?hire=2800@2027-01": {"name": "A", "place": "a"},
    "/scenarios/01a1fd05-f7f7-7ef7-b711-65bc802bf8bd/name": {"name": "A"},
}


@pytest.mark.parametrize("where", FORMS, ids=lambda where: where.split("?")[0][:40])
def test_a_form_that_nobody_filled_in_is_answered(
    where: str, sale_and_browser: tuple[str, FlaskClient]
) -> None:
    sale, browser = sale_and_browser

    for name in FORMS[where]:
        for value in BAD:
            data = FORMS[where] | {name: value}
            answer = browser.post(ROOT + where.replace(SALE, sale), data=data)
            tenancy.leave()
            db.session.expire_all()
            assert answer.status_code < 500, (name, value[:40])
