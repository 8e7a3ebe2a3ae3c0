"""Typst turns sources into PDF; fonts are the repository's, the machine's and Typst's own.

MADE_FONTS names a folder of further fonts; a font that is missing is replaced by Liberation Sans.
"""

import os
from functools import cache
from pathlib import Path

import pypdfium2
import typst

from benchmarks.made_documents.paper import PAGES

HOME = Path(__file__).resolve().parent.parent.parent
FONTS = HOME / "billify" / "templates" / "pdf" / "fonts"
WHOLE = "str(counter(page).final().first())"
DAY = 1_700_000_000


class CannotTypeset(Exception):
    """A source that Typst refuses: a fault of the generator."""


@cache
def _compiler() -> "typst.Compiler":
    more = os.environ.get("MADE_FONTS")
    return typst.Compiler(font_paths=[str(FONTS), *([more] if more else [])])


def pdf_of(sources: list[str]) -> tuple[bytes, list[int]]:
    """One PDF of several papers one behind another, and how many pages each has."""
    if len(sources) == 1:
        pdf = _compiled(sources[0].replace(PAGES, WHOLE))
        return pdf, [pages_in(pdf)]
    counts = [pages_in(_compiled(source.replace(PAGES, WHOLE))) for source in sources]
    parts = []
    for source, count in zip(sources, counts, strict=True):
        whole = source.replace(PAGES, f"[{count}]")
        # Each paper counts its pages from 1: set before its body, or its own foot would show it.
        manner, body = whole.rsplit("\n", 1)
        parts.append(f"#[\n{manner}\n#counter(page).update(1)\n{body}\n]")
    return _compiled("\n#pagebreak(weak: true)\n".join(parts)), counts


def pages_in(pdf: bytes) -> int:
    """How many pages a PDF has."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def _compiled(source: str) -> bytes:
    try:
        made = _compiler().compile(source.encode(), format="pdf", timestamp=DAY)
    except (RuntimeError, ValueError) as error:
        raise CannotTypeset(f"{error}\n{source}") from error
    if not isinstance(made, bytes):
        raise CannotTypeset("no single file came out")
    return made
