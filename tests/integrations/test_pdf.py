"""Text layers: words in place, accents whole, rubbish noticed."""

import pytest

from billify.domain.reading import Page, Word
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


@pytest.mark.parametrize(
    ("text", "has_picture", "is_sound"),
    [
        ("", False, False),
        ("Factuur van Drukkerij Peeters 2026", True, True),
        ("Gescand", True, False),
        ("Gescand", False, True),
        ("\ue001\ue002\ue003\ue004\ue005 \ue006\ue007", False, False),
    ],
)
def test_a_useless_text_layer_is_noticed(text: str, has_picture: bool, is_sound: bool) -> None:
    words = tuple(Word(part, 0, 0, 1, 1) for part in text.split())

    assert pdf.has_sound_text(Page(1, 595, 842, words), has_picture=lambda: has_picture) is is_sound


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
