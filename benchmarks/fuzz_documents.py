"""Damaged and hostile documents through the product's own path: signature, opening, reading.

`benchmarks/fuzz_documents.py --seed 1 --count 10000 [--only KIND] [--keep FOLDER]` prints one JSON
object; exit code 1 when any document ended otherwise than in fields or a sentence, or ran over
the limit of time. Each document depends on the seed and its number alone, so a failing one is made
again with `--first NUMBER --count 1`. $BILLIFY_DATA names the folder of real ones to damage.
"""

import argparse
import functools
import io
import json
import math
import os
import random
import resource
import signal
import sys
import time
import traceback
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from billify.domain.reading import Page, Word, read  # noqa: E402
from billify.domain.refusal import Refusal  # noqa: E402
from billify.integrations import documents  # noqa: E402
from billify.reading_command import tesseract_of  # noqa: E402

DATA = Path(os.environ.get("BILLIFY_DATA", HERE.parent / "shared" / "data"))
LIMITS = documents.Limits(seconds=20)
SLACK_SECONDS = 70
"""On top of the limit of opening: that of understanding very long documents, and some air."""
LARGEST_SEED = 300_000
PIECES = (
    "Factuur", "Totaal", "121,00", "€ 1.234,56", "BTW 21%", "BE0123456789", "BE68 5390 0754 7034",
    "+++090/9337/55493+++", "31/02/2026", "2026-13-45", "00/00/0000", "99999999999999999999,99",
    "-0,00", "1e999", "NaN", "חשבונית מס", "فاتورة ضريبية ١٢٣٤٫٥٦", "請求書 ￥12,345",
    "\u202e00,121", "\u0301\u0301\u0301", "🧾", "\x00", "½", "٣/٤/٢٠٢٦", "A" * 500, "1" * 300,
    "((((", "%s%n", "{{7*7}}",
)  # fmt: skip
Made = bytes | list[Page]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--only", choices=sorted(KINDS))
    parser.add_argument("--keep", type=Path, help="write failing documents here")
    chosen = parser.parse_args()
    program = tesseract_of(os.environ)
    documents.preload()
    signal.signal(signal.SIGALRM, _hangs)
    ends: Counter[str] = Counter()
    failed, slowest = [], (0.0, "")
    start = time.monotonic()
    for number in range(chosen.first, chosen.first + chosen.count):
        kind, made = document(chosen.seed, number, only=chosen.only)
        begun = time.monotonic()
        end = outcome(made, program)
        took = time.monotonic() - begun
        slowest = max(slowest, (round(took, 2), f"{kind} {number}"))
        if took > LIMITS.seconds + SLACK_SECONDS:
            end = f"failed: took {took:.0f} seconds"
        ends[end.split(":")[0]] += 1
        if end.startswith("failed"):
            failed.append({"number": number, "kind": kind, "how": end})
            print(json.dumps(failed[-1]), file=sys.stderr, flush=True)
            _keep(chosen.keep, number, made)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        json.dumps(
            {
                "seed": chosen.seed,
                "documents": chosen.count,
                "ends": dict(ends),
                "failed": failed,
                "slowest": slowest,
                "seconds": round(time.monotonic() - start),
                "peak_mb_of_the_worker": peak,
            },
            indent=1,
        )
    )
    return 1 if failed else 0


def document(seed: int, number: int, *, only: str | None = None) -> tuple[str, Made]:
    """(kind, content) of one document: bytes of a file, or pages of words for the reader."""
    rng = random.Random(f"{seed}:{number}")
    names = list(KINDS)
    kind = only or rng.choices(names, [KINDS[name][1] for name in names])[0]
    return kind, KINDS[kind][0](rng)


def outcome(made: Made, program: documents.Tesseract) -> str:
    """ "fields", "refused: …" or "failed: …"."""
    signal.alarm(LIMITS.seconds + SLACK_SECONDS)
    try:
        if isinstance(made, list):
            json.dumps(read(made).to_json(), allow_nan=False)
            return "fields"
        opened = documents.open_document(made, name="x.pdf", tesseract=program, limits=LIMITS)
        json.dumps(opened.read().to_json(), allow_nan=False)
    except Refusal as refusal:
        return f"refused: {refusal}"
    except Exception:  # noqa: BLE001 (whatever it is, it is what we look for)
        return "failed: " + traceback.format_exc(limit=-4)
    finally:
        signal.alarm(0)
    return "fields"


