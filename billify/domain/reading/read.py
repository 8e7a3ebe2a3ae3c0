"""The one public step: from positioned words to the fields of an invoice."""

from collections.abc import Sequence

from billify.domain.reading.reading import OwnCompany, Reading
from billify.domain.reading.words import Page


def read(pages: Sequence[Page], *, us: OwnCompany | None = None) -> Reading:
    """The fields of one document; a page without a clue gives a reading without fields."""
    del pages, us
    return Reading()
