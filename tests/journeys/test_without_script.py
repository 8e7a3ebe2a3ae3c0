"""Everything works as plain forms and links, where no script runs."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Window
from tests.journeys.papers import Letter
from tests.journeys.people import House
from tests.journeys.steps import READING_SECONDS, as_files


def test_a_document_is_handed_in_checked_and_approved_by_plain_forms(
    window: Window, house: House
) -> None:
    page = window(house.anna, java_script_enabled=False)
    page.goto(f"{house.home}purchases")

    page.locator("input[type=file][name=files]").set_input_files(
        as_files(("bloem.pdf", Letter().pdf()), ("foto.pdf", b"no invoice"))
    )
    page.get_by_role("button", name="Upload").click()
    expect(
        page.get_by_text("foto.pdf: This is not a PDF, a picture or an e-invoice.")
    ).to_be_visible()
    reload_until_read(page)
    page.locator("#inbox-rows").get_by_role("link").first.click()

    page.get_by_label("Invoice date").fill("31/02/2026")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("The date 31/02/2026 does not exist.")).to_be_visible()
    expect(page.get_by_label("Invoice number")).to_have_value(Letter().number)
    page.get_by_label("Invoice date").fill(f"{Letter().issued:%d/%m/%Y}")
    page.get_by_role("button", name="Approve").click()

    expect(page).to_have_url(re.compile(r"/purchases$"))
    expect(page.get_by_text("Approved.")).to_be_visible()
    expect(page.locator("#rows tr")).to_contain_text(["Molens van Deinze NV"])
    page.goto(house.home)
    expect(page.locator("#widget-open")).to_contain_text("1.210,00")


def reload_until_read(page: Page) -> None:
    """What a person does who waits without script."""
    for _time in range(READING_SECONDS):
        if page.locator("#inbox-rows").get_by_role("link").count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError("the document was not read")
