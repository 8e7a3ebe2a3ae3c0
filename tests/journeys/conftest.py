"""A running product, a browser, and people with windows of their own."""

import os
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.journeys.people import House, Someone, found
from tests.journeys.product import Product, running
from tests.journeys.watching import Watch

WAIT_SECONDS = 10
LIVE_SECONDS = 5
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
Window = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this room is a journey."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium, or the one that CHROMIUM names."""
    installed = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    wanted = os.environ.get("CHROMIUM") or next(filter(None, installed), None)
    if wanted is None or not Path(wanted).exists():
        pytest.skip("no browser here: install chromium, or name one in CHROMIUM")
    expect.set_options(timeout=WAIT_SECONDS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=wanted, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def product(browser: Browser) -> Iterator[Product]:
    """Started once; asks for the browser first, so that nothing starts where there is none."""
    with running() as product:
        yield product


@pytest.fixture
def house(product: Product) -> House:
    """A new company: Anna owns it, Emma approves up to 500 euro, Bram may only look."""
    return found("Bakkerij Anna", emma=Decimal(500))


def open_context(
    browser: Browser, product: Product, width: int = 1440, **more: Any
) -> BrowserContext:
    """A browser of its own, without cookies."""
    context = browser.new_context(
        base_url=product.address,
        viewport={"width": width, "height": 900},
        reduced_motion="reduce",
        **more,
    )
    context.set_default_timeout(WAIT_SECONDS * 1000)
    return context


@pytest.fixture
def window(browser: Browser, product: Product) -> Iterator[Window]:
    """Opens a browser window for a person; at the end none of them may have complained."""
    watches = []
    contexts = []

    def open_window(who: Someone | None = None, width: int = 1440, **more: Any) -> Page:
        """`more` goes to the browser's context: color_scheme, java_script_enabled …"""
        context = open_context(browser, product, width, **more)
        contexts.append(context)
        watches.append(Watch(context))
        if who is not None:
            context.add_cookies(who.cookies(product.address))
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()
    problems = [problem for watch in watches for problem in watch.problems]
    assert problems == [], product.mistakes()
