"""The chart read by keyboard, an invoice dragged to another day, and all of it without script."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from billify.application import forecasts
from billify.data.models import Invoice
from billify.domain.cash_flow import week_start
from billify.domain.invoices import InvoiceDirection
from billify.web.access import today
from tests import factories
from tests.journeys.conftest import Window
from tests.journeys.people import House
from tests.journeys.soundness import NARROW, too_wide, violations

WORKED_OUT_SECONDS = 30
CHART = "#cash-ahead .chart__plot--wide"


@pytest.fixture
def sale(house: House) -> Invoice:
    """Ten thousand in the bank, and a customer who pays next month, of whom a person is sure."""
    with house.scope():
        factories.account(balance=Decimal("10000.00"))
        customer = factories.contact("Kaasboer Peeters BV", is_customer=True)
        invoice = factories.invoice(
            of=customer,
            gross="2428.33",
            direction=InvoiceDirection.SALE,
            expected_on=week_start(today()) + timedelta(days=16),
        )
        factories.invoice(gross="1210.00", expected_on=week_start(today()) + timedelta(days=9))
        forecasts.make(today=today())
    return invoice


def opened(page: Page, house: House, where: str = "") -> Page:
    page.goto(f"{house.home}{where}")
    return page


def test_the_days_of_the_chart_are_read_with_the_arrow_keys(
    window: Window, house: House, sale: Invoice
) -> None:
    page = opened(window(house.anna), house)
    days = (sale.expected_on or today()) - today()
    card = page.locator("#cash-ahead-card")

    page.locator(f"{CHART} .chart__col[tabindex='0'], {CHART} .chart__col:not([tabindex])").focus()
    for _ in range(days.days):
        page.keyboard.press("ArrowRight")
    expect(card).to_contain_text("Kaasboer Peeters BV")
    expect(card).to_contain_text("11.218,33")
    assert violations(page) == []

    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.keyboard.press("Home")
    expect(card).to_contain_text(f"{today():%d/%m/%Y}")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"cash-flow/days/{today().isoformat()}"))


def test_a_day_under_the_pointer_tells_its_rows(
    window: Window, house: House, sale: Invoice
) -> None:
    page = opened(window(house.anna), house)
    on = sale.expected_on

    page.locator(f"{CHART} .chart__col[href$='{on}'] rect").hover()
    expect(page.locator("#cash-ahead-card")).to_contain_text("2.428,33")
    page.mouse.move(2, 2)
    expect(page.locator("#cash-ahead-card")).to_be_hidden()


def test_an_invoice_is_dragged_to_the_day_it_is_expected(
    window: Window, house: House, sale: Invoice
) -> None:
    on = sale.expected_on or today()
    other = on + timedelta(days=1 if on.weekday() == 0 else -1)
    page = opened(window(house.anna), house, f"cash-flow/calendar?month={on:%Y-%m}")
    cell = page.locator(f"[data-day='{other}']")

    page.locator(".cell__row", has_text="Kaasboer").drag_to(cell)
    expect(cell).to_contain_text("Kaasboer")
    expect(cell.locator(".is-moving")).to_have_count(0, timeout=WORKED_OUT_SECONDS * 1000)
    page.reload()
    expect(cell).to_contain_text("2.428,33")
    expect(cell.get_by_role("img", name="Set by hand")).to_be_visible()


def test_without_script_a_day_is_said_and_taken_back(
    window: Window, house: House, sale: Invoice
) -> None:
    page = opened(window(house.anna, java_script_enabled=False), house, "cash-flow")
    row = page.locator("tr", has_text="Kaasboer")

    if not row.is_visible():
        page.locator("details", has=row).locator("summary").click()
    expect(row).to_contain_text("Set by hand")
    row.get_by_role("link", name="Expect it on another day").click()
    page.get_by_label("Expected on").fill("31/02/2027")
    page.get_by_role("button", name="Expect it on this day").click()
    expect(page.get_by_text("does not exist")).to_be_visible()
    page.get_by_role("button", name="Take the day back").click()
    expect(page).to_have_url(re.compile("/cash-flow$"))


@pytest.mark.parametrize("where", ["", "?view=months", "cash-flow", "cash-flow/calendar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_sound_on_a_phone_and_in_the_dark(
    window: Window, house: House, sale: Invoice, where: str, scheme: str
) -> None:
    page = opened(window(house.anna, width=NARROW, color_scheme=scheme), house, where)

    assert violations(page) == []
    assert too_wide(page) == []
