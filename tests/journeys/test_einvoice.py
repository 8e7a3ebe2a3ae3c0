"""An e-invoice: handed in as a file, shown as its PDF, approved without a correction."""

import base64
import os
import re

from playwright.sync_api import expect

from tests.domain.einvoice import made
from tests.integrations import papers
from tests.journeys.conftest import Window
from tests.journeys.people import House
from tests.journeys.steps import expect_state, hand_in, inbox_row

PAPER = papers.pdf(
    ["Voorbeeld Schrijnwerkerij BV", "Factuur 2026-0001 van 10/02/2026", "Totaal EUR 1.561,98"]
)


def with_paper() -> bytes:
    """The sample with another PDF inside."""
    inside = base64.b64encode(PAPER).decode()
    return re.sub(rb">JVBERi0[^<]*<", f">{inside}<".encode(), made.sample("be-01"))


def test_an_e_invoice_is_approved_without_a_correction(window: Window, house: House) -> None:
    page = window(house.anna)
    page.goto(f"/c/{house.slug}/purchases")

    hand_in(page, ("factuur.xml", with_paper()), ("leeg.xml", made.empty_invoice()))
    expect_state(inbox_row(page, "factuur.xml"), "To check")
    expect(inbox_row(page, "leeg.xml")).to_contain_text("neither a number nor a total")
    inbox_row(page, "factuur.xml").get_by_role("link").first.click()

    expect(page.get_by_label("Invoice number")).to_have_value("2026-0001")
    expect(page.get_by_role("group", name="Check these first")).to_have_count(0)
    expect(page.get_by_role("img").first).to_be_visible()
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/einvoice.png", full_page=True)
    page.get_by_role("button", name="Approve").click()

    expect(page.locator("#rows tr")).to_have_count(1)
    expect(page.locator("#rows tr")).to_contain_text("1.561,98")
