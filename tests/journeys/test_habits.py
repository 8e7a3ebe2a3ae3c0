"""Habits of people: dropping, pressing twice, two at one thing, leaving a tab open."""

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from billify.domain.invoices import InvoiceStatus
from tests import factories
from tests.journeys.conftest import LIVE_SECONDS, Window
from tests.journeys.papers import TODAY, Letter
from tests.journeys.people import House
from tests.journeys.steps import expect_state, inbox_row


def waiting(house: House) -> str:
    """An invoice that waits for approval; gives its address."""
    with house.scope():
        invoice = factories.invoice(
            of=factories.contact("Molens van Deinze NV"),
            gross="121.00",
            open_amount=Decimal("0.00"),
            status=InvoiceStatus.TO_APPROVE,
            issue_date=TODAY,
        )
    return f"{house.home}invoices/{invoice.id}"


def test_files_dropped_anywhere_on_home_are_taken_in(window: Window, house: House) -> None:
    page = window(house.anna)
    page.goto(house.home)
    drop(page, "bloem.pdf", Letter().pdf())
    expect_state(inbox_row(page, "bloem.pdf"), "To check")

    page.goto(house.home)
    expect(page.locator("#widget-waiting")).to_contain_text("1 invoice")


def drop(page: Page, name: str, content: bytes) -> None:
    """Let a file fall on the page, as a file manager would."""
    page.evaluate(
        """([name, bytes]) => {
            const held = new DataTransfer();
            held.items.add(new File([new Uint8Array(bytes)], name));
            for (const type of ["dragover", "drop"])
                document.querySelector("h1").dispatchEvent(
                    new DragEvent(type, { dataTransfer: held, bubbles: true, cancelable: true }));
        }""",
        [name, list(content)],
    )


def test_a_button_pressed_twice_acts_once(window: Window, house: House) -> None:
    page = window(house.anna)
    page.goto(f"{house.home}invoices/new?direction=purchase")
    page.get_by_label("Supplier").fill("Gist BV")
    page.get_by_label("Invoice number").fill("7")
    page.get_by_label("Total", exact=True).fill("50,00")

    page.get_by_role("button", name="Save").dblclick()

    expect(page.get_by_role("heading", level=1)).to_have_text("Gist BV")
    page.goto(f"{house.home}purchases")
    expect(page.locator("#rows tr")).to_have_count(1)


def test_who_saves_second_is_told_and_overwrites_nothing(window: Window, house: House) -> None:
    address = waiting(house)
    first, second = window(house.anna), window(house.emma)
    first.goto(address)
    second.goto(address)
    first.get_by_label("Note").fill("from Anna")
    first.get_by_role("button", name="Save").click()
    expect(first).not_to_have_url(re.compile(address))

    second.get_by_label("Note").fill("from Emma")
    second.get_by_role("button", name="Save").click()

    expect(second.get_by_role("alert")).to_be_visible()
    expect(second.get_by_label("Note")).to_have_value("from Emma")
    first.goto(address)
    expect(first.get_by_label("Note")).to_have_value("from Anna")


def test_going_back_after_approving_shows_the_invoice_as_it_is_now(
    window: Window, house: House
) -> None:
    page = window(house.anna)
    page.goto(waiting(house))
    page.get_by_role("button", name="Approve").click()
    expect(page).to_have_url(re.compile(r"/purchases$"))

    page.go_back()

    expect(page.locator(".title .chip")).to_have_text("Open")
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)


@pytest.mark.slow
def test_a_tab_left_open_goes_to_the_login_when_the_person_logs_out(
    window: Window, house: House
) -> None:
    page = window(house.anna)
    page.goto(house.home)
    other = page.context.new_page()
    other.goto(f"{house.home}sales")

    page.get_by_role("button", name="Anna").click()
    page.get_by_role("button", name="Log out").click()

    expect(page).to_have_url(re.compile("/log-in"))
    expect(other).to_have_url(re.compile("/log-in"), timeout=LIVE_SECONDS * 1000)


def test_a_tab_that_nobody_looks_at_asks_nothing_until_it_is_looked_at(
    window: Window, house: House
) -> None:
    page = window(house.anna)
    page.clock.install()
    page.goto(house.home)
    asked: list[str] = []
    page.on("request", lambda request: "/live?" in request.url and asked.append(request.url))

    look(page, away=True)
    page.clock.run_for(20_000)
    assert asked == []

    with page.expect_response(lambda answer: "/live?since=" in answer.url):
        look(page, away=False)


def look(page: Page, *, away: bool) -> None:
    page.evaluate(
        """away => {
            Object.defineProperty(document, "hidden", { value: away, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        away,
    )


def test_the_palette_goes_anywhere_by_typing(window: Window, house: House) -> None:
    page = window(house.anna)
    page.goto(house.home)

    page.keyboard.press("Control+k")
    page.keyboard.type("cont")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Contacts")


def test_the_dark_look_is_kept(window: Window, house: House) -> None:
    page = window(house.anna)
    page.goto(house.home)
    before = ground(page)
    page.get_by_role("button", name="Anna").click()
    page.get_by_role("button", name="Dark").click()

    page.goto(f"{house.home}sales")

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert ground(page) != before


def ground(page: Page) -> str:
    colour: str = page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
    return colour


def test_the_list_on_the_screen_is_what_is_exported(window: Window, house: House) -> None:
    with house.scope():
        for name, gross in (("Gist BV", "50.00"), ("Dozen NV", "60.00")):
            factories.invoice(of=factories.contact(name), gross=gross)
    page = window(house.anna)
    page.goto(f"{house.home}purchases?q=gist")

    page.get_by_role("button", name="Export").click()
    with page.expect_download() as file:
        page.get_by_role("button", name="CSV").click()

    text = Path(file.value.path()).read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert "Gist BV" in text
    assert "Dozen NV" not in text
    assert any("50,00" in row for row in rows)
