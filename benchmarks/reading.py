"""How well and how fast documents are read: `benchmarks/reading.py [--errors FIELD] [--json]`.

BILLIFY_DATA names the folder that holds invoices/ (default ../shared/data); the scorer stands
beside it in bench/extraction/score.py. With --documents another folder of files with the same
names is read, for example the scans that prepare.py makes.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from billify.domain.reading import Reading, read  # noqa: E402
from billify.domain.refusal import Refusal  # noqa: E402
from billify.integrations import documents  # noqa: E402
from billify.reading_command import tesseract_of  # noqa: E402

DATA = Path(os.environ.get("BILLIFY_DATA", HERE.parent / "shared" / "data"))
KINDS = {".pdf", ".png", ".jpg", ".jpeg", ".heic", ".webp"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=Path, default=DATA / "invoices")
    parser.add_argument("--errors", help="show the wrong values of one field")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    truths = truths_of(DATA / "invoices")
    readings, seconds, pages = read_all(args.documents, set(truths))
    with tempfile.TemporaryDirectory() as folder:
        truth, guess = Path(folder) / "truth.json", Path(folder) / "guess.json"
        truth.write_text(json.dumps(truths), encoding="utf-8")
        guess.write_text(json.dumps({name: one.values() for name, one in readings.items()}))
        score = DATA.parent / "bench" / "extraction" / "score.py"
        options = ["--errors", args.errors] if args.errors else ["--by", "kind"]
        options += ["--json"] if args.json else []
        subprocess.run([sys.executable, score, truth, guess, *options], check=True)
    for how in sorted(seconds):
        rate = pages[how] / seconds[how]
        print(json.dumps({"how": how, "pages": pages[how], "pages_per_second": round(rate, 2)}))
    if not args.errors:
        print(json.dumps({"reliability": reliability(readings, truths)}))


def truths_of(folder: Path) -> dict[str, dict[str, object]]:
    """What score.py wants to know, from the file beside each document."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        kept = json.loads(path.read_text(encoding="utf-8"))
        found[kept["id"]] = {key: kept[key] for key in ("lang", "kind", "ask", "truth")}
    return found


def read_all(
    folder: Path, wanted: set[str]
) -> tuple[dict[str, Reading], dict[str, float], dict[str, int]]:
    """Readings by document, and time and pages by how they were taken."""
    program = tesseract_of(os.environ)
    readings: dict[str, Reading] = {}
    seconds: dict[str, float] = defaultdict(float)
    pages: dict[str, int] = defaultdict(int)
    documents.preload()
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in KINDS or path.stem not in wanted:
            continue
        start = time.perf_counter()
        try:
            opened = documents.open_document(path.read_bytes(), name=path.name, tesseract=program)
        except Refusal as refusal:
            print(f"{path.name}: {refusal}", file=sys.stderr)
            continue
        readings[path.stem] = read(opened.for_reading)
        how = "ocr" if any(page.how == "ocr" for page in opened.pages) else "text"
        seconds[how] += time.perf_counter() - start
        pages[how] += len(opened.pages)
    return readings, seconds, pages


def reliability(
    readings: dict[str, Reading], truths: dict[str, dict[str, object]]
) -> list[dict[str, float]]:
    """Share of right values by stated confidence, with the scorer's own idea of right."""
    sys.path.insert(0, str(DATA.parent / "bench" / "extraction"))
    import score  # type: ignore[import-not-found]

    rows: dict[int, list[bool]] = defaultdict(list)
    for name, reading in readings.items():
        doc = truths[name]
        truth, ask = doc["truth"], doc["ask"]
        assert isinstance(truth, dict)
        assert isinstance(ask, list)
        for field, found in reading.fields.items():
            if field in ask:
                right = truth.get(field) is not None and score.same(
                    field, truth[field], found.value, truth["document_type"] == "credit_note"
                )
                rows[min(int(found.confidence * 10), 9)].append(right)
    return [
        {"from": tenth / 10, "fields": len(found), "right": round(sum(found) / len(found), 3)}
        for tenth, found in sorted(rows.items())
    ]


if __name__ == "__main__":
    main()
