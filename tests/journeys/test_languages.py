"""The same pages in the four languages."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import expect

import billify
from tests.journeys.conftest import Window
from tests.journeys.people import House

CATALOGUES = Path(billify.__file__).parent / "translations"


@pytest.mark.parametrize("language", ["nl", "fr", "de"])
def test_a_person_changes_the_language_and_keeps_it(
    window: Window, house: House, language: str
) -> None:
    page = window(house.anna)
    page.goto(f"{house.home}purchases")
    page.get_by_role("button", name="Anna").click()

    page.get_by_role("button", name=f"{language.upper()} –").click()

    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_role("heading", level=1)).to_have_text(said("Purchases", language))
    page.get_by_role("link", name=said("Sales", language)).first.click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_role("heading", level=1)).to_have_text(said("Sales", language))


def test_a_stranger_reads_the_login_page_in_the_language_of_the_browser(window: Window) -> None:
    page = window(locale="fr-BE")
    page.goto("/log-in")
    expect(page.get_by_role("heading", level=1)).to_have_text(said("Log in", "fr"))

    page.get_by_role("button", name="NL –").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(said("Log in", "nl"))


def said(text: str, language: str) -> str:
    """What the catalogue says for a text."""
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        message = read_po(file).get(text)
    assert message is not None
    assert isinstance(message.string, str)
    assert message.string not in ("", text)
    return message.string
