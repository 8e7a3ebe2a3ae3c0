"""What people do on many pages, and what they see there."""

import pytest
from playwright.sync_api import Locator, Page, expect

READING_SECONDS = 30
WITH_AND_WITHOUT_SCRIPT = (
    pytest.param(True, id="script"),
    pytest.param(False, id="no-script", marks=pytest.mark.slow),
)
"""The same walk twice; the one without a script is among the slow proofs, as
test_without_script.py has the plainest of them."""


def hand_in(page: Page, *files: tuple[str, bytes]) -> None:
    """Choose files at the place for documents; they go by themselves."""
    page.get_by_role("button", name="Choose files").set_input_files(as_files(*files))


def as_files(*files: tuple[str, bytes]) -> list[dict[str, str | bytes]]:
    """Names and bytes as a file chooser gives them."""
    return [
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        for name, content in files
    ]


def inbox_row(page: Page, name: str) -> Locator:
    """The row of a document."""
    return page.locator("#inbox-rows tr").filter(has_text=name)


def expect_state(row: Locator, state: str) -> None:
    """The chip of a row says this; reading takes its time."""
    expect(row.locator(".chip")).to_have_text(state, timeout=READING_SECONDS * 1000)


def watch_states(page: Page) -> None:
    """Note every state that the inbox shows from now on, also those gone within a blink."""
    page.evaluate(
        """() => {
            window.states = new Set();
            const note = () => {
                for (const chip of document.querySelectorAll("#inbox-rows .chip"))
                    window.states.add(chip.textContent.trim());
            };
            new MutationObserver(note).observe(document.querySelector("#inbox-rows"),
                { subtree: true, childList: true, characterData: true });
        }"""
    )


def states_seen(page: Page) -> set[str]:
    """What was noted; nothing is left of it after a reload."""
    return set(page.evaluate("() => [...window.states]"))
