"""PDF pages through pdfium: the words of the text layer with their places, and pictures.

Imported in the reading child process only.
"""

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from billify.domain.reading import Box, Page, Word

SCAN_DPI = 300
MOST_PIXELS = 9_000_000
"""Tesseract takes 428 MB for a picture of 35 megapixels, 75 MB for one of 9."""

MOST_WORDS = 10_000
"""Of one page: the densest invoice has 2,000, and the reader's time grows with them."""
SCREEN_SIDE = 1_240
MOST_FILES = 50
LARGEST_FILE = 25 * 1024 * 1024

PdfDocument = pdfium.PdfDocument
PdfPage = pdfium.PdfPage

_LINE_HYPHEN = "\x02"  # what pdfium gives for a hyphen at the end of a line
_LONE_ACCENTS = frozenset("´`¨ˆ˜¸\u0300\u0301\u0302\u0303\u0308\u0327\u02c6\u02dc")
_OBJECTS_LOOKED_AT = 40
_LETTERS_LOOKED_AT = 300


class Encrypted(Exception):
    """The PDF needs a password that we do not have."""


class Damaged(Exception):
    """pdfium finds no document in these bytes."""


def opened(content: bytes) -> pdfium.PdfDocument:
    """The document; raises Encrypted or Damaged."""
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise Encrypted from error
        raise Damaged from error


def attached(document: pdfium.PdfDocument) -> tuple[bytes, ...]:
    """The files inside the PDF; those that are too large or damaged are left out."""
    files = []
    for index in range(min(document.count_attachments(), MOST_FILES)):
        try:
            content = bytes(document.get_attachment(index).get_data())
        except pdfium.PdfiumError:
            continue
        if 0 < len(content) <= LARGEST_FILE:
            files.append(content)
    return tuple(files)


def text_page(page: pdfium.PdfPage, number: int) -> Page:
    """The page with the words of its text layer; no words when it has none.

    A page whose print stands on its side is turned first, so that it is shown upright too.
    """
    textpage = page.get_textpage()
    turn = _reading_direction(textpage)
    if turn is not None:
        page.set_rotation(turn)
    width, height = page.get_size()
    words = tuple(islice(_words(page, textpage, turn or 0), MOST_WORDS))
    textpage.close()
    return Page(number, width, height, words)


def page(document: pdfium.PdfDocument, index: int) -> pdfium.PdfPage:
    """One page, counted from 0; raises Damaged."""
    try:
        return document[index]
    except pdfium.PdfiumError as error:
        raise Damaged from error


def picture_share(page: pdfium.PdfPage) -> float:
    """How much of the page its largest picture covers, from 0 to 1."""
    width, height = page.get_size()
    whole = max(width * height, 1)
    shares = [0.0]
    for found in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = found.get_bounds()
        shares.append((right - left) * (top - bottom) / whole)
    return min(max(shares), 1.0)


def is_hidden(page: pdfium.PdfPage) -> bool:
    """True when the text is there to be searched only: a scanner's own reading of the picture."""
    seen = hidden = 0
    for found in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT], max_depth=3):
        seen += 1
        mode = pdfium_c.FPDFTextObj_GetTextRenderMode(found.raw)
        hidden += mode == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
        if seen == _OBJECTS_LOOKED_AT:
            break
    return hidden > seen / 2


