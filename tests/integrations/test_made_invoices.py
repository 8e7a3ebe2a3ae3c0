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
    document = pdf.opened(typst.compile(MADE / f"{name}.typ"))
    pages = [pdf.text_page(page, number) for number, page in enumerate(document, 1)]

    reading = read(pages)

    found = {field: reading.text(field) for field in EXPECTED[name] if field != "lines"}
    assert found | {"lines": len(reading.line_items)} == EXPECTED[name]
