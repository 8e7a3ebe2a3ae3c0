"""Belgian invoices made with Typst in several layouts and languages, from PDF to fields."""

import json
from pathlib import Path

import pytest
import typst

from billify.domain.reading import read
from billify.integrations import pdf

MADE = Path(__file__).parent / "made"
EXPECTED = json.loads((MADE / "expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_made_invoice_is_read_as_it_was_written(name: str) -> None:
    """A field that the paper prints in two ways, as a brand and a legal name, may be either."""
    document = pdf.opened(typst.compile(MADE / f"{name}.typ"))
    pages = [pdf.text_page(page, number) for number, page in enumerate(document, 1)]

    reading = read(pages)

    found = {field: reading.text(field) for field in EXPECTED[name] if field != "lines"}
    found |= {"lines": len(reading.line_items)}
    wrong = {
        field: (found[field], wanted)
        for field, wanted in EXPECTED[name].items()
        if found[field] not in (wanted if isinstance(wanted, list) else [wanted])
    }
    assert wrong == {}
