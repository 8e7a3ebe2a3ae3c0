"""The words of a document's pages as they are kept: small, and the same when read back."""

import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from billify.domain.reading.words import Page, Word

_FORMAT = 1
_GRID = 20_000
"""Steps over a page's width and height: half a hundredth of a millimetre on A4."""
_MOST_BYTES = 64 * 1024 * 1024
"""Unpacked. More was never written, so it is damage."""


class NotWords(ValueError):
    """These bytes were not written by `packed`."""


def packed(*, pages: Sequence[Page]) -> bytes:
    """Pages and words as compressed JSON, about 10 bytes a word; `unpacked` turns it back.

    Places are kept to a 1/20,000 of the page, confidences to a hundredth and sizes of type to a
    tenth of a point.
    """
    kept = {"format": _FORMAT, "pages": [_packed_page(page) for page in pages]}
    plain = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
    return zlib.compress(plain, 6)


def unpacked(*, content: bytes) -> list[Page]:
    """The pages that `packed` wrote. Raises NotWords for anything else."""
    try:
        unzip = zlib.decompressobj()
        plain = unzip.decompress(content, _MOST_BYTES)
        kept = json.loads(plain) if unzip.eof else None
        if not isinstance(kept, dict) or kept.get("format") != _FORMAT:
            raise NotWords("another format")
        return [_page(page) for page in kept["pages"]]
    except (zlib.error, ValueError, KeyError, TypeError) as error:
        raise NotWords(str(error)) from error


def _packed_page(page: Page) -> dict[str, Any]:  # Any: JSON
    """Column by column, since like beside like compresses best."""
    words = page.words
    return {
        "number": page.number,
        "width": round(page.width, 2),
        "height": round(page.height, 2),
        "text": [word.text.encode(errors="replace").decode() for word in words],
        "x0": _steps(word.x0 for word in words),
        "y0": _steps(word.y0 for word in words),
        "x1": _steps(word.x1 for word in words),
        "y1": _steps(word.y1 for word in words),
        "confidence": [round(word.confidence * 100) for word in words],
        "size": [round(word.size * 10) for word in words],
    }


def _steps(places: Iterable[float]) -> list[int]:
    return [round(place * _GRID) for place in places]


def _page(kept: dict[str, Any]) -> Page:  # Any: JSON
    columns = [kept[name] for name in ("text", "x0", "y0", "x1", "y1", "confidence", "size")]
    return Page(
        number=int(kept["number"]),
        width=float(kept["width"]),
        height=float(kept["height"]),
        words=tuple(
            Word(
                str(text),
                x0 / _GRID,
                y0 / _GRID,
                x1 / _GRID,
                y1 / _GRID,
                confidence / 100,
                size / 10,
            )
            for text, x0, y0, x1, y1, confidence, size in zip(*columns, strict=True)
        ),
    )