def _hangs(*_: object) -> None:
    raise TimeoutError("over the limit")


def _keep(folder: Path | None, number: int, made: Made) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        content = made if isinstance(made, bytes) else repr(made).encode()
        (folder / str(number)).write_bytes(content)


@functools.cache
def _files(*suffixes: str) -> tuple[bytes, ...]:
    found = [
        path.read_bytes()
        for path in sorted(DATA.rglob("*"))
        if path.suffix in suffixes and path.stat().st_size < LARGEST_SEED
    ]
    return tuple(found) or (made_pdf(random.Random(0)) if ".pdf" in suffixes else INVOICE,)


def _damaged(rng: random.Random, content: bytes) -> bytes:
    """A few of: flipped bits, a cut, a part twice, a part elsewhere, zeros, numbers changed."""
    out = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 5))):
        at, to = sorted(rng.randrange(len(out) + 1) for _ in range(2))
        match rng.randrange(7):
            case 0:
                for _ in range(rng.choice((1, 8, 200))):
                    if out:
                        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
            case 1:
                del out[at:]
            case 2:
                out[at:at] = out[at : min(to, at + 5_000)]
            case 3:
                del out[at : min(to, at + 3_000)]
            case 4:
                out[at : min(to, at + 200)] = bytes(min(to, at + 200) - at)
            case 5:
                digits = [place for place, byte in enumerate(out) if 48 <= byte <= 57]
                for place in rng.sample(digits, min(len(digits), rng.choice((1, 10, 60)))):
                    out[place] = rng.choice(b"0123456789-.e")
            case _:
                out[at:at] = rng.choice(PIECES).encode("utf-8", "replace")
        out = out or bytearray(b"%")
    return bytes(out)


def damaged_pdf(rng: random.Random) -> bytes:
    """A real PDF, damaged; mostly with its end put back so that it is opened at all."""
    content = _damaged(rng, rng.choice(_files(".pdf")))
    return content if rng.random() < 0.2 else b"%PDF-1.4\n" + content + b"\nstartxref\n0\n%%EOF"


def damaged_xml(rng: random.Random) -> bytes:
    """A real e-invoice, damaged."""
    return _damaged(rng, rng.choice(_files(".xml")))


def damaged_picture(rng: random.Random) -> bytes:
    """A small picture of nothing, damaged; no letters, so that OCR ends at once."""
    from PIL import Image

    size = (rng.choice((1, 2, 40, 300)), rng.choice((1, 3, 50, 400)))
    mode = rng.choice(("L", "RGB", "RGBA", "P", "1", "CMYK", "I;16", "LA"))
    form = rng.choice(("PNG", "JPEG", "TIFF", "WEBP"))
    out = io.BytesIO()
    try:
        Image.effect_noise(size, 90).convert(mode if mode != "I;16" else "I").save(out, form)
    except (OSError, ValueError, KeyError):
        Image.new("L", size, 255).save(out, "PNG")
    return out.getvalue() if rng.random() < 0.3 else _damaged(rng, out.getvalue())


