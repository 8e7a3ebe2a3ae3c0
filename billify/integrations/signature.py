"""What a file is by its first bytes, its size in pixels and whether it is whole.

Only the standard library: the web process asks this of every upload.
"""

import re
import struct
from dataclasses import dataclass
from enum import StrEnum


class MediaType(StrEnum):
    """The kinds of file that Billify knows by their content."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    HEIC = "image/heic"
    WEBP = "image/webp"
    TIFF = "image/tiff"
    XML = "application/xml"


@dataclass(frozen=True, slots=True)
class PictureSize:
    """Width and height as the header says, before anything is decoded."""

    width: int
    height: int

    @property
    def pixels(self) -> int:
        """How many pixels decoding would make."""
        return self.width * self.height


_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"heif"}
_JPEG_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_EINVOICE = re.compile(
    rb"<([\w.-]+:)?(Invoice|CreditNote|CrossIndustry(Invoice|Document)|StandardBusinessDocument)[\s>]"
)
_JPEG_BARE = {0x01, *range(0xD0, 0xD8)}


def media_type(content: bytes) -> MediaType | None:
    """The kind of file, never judged by its name; None for what Billify does not know."""
    head = content[:1024]
    if b"%PDF-" in head:
        return MediaType.PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if head.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return MediaType.HEIC
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return MediaType.WEBP
    if head[:4] in (b"II*\0", b"MM\0*"):
        return MediaType.TIFF
    return MediaType.XML if _is_xml(head) else None


def is_whole(content: bytes, kind: MediaType) -> bool:
    """False when the end of the file is missing."""
    return _WHOLE.get(kind, _always)(content)


def picture_size(content: bytes, kind: MediaType) -> PictureSize | None:
    """Width and height from the header alone; None when they are not where they should be."""
    try:
        return _SIZES[kind](content)
    except (KeyError, IndexError, struct.error):
        return None


def pdf_page_count(content: bytes) -> int:
    """The highest page count that the file states in the open; 0 when it is packed away."""
    highest = 0
    for found in re.finditer(rb"/Type\s*/Pages\b", content):
        start = content.rfind(b"obj", max(0, found.start() - 100_000), found.start())
        end = content.find(b"endobj", found.end())
        if start >= 0 and end > start:
            counts = re.findall(rb"/Count\s+(\d{1,9})", content[start:end])
            highest = max(highest, *map(int, counts), 0)
    return highest


def _is_xml(head: bytes) -> bool:
    """An XML declaration, or the first element of an e-invoice; also in UTF-16."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or head[:4] in (b"<\0?\0", b"\0<\0?"):
        head = head.replace(b"\0", b"").lstrip(b"\xff\xfe")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"<?xml") or _EINVOICE.match(start) is not None


def _always(_: bytes) -> bool:
    return True


def _pdf_is_whole(content: bytes) -> bool:
    # Some makers add mail footers or padding behind the end, so the last 64 KB are searched.
    return content.rfind(b"startxref") >= max(0, len(content) - 65_536)


def _xml_is_whole(content: bytes) -> bool:
    return content[-1_024:].rstrip(b"\0 \t\r\n").endswith(b">")


def _png_is_whole(content: bytes) -> bool:
    at = 8
    while at + 12 <= len(content):
        length, name = struct.unpack(">I4s", content[at : at + 8])
        at += 12 + length
        if name == b"IEND":
            return True
    return False


def _jpeg_is_whole(content: bytes) -> bool:
    # Within picture data an FF byte is always stuffed, so an end mark behind the last scan is real.
    return content.rfind(b"\xff\xd9") > content.rfind(b"\xff\xda") >= 0


def _webp_is_whole(content: bytes) -> bool:
    return len(content) >= 8 + int.from_bytes(content[4:8], "little")


def _heic_is_whole(content: bytes) -> bool:
    at = 0
    while at + 8 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        if size == 0:
            return True
        if size < 8:
            return False
        at += size
    return at == len(content)


_WHOLE = {
    MediaType.PDF: _pdf_is_whole,
    MediaType.XML: _xml_is_whole,
    MediaType.PNG: _png_is_whole,
    MediaType.JPEG: _jpeg_is_whole,
    MediaType.WEBP: _webp_is_whole,
    MediaType.HEIC: _heic_is_whole,
}


def _png_size(content: bytes) -> PictureSize:
    return PictureSize(*struct.unpack(">II", content[16:24]))


def _jpeg_size(content: bytes) -> PictureSize | None:
    at = 2
    while at + 9 < len(content):
        if content[at] != 0xFF:
            return None
        mark = content[at + 1]
        if mark in _JPEG_SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return PictureSize(width, height)
        if mark == 0xFF:
            at += 1
        elif mark in _JPEG_BARE:
            at += 2
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def _heic_size(content: bytes) -> PictureSize | None:
    sizes = [
        PictureSize(*struct.unpack(">II", content[found.start() + 8 : found.start() + 16]))
        for found in re.finditer(b"ispe", content[:262_144])
    ]
    return max(sizes, key=lambda size: size.pixels, default=None)


def _webp_size(content: bytes) -> PictureSize | None:
    kind = content[12:16]
    if kind == b"VP8X":
        return PictureSize(
            1 + int.from_bytes(content[24:27], "little"),
            1 + int.from_bytes(content[27:30], "little"),
        )
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return PictureSize(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return PictureSize(width & 0x3FFF, height & 0x3FFF)
    return None


def _tiff_size(content: bytes) -> PictureSize | None:
    order = "<" if content[:2] == b"II" else ">"
    start = struct.unpack(order + "I", content[4:8])[0]
    (count,) = struct.unpack(order + "H", content[start : start + 2])
    sizes: dict[int, int] = {}
    for entry in range(count):
        at = start + 2 + 12 * entry
        tag, kind = struct.unpack(order + "HH", content[at : at + 4])
        if tag in (256, 257):
            form = "H" if kind == 3 else "I"
            wide = 2 if kind == 3 else 4
            (sizes[tag],) = struct.unpack(order + form, content[at + 8 : at + 8 + wide])
    return PictureSize(sizes[256], sizes[257]) if len(sizes) == 2 else None


_SIZES = {
    MediaType.PNG: _png_size,
    MediaType.JPEG: _jpeg_size,
    MediaType.HEIC: _heic_size,
    MediaType.WEBP: _webp_size,
    MediaType.TIFF: _tiff_size,
}
