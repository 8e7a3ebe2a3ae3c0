"""Understanding an invoice: pure functions from positioned words to fields with evidence."""

from billify.domain.reading import doubt, kept_words, languages
from billify.domain.reading.paper_words import SENTENCES as OTHER_SENTENCES
from billify.domain.reading.paper_words import OtherKind
from billify.domain.reading.read import read
from billify.domain.reading.reading import (
    FIELDS,
    UNSURE_BELOW,
    Alternative,
    Direction,
    DocumentType,
    Field,
    How,
    LineItem,
    OwnCompany,
    Reading,
    VatRow,
)
from billify.domain.reading.words import Box, Page, Word

__all__ = [
    "FIELDS",
    "OTHER_SENTENCES",
    "UNSURE_BELOW",
    "Alternative",
    "Box",
    "Direction",
    "DocumentType",
    "Field",
    "How",
    "LineItem",
    "OtherKind",
    "OwnCompany",
    "Page",
    "Reading",
    "VatRow",
    "Word",
    "doubt",
    "kept_words",
    "languages",
    "read",
]
