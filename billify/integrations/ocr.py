"""Words from a picture by Tesseract, one page a call, in one thread.

Imported in the reading child process only.
"""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytesseract
from PIL import Image

from billify.domain.reading import Page, Word

SECONDS_A_PAGE = 60
_A4_WIDTH = 595.0
_DOTS_PER_INCH = 200
"""About what a page has once enlarged; left to guess, Tesseract cuts small print wrongly."""
LANGUAGE_DATA = {"nl": "nld", "fr": "fra", "en": "eng", "de": "deu"}


class OcrFailed(Exception):
    """Tesseract was stopped or ran out of time on a page."""


class OcrMissing(Exception):
    """There is no Tesseract where it should be, or it has no language data."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Where Tesseract is."""

    cmd: str
    tessdata: str


def words_of(
    image: Image.Image,
    *,
    engine: Engine,
    languages: Sequence[str],
    segmentation: int = 3,
    seconds: float = SECONDS_A_PAGE,
) -> tuple[Word, ...]:
    """The words of a cleaned picture with their boxes and Tesseract's own confidence."""
    pytesseract.pytesseract.tesseract_cmd = engine.cmd
    # Two workers with several threads each get in each other's way: 0.4 pages/s against 2.2.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    if engine.tessdata:
        os.environ["TESSDATA_PREFIX"] = engine.tessdata
    with tempfile.TemporaryDirectory(prefix="billify-ocr-") as folder:
        # Plain TIFF is the quickest to write here and to read there.
        path = Path(folder) / "page.tif"
        image.save(path, "TIFF")
        try:
            table = pytesseract.image_to_data(
                str(path),
                lang="+".join(languages),
                config=f"--psm {segmentation} --dpi {_DOTS_PER_INCH}",
                output_type=pytesseract.Output.DICT,
                timeout=seconds,
            )
        except pytesseract.TesseractNotFoundError as error:
            raise OcrMissing(str(error)) from error
        except (RuntimeError, OSError) as error:  # TesseractError is a RuntimeError
            missing = "load any languages" in str(error)
            raise (OcrMissing if missing else OcrFailed)(str(error)[:300]) from error
    return tuple(_word(table, row, image.size) for row in _rows(table))


def page_of(words: tuple[Word, ...], *, number: int, size: tuple[int, int]) -> Page:
    """A page of A4 width (a picture has no size in points of its own)."""
    return in_points(Page(number, _A4_WIDTH, _A4_WIDTH * size[1] / size[0], ()), words)


def in_points(page: Page, words: tuple[Word, ...]) -> Page:
    """The page with these words, their type size turned from a fraction into points."""
    sized = (replace(word, size=word.size * page.height) for word in words)
    return Page(page.number, page.width, page.height, tuple(sized))


def mean_confidence(words: Sequence[Word]) -> float:
    """How sure Tesseract is on the whole, by letters; 0 when it saw nothing."""
    letters = sum(len(word.text) for word in words)
    if not letters:
        return 0.0
    return sum(word.confidence * len(word.text) for word in words) / letters


def _rows(table: dict[str, list[str]]) -> list[int]:
    return [
        row
        for row, text in enumerate(table["text"])
        if str(text).strip() and float(table["conf"][row]) >= 0
    ]


def _word(table: dict[str, list[str]], row: int, size: tuple[int, int]) -> Word:
    left, top = float(table["left"][row]), float(table["top"][row])
    width, height = float(table["width"][row]), float(table["height"][row])
    return Word(
        str(table["text"][row]).strip(),
        left / size[0],
        top / size[1],
        (left + width) / size[0],
        (top + height) / size[1],
        float(table["conf"][row]) / 100,
        height / size[1],
    )
