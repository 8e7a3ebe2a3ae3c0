"""A few printed words taken as the value of a field: one reading of them, or a sentence why not."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from billify.domain import references
from billify.domain.reading import amounts, codes, dates
from billify.domain.reading.layout import folded
from billify.domain.refusal import N_, Refusal

LONGEST = 1000
"""Letters of one pick; more is the page and not a value."""
_CENTS = 2
_EDGES = " \t:;,|·•–—"
_LABEL = re.compile(r"^[^\W\d_][^:]{0,40}[:#]\s*(?=\S)")
_IBAN = re.compile(r"\b[A-Z]{2}\s?\d{2}(?:\s?[A-Z0-9]){10,30}")
_CREDIT = ("credit", "gutschrift", "avoir")
_INVOICE = ("factu", "invoice", "rechnung")


class Kind(StrEnum):
    """What a field holds."""

    DAY = "day"
    AMOUNT = "amount"  # money in cents
    NUMBER = "number"  # a quantity or a price, up to six decimals
    PERCENT = "percent"
    IBAN = "iban"
    VAT_NUMBER = "vat_number"
    REFERENCE = "reference"  # of a payment
    CODE = "code"  # the number of an invoice or an order
    NAME = "name"
    TEXT = "text"
    CURRENCY = "currency"
    DOCUMENT = "document"  # invoice or credit note


Taken = date | Decimal | str
Value = TypeVar("Value", date, Decimal)


def taken(*, kind: Kind, text: str) -> Taken:
    """The value that the words hold, in the form a field of this kind keeps.

    A date, an amount, number or percentage as Decimal, else text: IBAN and VAT number without
    spaces, a structured communication as twelve digits, a currency as ISO code, `invoice` or
    `credit_note`. Label words around the value are left out. Refuses words that hold no such
    value, or more than one.
    """
    words = " ".join(text.split())[:LONGEST]
    if not words:
        raise Refusal(N_("There is no text here. Choose a word, or type the value."))
    return _READERS[kind](words)


def _day(text: str) -> date:
    whole = dates.parsed(text)
    found = {day for part in _runs(text, most=5) if (day := dates.parsed(part)) is not None}
    if whole is None:
        raise _refused(N_("“%(text)s” is not a date. Choose another word, or type it."), text)
    return _only([whole, *found], text)


def _amount(text: str) -> Decimal:
    value = _number_in(text, comma_is_decimal=None)
    if value != value.quantize(Decimal(1).scaleb(-_CENTS)):
        raise _refused(N_("“%(text)s” is not an amount of money."), text)
    return value


def _number(text: str) -> Decimal:
    """Three digits behind a comma are decimals here: Belgians write 1,500 kg."""
    return _number_in(text, comma_is_decimal=True)


def _percent(text: str) -> Decimal:
    value = _number_in(text.replace("%", " "), comma_is_decimal=True)
    if not 0 <= value <= 100:
        raise _refused(N_("“%(text)s” is not a percentage."), text)
    return value


def _number_in(text: str, *, comma_is_decimal: bool | None) -> Decimal:
    def read(part: str) -> Decimal | None:
        return amounts.parsed(part, comma_is_decimal=comma_is_decimal)

    if "%" in text:
        raise _refused(N_("“%(text)s” is a percentage, not an amount."), text)
    whole = read(text)
    if whole is not None:
        return whole
    found = list(_values(text, read))
    if not found:
        raise _refused(N_("“%(text)s” is not an amount. Choose another word, or type it."), text)
    return _only(found, text)


def _values(text: str, read: Callable[[str], Decimal | None]) -> Iterator[Decimal]:
    """The numbers in a text, each as long as it goes: `1 234,56` is one of them."""
    words = text.split()
    at = 0
    while at < len(words):
        for count in (4, 3, 2, 1):
            part = words[at : at + count]
            value = read(" ".join(part)) if len(part) == count else None
            if value is not None:
                yield value
                break
        at += count


def _iban(text: str) -> str:
    upper = text.upper()
    for found in _IBAN.finditer(upper):
        for part in _starts(found[0]):
            try:
                return references.normalise_iban(part)
            except Refusal:
                continue
    return references.normalise_iban(_bare(text))


def _vat_number(text: str) -> str:
    for part in (text, _bare(text), *_runs(text, most=5)):
        if not any(letter.isdigit() for letter in part):
            continue
        try:
            return references.normalise_vat(part)
        except Refusal:
            continue
    return references.normalise_vat(_bare(text))


def _reference(text: str) -> str:
    for part in (text, _bare(text), *_runs(text, most=5)):
        whole = codes.structured_communication(part)
        if whole is not None:
            return references.payment_reference(whole)
        if references.creditor(part) is not None:
            return references.payment_reference(part)
    return references.payment_reference(_bare(text))[:140]


def _code(text: str) -> str:
    found = _bare(text).rstrip(".")
    if not any(letter.isdigit() for letter in found) and len(found) > 20:
        raise _refused(N_("“%(text)s” is not a number. Choose another word, or type it."), text)
    return found[:60]


def _name(text: str) -> str:
    return text.strip(_EDGES)[:200]


def _text(text: str) -> str:
    return text[:500]


def _currency(text: str) -> str:
    for word in text.split():
        found = amounts.currency_of(word) or amounts.currency_of(word.strip("0123456789.,-"))
        if found is not None:
            return found
    raise _refused(N_("“%(text)s” is not a currency. Choose it from the list."), text)


def _document(text: str) -> str:
    bare = folded(text)
    if any(word in bare for word in _CREDIT):
        return "credit_note"
    if any(word in bare for word in _INVOICE):
        return "invoice"
    raise _refused(
        N_("“%(text)s” says neither invoice nor credit note. Choose it from the list."), text
    )


_READERS: dict[Kind, Callable[[str], Taken]] = {
    Kind.DAY: _day,
    Kind.AMOUNT: _amount,
    Kind.NUMBER: _number,
    Kind.PERCENT: _percent,
    Kind.IBAN: _iban,
    Kind.VAT_NUMBER: _vat_number,
    Kind.REFERENCE: _reference,
    Kind.CODE: _code,
    Kind.NAME: _name,
    Kind.TEXT: _text,
    Kind.CURRENCY: _currency,
    Kind.DOCUMENT: _document,
}


def _bare(text: str) -> str:
    """Without a label before it (`Factuurnr.: 12`) and marks around it."""
    return _LABEL.sub("", text).strip(_EDGES)


def _runs(text: str, *, most: int) -> Iterator[str]:
    """Each run of up to so many neighbouring words, the longest first."""
    words = text.split()
    for count in range(min(most, len(words)), 0, -1):
        for at in range(len(words) - count + 1):
            yield " ".join(words[at : at + count])


def _starts(text: str) -> Iterator[str]:
    """The text, and what is left of it as words fall off its end."""
    words = text.split()
    for count in range(len(words), 0, -1):
        yield " ".join(words[:count])


def _only(found: Iterable[Value], text: str) -> Value:
    different = list(dict.fromkeys(found))
    if len(different) > 1:
        raise _refused(N_("“%(text)s” holds more than one value. Choose one of them."), text)
    return different[0]


def _refused(sentence: str, text: str) -> Refusal:
    return Refusal(sentence, text=text if len(text) <= 40 else f"{text[:39]}…")
