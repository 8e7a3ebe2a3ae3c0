"""Scans and photos of made documents, by the program that makes those of the development set.

    python -m benchmarks.made_documents.degrade --data DIR --out DIR [--python FILE]

Out gets orig/, scan/, photo/ and truth.json. The program (default: bench/extraction/prepare.py
beside BILLIFY_DATA) needs OpenCV and pikepdf, which Billify does not: --python names an interpreter
that has them. Files of several invoices are left out, since their truth is by part.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent.parent
DATA = Path(os.environ.get("BILLIFY_DATA", HOME.parent / "shared" / "data"))


def main() -> int:
    """Make the variants; the exit code is that of the program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--prepare", type=Path, default=DATA.parent / "bench/extraction/prepare.py")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--count", type=int, help="only so many documents, the first by name")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        taken = linked(args.data, Path(folder), args.count)
        print(f"{taken} documents", file=sys.stderr)
        command = [args.python, str(args.prepare), "--data", folder, "--out", str(args.out)]
        return subprocess.run(command).returncode


def linked(data: Path, folder: Path, count: int | None) -> int:
    """Link the documents that have one truth into a folder; returns how many."""
    taken = 0
    for record in sorted(data.glob("*.json")):
        whole = json.loads(record.read_text(encoding="utf-8"))
        if not whole.get("truth") or (count is not None and taken >= count):
            continue
        for file in (record, record.with_suffix(".pdf")):
            (folder / file.name).symlink_to(file.resolve())
        taken += 1
    return taken


if __name__ == "__main__":
    sys.exit(main())
