"""The one public step: from positioned words to the fields of an invoice."""

from collections.abc import Sequence

from billify.domain.reading.reading import OwnCompany, Reading
from billify.domain.reading.words import Page


def read(pages: Sequence[Page], *, us: OwnCompany | None = None) -> Reading:
    """The fields of one document; a page without a clue gives a reading without fields."""
    # The reader and its weights are loaded when there is something to read: the web process
    # imports this package for its values only.
    from billify.domain.reading import whole

    if not any(page.words for page in pages):
        return Reading()
    return whole.reading(pages, us)
