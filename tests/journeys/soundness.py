"""What every page has to stand: axe, a narrow screen, a printer."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
WIDE, NARROW = 1440, 390
HEIGHT = 900
CHROME = (".rail", ".bar", ".toolbar", ".toasts", ".pager", "file-drop", ".button", ".menu-button")


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds, one line an element; only these rules where some are named."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{wrong['id']}: {node['target']}: {node['failureSummary']}"
        for wrong in found["violations"]
        for node in wrong["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """What sticks out sideways, when the page scrolls that way."""
    found: list[str] = page.evaluate(
        """() => {
            const page = document.scrollingElement;
            if (page.scrollWidth <= innerWidth) return [];
            return [`the page is ${page.scrollWidth} wide`].concat(
                [...document.body.querySelectorAll("*")]
                    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
                    .slice(0, 5)
                    .map((one) => `${one.tagName}.${one.className}`));
        }"""
    )
    return found


def cut_off(page: Page) -> list[str]:
    """Amounts and days in a form that are wider than their field."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("input.input--num, input.input--date")]
            .filter((input) => input.checkVisibility() && input.scrollWidth > input.clientWidth)
            .map((input) => `${input.name}: ${input.value}`)"""
    )
    return found


def printed_chrome(page: Page) -> list[str]:
    """Parts of the screen that would stand on paper too."""
    return [part for part in CHROME if page.locator(f"{part}:visible").count()]
