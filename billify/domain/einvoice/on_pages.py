"""Where the values of an e-invoice stand on its pages, for the boxes of the check screen.

A value is found when the words of a page, put together, are one of its written forms; what is
not found has no box and is no less certain.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from billify.domain.reading import Field, Page, Reading, Word
from billify.domain.reading.words import around

_MOST_WORDS = 10
_MOST_PAGES = 20
_LAST = frozenset({"net_amount", "vat_amount", "gross_amount"})
"""Sums stand below what they sum up, so their last place is taken."""
_UNSHOWN = frozenset({"document_type", "supplier_address"})


def located(reading: Reading, *, pages: Sequence[Page]) -> Reading:
    """The same reading with a page and box for each value that the pages show."""
    shown = [(page, [_code(word.text) for word in page.words]) for page in pages[:_MOST_PAGES]]
    return replace(
        reading,
        fields={
            name: _placed(name, field, shown) if name not in _UNSHOWN else field
            for name, field in reading.fields.items()
        },
    )


def _placed(name: str, field: Field, shown: list[tuple[Page, list[str]]]) -> Field:
    forms = frozenset(form for text in _forms(name, field.value) if len(form := _code(text)) > 1)
    places = [(page, words) for page, codes in shown for words in _runs(page.words, codes, forms)]
    if not places:
        return field
    page, words = places[-1 if name in _LAST else 0]
    return replace(field, page=page.number, box=around(list(words)))


def _runs(
    words: Sequence[Word], codes: list[str], forms: frozenset[str]
) -> Iterator[Sequence[Word]]:
    """Words that follow each other and make one of the forms."""
    longest = max(map(len, forms), default=0)
    for start, first in enumerate(codes):
        if not first or not any(form.startswith(first) for form in forms):
            continue
        text = ""
        for end in range(start, min(start + _MOST_WORDS, len(codes))):
            text += codes[end]
            if len(text) > longest:
                break
            if text in forms:
                yield words[start : end + 1]
                break


def _forms(name: str, value: str) -> Iterator[str]:
    if name.endswith("_date"):
        yield from _dates(date.fromisoformat(value))
    elif name.endswith("_amount"):
        yield from _amounts(Decimal(value))
    else:
        yield value
        if name.endswith("_vat") and value[:2].isalpha():
            yield value[2:]


def _dates(day: date) -> Iterator[str]:
    for form in ("%d.%m.%Y", "%Y.%m.%d", "%d.%m.%y", "%m.%d.%Y"):
        yield day.strftime(form)
    yield f"{day.day}.{day.month}.{day.year}"


def _amounts(amount: Decimal) -> Iterator[str]:
    """With both decimals, whatever the marks; also beside the signs of currencies."""
    plain = f"{abs(amount):.2f}"
    yield from (plain, f"{plain}EUR", f"EUR{plain}")


def _code(text: str) -> str:
    """Letters and digits only, so that marks and spaces never matter."""
    return re.sub(r"[\W_]+", "", text).upper()
