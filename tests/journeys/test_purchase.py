"""The main journey: documents come in, are read, checked and approved, and Home follows."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.journeys.conftest import LIVE_SECONDS, Window
from tests.journeys.papers import Letter
from tests.journeys.people import PASSWORD, House
from tests.journeys.steps import expect_state, hand_in, inbox_row, states_seen, watch_states

FLOUR = Letter()
YEAST = Letter(
    "Gistfabriek Bruggeman BV", "BE 0202.239.951", "GB/4471", "200,00", "42,00", "242,00"
)
BOXES = Letter("Cartonnage Leclercq SRL", "BE 0428.759.497", "", "80,00", "16,80", "96,80")


@pytest.mark.slow
def test_a_new_company_hands_in_three_documents_and_approves_them_one_after_another(
    window: Window,
) -> None:
    page = window()
    sign_up(page)
    home = page.context.new_page()
    home.goto(page.url)
    expect(home.get_by_role("heading", name="First steps")).to_be_visible()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Purchases").click()

    watch_states(page)
    hand_in(page, ("bloem.pdf", FLOUR.pdf()), ("gist.pdf", YEAST.pdf()), ("doos.png", BOXES.scan()))
    for name in ("bloem.pdf", "gist.pdf", "doos.png"):
        expect_state(inbox_row(page, name), "To check")
    assert states_seen(page) == {"Reading", "To check"}

    inbox_row(page, "doos.png").get_by_role("link").first.click()
    unsure_fields_come_first(page)
    mistakes_get_a_sentence(page)
    page.get_by_label("Invoice number").fill("F-2231")
    for _next_one in range(2):
        approve_and_go_on(page)
        boxes_stand_beside_the_form(page)
    page.get_by_role("button", name="Approve").click()

    expect(page).to_have_url(re.compile(r"/purchases$"))
    expect(page.locator("#inbox-rows tr")).to_have_count(0)
    expect(page.locator("#rows tr")).to_have_count(3)
    expect(home.locator("#widget-open")).to_contain_text("1.548,80", timeout=LIVE_SECONDS * 1000)


def test_home_follows_in_every_tab_within_seconds_and_in_the_acting_one_at_once(
    window: Window, house: House
) -> None:
    with house.scope():
        factories.invoice(gross="50.00", issue_date=FLOUR.issued, due_date=FLOUR.due)
        waits = factories.invoice(
            of=factories.contact("Molens van Deinze NV"),
            gross="1210.00",
            open_amount=Decimal("0.00"),
            status="to_approve",
            issue_date=FLOUR.issued,
            due_date=FLOUR.due,
        )
    acting, other = window(house.anna), window(house.emma)
    acting.goto(house.home)
    other.goto(house.home)
    before = drawn(other)
    expect(other.locator("#widget-waiting")).to_contain_text("1.210,00")

    list_page = acting.context.new_page()
    list_page.goto(f"{house.home}purchases")
    list_page.locator(f"#i{waits.id} .table__pick").check()
    list_page.get_by_role("button", name="Approve").click()

    row = list_page.locator(f"#i{waits.id}")
    expect(row.locator(".chip")).to_have_text("Open", timeout=2000)
    for tab in (acting, other):
        pay = tab.locator("#widget-open")
        expect(pay).to_contain_text("1.260,00", timeout=LIVE_SECONDS * 1000)
        expect(tab.locator("#widget-waiting")).to_contain_text("Nothing waits")
    assert drawn(other) != before


def sign_up(page: Page) -> None:
    page.goto("/sign-up")
    page.get_by_label("Company").fill("Bakkerij Anna")
    page.get_by_label("Your name").fill("Anna")
    page.get_by_label("E-mail").fill("anna@bakkerij.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page).to_have_url(re.compile(r"/c/bakkerij-anna[^/]*/$"))


def unsure_fields_come_first(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Cartonnage Leclercq SRL")
    first = page.locator("#invoice-form fieldset").first
    expect(first.locator("legend")).to_have_text("Check these first")
    expect(first.get_by_label("Invoice number")).to_be_visible()


def boxes_stand_beside_the_form(page: Page) -> None:
    letter = next(one for one in (FLOUR, YEAST) if one.supplier == heading(page))
    number = page.get_by_label("Invoice number")
    page.keyboard.press("Escape")  # in a field the click would take the words beneath
    page.locator(".viewer__page rect.box[data-field=number]:not(.box--runner)").click()
    expect(number).to_be_focused()
    expect(number).to_have_value(letter.number)
    expect(page.get_by_label("Total", exact=True)).to_have_value(letter.gross)


def mistakes_get_a_sentence(page: Page) -> None:
    total, day = page.get_by_label("Total", exact=True), page.get_by_label("Invoice date")
    right = {field: field.input_value() for field in (total, day)}
    total.fill("1.2.3,4")
    day.fill("31/02/2026")
    page.get_by_role("button", name="Approve").click()

    expect(page.get_by_text("The date 31/02/2026 does not exist.")).to_be_visible()
    expect(total).to_have_attribute("aria-invalid", "true")
    expect(total).to_have_value("1.2.3,4")
    for field, value in right.items():
        field.fill(value)


def approve_and_go_on(page: Page) -> None:
    before = heading(page)
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(before)
    expect(page.get_by_text("Approved.")).to_be_visible()


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def drawn(page: Page) -> str:
    return page.locator("#widget-open svg").first.inner_html()
