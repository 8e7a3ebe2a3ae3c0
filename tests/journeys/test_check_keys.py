"""Checking by keyboard and by clicking words: few keys for a sure document, no guess for others."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from billify.data.models import Invoice
from billify.domain.invoices import InvoiceStatus
from billify.domain.reading import Reading
from tests import checked
from tests.checked import as_read, sure
from tests.journeys.conftest import Window
from tests.journeys.people import House
from tests.journeys.product import Product
from tests.journeys.soundness import violations

DOUBTFUL = as_read(
    issue_date=sure("2026-09-30", 0.6, ("2026-10-01", 0.35)),
    invoice_number=None,
    gross_amount=sure("121.00", 0.8),
)


def waiting(product: Product, house: House, reading: Reading | None = None, **more: Any) -> Invoice:
    """A document that was read and waits; its files stand where the product looks for them."""
    with product.app.app_context(), house.scope():
        return checked.waits(reading, **more)


def opened(page: Page, house: House, invoice: Invoice) -> None:
    """The check screen, once its words can be clicked."""
    page.goto(f"{house.home}invoices/{invoice.id}")
    expect(page.locator(".word").first).to_be_attached()


def word(page: Page, text: str) -> Locator:
    return page.locator(f'.word[data-text="{text}"]')


def test_a_sure_document_takes_two_keys_from_the_list(
    window: Window, product: Product, house: House
) -> None:
    for supplier in ("Bakkerij Coppens", "Molens van Deinze NV"):
        waiting(product, house, supplier=supplier)
    page = window(house.anna)
    page.goto(f"{house.home}purchases")
    first = page.locator("#inbox-rows tr").first
    expect(first).to_contain_text("Nothing unsure")

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Molens van Deinze NV")
    expect(page.get_by_text("1 of 2")).to_be_visible()
    page.keyboard.press("a")

    expect(page.get_by_role("heading", level=1)).to_have_text("Bakkerij Coppens")
    expect(page.get_by_text("1 of 1")).to_be_visible()
    expect(page).to_have_title(re.compile("Check Bakkerij Coppens"))
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bakkerij Coppens")
    page.keyboard.press("a")

    expect(page).to_have_url(re.compile(r"/purchases$"))
    expect(page.locator("#rows .chip")).to_have_text(["Overdue", "Overdue"])


def test_no_key_approves_while_a_field_is_unsure(
    window: Window, product: Product, house: House
) -> None:
    page, invoice = window(house.anna), waiting(product, house, DOUBTFUL)
    opened(page, house, invoice)
    expect(page.get_by_label("Invoice number")).to_be_focused()

    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.get_by_label("Invoice number")).to_be_focused()
    page.keyboard.type("F-12")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Invoice date")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("Total", exact=True)).to_be_focused()
    page.keyboard.press("F8")
    expect(page.get_by_label("Invoice date")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Total", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Approve")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/purchases$"))
    with house.scope():
        expect(page.locator("#rows tr")).to_contain_text(["F-12"])


def test_the_runner_up_is_one_key_away_and_shows_where_it_stands(
    window: Window, product: Product, house: House
) -> None:
    page = window(house.anna)
    opened(page, house, waiting(product, house, DOUBTFUL))
    day = page.get_by_label("Invoice date")
    runner = page.get_by_role("button", name="01/10/2026 less likely")
    day.focus()

    page.keyboard.press("F9")
    expect(day).to_have_value("01/10/2026")
    expect(runner).to_have_attribute("aria-pressed", "true")
    expect(page.locator("rect.is-current")).to_have_attribute("data-runner", "0")

    page.keyboard.press("F9")
    expect(day).to_have_value("30/09/2026")
    expect(runner).to_have_attribute("aria-pressed", "false")

    runner.click()
    expect(day).to_have_value("01/10/2026")


def test_a_click_on_words_puts_them_into_the_field_one_is_in(
    window: Window, product: Product, house: House
) -> None:
    page = window(house.anna)
    opened(page, house, waiting(product, house, DOUBTFUL))
    said = page.locator(".viewer__said")
    expect(page.get_by_label("Invoice number")).to_be_focused()

    word(page, "2026-0815").click()
    expect(page.get_by_label("Invoice number")).to_have_value("2026-0815")
    expect(page.get_by_label("Invoice number")).to_be_focused()
    expect(said).to_have_text("Taken: 2026-0815. Ctrl+Z undoes it.")

    day = page.get_by_label("Invoice date")
    day.focus()
    word(page, "01.10.26").click()  # under the box of a runner-up
    expect(day).to_have_value("01/10/2026")
    page.keyboard.press("Control+z")
    expect(day).to_have_value("30/09/2026")
    word(page, "Vervaldag").click()
    expect(said).to_have_text("“Vervaldag” is not a date. Choose another word, or type it.")
    expect(day).to_have_value("30/09/2026")

    page.get_by_label("Total", exact=True).focus()
    word(page, "1.234,56").click()
    expect(page.get_by_label("Total", exact=True)).to_have_value("1.234,56")
    expect(page.locator("#wrongs")).to_contain_text("but the total is 1.234,56")


def test_drawing_over_several_words_takes_them_all(
    window: Window, product: Product, house: House
) -> None:
    page = window(house.anna)
    opened(page, house, waiting(product, house, DOUBTFUL))
    page.get_by_label("Pay to IBAN").focus()

    draw(page, word(page, "BE71"), word(page, "6769"))
    expect(page.get_by_label("Pay to IBAN")).to_have_value("BE71 0961 2345 6769")

    page.get_by_role("button", name="Larger").click()
    page.get_by_label("Supplier").focus()
    draw(page, word(page, "Molens"), word(page, "Deinze"))
    expect(page.get_by_label("Supplier")).to_have_value("Molens van Deinze")
    word(page, "NV").click(modifiers=["Shift"])
    expect(page.get_by_label("Supplier")).to_have_value("Molens van Deinze NV")


def test_the_words_of_a_further_page_come_when_it_is_looked_at(
    window: Window, product: Product, house: House
) -> None:
    page = window(house.anna)
    opened(page, house, waiting(product, house, DOUBTFUL, pages=3))
    last = page.locator(".viewer__page").nth(2)
    expect(last.locator(".word")).to_have_count(0)
    page.get_by_label("Pay to IBAN").focus()

    last.scroll_into_view_if_needed()
    draw(page, last.locator('[data-text="BE71"]'), last.locator('[data-text="6769"]'))

    expect(page.get_by_label("Pay to IBAN")).to_have_value("BE71 0961 2345 6769")


def test_outside_of_a_field_a_box_still_leads_to_its_field(
    window: Window, product: Product, house: House
) -> None:
    page = window(house.anna)
    opened(page, house, waiting(product, house))

    page.locator("rect.box[data-field=gross_amount]").last.click()

    expect(page.locator("form#invoice-form :focus")).to_have_count(1)


def test_the_threshold_of_the_company_says_what_is_unsure(
    window: Window, product: Product, house: House
) -> None:
    invoice = waiting(product, house, as_read(gross_amount=sure("121.00", 0.9)))
    page = window(house.anna)
    opened(page, house, invoice)
    expect(page.get_by_text("Almost sure. Please check.")).to_be_visible()

    page.goto(f"{house.home}settings")
    page.get_by_label("Sure from").fill("90")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto(f"{house.home}purchases")
    expect(page.locator("#inbox-rows tr")).to_contain_text("Nothing unsure")
    opened(page, house, invoice)

    expect(page.locator(".field--doubt")).to_have_count(0)


def test_lines_are_walked_and_summed_like_a_table(
    window: Window, product: Product, house: House
) -> None:
    page = window(house.anna)
    opened(page, house, waiting(product, house))
    lines = page.locator(".lines__table--goods tbody tr")
    page.locator("[name=lines-0-description]").fill("Tarwebloem type 55, gebuild, in zakken " * 3)
    page.locator("[name=lines-0-unit_price]").fill("60,00")

    page.keyboard.press("Enter")
    expect(lines).to_have_count(2)
    expect(page.locator("[name=lines-1-unit_price]")).to_be_focused()
    page.keyboard.type("30,00")
    page.keyboard.press("ArrowUp")
    expect(page.locator("[name=lines-0-unit_price]")).to_be_focused()
    expect(page.locator("#lines-1-net")).to_have_text("30,00")
    expect(page.locator("#sums")).to_contain_text(
        "The lines make 90,00, but the amount without VAT is 100,00."
    )
    page.keyboard.type("70,00")
    page.keyboard.press("Tab")
    expect(page.locator("#sums .sums__wrong")).to_have_count(0)

    page.locator("[name=lines-1-unit_price]").focus()
    page.keyboard.press("Alt+Delete")
    expect(lines).to_have_count(1)
    expect(page.locator("#sums")).to_contain_text("The lines make 70,00")
    tall = page.locator("[name=lines-0-description]").bounding_box()
    assert tall is not None
    assert tall["height"] > 50  # a long description is seen whole


def test_without_script_a_document_is_checked_and_a_runner_up_taken_by_plain_forms(
    window: Window, product: Product, house: House
) -> None:
    page = window(house.anna, java_script_enabled=False)
    invoice = waiting(product, house, DOUBTFUL)
    page.goto(f"{house.home}invoices/{invoice.id}")

    page.get_by_label("Invoice number").fill("F-12")
    page.get_by_role("button", name="01/10/2026 less likely").click()
    expect(page.get_by_label("Invoice date")).to_have_value("01/10/2026")
    expect(page.get_by_label("Invoice number")).to_have_value("F-12")
    page.get_by_label("Invoice number").press("Enter")  # keeps, and approves nothing
    expect(page.get_by_text("Saved.")).to_be_visible()
    with house.scope():
        saved = found(invoice)
        assert (saved.number, saved.status) == ("F-12", InvoiceStatus.TO_APPROVE)

    page.goto(f"{house.home}invoices/{invoice.id}")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved.")).to_be_visible()


def test_a_phone_shows_the_page_above_the_form_and_folds_it_away(
    window: Window, product: Product, house: House
) -> None:
    page = window(house.anna, width=390)
    page.goto(f"{house.home}invoices/{waiting(product, house, DOUBTFUL).id}")
    picture = page.locator(".viewer__page")
    expect(picture).to_be_visible()
    above = picture.bounding_box()
    number = page.get_by_label("Invoice number").bounding_box()
    assert above is not None
    assert number is not None
    assert above["y"] < number["y"]

    page.get_by_text("Page of the document", exact=True).click()

    expect(picture).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_screen_and_its_list_of_keys_are_sound(
    window: Window, product: Product, house: House
) -> None:
    page = window(house.anna)
    opened(page, house, waiting(product, house, DOUBTFUL))
    screen = violations(page)

    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()

    assert screen + violations(page) == []


def draw(page: Page, first: Locator, last: Locator) -> None:
    """From the middle of one word to the middle of another, the button held down."""
    first.scroll_into_view_if_needed()
    start, end = first.bounding_box(), last.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"], end["y"] + end["height"] / 2)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2)
    page.mouse.up()


def found(invoice: Invoice) -> Invoice:
    """The row as the product left it."""
    from billify.data.queries import invoices

    kept = invoices.get(invoice.id)
    assert kept is not None
    return kept
