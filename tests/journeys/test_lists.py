"""A list under the fingers: keys, filters that are addresses, more rows, many at once."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from billify.domain.invoices import InvoiceStatus
from tests import factories
from tests.journeys.conftest import Window
from tests.journeys.papers import TODAY
from tests.journeys.people import House

MANY = 60
PAGE = 50


@pytest.fixture
def filled(house: House) -> House:
    """Sixty open invoices, and three on top that wait."""
    with house.scope():
        flour = factories.contact("Molens van Deinze NV")
        for _time in range(MANY):
            factories.invoice(of=flour)
        for name, gross in (("Gist BV", "50.00"), ("Dozen NV", "60.00"), ("Melk CV", "70.00")):
            factories.invoice(
                of=factories.contact(name),
                gross=gross,
                status=InvoiceStatus.TO_APPROVE,
                issue_date=TODAY,
                open_amount=Decimal("0.00"),
            )
    return house


def test_invoices_are_marked_and_approved_from_the_keyboard(window: Window, filled: House) -> None:
    page = window(filled.anna)
    page.goto(f"{filled.home}purchases?view=to_approve")
    rows = page.locator("#rows tr")
    expect(rows).to_have_count(3)

    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator(".bulk [data-count]")).to_have_text("2")
    page.get_by_role("button", name="Approve").click()

    expect(rows).to_have_count(1)
    expect(page.locator("#toasts")).to_contain_text("2 invoices")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/invoices/[0-9a-f-]{36}$"))


def test_keys_of_a_single_letter_can_be_turned_off(window: Window, filled: House) -> None:
    page = window(filled.anna)
    page.goto(f"{filled.home}purchases")
    page.get_by_role("button", name="Anna").click()
    page.get_by_role("button", name="Single-letter keys").click()
    page.reload()

    page.keyboard.press("j")
    page.keyboard.press("/")

    expect(page.locator(".is-current")).to_have_count(0)
    expect(page.locator("[data-search]")).not_to_be_focused()
    page.get_by_role("button", name="Anna").click()
    page.get_by_role("button", name="Single-letter keys").click()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator(".is-current")).to_have_count(1)


def test_typing_narrows_the_list_and_its_address_and_back_undoes_it(
    window: Window, filled: House
) -> None:
    page = window(filled.anna)
    page.goto(f"{filled.home}purchases")
    rows = page.locator("#rows tr")
    expect(rows).to_have_count(PAGE)

    page.keyboard.press("/")
    page.keyboard.type("melk", delay=20)

    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/purchases\?q=melk$"))
    expect(page.locator("[data-search]")).to_be_focused()
    page.reload()
    expect(rows).to_have_count(1)
    page.get_by_role("link", name="Melk CV").click()
    page.go_back()
    expect(rows).to_have_count(1)
    page.go_back()
    expect(rows).to_have_count(PAGE)
    expect(page.locator("[data-search]")).to_have_value("")


def test_more_adds_rows_below_and_keeps_those_above(window: Window, filled: House) -> None:
    page = window(filled.anna)
    page.goto(f"{filled.home}purchases")
    rows = page.locator("#rows tr")
    first = rows.first.get_attribute("id")

    page.get_by_role("link", name="Show more").click()

    expect(rows).to_have_count(MANY + 3)
    assert rows.first.get_attribute("id") == first
    assert len(set(ids(page))) == MANY + 3
    expect(page.get_by_role("link", name="Show more")).to_have_count(0)


def ids(page: Page) -> list[str]:
    found: list[str] = page.locator("#rows tr").evaluate_all("rows => rows.map(row => row.id)")
    return found
