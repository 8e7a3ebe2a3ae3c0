"""Invoices printed by Typst: what stands on them, and that text stays text."""

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from billify.domain.paper import Paper, PrintedParty
from billify.integrations import typeset

ISSUED = date(2026, 11, 20)
GOLDEN = """\
Bakkerij Anna BV
Coupure Rechts 779
9000 Gent
Factuur
Nummer 2026-0166
Factuurdatum 20/11/2026
Klant
Hôtel de l'Écluse SRL
Quai 4
5000 Namur
Omschrijving Aantal Prijs Btw Bedrag
Brood #strong[x] *vet* $x$ \\ "aanhaling" 40 stuk 2,50 6 % 100,00
Btw % Maatstaf Btw
6 % 100,00 6,00
Netto 100,00
Btw 6,00
Te betalen 106,00 EUR
IBAN BE20 7373 2892 8356
Mededeling +++026/0001/66085+++
Vermelding.
Bakkerij Anna BV · BE 0912.345.673 1 / 1"""


def paper(look: int = 0, lines: int = 1) -> Paper:
    """A small invoice with a description that would be markup."""
    line = ('Brood #strong[x] *vet* $x$ \\ "aanhaling"', "40 stuk", "2,50", "6 %", "100,00")
    return Paper(
        language="nl",
        title="Factuur",
        seller=PrintedParty("Bakkerij Anna BV", ("Coupure Rechts 779", "9000 Gent")),
        buyer_label="Klant",
        buyer=PrintedParty("Hôtel de l'Écluse SRL", ("Quai 4", "5000 Namur")),
        facts=(("Nummer", "2026-0166"), ("Factuurdatum", "20/11/2026")),
        line_heads=("Omschrijving", "Aantal", "Prijs", "Btw", "Bedrag"),
        lines=(line,) * lines,
        vat_heads=("Btw %", "Maatstaf", "Btw"),
        vat=(("6 %", "100,00", "6,00"),),
        totals=(("Netto", "100,00"), ("Btw", "6,00"), ("Te betalen", "106,00 EUR")),
        payment=(("IBAN", "BE20 7373 2892 8356"), ("Mededeling", "+++026/0001/66085+++")),
        mentions=("Vermelding.",),
        footer="Bakkerij Anna BV · BE 0912.345.673",
        author="Bakkerij Anna BV",
        look=look,
    )


def text_of(pdf: bytes) -> list[str]:
    """The text of each page, line by line."""
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def test_the_page_says_what_it_was_given_and_nothing_else() -> None:
    (text,) = text_of(typeset.invoice_pdf(paper(), on=ISSUED))

    assert text == GOLDEN


def test_the_same_values_give_the_same_bytes() -> None:
    assert typeset.invoice_pdf(paper(), on=ISSUED) == typeset.invoice_pdf(paper(), on=ISSUED)


def test_a_process_of_its_own_prints_the_same() -> None:
    apart = typeset.invoice_pdf_apart(paper(), on=ISSUED)

    assert apart == typeset.invoice_pdf(paper(), on=ISSUED)


def test_what_the_design_does_not_take_is_refused() -> None:
    with pytest.raises(typeset.CannotPrint):
        typeset.invoice_pdf_apart(replace(paper(), language="no language"), on=ISSUED)


@pytest.mark.parametrize("look", range(4))
def test_every_look_carries_the_same_words(look: int) -> None:
    (text,) = text_of(typeset.invoice_pdf(paper(look), on=ISSUED))

    for words in ("2026-0166", "106,00 EUR", "+++026/0001/66085+++", "#strong[x] *vet*"):
        assert words in text


def test_many_lines_flow_over_pages_with_their_head_repeated() -> None:
    pages = text_of(typeset.invoice_pdf(paper(lines=60), on=ISSUED))

    assert len(pages) > 1
    assert "Omschrijving" in pages[1]
    assert f"2 / {len(pages)}" in pages[1]
