"""A bank file: looked at, imported, known the second time, taken back; also without script."""

import pytest
from playwright.sync_api import FilePayload, expect

from tests.domain.bank_files import samples
from tests.journeys.conftest import Window
from tests.journeys.people import House
from tests.journeys.steps import WITH_AND_WITHOUT_SCRIPT

CODA: FilePayload = {
    "name": "x.cod",
    "mimeType": "text/plain",
    "buffer": samples.CODA.encode(),
}


@pytest.mark.parametrize("has_script", WITH_AND_WITHOUT_SCRIPT)
def test_a_bank_file_is_imported_once_and_taken_back(
    has_script: bool, window: Window, house: House
) -> None:
    page = window(house.anna, java_script_enabled=has_script)

    def look() -> None:
        page.goto(f"/c/{house.slug}/bank/imports")
        page.get_by_label("Bank file", exact=True).set_input_files(CODA)
        page.get_by_role("button", name="Look at it").click()

    look()
    expect(page.get_by_text("2 new, 0 known already")).to_be_visible()
    expect(page.get_by_label("It held before the first movement")).to_have_value("1.000,00")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("Movements added: 2. Known already: 0.")).to_be_visible()
    expect(page.locator("#accounts")).to_contain_text("1.071,00")

    look()
    expect(page.get_by_text("0 new, 2 known already")).to_be_visible()

    page.goto(f"/c/{house.slug}/bank/imports")
    page.get_by_role("row").filter(has=page.locator(".chip--good")).get_by_role("link").click()
    page.get_by_role("button", name="Take it back").click()
    page.get_by_role("dialog").get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("x.cod was taken back.")).to_be_visible()
    page.goto(f"/c/{house.slug}/bank")
    expect(page.locator("#accounts")).to_contain_text("1.000,00")
