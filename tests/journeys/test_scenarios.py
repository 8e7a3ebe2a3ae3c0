"""Scenarios from the first click to a shared address, with and without script; the sheets for the
bank."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from billify.domain.forecast.scenarios import month_after
from billify.domain.forecast.shapes import Flow, Source
from billify.web import filters
from billify.web.access import today
from tests import factories, made_forecast
from tests.journeys.conftest import Window
from tests.journeys.people import House
from tests.journeys.steps import WITH_AND_WITHOUT_SCRIPT


def expected(house: House) -> None:
    """A customer that owes 900 in ten days, and 5.000 in the bank."""
    with house.scope():
        contact = factories.contact("Hotel Astrid", is_customer=True)
        flow = Flow(
            today() + timedelta(days=10),
            Decimal("900.00"),
            Source.SALE,
            "0198c0de-0000-7000-8000-000000000001",
            contact.name,
            str(contact.id),
        )
        made_forecast.store(made_forecast.forecast_of([flow], today=today()))


def row(page: Page, letter: str) -> str:
    return page.locator("#compared tbody tr").filter(has_text=f"{letter} Scenario").inner_text()


@pytest.mark.parametrize("has_script", WITH_AND_WITHOUT_SCRIPT)
def test_scenarios_are_made_compared_shared_and_kept(
    has_script: bool, window: Window, house: House
) -> None:
    expected(house)
    page = window(house.anna, java_script_enabled=has_script)
    page.goto(f"{house.home}scenarios")

    # A first change, with a mistake on the way.
    page.get_by_role("link", name="A customer pays later").click()
    page.get_by_label("Customer", exact=True).select_option(label="Hotel Astrid")
    page.get_by_label("Days later", exact=True).fill("many")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("Write a whole number.")).to_be_visible()
    page.get_by_label("Days later", exact=True).fill("120")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("Hotel Astrid pays 120 days later")).to_be_visible()
    expect(page.locator("#compared tbody tr")).to_have_count(2)
    assert "−900,00" in row(page, "A")

    # Another one joins it.
    page.get_by_role("button", name="Add a change").click()
    page.get_by_role("link", name="Buy something").click()
    page.get_by_label("Price without VAT").fill("4.600")
    page.get_by_label("VAT in percent").fill("")
    page.get_by_label("Paid on").fill(filters.day(today() + timedelta(days=20)))
    page.get_by_role("button", name="Add it").click()
    assert "−5.500,00" in row(page, "A")

    # A second scenario beside it.
    page.get_by_role("link", name="Another scenario").click()
    page.get_by_role("link", name="Take a loan").click()
    page.get_by_label("Amount of the loan").fill("10.000")
    page.get_by_label("Yearly interest in percent").fill("4,5")
    page.get_by_label("Paid out in").select_option(f"{month_after(today(), 1):%Y-%m}")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("#compared tbody tr")).to_have_count(3)

    # Who gets the address sees the same, and may not keep it.
    shared = window(house.bram, java_script_enabled=has_script)
    shared.goto(page.url)
    assert row(shared, "B") == row(page, "B")
    expect(shared.get_by_text("Save under a name")).to_have_count(0)

    # Kept by name, opened again, deleted.
    page.get_by_text("Save under a name").first.click()
    page.get_by_label("Name", exact=True).first.fill("Slow winter")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("Slow winter was saved.")).to_be_visible()
    page.goto(f"{house.home}scenarios")
    page.get_by_role("link", name="Slow winter").click()
    expect(page.get_by_text("Hotel Astrid pays 120 days later").first).to_be_visible()
    page.get_by_text("Rename", exact=True).click()
    page.get_by_label("New name of Slow winter").fill("Mild winter")
    page.locator("#kept").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Mild winter was saved.")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Mild winter was deleted.")).to_be_visible()
    expect(page.get_by_text("Saved scenarios")).to_have_count(0)


def test_the_sheets_for_the_bank_are_printed_in_another_language(
    window: Window, house: House
) -> None:
    expected(house)
    page = window(house.anna)
    page.goto(f"{house.home}bank-meeting")

    page.get_by_role("link", name="Deutsch").click()

    expect(page).to_have_url(re.compile(r"language=de$"))
    expect(page.locator("article[lang=de]")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("For the bank")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download the PDF").click()
    assert waiting.value.suggested_filename == f"{house.slug}-{today()}-de.pdf"
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_hidden()
    expect(page.locator("article[lang=de]")).to_be_visible()
