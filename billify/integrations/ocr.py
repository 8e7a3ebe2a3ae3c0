"""Words from a picture by Tesseract, one page a call, in one thread.

Imported in the reading child process only.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
    command = [engine.cmd, "stdin", "stdout", "-l", "+".join(languages)]
    command += ["--psm", str(segmentation), "--dpi", str(_DOTS_PER_INCH), "tsv"]
    # A file without a name: nothing is left behind when this process is stopped.
    with tempfile.TemporaryFile(prefix="billify-ocr-") as file:
        image.save(file, "TIFF")  # the quickest to write here and to read there
        file.seek(0)
        table = _said(command, file.fileno(), engine, seconds)
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


def _said(command: Sequence[str], file: int, engine: Engine, seconds: float) -> str:
    # Two workers with several threads each get in each other's way: 0.4 pages/s against 2.2.
    environ = os.environ | {"OMP_THREAD_LIMIT": "1"}
    if engine.tessdata:
        environ["TESSDATA_PREFIX"] = engine.tessdata
    try:
        done = subprocess.run(
            command, stdin=file, capture_output=True, env=environ, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise OcrFailed("out of time") from error
    except OSError as error:
        raise OcrMissing(str(error)) from error
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace")
        raise (OcrMissing if "load any languages" in told else OcrFailed)(told[-300:])
    return done.stdout.decode("utf-8", "replace")


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
