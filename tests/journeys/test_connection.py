"""A bank is connected, its lines appear, a new one comes in; also without script."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from billify.stand_ins.ponto import Transaction
from tests.fakes import ponto as fake
from tests.journeys.conftest import Window
from tests.journeys.papers import TODAY
from tests.journeys.people import House
from tests.journeys.product import Product
from tests.journeys.steps import WITH_AND_WITHOUT_SCRIPT

TRIES = 20


@pytest.mark.slow
@pytest.mark.parametrize("has_script", WITH_AND_WITHOUT_SCRIPT)
def test_a_bank_is_connected_and_its_lines_come_in(
    has_script: bool, window: Window, house: House, product: Product
) -> None:
    bank = fake.account(product.bank)
    product.bank.world.tell(bank, Transaction(TODAY, Decimal("-121.00"), f"Molens {house.slug}"))
    page = window(house.anna, java_script_enabled=has_script)

    page.goto(f"/c/{house.slug}/settings/connections")
    page.get_by_role("link", name="Connect").first.click()
    page.get_by_role("link", name="Connect Ponto", exact=True).click()
    page.get_by_label("Client ID").fill("demo")
    page.get_by_label("Client secret").fill("demo-secret")
    page.get_by_role("button", name="Connect").click()
    page.get_by_label("Bring its movements").select_option("new")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Ponto", exact=True)).to_be_visible()
    if not has_script:
        reload_until(page, "new, 0 changed")
    expect(page.get_by_text("new, 0 changed").first).to_be_visible()

    page.goto(f"/c/{house.slug}/bank")
    expect(page.get_by_text(f"Molens {house.slug}")).to_be_visible()
    bank.coming.append(Transaction(TODAY, Decimal("64.20"), f"Hotel {house.slug}"))
    page.get_by_role("button", name="Refresh now").click()
    expect(page.get_by_text("The bank is being asked.")).to_be_visible()
    reload_until(page, f"Hotel {house.slug}")
    expect(page.get_by_text(f"Hotel {house.slug}")).to_be_visible()


def reload_until(page: Page, words: str) -> None:
    """What a person without script does while something goes on."""
    for _ in range(TRIES):
        if page.get_by_text(words).count():
            return
        page.wait_for_timeout(1000)
        page.reload()