def read_picture(rng: random.Random) -> bytes:
    """A picture of odd words that is really read by OCR: dear, so few of them."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("L", (rng.choice((200, 700)), rng.choice((150, 600))), 255)
    font = ImageFont.load_default(size=rng.choice((8, 20, 60)))
    for line in range(rng.randrange(1, 8)):
        text = rng.choice(PIECES)[:40].replace("\0", " ")
        ImageDraw.Draw(image).text((5, 5 + 60 * line), text, font=font, fill=0)
    image = image.rotate(rng.choice((0, 0, 3, 90, 180)), expand=True, fillcolor=255)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def bomb(rng: random.Random) -> bytes:
    """Small on disk, large once unpacked."""
    match rng.randrange(4):
        case 0:
            return _png(rng.choice(((11_000, 10_900), (30_000, 30_000), (1, 2**31 - 1))))
        case 1:
            return _pdf([], packed=bytes(80_000_000))
        case 2:
            many = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
            return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{many}]>'.encode() + (
                INVOICE.split(b"?>", 1)[1].replace(b"F-1", b"&a9;")
            )
        case _:
            return _pdf([f"q {rng.randrange(9)} 0 0 1 0 0 cm " * 200_000])


def made_pdf(rng: random.Random) -> bytes:
    """A PDF written by hand: hostile boxes, places, sizes, texts, page trees."""
    odd = ("0", "-5", "nan", "inf", "1e30", "99999999", "0.00001", "595", "842", "(x)", "null")
    box = "[0 0 595 842]" if rng.random() < 0.5 else f"[{' '.join(rng.choices(odd, k=4))}]"
    lines = []
    for _ in range(rng.choice((0, 3, 40, 400))):
        text = rng.choice(PIECES).encode("cp1252", "replace").decode("cp1252")
        text = text.replace("\\", "").replace("(", "").replace(")", "")
        if rng.random() < 0.8:
            place = f"{rng.randrange(600)} {rng.randrange(850)} Td"
        else:
            place = " ".join(rng.choices(odd[:9], k=6)) + " Tm"
        size = rng.choice(("12", "8", "0", "-12", "1000", "0.01"))
        mode = rng.choice((0, 0, 0, 3, 7))
        lines.append(f"BT {mode} Tr /F {size} Tf {place} ({text}) Tj ET\n")
    return _pdf(lines, box=box, rotate=rng.choice((0, 0, 90, 180, 270, 45, -90)), tree=rng)


def large_pdf(rng: random.Random) -> bytes:
    """Huge tables and very many words."""
    words = rng.choice((3_000, 20_000, 200_000, 1_000_000))
    rows = [
        f"BT /F 4 Tf {20 + n % 12 * 48} {840 - n // 12 * 5 % 830} Td "
        f"({n % 1000},{n % 100:02}) Tj ET\n"
        for n in range(words)
    ]
    return _pdf(rows)


def hostile_xml(rng: random.Random) -> bytes:
    """An e-invoice that is well-formed more or less, with one thing gone wild."""
    text = INVOICE.decode()
    match rng.randrange(9):
        case 0:
            text = text.replace("<cbc:Note>x</cbc:Note>", "<a>" * 50_000 + "</a>" * 50_000)
        case 1:
            line = text[text.index("<cac:InvoiceLine>") : text.index("</Invoice>")]
            text = text.replace(line, line * rng.choice((500, 5_000, 20_000)))
        case 2:
            amount = rng.choice(("NaN", "1e400", "-" * 50, "9" * 5_000, "١٢", "", "1,5", "0x10"))
            text = text.replace("121.00", amount)
        case 3:
            text = text.replace("F-1", rng.choice(PIECES).replace("\0", "").replace("&", ""))
        case 4:
            entity = rng.choice(("file:///etc/passwd", "http://localhost:1/x"))
            text = text.replace("?>", f'?><!DOCTYPE x [<!ENTITY e SYSTEM "{entity}">]>', 1)
            text = text.replace("F-1", "&e;")
        case 5:
            day = rng.choice(
                ("2026-02-30", "0000-00-00", "20260101", "9999999-01-01", "٢٠٢٦-٠١-٠١")
            )
            text = text.replace("2026-01-31", day)
        case 6:
            charset = rng.choice(("UTF-16", "UTF-7", "EBCDIC-CP-US", "x-none", "latin-1"))
            text = text.replace("UTF-8", charset)
            return text.encode(rng.choice(("utf-8", "utf-16", "utf-16-be", "latin-1")), "replace")
        case 7:
            text = text.replace("<cbc:Note>x", "<cbc:Note>" + "x" * 5_000_000)
        case _:
            text = text.replace("<cbc:Note>x", "<cbc:Note " + 'a="1" ' * 3 + ">x")
            text = text.replace("cbc:", rng.choice(("", "cbc:cbc:", "é:", "CBC:")))
    return text.encode("utf-8", "replace")


def noise(rng: random.Random) -> bytes:
    """Any bytes behind the mark of a known kind."""
    head = rng.choice(
        (b"", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"RIFF\0\0\0\0WEBP",
         b"\0\0\0\x20ftypheic", b"<?xml version='1.0'?>", b"PK\3\4", b"GIF89a", b"\xff\xfe<\0?\0")
    )  # fmt: skip
    return head + rng.randbytes(rng.choice((0, 10, 5_000))) + rng.choice((b"", b"\xff\xd9", b">"))


def wild_pages(rng: random.Random) -> list[Page]:
    """Words for the pure reader, with places that no page has."""
    odd = (0.0, 1.0, -1.0, 5.0, math.nan, math.inf, -math.inf, 1e-9)
    pages = []
    for number in range(1, rng.choice((2, 2, 3, 30))):
        words = []
        for _ in range(rng.choice((0, 1, 30, 400))):
            wild = rng.random() < 0.05
            x, y = (rng.choice(odd), rng.choice(odd)) if wild else (rng.random(), rng.random())
            size = rng.choice((0.0, 0.01, 10.0, math.nan if wild else 1.0))
            end = rng.choice(odd) if wild else x + 0.05
            words.append(Word(rng.choice(PIECES), x, y, end, y + 0.01, rng.random(), size))
        sides = rng.choice(((595.0, 842.0), (842.0, 595.0), (0.0, 0.0), (1e9, 1.0)))
        pages.append(Page(number, *sides, tuple(words)))
    return pages


KINDS: dict[str, tuple[Callable[[random.Random], Made], float]] = {
    "damaged_pdf": (damaged_pdf, 22),
    "made_pdf": (made_pdf, 12),
    "large_pdf": (large_pdf, 0.15),
    "damaged_xml": (damaged_xml, 30),
    "hostile_xml": (hostile_xml, 8),
    "damaged_picture": (damaged_picture, 5),
    "read_picture": (read_picture, 0.6),
    "bomb": (bomb, 0.5),
    "noise": (noise, 12),
    "wild_pages": (wild_pages, 0),
}
"""Maker and share of each kind. Wild pages reach the pure reader by no document: only if asked."""

INVOICE = b"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>F-1</cbc:ID><cbc:IssueDate>2026-01-31</cbc:IssueDate>
<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:Note>x</cbc:Note>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity>
<cbc:RegistrationName>Drukkerij Peeters</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>
</cac:AccountingSupplierParty>
<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount currencyID="EUR">121.00</cbc:TaxInclusiveAmount>
<cbc:PayableAmount currencyID="EUR">121.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">1</cbc:InvoicedQuantity>
<cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
<cac:Item><cbc:Name>Flyers</cbc:Name></cac:Item></cac:InvoiceLine></Invoice>"""


