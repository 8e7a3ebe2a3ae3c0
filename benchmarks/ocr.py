"""Pages per minute of the whole OCR pipeline against bare Tesseract on the same pictures.

`benchmarks/ocr.py [--documents N] [--readable FOLDER]` prints one JSON object. Scans are pages of
PDFs drawn at 300 dpi without their text layer; photos are the pictures of the data folder as they
are, which the pipeline enlarges where they are small. Times are processor time on one core.

With --readable only the share of true values is counted that stand in the words at all, for the
documents in a folder (the data's own or those that prepare.py makes).
"""

import argparse
import io
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from billify.domain.reading import Word, read  # noqa: E402
from billify.integrations import documents  # noqa: E402
from billify.reading_command import tesseract_of  # noqa: E402

DATA = Path(os.environ.get("BILLIFY_DATA", HERE.parent / "shared" / "data"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=8, help="of each kind")
    parser.add_argument("--readable", type=Path, metavar="FOLDER")
    chosen = parser.parse_args()
    count = chosen.documents
    program = tesseract_of(os.environ)
    documents.preload()
    if chosen.readable:
        print(json.dumps(readable(chosen.readable, program), indent=1))
        return
    answer = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "scans": compared(scans(count), program),
        "photos": compared(photos(count), program),
        "digital": digital(program),
    }
    print(json.dumps(answer, indent=1))


def scans(count: int) -> list[bytes]:
    """Pages of PDFs as pictures."""
    from billify.integrations import pdf

    found = []
    paths = sorted((DATA / "invoices").glob("*.pdf"))
    for path in paths[:: max(1, len(paths) // count)][:count]:
        out = io.BytesIO()
        pdf.picture(pdf.opened(path.read_bytes())[0]).save(out, "PNG", compress_level=1)
        found.append(out.getvalue())
    return found


def photos(count: int) -> list[bytes]:
    """Pictures as they came."""
    paths = [
        path
        for path in sorted((DATA / "invoices").iterdir())
        if path.suffix in (".png", ".jpg", ".jpeg")
    ]
    return [path.read_bytes() for path in paths[:: max(1, len(paths) // count)][:count]]


def compared(pictures: list[bytes], program: documents.Tesseract) -> dict[str, float]:
    """Processor time of both ways on the same pictures, and of bare Tesseract on cleaned ones."""
    start = processor_seconds()
    for content in pictures:
        read(documents.open_document(content, name="page", tesseract=program).for_reading)
    whole = processor_seconds() - start
    bare = sum(bare_seconds(content, program) for content in pictures)
    cleaned = sum(bare_seconds(cleaned_picture(content), program) for content in pictures)
    return {
        "pages": len(pictures),
        "pipeline_pages_per_minute": round(60 * len(pictures) / whole, 1),
        "bare_pages_per_minute": round(60 * len(pictures) / bare, 1),
        "pipeline_to_bare": round(bare / whole, 3),
        "pipeline_to_bare_on_cleaned": round(cleaned / whole, 3),
    }


def processor_seconds() -> float:
    """Of this process and of every child that has ended: fair on a busy machine too."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def cleaned_picture(content: bytes) -> bytes:
    """What the pipeline hands to Tesseract."""
    from billify.integrations import picture

    out = io.BytesIO()
    picture.cleaned(picture.loaded(content, most_pixels=200_000_000))[0].save(out, "PPM")
    return out.getvalue()


def bare_seconds(content: bytes, program: documents.Tesseract) -> float:
    """Tesseract alone, with the same languages."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page"
        path.write_bytes(content)
        command = [program.cmd, str(path), "stdout", "-l", "+".join(program.languages), "tsv"]
        env = os.environ | {"OMP_THREAD_LIMIT": "1"}
        if program.tessdata:
            env["TESSDATA_PREFIX"] = program.tessdata
        start = processor_seconds()
        subprocess.run(command, env=env, check=True, capture_output=True)
        return processor_seconds() - start


def digital(program: documents.Tesseract) -> dict[str, float]:
    """PDFs with a text layer: opening, previews and understanding."""
    pages, seconds = 0, 0.0
    for path in sorted((DATA / "invoices").glob("*.pdf")):
        start = processor_seconds()
        opened = documents.open_document(path.read_bytes(), name=path.name, tesseract=program)
        read(opened.for_reading)
        if all(page.how == "text" for page in opened.pages):
            seconds += processor_seconds() - start
            pages += len(opened.pages)
    return {"pages": pages, "pages_per_second": round(pages / seconds, 1)}


AMOUNTS = ("net_amount", "vat_amount", "gross_amount")
CODES = ("supplier_vat", "buyer_vat", "invoice_number", "iban", "bic", "payment_reference")
NAMES = ("supplier_name", "buyer_name")
_AMOUNT = re.compile(r"\d[\d.,' ]*")


def readable(folder: Path, program: documents.Tesseract) -> dict[str, object]:
    """Of the asked amounts, codes and names, the share whose bare text stands in the words."""
    asked: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for path in sorted(folder.iterdir()):
        beside = DATA / "invoices" / f"{path.stem}.json"
        if path.suffix == ".json" or not beside.exists():
            continue
        kept = json.loads(beside.read_text(encoding="utf-8"))
        opened = documents.open_document(path.read_bytes(), name=path.name, tesseract=program)
        if all(page.how == "text" for page in opened.pages):
            continue
        lines = [line for page in opened.for_reading for line in lines_of(page.words)]
        for field in (*AMOUNTS, *CODES, *NAMES):
            value = kept["truth"].get(field)
            if field in kept["ask"] and value not in (None, "", []):
                asked[field] += 1
                values = value if isinstance(value, list) else [value]
                found[field] += any(stands_in(field, str(one), lines) for one in values)
    return {
        "share": round(found.total() / max(asked.total(), 1), 3),
        "values": asked.total(),
        "by_field": {field: round(found[field] / asked[field], 3) for field in asked},
    }


def lines_of(words: Sequence[Word]) -> list[str]:
    """The words of a page as lines of text, by where their middles stand."""
    rows: list[tuple[float, list[Word]]] = []
    for word in sorted(words, key=lambda one: one.y0 + one.y1):
        middle = (word.y0 + word.y1) / 2
        if rows and middle - rows[-1][0] < (word.y1 - word.y0) / 2:
            rows[-1][1].append(word)
        else:
            rows.append((middle, [word]))
    return [" ".join(one.text for one in sorted(row, key=lambda w: w.x0)) for _, row in rows]


def stands_in(field: str, value: str, lines: Sequence[str]) -> bool:
    """Is the value there, whatever stands between its letters or digits?"""
    if field in AMOUNTS:
        digits = re.sub(r"\D", "", f"{abs(Decimal(value)):.2f}").lstrip("0")
        shown = (re.sub(r"\D", "", one) for line in lines for one in _AMOUNT.findall(line))
        return any(digits in (one.lstrip("0"), one.lstrip("0") + "00") for one in shown)
    return bare_text(value) in bare_text("".join(lines))


def bare_text(text: str) -> str:
    """Capital letters and digits only, without accents."""
    plain = unicodedata.normalize("NFKD", text)
    return re.sub(r"[\W_]+", "", "".join(c for c in plain if not unicodedata.combining(c))).upper()


if __name__ == "__main__":
    main()
