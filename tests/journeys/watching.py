"""What a browser complains of while a person works: each complaint fails the journey."""

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response, WebError

# A refused form answers 422 and a stranger gets 404: the journey looks at what is said there.
# A journey that cuts the connection knows that it did.
_EXPECTED = re.compile(
    r"Failed to load resource: the server responded with a status of 4\d\d|.*DISCONNECTED"
)
_WRONG_KINDS = {"error", "warning"}


class Watch:
    """Listens to every page of a browser."""

    def __init__(self, context: BrowserContext) -> None:
        self.problems: list[str] = []
        context.on("console", self._heard)
        context.on("weberror", self._broke)
        context.on("response", self._answered)

    def taken(self) -> list[str]:
        """The complaints so far; they are forgotten."""
        found, self.problems = self.problems, []
        return found

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in _WRONG_KINDS and not _EXPECTED.match(message.text):
            self.problems.append(f"{_path(message.page)}: {message.type}: {message.text}")

    def _broke(self, error: WebError) -> None:
        self.problems.append(f"{_path(error.page)}: {error.error}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"{response.request.method} {response.url}: {response.status}")


def _path(page: Page | None) -> str:
    return page.url if page is not None else "?"