def _pdf(
    lines: list[str],
    *,
    box: str = "[0 0 595 842]",
    rotate: int = 0,
    packed: bytes = b"",
    tree: random.Random | None = None,
) -> bytes:
    stream = zlib.compress(packed or "".join(lines).encode("cp1252", "replace"), 1)
    kids = "4 0 R"
    if tree is not None and tree.random() < 0.2:
        # The tree names itself, nothing, a font, or the same page very often.
        kids = tree.choice(("2 0 R", "99 0 R", "3 0 R", "4 0 R " * 150, "4 0 R 2 0 R", ""))
    objects: list[bytes] = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(kids.split('R')) - 1}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox{box}/Rotate {rotate}"
        "/Resources<</Font<</F 3 0 R>>>>/Contents 5 0 R>>".encode(),
        f"<</Filter/FlateDecode/Length {len(stream)}>>stream\n".encode() + stream + b"\nendstream",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj".encode() + body + b"endobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def _png(size: tuple[int, int]) -> bytes:
    def part(name: bytes, body: bytes) -> bytes:
        check = zlib.crc32(name + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + name + body + check

    head = size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big") + b"\x08\0\0\0\0"
    rows = min(size[1], 12_000)
    body = zlib.compress(bytes((min(size[0], 12_000) + 1) * rows), 9)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")


if __name__ == "__main__":
    sys.exit(main())
