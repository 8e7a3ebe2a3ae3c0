"""Plans and the budget in the browser: decided with one click, typed by keyboard, and without
script."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from playwright.sync_api import Locator, Page, expect

from billify.application import bank_rules
from billify.data.db import transaction
from billify.data.models import ForecastRow
from billify.domain.forecast import stored
from tests import factories
from tests.journeys.conftest import Window
from tests.journeys.papers import TODAY
from tests.journeys.people import House

YEAR = TODAY.year


def found(house: House) -> None:
    """A forecast that found the rent and a subscription; no newer one takes its place."""
    with house.scope(), transaction() as session:
        session.add(
            ForecastRow(
                made_at=datetime.now(UTC) + timedelta(days=1),
                made_on=TODAY,
                shape=stored.SHAPE,
                seconds=Decimal("0.1"),
                summary={},
                flows=[],
                recurrences=[
                    {
                        "key": f"{name}|out|monthly|5",
                        "name": name,
                        "rhythm": "monthly",
                        "amount": amount,
                        "day": 5,
                        "shift": "next",
                        "next": (TODAY + timedelta(days=days)).isoformat(),
                        "last": (TODAY - timedelta(days=20)).isoformat(),
                        "count": 12,
                        "spread_amount": "0.00",
                        "spread_days": 1,
                        "drift": "0",
                        "confidence": 95,
                        "category": "",
                    }
                    for name, amount, days in (
                        ("Immo Coupure", "-1450.00", 5),
                        ("Bakkersblad", "-12.00", 9),
                    )
                ],
            )
        )


def row_of(page: Page, name: str) -> Locator:
    return page.locator("#found tbody tr").filter(has_text=name)


def cell(page: Page, name: str, month: str) -> Locator:
    return page.get_by_role("textbox", name=f"{name}, {month}", exact=True)


def test_a_movement_is_decided_in_its_row(window: Window, house: House) -> None:
    found(house)
    page = window(house.anna)
    page.goto(f"{house.home}cash-flow/plans")

    row_of(page, "Immo Coupure").get_by_role("button", name="Confirm").click()
    expect(row_of(page, "Immo Coupure").locator(".chip")).to_have_text("Confirmed")
    row_of(page, "Bakkersblad").get_by_role("button", name="Refuse").click()
    expect(row_of(page, "Bakkersblad").locator(".chip")).to_have_text("Refused")
    row_of(page, "Bakkersblad").get_by_role("button", name="Take back").click()
    expect(row_of(page, "Bakkersblad").locator(".chip")).to_have_count(0)

    page.reload()
    expect(row_of(page, "Immo Coupure").locator(".chip")).to_have_text("Confirmed")


def test_a_movement_is_changed_without_script(window: Window, house: House) -> None:
    found(house)
    page = window(house.anna, java_script_enabled=False)
    page.goto(f"{house.home}cash-flow/plans")

    row_of(page, "Bakkersblad").get_by_role("button", name="Refuse").click()
    expect(row_of(page, "Bakkersblad")).to_contain_text("Refused")
    row_of(page, "Immo Coupure").get_by_role("link", name="Change").click()
    page.get_by_label("Amount").fill("1.500,00")
    page.get_by_role("button", name="Save").click()

    expect(row_of(page, "Immo Coupure")).to_contain_text("1.500,00")
    expect(row_of(page, "Immo Coupure")).to_contain_text("Changed")


def test_an_item_is_planned_with_its_category(window: Window, house: House) -> None:
    page = window(house.anna)
    page.goto(f"{house.home}cash-flow/plans/planned")

    page.get_by_role("link", name="Plan an item").first.click()
    page.get_by_label("What").fill("Huur van de winkel")
    page.get_by_label("Amount").fill("1.450,00")
    page.get_by_label("Category").select_option(label="Rent and common charges")
    page.get_by_role("button", name="Save").click()

    row = page.locator("#rows tr")
    expect(row).to_contain_text("Huur van de winkel")
    expect(row).to_contain_text("Rent and common charges")


def test_a_budget_is_typed_by_keyboard_and_compared(window: Window, house: House) -> None:
    with house.scope():
        rent = next(one for one in bank_rules.ensure_categories() if one.code == "rent")
        factories.movement(
            on=factories.account(), amount="-160.00", booked_on=TODAY, category_id=rent.id
        )
    page = window(house.anna)
    page.goto(f"{house.home}cash-flow/budget/edit?year={YEAR}")

    cell(page, "Rent and common charges", "Jan").fill("150")
    page.keyboard.press("Enter")
    expect(cell(page, "Energy and water", "Jan")).to_be_focused()
    page.keyboard.type("80")
    page.keyboard.press("ArrowUp")
    expect(cell(page, "Rent and common charges", "Jan")).to_be_focused()
    page.get_by_role("button", name="Fill Rent and common charges").click()
    page.get_by_role("button", name="Same for all months").locator("visible=true").click()
    expect(cell(page, "Rent and common charges", "Dec")).to_have_value("150")
    expect(cell(page, "Energy and water", "Jan")).to_have_value("80")
    page.get_by_role("button", name="Save").click()

    budget = page.locator("#budget tr").filter(has_text="Rent and common charges")
    expect(budget).to_contain_text("160,00")
    expect(budget.locator(".budget__over").first).to_contain_text("10,00")
    budget.get_by_role("link", name="160,00").first.click()
    expect(page.locator("main")).to_contain_text("160,00")


def test_cells_of_a_spreadsheet_fill_the_table(window: Window, house: House) -> None:
    page = window(house.anna)
    page.goto(f"{house.home}cash-flow/budget/edit?year={YEAR}")

    cell(page, "Insurance", "Nov").focus()
    page.evaluate(
        """() => {
            const copied = new DataTransfer();
            copied.setData("text/plain", "1.000,00\\t2.000,00\\t9\\n3\\t4\\n");
            document.activeElement.dispatchEvent(new ClipboardEvent(
                "paste", { clipboardData: copied, bubbles: true, cancelable: true }));
        }"""
    )

    expect(cell(page, "Insurance", "Nov")).to_have_value("1.000,00")
    expect(cell(page, "Insurance", "Dec")).to_have_value("2.000,00")
    expect(cell(page, "Accountant and advice", "Dec")).to_have_value("4")


def test_a_budget_is_kept_without_script(window: Window, house: House) -> None:
    page = window(house.anna, width=390, java_script_enabled=False)
    page.goto(f"{house.home}cash-flow/budget/edit?year={YEAR}")

    cell(page, "Wages", "Mar").fill("abc")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Wages, March:")
    cell(page, "Wages", "Mar").fill("20.000")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Whole year").click()

    row = page.locator("#budget tr").filter(has_text="Wages")
    expect(row).to_contain_text("20.000,00")
