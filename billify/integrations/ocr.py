"""Words from a picture by Tesseract, one page a call, in one thread.

Imported in the reading child process only, whose folder for passing files goes when it ends.
"""

import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytesseract
from PIL import Image

from billify.domain.reading import Page, Word

SECONDS_A_PAGE = 60
_A4_WIDTH = 595.0
_DOTS_PER_INCH = 200
"""About what a page has once enlarged; left to guess, Tesseract cuts small print wrongly."""
LANGUAGE_DATA = {"nl": "nld", "fr": "fra", "en": "eng", "de": "deu"}
WHOLE_PAGE, ONE_BLOCK, SPARSE = 3, 6, 11
"""Ways in which Tesseract cuts a page: columns and blocks, one block, text wherever it stands."""
_WORD_LEVEL = "5"


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
    segmentation: int = WHOLE_PAGE,
    seconds: float = SECONDS_A_PAGE,
) -> tuple[Word, ...]:
    """The words of a cleaned picture with their boxes and Tesseract's own confidence.

    Raises OcrFailed or OcrMissing.
    """
    config = f"--psm {segmentation} --dpi {_DOTS_PER_INCH}"
    if engine.tessdata:
        config += f" --tessdata-dir {shlex.quote(engine.tessdata)}"
    with tempfile.NamedTemporaryFile(prefix="page-", suffix=".tiff") as file:
        image.save(file, "TIFF")  # the quickest to write here and to read there
        file.flush()
        table = _said(file.name, engine, "+".join(languages), config, seconds)
    return tuple(_words(table, image.size))


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


def _said(path: str, engine: Engine, languages: str, config: str, seconds: float) -> str:
    # Two workers with several threads each get in each other's way: 0.4 pages/s against 2.2.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    pytesseract.pytesseract.tesseract_cmd = engine.cmd
    try:
        # As bytes: the dictionary it also offers rounds how sure each word is.
        told = pytesseract.image_to_data(
            path,
            lang=languages,
            config=config,
            timeout=seconds,
            output_type=pytesseract.Output.BYTES,
        )
    except pytesseract.TesseractError as error:
        is_missing = "load any languages" in error.message
        raise (OcrMissing if is_missing else OcrFailed)(error.message[-300:]) from error
    except RuntimeError as error:  # so it says that the time is over
        raise OcrFailed("out of time") from error
    except (OSError, subprocess.CalledProcessError) as error:
        raise OcrMissing(str(error)) from error
    return bytes(told).decode("utf-8", "replace")


def _words(table: str, size: tuple[int, int]) -> Iterator[Word]:
    """From rows of level, page, block, paragraph, line, word, left, top, width, height, …"""
    for row in table.splitlines():
        parts = row.split("\t")
        if parts[0] != _WORD_LEVEL or len(parts) < 12 or not parts[11].strip():
            continue
        left, top, width, height = (float(part) for part in parts[6:10])
        yield Word(
            parts[11].strip(),
            left / size[0],
            top / size[1],
            (left + width) / size[0],
            (top + height) / size[1],
            max(float(parts[10]), 0.0) / 100,
            height / size[1],
        )
