"""Pages of a PDF copied into PDFs of their own; imported in the child process only."""

import hashlib
import io
import re
from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium

from billify.integrations import pdf

_ID = re.compile(rb"/ID\s*\[\s*<[0-9A-Fa-f]{32}>\s*<[0-9A-Fa-f]{32}>\s*\]")


def cut(content: bytes, ranges: Sequence[tuple[int, int]]) -> Iterator[bytes]:
    """A PDF for each range of pages (both ends included, counted from 1), as they are drawn.

    The same pages of the same file give the same bytes. Raises `pdf.Encrypted`, `pdf.Damaged`, or
    ValueError for pages that are not there.
    """
    whole = pdf.opened(content)
    source = hashlib.sha256(content).digest()
    for first, last in ranges:
        if not 1 <= first <= last <= len(whole):
            raise ValueError(f"pages {first} to {last} of {len(whole)}")
        part = pdfium.PdfDocument.new()
        try:
            part.import_pages(whole, list(range(first - 1, last)))
            written = io.BytesIO()
            part.save(written)
        except pdfium.PdfiumError as error:
            raise pdf.Damaged from error
        finally:
            part.close()
        yield _named(written.getvalue(), source + f"{first}-{last}".encode())


def _named(content: bytes, seed: bytes) -> bytes:
    """The file with an identifier that follows from its pages, where pdfium draws lots."""
    name = hashlib.sha256(seed).hexdigest()[:32].upper().encode()
    found = list(_ID.finditer(content))
    if not found:
        return content
    start, end = found[-1].span()
    # As long as before, since offsets into the file stand behind it.
    written = b"/ID[<" + name + b"><" + name + b">]"
    return content[:start] + written.ljust(end - start) + content[end:]
