"""Text layers: words in place, accents whole, rubbish noticed."""

import pytest

from billify.domain.reading import Page
from billify.integrations import pdf
from tests.integrations import papers


def text_page(content: bytes) -> Page:
    return pdf.text_page(pdf.opened(content)[0], 1)


def test_words_are_parted_at_spaces() -> None:
    page = text_page(papers.pdf(["Te betalen 121,00"]))

    assert [word.text for word in page.words] == ["Te", "betalen", "121,00"]


def test_type_size_is_in_points() -> None:
    (word,) = text_page(papers.pdf(["Totaal"])).words

    assert word.size == pytest.approx(12, abs=3)


def test_a_scan_is_drawn_no_finer_than_it_is() -> None:
    page = pdf.opened(papers.scan_of(papers.picture_of("Totaal", size=(1190, 1684)), []))[0]

    assert pdf.own_dpi(page) == pytest.approx(144, abs=1)


def test_a_page_of_print_is_drawn_at_the_usual_fineness() -> None:
    assert pdf.own_dpi(pdf.opened(papers.pdf(["Totaal"]))[0]) == pdf.SCAN_DPI


def test_a_rendered_page_stays_below_the_limit_of_pixels() -> None:
    poster = papers.pdf(["Totaal"]).replace(b"[0 0 595 842]", b"[0 0 9999 9999]")

    image = pdf.picture(pdf.opened(poster)[0])

    assert image.width * image.height <= pdf.MOST_PIXELS * 1.01


def test_an_encrypted_pdf_is_told() -> None:
    with pytest.raises(pdf.Encrypted):
        pdf.opened(papers.ENCRYPTED)


def test_rubbish_is_told() -> None:
    with pytest.raises(pdf.Damaged):
        pdf.opened(b"%PDF-1.4 nothing")
