"""Memory of the worker that reads documents: peak and growth over many, one after the other.

`benchmarks/reading_memory.py [--documents 500] [--pictures 40]` prints one JSON object. PSS (shared
pages divided among those who share them) of this process and of all it starts, sampled while it
works; growth is that of this process alone between the first fifth and the last.
"""

import argparse
import itertools
import json
import os
import sys
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from billify.domain.refusal import Refusal  # noqa: E402
from billify.integrations import documents  # noqa: E402
from billify.reading_command import tesseract_of  # noqa: E402

DATA = Path(os.environ.get("BILLIFY_DATA", HERE.parent / "shared" / "data"))
MOST_PEAK = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--pictures", type=int, default=40, help="among them, the rest are PDFs")
    chosen = parser.parse_args()
    program = tesseract_of(os.environ)
    documents.preload()
    watch = Watch()
    watch.start()
    rests = []
    for path in mixed(chosen.documents, chosen.pictures):
        try:
            content = path.read_bytes()
            documents.open_document(content, name=path.name, tesseract=program).read()
        except Refusal as refusal:
            print(f"{path.name}: {refusal}", file=sys.stderr)
        rests.append(pss(os.getpid()))
    watch.ended.set()
    watch.join()
    fifth = max(1, len(rests) // 5)
    growth = sum(rests[-fifth:]) / fifth - sum(rests[:fifth]) / fifth
    answer = {
        "documents": len(rests),
        "peak_mb": round(watch.peak),
        "limit_mb": MOST_PEAK,
        "at_rest_mb": round(rests[-1], 1),
        "growth_mb": round(growth, 1),
    }
    print(json.dumps(answer, indent=1))


def mixed(count: int, pictures: int) -> list[Path]:
    """PDFs over and over, with the pictures spread evenly among them."""
    folder = sorted((DATA / "invoices").iterdir())
    shown = itertools.cycle([path for path in folder if path.suffix in (".png", ".jpg")])
    digital = itertools.cycle([path for path in folder if path.suffix == ".pdf"])
    every = max(1, count // max(1, pictures))
    return [next(shown) if pictures and at % every == 0 else next(digital) for at in range(count)]


class Watch(threading.Thread):
    """Samples the memory of this process and of those below it."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self.ended = threading.Event()

    def run(self) -> None:
        """Until told to end."""
        while not self.ended.is_set():
            self.peak = max(self.peak, sum(pss(one) for one in family(os.getpid())))
            time.sleep(0.05)


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


def pss(pid: int) -> float:
    """Megabytes; 0 for a process that is gone."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        return 0.0
    return 0.0


if __name__ == "__main__":
    main()
