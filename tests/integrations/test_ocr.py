"""Tesseract gives words with their places."""

from pathlib import Path

import pytest

from billify.integrations import ocr, pdf
from billify.integrations.documents import Tesseract
from tests.integrations import papers
from tests.integrations.papers import program

__all__ = ["program"]


def engine(program: Tesseract) -> ocr.Engine:
    return ocr.Engine(program.cmd, program.tessdata)


def test_words_come_with_box_and_confidence(program: Tesseract) -> None:
    image = papers.picture_of("Totaal 121,00 EUR")

    words = ocr.words_of(image, engine=engine(program), languages=("nld", "eng"))

    assert [word.text for word in words] == ["Totaal", "121,00", "EUR"]
    assert words[0].x0 == pytest.approx(120 / 1240, abs=0.01)
    assert words[0].y0 == pytest.approx(165 / 1754, abs=0.01)
    assert words[0].confidence > 0.8


def test_accents_are_read(program: Tesseract) -> None:
    image = pdf.picture(pdf.opened(papers.pdf(["Échéance et règlement à réception"]))[0])

    words = ocr.words_of(image, engine=engine(program), languages=("fra",))

    assert [word.text for word in words] == ["Échéance", "et", "règlement", "à", "réception"]


def test_a_page_of_ocr_has_type_sizes_in_points(program: Tesseract) -> None:
    image = papers.picture_of("Totaal")
    words = ocr.words_of(image, engine=engine(program), languages=("eng",))

    page = ocr.page_of(words, number=1, size=image.size)

    assert page.width == 595
    assert 8 < page.words[0].size < 20


def test_a_missing_program_is_told() -> None:
    with pytest.raises(ocr.OcrMissing):
        ocr.words_of(
            papers.picture_of("a"), engine=ocr.Engine("/nowhere/tesseract", ""), languages=("eng",)
        )


def test_missing_language_data_is_told(program: Tesseract, tmp_path: Path) -> None:
    with pytest.raises(ocr.OcrMissing):
        ocr.words_of(
            papers.picture_of("a"),
            engine=ocr.Engine(program.cmd, str(tmp_path)),
            languages=("eng",),
        )


def test_too_little_time_is_told(program: Tesseract) -> None:
    with pytest.raises(ocr.OcrFailed):
        ocr.words_of(
            papers.picture_of(*["Totaal 121,00 EUR"] * 15),
            engine=engine(program),
            languages=("nld", "fra", "eng"),
            seconds=0.01,
        )
