"""Pages per minute of the whole OCR pipeline against bare Tesseract on the same pictures.

`benchmarks/ocr.py [--documents N]` prints one JSON object. Scans are pages of PDFs drawn at
300 dpi without their text layer; photos are the pictures of the data folder as they are.
"""

import argparse
import io
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from billify.domain.reading import read  # noqa: E402
from billify.integrations import documents  # noqa: E402
from billify.reading_command import tesseract_of  # noqa: E402

DATA = Path(os.environ.get("BILLIFY_DATA", HERE.parent / "shared" / "data"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=8, help="of each kind")
    count = parser.parse_args().documents
    program = tesseract_of(os.environ)
    documents.preload()
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
    """Both ways on the same pictures, one core and one thread each."""
    start = time.perf_counter()
    for content in pictures:
        read(documents.open_document(content, name="page", tesseract=program).for_reading)
    whole = time.perf_counter() - start
    bare = sum(bare_seconds(content, program) for content in pictures)
    return {
        "pages": len(pictures),
        "pipeline_pages_per_minute": round(60 * len(pictures) / whole, 1),
        "bare_pages_per_minute": round(60 * len(pictures) / bare, 1),
        "pipeline_to_bare": round(bare / whole, 3),
    }


def bare_seconds(content: bytes, program: documents.Tesseract) -> float:
    """Tesseract alone, with the same languages."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page"
        path.write_bytes(content)
        command = [program.cmd, str(path), "stdout", "-l", "+".join(program.languages), "tsv"]
        env = os.environ | {"OMP_THREAD_LIMIT": "1"}
        if program.tessdata:
            env["TESSDATA_PREFIX"] = program.tessdata
        start = time.perf_counter()
        subprocess.run(command, env=env, check=True, capture_output=True)
        return time.perf_counter() - start


def digital(program: documents.Tesseract) -> dict[str, float]:
    """PDFs with a text layer: opening, previews and understanding."""
    pages, seconds = 0, 0.0
    for path in sorted((DATA / "invoices").glob("*.pdf")):
        start = time.perf_counter()
        opened = documents.open_document(path.read_bytes(), name=path.name, tesseract=program)
        read(opened.for_reading)
        if all(page.how == "text" for page in opened.pages):
            seconds += time.perf_counter() - start
            pages += len(opened.pages)
    return {"pages": pages, "pages_per_second": round(pages / seconds, 1)}


if __name__ == "__main__":
    main()
