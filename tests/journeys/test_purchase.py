"""The main journey: documents come in, are read, checked and approved, and Home follows."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import LIVE_SECONDS, Window
from tests.journeys.papers import Letter
from tests.journeys.people import PASSWORD, House

FLOUR = Letter()
YEAST = Letter("Gistfabriek Bruggeman BV", "BE 0202.239.951", "GB/4471", "200,00", "42,00", "242,00")
BOXES = Letter("Cartonnage Leclercq SRL", "BE 0428.759.497", "F-2231", "80,00", "16,80", "96,80")


def test_a_new_company_hands_in_three_documents_and_pays_attention_to_what_is_read(
    window: Window,
) -> None:
    page = window()
    sign_up(page)
    page.get_by_role("link", name="Purchases").first.click()
    other_tab = page.context.new_page()
    other_tab.goto(page.url.replace("purchases", ""))

    upload(page, ("bloem.pdf", FLOUR.pdf()), ("gist.pdf", YEAST.pdf()), ("scan.png", BOXES.scan()))

    rows = page.locator("#inbox-rows tr")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text="To check")).to_have_count(3, timeout=30_000)
    rows.filter(has_text="bloem.pdf").get_by_role("link").click()
    look_at_the_page(page)
    mistakes_get_a_sentence(page)


def sign_up(page: Page) -> None:
    page.goto("/sign-up")
    page.get_by_label("Company").fill("Bakkerij Anna")
    page.get_by_label("Your name").fill("Anna")
    page.get_by_label("E-mail").fill("anna@bakkerij.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page).to_have_url(re.compile(r"/c/bakkerij-anna[^/]*/$"))


def upload(page: Page, *files: tuple[str, bytes]) -> None:
    page.locator("input[type=file][multiple]").first.set_input_files(
        [{"name": name, "mimeType": "", "buffer": content} for name, content in files]
    )


def look_at_the_page(page: Page) -> None:
    expect(page.locator("svg.viewer__page rect.box").first).to_be_visible()


def mistakes_get_a_sentence(page: Page) -> None:
    page.get_by_label("Total").fill("1.2.3,4")
    page.get_by_label("Invoice date").fill("31/02/2026")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("The date 31/02/2026 does not exist.")).to_be_visible()
