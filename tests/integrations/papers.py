"""Small documents made on the spot: PDFs letter by letter, pictures by drawing."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from billify.embedded import tesseract
from billify.integrations.documents import Tesseract

ENCRYPTED = base64.b64decode(
    """
    JVBERi0xLjYKJb/3ov4KMSAwIG9iago8PCAvUGFnZXMgMiAwIFIgL1R5cGUgL0NhdGFsb2cgPj4KZW5kb2JqCjIgMCBv
    YmoKPDwgL0NvdW50IDEgL0tpZHMgWyAzIDAgUiBdIC9UeXBlIC9QYWdlcyA+PgplbmRvYmoKMyAwIG9iago8PCAvQ29u
    dGVudHMgNCAwIFIgL01lZGlhQm94IFsgMCAwIDIwMCAyMDAgXSAvUGFyZW50IDIgMCBSIC9SZXNvdXJjZXMgPDwgPj4g
    L1R5cGUgL1BhZ2UgPj4KZW5kb2JqCjQgMCBvYmoKPDwgL0xlbmd0aCAzMiAvRmlsdGVyIC9GbGF0ZURlY29kZSA+Pgpz
    dHJlYW0Kg/geo9EqnjBltWFXI6RyYXhs7FDjwPy2pdLCYPUZq5oKZW5kc3RyZWFtCmVuZG9iago1IDAgb2JqCjw8IC9D
    RiA8PCAvU3RkQ0YgPDwgL0F1dGhFdmVudCAvRG9jT3BlbiAvQ0ZNIC9BRVNWMiAvTGVuZ3RoIDE2ID4+ID4+IC9GaWx0
    ZXIgL1N0YW5kYXJkIC9MZW5ndGggMTI4IC9PIDwwZGI1ODU1ZmM1MzI2NTY5ZTc2NTkwNmNhZjY0ZTQ0MjlhNGMyMGQ2
    ZTk5NmZkZWY5NjNlOWI1MDgwZjllMDgzPiAvT0UgPD4gL1AgLTEwMjggL1IgNCAvU3RtRiAvU3RkQ0YgL1N0ckYgL1N0
    ZENGIC9VIDw1MDRkMzkzNmQ1YmY3ZWI4MmMwOTgzNmJkMGY0ZWFmMDAwMjE0NDY5OTBiOWU0MTE0MDcxYTRkOTEwNDk4
    NGMxPiAvVUUgPD4gL1YgNCA+PgplbmRvYmoKeHJlZgowIDYKMDAwMDAwMDAwMCA2NTUzNSBmIAowMDAwMDAwMDE1IDAw
    MDAwIG4gCjAwMDAwMDAwNjQgMDAwMDAgbiAKMDAwMDAwMDEyMyAwMDAwMCBuIAowMDAwMDAwMjI5IDAwMDAwIG4gCjAw
    MDAwMDAzMzIgMDAwMDAgbiAKdHJhaWxlciA8PCAvUm9vdCAxIDAgUiAvU2l6ZSA2IC9JRCBbPGQ2MzYyMDJlOWQ2Zjc3
    OTFjYmM5MjkwYzAyMDc5MWYzPjxkNjM2MjAyZTlkNmY3NzkxY2JjOTI5MGMwMjA3OTFmMz5dIC9FbmNyeXB0IDUgMCBS
    ID4+CnN0YXJ0eHJlZgo2NDgKJSVFT0YK
    """
)
"""A page behind the password "secret"."""


def pdf(*pages: list[str], rotate: int = 0) -> bytes:
    """A PDF with one page for each list of lines, in Helvetica of 12 points."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>"]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects.append(f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>")
    objects.append("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    for number, lines in enumerate(pages):
        objects.append(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
            f"/Rotate {rotate}/Resources<</Font<</F 3 0 R>>>>/Contents {5 + 2 * number} 0 R>>"
        )
        shown = "".join(
            f"BT /F 12 Tf 50 {780 - 20 * at} Td ({line}) Tj ET\n" for at, line in enumerate(lines)
        )
        objects.append(f"<</Length {len(shown)}>>stream\n{shown}endstream")
    return _written(objects)


def redrawn(content: bytes, old: str, new: str) -> bytes:
    """A PDF of ours with another drawing order, its places and lengths put right again."""
    body = content.split(b"startxref")[0].rsplit(b"xref", 1)[0].decode("cp1252")
    objects = [part.split("obj", 1)[1] for part in body.split("endobj\n") if "obj" in part]
    changed = [_measured(one.replace(old, new)) for one in objects]
    return _written(changed)


def pdf_with_a_wrong_alphabet(*lines: str) -> bytes:
    """A page that shows these lines while its letters stand for others (a made ToUnicode)."""
    wrong = "".join(f"<{code:02x}> <{0x2600 + code:04x}>\n" for code in range(32, 127))
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"95 beginbfchar\n{wrong}endbfchar\nendcmap end end"
    )
    shown = "".join(
        f"BT /F 16 Tf 50 {780 - 30 * at} Td ({line}) Tj ET\n" for at, line in enumerate(lines)
    )
    return _written(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[4 0 R]/Count 1>>",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding"
            "/ToUnicode 6 0 R>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
            "/Resources<</Font<</F 3 0 R>>>>/Contents 5 0 R>>",
            f"<</Length {len(shown)}>>stream\n{shown}endstream",
            f"<</Length {len(table)}>>stream\n{table}endstream",
        ]
    )


def scan_of(image: Image.Image, lines: list[str], *, mode: int = 3) -> bytes:
    """A page that is a picture with text over it; mode 3 hides it, as scanners do, 0 shows it."""
    text = "".join(
        f"BT {mode} Tr /F 12 Tf 50 {780 - 20 * at} Td ({line}) Tj ET\n"
        for at, line in enumerate(lines)
    )
    shown = f"q 595 0 0 842 0 0 cm /I Do Q\n{text}"
    level = image.convert("L").tobytes().hex() + ">"
    return _written(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[4 0 R]/Count 1>>",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
            "/Resources<</Font<</F 3 0 R>>/XObject<</I 6 0 R>>>>/Contents 5 0 R>>",
            f"<</Length {len(shown)}>>stream\n{shown}endstream",
            f"<</Type/XObject/Subtype/Image/Width {image.width}/Height {image.height}"
            "/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/ASCIIHexDecode"
            f"/Length {len(level)}>>stream\n{level}endstream",
        ]
    )


def picture_of(*lines: str, size: tuple[int, int] = (1240, 1754)) -> Image.Image:
    """Black text on white paper."""
    image = Image.new("L", size, 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=36)
    for at, line in enumerate(lines):
        draw.text((120, 160 + 80 * at), line, font=font, fill=0)
    return image


def packed(image: Image.Image, form: str = "PNG") -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Tesseract:
    """The embedded Tesseract with all four languages."""
    given = tesseract.ensure(Path(tmp_path_factory.mktemp("tesseract")))
    return Tesseract(given["TESSERACT_CMD"], given["TESSDATA_PREFIX"])


def _measured(body: str) -> str:
    if "stream\n" not in body:
        return body
    shown = body.split("stream\n", 1)[1].rsplit("endstream", 1)[0]
    return f"<</Length {len(shown)}>>stream\n{shown}endstream"


def _written(objects: list[str]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj{body}endobj\n".encode("cp1252")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
