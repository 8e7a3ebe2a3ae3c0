"""Every page: nothing for axe to find, wide and narrow, light and dark; clean on paper.

The walk over all pages takes minutes, so it is one of the slow proofs.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import Window, open_context
from tests.journeys.full_house import PAGES, PUBLIC, furnish
from tests.journeys.people import House, found
from tests.journeys.product import Product
from tests.journeys.soundness import (
    HEIGHT,
    NARROW,
    WIDE,
    cut_off,
    printed_chrome,
    too_wide,
    violations,
)
from tests.journeys.watching import Watch


@pytest.fixture(scope="module")
def places(product: Product) -> tuple[House, dict[str, str]]:
    """A furnished company, its pages by name."""
    house = found("Bakkerij Anna van de Kouter en Dochters")
    return house, furnish(house)


@pytest.fixture(scope="module")
def walk(browser: Browser, product: Product) -> Iterator[tuple[BrowserContext, Watch]]:
    """One browser for the whole walk, so that it has the styles and fonts already."""
    context = open_context(browser, product)
    yield context, Watch(context)
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", [*PUBLIC, *PAGES])
def test_a_page_is_sound_wide_and_narrow_light_and_dark_and_on_paper(
    walk: tuple[BrowserContext, Watch],
    product: Product,
    places: tuple[House, dict[str, str]],
    name: str,
) -> None:
    house, addresses = places
    context, watch = walk
    context.clear_cookies()
    if name in PAGES:
        context.add_cookies(house.anna.cookies(product.address))
    page = context.new_page()

    answer = page.goto(addresses[name])
    wrong = look_at(page)
    page.close()

    assert answer is not None
    assert answer.status == (404 if name == "nothing here" else 200)
    assert wrong == []
    assert watch.taken() == [], product.mistakes()


def look_at(page: Page) -> list[str]:
    wrong = [f"wide: {one}" for one in violations(page)]
    page.emulate_media(color_scheme="dark")
    wrong += [f"wide, dark: {one}" for one in violations(page, "color-contrast")]
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    wrong += [f"narrow, dark: {one}" for one in violations(page)]
    wrong += [f"narrow: {one}" for one in too_wide(page) + cut_off(page)]
    page.emulate_media(color_scheme="light")
    wrong += [f"narrow: {one}" for one in violations(page, "color-contrast")]
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    page.emulate_media(media="print")
    return wrong + [f"on paper: {one}" for one in printed_chrome(page)]


def test_a_fault_on_a_page_would_be_seen(window: Window) -> None:
    page = window()
    page.goto("/log-in")
    page.locator("main").evaluate(
        """main => main.insertAdjacentHTML("beforeend",
            "<input class=input--num value=12.345,67><button class=button>Send</button>")"""
    )
    page.locator("main input").last.evaluate("input => { input.style.width = '3000px'; }")

    found = violations(page)
    assert [line.partition(":")[0] for line in found] == ["label"]
    assert too_wide(page) != []
    assert printed_chrome(page) == [".button"]
    page.locator("main input").last.evaluate("input => { input.style.width = '40px'; }")
    assert cut_off(page) != []


def test_a_new_company_finds_sound_pages_too(window: Window, house: House) -> None:
    page = window(house.anna)
    for name in ("", "purchases", "sales", "bank", "contacts"):
        page.goto(f"{house.home}{name}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert violations(page) == []


def test_what_opens_over_a_page_is_sound(
    window: Window, places: tuple[House, dict[str, str]]
) -> None:
    house, addresses = places
    page = window(house.anna)
    page.goto(addresses["check screen"])

    page.get_by_role("button", name="Anna").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    menu = violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Go to or search")).to_be_focused()
    palette = violations(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_label("Reason")).to_be_visible()

    assert menu + palette + violations(page) == []


def test_a_phone_offers_its_camera_and_has_the_way_about_at_the_bottom(
    window: Window, house: House
) -> None:
    page = window(house.anna, width=NARROW, has_touch=True, is_mobile=True)
    page.goto(f"{house.home}purchases")

    camera = page.get_by_text("Take a photo")
    expect(camera).to_be_visible()
    expect(camera.locator("input")).to_have_attribute("capture", "environment")
    bottom = page.get_by_role("navigation", name="Main").bounding_box()
    assert bottom is not None
    assert bottom["y"] + bottom["height"] == HEIGHT
    page.get_by_role("button", name="More").tap()
    page.get_by_role("link", name="Settings").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")
