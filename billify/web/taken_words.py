"""Words picked on the page of a document, as the field of the form that gets them writes them."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billify.domain.reading import Page
from billify.domain.reading.layout import laid_out
from billify.domain.reading.taking import Kind, taken
from billify.domain.refusal import N_, Refusal
from billify.web import filters

KINDS = {
    "kind": Kind.DOCUMENT,
    "contact_name": Kind.NAME,
    "vat_number": Kind.VAT_NUMBER,
    "number": Kind.CODE,
    "issue_date": Kind.DAY,
    "due_date": Kind.DAY,
    "currency": Kind.CURRENCY,
    "net_amount": Kind.AMOUNT,
    "vat_amount": Kind.AMOUNT,
    "gross_amount": Kind.AMOUNT,
    "payment_reference": Kind.REFERENCE,
    "payee_iban": Kind.IBAN,
    "order_reference": Kind.CODE,
    "delivery_date": Kind.DAY,
    "period_start": Kind.DAY,
    "period_end": Kind.DAY,
    "discount_percent": Kind.PERCENT,
    "discount_until": Kind.DAY,
    "credited_number": Kind.CODE,
    "note": Kind.TEXT,
    "description": Kind.TEXT,
    "quantity": Kind.NUMBER,
    "unit_price": Kind.NUMBER,
    "base": Kind.AMOUNT,
    "amount": Kind.AMOUNT,
}
_ROW = re.compile(r"^(?:lines|vat_rows)-\d+-")
_UNSIGNED = frozenset({"net_amount", "vat_amount", "gross_amount", "base", "amount"})
"""A credit note prints its amounts below zero; the form knows it by its kind."""
MOST_WORDS = 5000


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """One word of a page and where it stands, in the page's own units."""

    text: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PlacedWords:
    """A page's size and its words in the order they are read."""

    width: float
    height: float
    words: tuple[PlacedWord, ...]


def value(*, field: str, text: str) -> str:
    """What to write into a field of the invoice form. Refuses words that can't be its value."""
    name = _ROW.sub("", field)
    kind = KINDS.get(name)
    if kind is None:
        raise Refusal(N_("This field is chosen from its list."))
    found = taken(kind=kind, text=text)
    if isinstance(found, date):
        return filters.day(found)
    if isinstance(found, Decimal):
        found = abs(found) if name in _UNSIGNED else found
        shown = filters.money(found) if kind is Kind.AMOUNT else filters.quantity(found)
        return shown.replace("\N{MINUS SIGN}", "-")
    if kind is Kind.IBAN:
        return filters.iban(found)
    return filters.communication(found) if kind is Kind.REFERENCE else found


def placed(page: Page) -> PlacedWords:
    """The words of a page for its picture, line by line."""
    (sheet,) = laid_out([page])
    words = [
        PlacedWord(
            word.text,
            round(word.x0, 1),
            round(word.y0, 1),
            round(word.x1 - word.x0, 1),
            round(word.y1 - word.y0, 1),
        )
        for line in sheet.lines
        for word in line.words
    ]
    return PlacedWords(round(sheet.width, 1), round(sheet.height, 1), tuple(words[:MOST_WORDS]))
