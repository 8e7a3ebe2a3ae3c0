"""Documents that wait to be checked, as if they had just been read: fields, words and picture."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from PIL import Image

from billify.application import ports, understanding
from billify.data.models import Invoice
from billify.domain.invoices import InvoiceStatus
from billify.domain.reading import Alternative, Field, Page, Reading, Word, doubt, kept_words
from tests import factories

WIDTH, HEIGHT = 595.0, 842.0
SURE = 0.99
PRINTED = (
    ("Molens", 60, 60), ("van", 110, 60), ("Deinze", 140, 60), ("NV", 190, 60),
    ("Factuur", 60, 120), ("2026-0815", 160, 120),
    ("Datum", 60, 140), ("01.10.26", 160, 140),
    ("Vervaldag", 60, 160), ("31/10/2026", 160, 160),
    ("IBAN", 60, 180), ("BE71", 160, 180), ("0961", 200, 180), ("2345", 240, 180),
    ("6769", 280, 180),
    ("Totaal", 60, 240), ("1.234,56", 160, 240), ("€", 220, 240),
)  # fmt: skip
"""What stands on the page, each word at its left and upper edge in points."""


def as_read(**changes: Field | None) -> Reading:
    """A reading with every field sure, but for these; None takes a field away."""
    values = {
        "document_type": "invoice",
        "supplier_name": "Molens van Deinze NV",
        "supplier_vat": "BE0403170701",
        "invoice_number": "2026-0815",
        "issue_date": "2026-10-01",
        "due_date": "2026-10-31",
        "currency": "EUR",
        "net_amount": "100.00",
        "vat_amount": "21.00",
        "gross_amount": "121.00",
    }
    fields: dict[str, Field | None] = {name: sure(value) for name, value in values.items()}
    return Reading(fields={name: one for name, one in (fields | changes).items() if one})


def sure(value: str, confidence: float = SURE, *others: tuple[str, float]) -> Field:
    """A field of the first page; `others` are its runners-up with their confidence."""
    box = (0.26, 0.14, 0.4, 0.16)
    runners = tuple(
        Alternative(value, chance, 1, (0.26, 0.16 + at / 40, 0.4, 0.18 + at / 40))
        for at, (value, chance) in enumerate(others, start=1)
    )
    return Field(value, confidence, 1, box, alternatives=runners)


def waits(
    reading: Reading | None = None, *, supplier: str = "Molens van Deinze NV", pages: int = 1
) -> Invoice:
    """A document that waits in the inbox, with its draft. Call it within a company's scope."""
    reading = reading or as_read()
    reading = replace(reading, fields=_named(reading, supplier))
    document = factories.document(
        f"{supplier.lower()}.pdf",
        reading=reading.to_json() | {"pages": [{"width": WIDTH, "height": HEIGHT}] * pages},
        pages=pages,
        sureness=doubt.sureness(reading=reading),
    )
    store = ports.storage()
    for page in range(1, pages + 1):
        store.put(understanding.preview_key(document, page), _white(), "image/jpeg")
    store.put(understanding.words_key(document), _words(pages), "application/zlib")
    return factories.invoice(
        of=factories.contact(supplier),
        status=InvoiceStatus.TO_CHECK,
        number=reading.text("invoice_number"),
        issue_date=reading.day("issue_date") or date(2026, 10, 1),
        due_date=date(2026, 10, 31),
        net_amount=reading.amount("net_amount"),
        vat_amount=reading.amount("vat_amount"),
        gross=reading.text("gross_amount"),
        open_amount=Decimal("0.00"),
        document_id=document.id,
    )


def _named(reading: Reading, supplier: str) -> dict[str, Field]:
    known = reading.fields.get("supplier_name")
    if known is None:
        return reading.fields
    return reading.fields | {"supplier_name": replace(known, value=supplier)}


@cache
def _white() -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (595, 842), "white").save(picture, "JPEG")
    return picture.getvalue()


@cache
def _words(pages: int) -> bytes:
    words = tuple(
        Word(
            text,
            x / WIDTH,
            y / HEIGHT,
            (x + 6 * len(text)) / WIDTH,
            (y + 10) / HEIGHT,
            size=10,
        )
        for text, x, y in PRINTED
    )
    every = [Page(number, WIDTH, HEIGHT, words) for number in range(1, pages + 1)]
    return kept_words.packed(pages=every)
