"""Deciding on invoices: rejected, set aside, issued, above a limit, by who may."""

import re
from decimal import Decimal

from playwright.sync_api import Page, expect

from billify.domain.invoices import InvoiceStatus
from tests import factories
from tests.journeys.conftest import Window
from tests.journeys.papers import TODAY
from tests.journeys.people import House, found


def waiting(house: House, gross: str = "1210.00") -> str:
    """An invoice that waits for approval; gives its address."""
    with house.scope():
        invoice = factories.invoice(
            of=factories.contact("Molens van Deinze NV"),
            gross=gross,
            open_amount=Decimal("0.00"),
            status=InvoiceStatus.TO_APPROVE,
        )
    return f"{house.home}invoices/{invoice.id}"


def test_a_rejected_invoice_keeps_its_reason_and_can_be_taken_up_again(
    window: Window, house: House
) -> None:
    page, address = window(house.anna), waiting(house)
    page.goto(address)

    page.get_by_role("button", name="Reject").click()
    page.get_by_label("Reason").fill("Never ordered.")
    page.locator("dialog#reject").get_by_role("button", name="Reject").click()
    expect(page).to_have_url(re.compile(r"/purchases$"))
    page.goto(address)
    expect(page.get_by_text("Never ordered.")).to_be_visible()

    page.get_by_role("button", name="Take up again").click()
    expect(page.get_by_role("button", name="Approve")).to_be_visible()


def test_an_invoice_set_aside_is_out_of_the_way_until_it_is_taken_up_again(
    window: Window, house: House
) -> None:
    page, address = window(house.anna), waiting(house)
    page.goto(address)

    page.get_by_role("button", name="Set aside").click()
    page.get_by_role("link", name="Rejected or set aside").click()
    page.get_by_role("link", name="Molens van Deinze NV").click()
    expect(page.locator(".title .chip")).to_have_text("Set aside")
    page.get_by_role("button", name="Take up again").click()

    expect(page.get_by_role("button", name="Approve")).to_be_visible()


def test_a_sales_invoice_by_hand_adds_up_while_typing_and_gets_its_number_at_issue(
    window: Window, house: House
) -> None:
    page = window(house.anna)
    page.goto(f"{house.home}sales")
    page.get_by_role("link", name="New invoice").first.click()
    page.get_by_label("Customer").fill("Hotel de Zwaan")
    line(page, 0, "Sandwiches", "12", "4,50")
    page.get_by_role("button", name="Add a line").click()
    line(page, 1, "Delivery", "1", "10,00")
    page.get_by_label("Unit price").nth(1).press("Tab")

    sums = page.locator("#sums")
    expect(sums).to_contain_text("64,00")
    expect(sums).to_contain_text("77,44")
    page.get_by_role("button", name="Issue").click()

    expect(page).to_have_url(re.compile(r"/sales$|/invoices/[0-9a-f-]{36}$"))
    page.goto(f"{house.home}sales")
    page.get_by_role("link", name="Hotel de Zwaan").click()
    expect(page.get_by_role("main")).to_contain_text(f"{TODAY.year}-0001")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"\+\+\+\d{3}/\d{4}/\d{5}\+\+\+"))
    expect(page.get_by_role("main")).to_contain_text("77,44")


def line(page: Page, at: int, what: str, quantity: str, price: str) -> None:
    page.get_by_label("Description").nth(at).fill(what)
    page.get_by_label("Quantity").nth(at).fill(quantity)
    page.get_by_label("Unit price").nth(at).fill(price)


def test_an_approver_above_the_limit_is_told_so_and_nothing_is_lost(
    window: Window, house: House
) -> None:
    page = window(house.emma)
    page.goto(waiting(house, "1210.00"))
    page.get_by_label("Note").fill("Two pallets.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("alert")).to_have_text("The amount is above your limit of 500,00.")
    expect(page.get_by_label("Note")).to_have_value("Two pallets.")

    page.goto(waiting(house, "484.00"))
    page.get_by_role("button", name="Approve").click()
    expect(page).to_have_url(re.compile(r"/purchases$"))


def test_who_may_only_look_sees_no_button_and_a_stranger_nothing(
    window: Window, house: House
) -> None:
    address = waiting(house)
    bram = window(house.bram)
    bram.goto(address)
    expect(bram.get_by_role("main").get_by_role("button")).to_have_count(0)
    bram.goto(f"{house.home}purchases")
    expect(bram.get_by_role("link", name="Molens van Deinze NV")).to_be_visible()
    expect(bram.get_by_role("checkbox")).to_have_count(0)
    expect(bram.get_by_role("button", name="Approve")).to_have_count(0)
    expect(bram.get_by_role("link", name="Enter by hand")).to_have_count(0)

    chloe = window(found("Chocolaterie Chloé").anna)
    for page in (address, house.home, f"{house.home}purchases", f"{house.home}documents"):
        answer = chloe.goto(page)
        assert answer is not None
        assert answer.status in (404, 405)
        expect(chloe.get_by_role("heading", level=1)).to_have_text("There is nothing here")