def own_dpi(page: pdfium.PdfPage) -> float:
    """The fineness of the one picture that fills the page, from 100 to `SCAN_DPI`; else that.

    Drawn any finer, a scan only gets larger and its letters softer.
    """
    found = list(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    if len(found) != 1:
        return SCAN_DPI
    width, height = page.get_size()
    left, bottom, right, top = found[0].get_bounds()
    if (right - left) * (top - bottom) < 0.9 * width * height:
        return SCAN_DPI
    inches = max(right - left, top - bottom) / 72
    return float(min(max(max(found[0].get_px_size()) / inches, 100), SCAN_DPI))


def picture(page: pdfium.PdfPage, *, dpi: float = SCAN_DPI) -> Image.Image:
    """The page in grey as it is shown, at most `MOST_PIXELS` large."""
    return _rendered(page, dpi / 72, grey=True)


def screen_picture(page: pdfium.PdfPage, *, long_side: int = SCREEN_SIDE) -> Image.Image:
    """The page in colour, for the screen."""
    return _rendered(page, long_side / max(*page.get_size(), 1), grey=False)


def _rendered(page: pdfium.PdfPage, scale: float, *, grey: bool) -> Image.Image:
    width, height = page.get_size()
    scale = min(scale, math.sqrt(MOST_PIXELS / max(width * height, 1)))
    bitmap = page.render(scale=scale, grayscale=grey, rev_byteorder=True)
    image: Image.Image = bitmap.to_pil()
    return image


def _reading_direction(textpage: pdfium.PdfTextPage) -> int | None:
    """Degrees against the clock at which most letters stand in page space; None without letters."""
    count = textpage.count_chars()
    seen: Counter[int] = Counter()
    for index in range(0, count, max(1, count // _LETTERS_LOOKED_AT)):
        if chr(pdfium_c.FPDFText_GetUnicode(textpage.raw, index)).isspace():
            continue
        angle = pdfium_c.FPDFText_GetCharAngle(textpage.raw, index)
        seen[-round(math.degrees(angle) / 90) % 4 * 90] += 1  # it turns with the clock
    if not seen:
        return None
    turn, letters = seen.most_common(1)[0]
    return turn if letters > 0.6 * seen.total() else None


def _words(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, turn: int) -> Iterator[Word]:
    place = _placer(page)
    for text, left, bottom, right, top in _runs(textpage, turn):
        clean = unicodedata.normalize("NFKC", text).replace(_LINE_HYPHEN, "-").strip()
        box = place(*_turned((left, bottom, right, top), -turn % 360))
        if clean and box is not None:
            yield Word(clean, *box, 1.0, abs(top - bottom))


def _turned(box: Box, degrees: int) -> Box:
    """A box (left, bottom, right, top) after the plane was turned with the clock."""
    left, bottom, right, top = box
    if degrees == 90:
        return (bottom, -right, top, -left)
    if degrees == 180:
        return (-right, -top, -left, -bottom)
    if degrees == 270:
        return (-top, left, -bottom, right)
    return box


def _runs(
    textpage: pdfium.PdfTextPage, turn: int
) -> Iterator[tuple[str, float, float, float, float]]:
    """Letters between spaces with the box around them, y upwards, print turned level."""
    raw, rect = textpage.raw, pdfium_c.FS_RECTF()
    letter_of, box_of = pdfium_c.FPDFText_GetUnicode, pdfium_c.FPDFText_GetLooseCharBox
    pointer = ctypes.byref(rect)
    text, left, bottom, right, top = "", 0.0, 0.0, 0.0, 0.0
    is_parted = has_accent = False
    for index in range(textpage.count_chars()):
        letter = chr(letter_of(raw, index))
        if letter.isspace() or letter == "\0":
            is_parted = True
            continue
        if letter in _LONE_ACCENTS:
            # Some typesetters draw é as e and an accent: the gap between is none.
            has_accent = True
            continue
        if not box_of(raw, index, pointer):
            continue
        if turn:
            box = _turned((rect.left, rect.bottom, rect.right, rect.top), turn)
            rect.left, rect.bottom, rect.right, rect.top = box
        if has_accent and is_parted and rect.left - right < 0.2 * (top - bottom):
            is_parted = False
        if text and (is_parted or _is_elsewhere(rect, left, bottom, right, top)):
            yield text, left, bottom, right, top
            text = ""
        is_parted = has_accent = False
        if text:
            text += letter
            left, right = min(left, rect.left), max(right, rect.right)
            bottom, top = min(bottom, rect.bottom), max(top, rect.top)
        else:
            text, left, bottom, right, top = letter, rect.left, rect.bottom, rect.right, rect.top
    if text:
        yield text, left, bottom, right, top


def _is_elsewhere(
    rect: pdfium_c.FS_RECTF, left: float, bottom: float, right: float, top: float
) -> bool:
    """True when a letter does not continue the word: another line or a wide gap."""
    size = top - bottom
    if rect.left - right > 0.6 * size or left - rect.right > 0.6 * size:
        return True
    return bool(rect.bottom > top or rect.top < bottom)


def _placer(page: pdfium.PdfPage) -> Callable[[float, float, float, float], Box | None]:
    """A function from page space to fractions of the page as it is shown."""
    x0, y0, x1, y1 = _shown_box(page)
    wide, tall = max(x1 - x0, 1e-6), max(y1 - y0, 1e-6)
    turn = page.get_rotation()

    def place(left: float, bottom: float, right: float, top: float) -> Box | None:
        a, b = (left - x0) / wide, (right - x0) / wide
        c, d = (y1 - top) / tall, (y1 - bottom) / tall
        if turn == 90:
            a, c, b, d = 1 - d, a, 1 - c, b
        elif turn == 180:
            a, c, b, d = 1 - b, 1 - d, 1 - a, 1 - c
        elif turn == 270:
            a, c, b, d = c, 1 - b, d, 1 - a
        if not (b >= 0 and a <= 1 and d >= 0 and c <= 1):  # so put, NaN is outside too
            return None
        return (max(a, 0.0), max(c, 0.0), min(b, 1.0), min(d, 1.0))

    return place


def _shown_box(page: pdfium.PdfPage) -> Box:
    media, crop = page.get_mediabox(), page.get_cropbox()
    box = (
        max(media[0], crop[0]),
        max(media[1], crop[1]),
        min(media[2], crop[2]),
        min(media[3], crop[3]),
    )
    return box if box[2] > box[0] and box[3] > box[1] else tuple(media)
