"""Learn the reader's weights, and say how well it reads what it did not learn from.

`python -m benchmarks.reading_training open DOCUMENTS PAGES` opens documents once (OCR is dear);
`python -m benchmarks.reading_training learn --papers SOURCE:PAGES:TRUTHS … [--write]` learns.
Needs lightgbm and scikit-learn, see requirements/training.txt. docs/reading.md has the recipe.
"""

import argparse
import json
import os
import pickle
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.reading_training import learning, noise, sure
from benchmarks.reading_training.dataset import Paper, papers
from billify.domain.reading import Reading, read, soft_labels, weights
from billify.domain.refusal import Refusal
from billify.integrations import documents
from billify.reading_command import tesseract_of

HERE = Path(__file__).resolve().parent.parent.parent
DATA = Path(os.environ.get("BILLIFY_DATA", HERE.parent / "shared" / "data"))
sys.path.insert(0, str(DATA.parent / "bench" / "extraction"))
import score  # type: ignore[import-not-found]  # noqa: E402

FOLDS = 3
WRITTEN = HERE / "billify" / "domain" / "reading" / "weights.npz"
_REAL = ("pdf", "picture", "scan", "photo", "unseen")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    opening = commands.add_parser("open")
    opening.add_argument("documents", type=Path)
    opening.add_argument("pages", type=Path)
    learn = commands.add_parser("learn")
    learn.add_argument("--papers", action="append", required=True, metavar="SOURCE:PAGES:TRUTHS")
    learn.add_argument("--test", action="append", default=[], metavar="SOURCE:PAGES:TRUTHS")
    learn.add_argument("--write", action="store_true")
    learn.add_argument("--sample", type=int, default=10**9, help="made documents in each fold")
    learn.add_argument("--noisy", action="store_true", help="learn from noisy copies too")
    learn.add_argument("--readings", type=Path, help="keep what was read in each fold here")
    args = parser.parse_args()
    if args.command == "open":
        open_all(args.documents, args.pages)
    else:
        learn_all(args)


def open_all(folder: Path, pages: Path) -> None:
    """The pages of every document of a folder, kept for learning."""
    pages.mkdir(parents=True, exist_ok=True)
    documents.preload()
    program = tesseract_of(os.environ)
    for path in sorted(folder.iterdir()):
        kept = pages / f"{path.stem}.pkl"
        if path.suffix.lower() not in (".pdf", ".png", ".jpg", ".jpeg") or kept.exists():
            continue
        try:
            opened = documents.open_document(path.read_bytes(), name=path.name, tesseract=program)
        except Refusal as refusal:
            print(f"{path.name}: {refusal}", file=sys.stderr)
            continue
        kept.write_bytes(pickle.dumps(opened.for_reading))


def learn_all(args: argparse.Namespace) -> None:
    """Cross-validation by issuer, calibration, and at last all documents together."""
    everything = [paper for spec in args.papers for paper in _papers(spec)]
    real = [paper for paper in everything if paper.source in _REAL]
    made = [paper for paper in everything if paper.source not in _REAL]
    found = real + made[:: max(1, len(made) // args.sample)]
    folds = _folds(found)
    readings: dict[int, Reading] = {}
    for fold in range(FOLDS):
        kept = [paper for paper in found if folds[paper.issuer] != fold]
        _use(learning.learned(_copied(kept, args), score.same))
        for at, paper in enumerate(found):
            if folds[paper.issuer] == fold:
                readings[at] = read(paper.pages)
    _report("cross-validated", found, [readings[at] for at in range(len(found))])
    if args.readings:
        args.readings.write_bytes(pickle.dumps([(found[at], readings[at]) for at in readings]))
    judged = [
        one
        for at, paper in enumerate(found)
        for one in sure.judged(paper, readings[at], score.same, _weight(paper))
    ]
    maps = sure.maps(judged)
    learned = learning.learned(_copied(everything, args), score.same)
    arrays = learning.packed(learned) | maps
    _use({name: values.astype(np.float32) for name, values in arrays.items()})
    print(json.dumps({"reliability": sure.reliability(_calibrated(judged, maps))}))
    for spec in args.test:
        tested = list(_papers(spec))
        _report("test", tested, [read(paper.pages) for paper in tested])
    if args.write:
        np.savez_compressed(WRITTEN, **arrays)
        print(json.dumps({"weights": str(WRITTEN), "bytes": WRITTEN.stat().st_size}))


def _copied(papers: list[Paper], args: argparse.Namespace) -> list[Paper]:
    """What is learned from; noisy copies never judge, nor does a document judge its own copy."""
    return [*papers, *noise.copies(papers)] if args.noisy else papers


def _calibrated(judged: Sequence[sure.Judged], maps: dict[str, Any]) -> list[sure.Judged]:
    return [
        (name, float(np.interp(raw, maps[f"{name}.raw"], maps[f"{name}.sure"])), right, weight)
        for name, raw, right, weight in judged
    ]


def _weight(paper: Paper) -> float:
    return 3.0 if paper.source in _REAL else 1.0


def _papers(spec: str) -> list[Paper]:
    source, pages, truths = spec.split(":")
    kept = {}
    for path in sorted(Path(truths).glob("*.json")):
        one = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(one, dict) and "truth" in one:
            kept[one["id"]] = one
    return list(papers(Path(pages), kept, source))


def _folds(found: Sequence[Paper]) -> dict[str, int]:
    issuers = sorted({paper.issuer for paper in found})
    np.random.RandomState(0).shuffle(issuers)
    return {issuer: at % FOLDS for at, issuer in enumerate(issuers)}


def _use(arrays: dict[str, Any]) -> None:
    """Read with these weights from now on, rounded as they would be kept."""
    small = {n: v.astype(np.float32) for n, v in learning.packed(arrays).items()}
    weights.kept = lambda: small  # type: ignore[assignment]
    soft_labels.chances.cache_clear()


def _report(title: str, found: Sequence[Paper], readings: Sequence[Reading]) -> None:
    """The scorer's figures by source and by language."""
    groups: dict[str, dict[str, tuple[Any, Any]]] = defaultdict(dict)
    for paper, reading in zip(found, readings, strict=True):
        doc = {"truth": paper.truth, "ask": sorted(paper.ask)}
        name = f"{paper.source}/{paper.name}"
        for group in (paper.source, f"{paper.source} {paper.language}", *paper.groups):
            groups[group][name] = (doc, reading.values())
    for group, docs in sorted(groups.items()):
        result, _ = score.report(
            {name: doc for name, (doc, _) in docs.items()},
            {name: values for name, (_, values) in docs.items()},
        )
        fields = {
            name: [row["precision"], row["recall"], row["f1"], row["n"]]
            for name, row in result["fields"].items()
            if row["asked"]
        }
        print(
            json.dumps(
                {
                    "what": title,
                    "group": group,
                    "documents": result["documents"],
                    "header_f1": result["header"]["f1"],
                    "precision": result["header"]["precision"],
                    "straight": result["straight_through"],
                    "straight_of": result["straight_through_of"],
                    "lines_f1": result["line_items"],
                    "lines_full": result["line_items_full"],
                    "lines": result["lines"],
                    "fields": fields if " " not in group else {},
                }
            )
        )


if __name__ == "__main__":
    main()
