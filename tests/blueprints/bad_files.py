"""Files that nobody should send, made on the spot: none of them is kept in the repository."""

import functools
import io
import struct
import zlib

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

MEBIBYTE = 1024 * 1024


def pdf(content: bytes = b"", *, trailer: str = "", count: int = 1, packed: bool = False) -> bytes:
    """A PDF of one page with this content stream; `count` is what it claims to have."""
    filter_ = "/Filter/FlateDecode" if packed else ""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[3 0 R]/Count {count}>>".encode(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        f"<</Length {len(content)}{filter_}>>stream\n".encode() + content + b"\nendstream",
    ]
    written, places = bytearray(b"%PDF-1.6\n"), []
    for number, one in enumerate(objects, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    start = len(written)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    written += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    written += f"trailer<</Root 1 0 R/Size {len(objects) + 1}{trailer}>>\n".encode()
    return bytes(written + f"startxref\n{start}\n%%EOF\n".encode())


def letter(*lines: str) -> bytes:
    """A PDF that can be read."""
    shown = "".join(
        f"BT /F 12 Tf 50 {780 - 20 * at} Td ({line}) Tj ET\n" for at, line in enumerate(lines)
    )
    return pdf(shown.encode())


def protected_pdf() -> bytes:
    """A PDF behind a password: its keys fit no password anybody would try."""
    keys = "/O<" + "ab" * 32 + ">/U<" + "cd" * 32 + ">"
    return pdf(trailer=f"/Encrypt<</Filter/Standard/V 1/R 2/P -4{keys}>>/ID[<00><00>]")


@functools.cache
def pages_pdf(pages: int) -> bytes:
    """A PDF of many blank pages."""
    document = pdfium.PdfDocument.new()
    for _ in range(pages):
        document.new_page(200, 200).close()
    file = io.BytesIO()
    document.save(file)
    document.close()
    return file.getvalue()


def bomb_pdf(size: int = 200 * MEBIBYTE) -> bytes:
    """A page whose content is small on disk and huge in memory."""
    return pdf(_packed(b" ", size), packed=True)


def png(width: int, height: int, *, depth: int = 1, colour: int = 0, more: bytes = b"") -> bytes:
    """A PNG of one colour that packs very well."""
    channels = {0: 1, 2: 3, 6: 4}[colour]
    row = 1 + (width * depth * channels + 7) // 8
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)),
            more,
            _chunk(b"IDAT", _packed(b"\0", row * height)),
            _chunk(b"IEND", b""),
        ]
    )


def lying_png(width: int, height: int) -> bytes:
    """A header that promises a picture the file does not hold."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IEND", b"")


def text_bomb_png() -> bytes:
    """A small picture with a comment of 200 MB."""
    comment = b"Comment\0\0" + _packed(b"x", 200 * MEBIBYTE)
    return png(100, 100, more=_chunk(b"zTXt", comment))


def photo(*lines: str) -> bytes:
    """A JPEG of printed lines."""
    image = Image.new("L", (1000, 700), 255)
    font = ImageFont.load_default(size=32)
    for at, line in enumerate(lines):
        ImageDraw.Draw(image).text((80, 80 + 60 * at), line, font=font, fill=0)
    file = io.BytesIO()
    image.save(file, "JPEG")
    return file.getvalue()


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def _packed(byte: bytes, size: int) -> bytes:
    packer, parts, left = zlib.compressobj(9), [], size
    while left > 0:
        step = min(left, MEBIBYTE)
        parts.append(packer.compress(byte * step))
        left -= step
    return b"".join([*parts, packer.flush()])
