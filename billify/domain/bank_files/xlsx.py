"""The first sheet of an XLSX file as rows of text: a small reader that keeps memory low.

A workbook is a zip of XML files. Sizes are bounded before and while unpacking, since a small
file can unpack to anything.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from lxml import etree

from billify.domain.bank_files.cells import Number
from billify.domain.bank_files.shapes import Unreadable
from billify.domain.refusal import N_

MOST_BYTES = 60_000_000
MOST_ROWS = 100_000
MOST_CELLS = 64
"""In a row."""
_SHEET = re.compile(r"xl/worksheets/sheet([0-9]+)\.xml", re.IGNORECASE)
_PLACE = re.compile(r"([A-Z]{1,3})[0-9]+")


def rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet with their numbers. Refuses a damaged or huge workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            sheet = _first_sheet(book)
            texts = _shared_texts(book)
            yield from _rows(_opened(book, sheet), texts)
    except (
        zipfile.BadZipFile,
        zlib.error,
        etree.XMLSyntaxError,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        KeyError,
    ) as error:
        raise _damaged() from error


def _damaged() -> Unreadable:
    return Unreadable(N_("This Excel file is damaged, protected or no workbook."), line=None)


def _first_sheet(book: zipfile.ZipFile) -> str:
    if sum(one.file_size for one in book.infolist()) > MOST_BYTES:
        raise _too_large()
    sheets = [
        (int(found[1]), name) for name in book.namelist() if (found := _SHEET.fullmatch(name))
    ]
    if not sheets:
        raise _damaged()
    return min(sheets)[1]


def _too_large() -> Unreadable:
    return Unreadable(N_("This Excel file unpacks to more than a bank statement can hold."))


def _opened(book: zipfile.ZipFile, name: str) -> IO[bytes]:
    """The unpacked file, read no further than its declared size allows."""
    info = book.getinfo(name)
    content = book.open(info).read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _too_large()
    if re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", content, re.IGNORECASE):
        raise _damaged()
    return io.BytesIO(content)


def _parsed(source: IO[bytes], tag: str) -> Iterator[etree._Element]:
    tree = etree.iterparse(
        source,
        events=("end",),
        tag=tag,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    for _event, element in tree:
        yield element
        element.clear()
        before = element.getprevious()
        parent = element.getparent()
        if before is not None and parent is not None:
            parent.remove(before)


def _shared_texts(book: zipfile.ZipFile) -> list[str]:
    name = next((one for one in book.namelist() if one.lower() == "xl/sharedstrings.xml"), None)
    if name is None:
        return []
    return [_words(one) for one in _parsed(_opened(book, name), "{*}si")]


def _words(element: etree._Element) -> str:
    """Text of an item without its reading aid (rPh)."""
    texts = (
        one.text or ""
        for one in element.iter("{*}t")
        if not any(str(up.tag).endswith("}rPh") for up in one.iterancestors())
    )
    return "".join(texts)


def _rows(source: IO[bytes], texts: list[str]) -> Iterator[tuple[int, list[str]]]:
    for count, row in enumerate(_parsed(source, "{*}row"), 1):
        if count > MOST_ROWS:
            raise _too_large()
        number = row.get("r", "")
        yield int(number) if number.isdigit() else count, _cells(row, texts)


def _cells(row: etree._Element, texts: list[str]) -> list[str]:
    cells: list[str] = []
    for cell in row.iterchildren("{*}c"):
        place = _column(cell.get("r")) or len(cells)
        if place >= MOST_CELLS:
            break
        cells += [""] * (place + 1 - len(cells))
        cells[place] = _value(cell, texts)
    return cells


def _column(reference: str | None) -> int:
    found = _PLACE.fullmatch(reference or "")
    if not found:
        return 0
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return column - 1


def _value(cell: etree._Element, texts: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _words(cell)
    found = next(cell.iterchildren("{*}v"), None)
    value = (found.text or "") if found is not None else ""
    if kind == "s":
        at = int(value or -1)
        return texts[at] if 0 <= at < len(texts) else ""
    return Number(value) if kind == "n" and value else value
