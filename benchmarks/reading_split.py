"""How well files fall apart into invoices: `benchmarks/reading_split.py FOLDER… [--errors]`.

A folder holds PDFs with a JSON file beside each: `parts` (first_page, last_page, sort) for a file
of several papers, `truth.document_type` else, "not_invoice" for a delivery note and the like.
Also joins real files to files of several invoices: `--join FOLDER` names where they lie.

Errors both ways: an invoice that is cut (its total is lost) and invoices that stay together.
"sure" is what happens without asking, "asked" what a person is asked about.
"""

import argparse
import json
import os
import pickle
import random
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from billify.domain.reading import Page, tables  # noqa: E402
from billify.domain.reading.facts import gathered  # noqa: E402
from billify.domain.reading.papers import verdict  # noqa: E402
from billify.domain.reading.split import Split, split  # noqa: E402
from billify.domain.refusal import Refusal  # noqa: E402
from billify.integrations import documents  # noqa: E402
from billify.reading_command import tesseract_of  # noqa: E402

Pages = dict[str, tuple[Page, ...]]
_PAPERS = ("invoice", "credit_note", "receipt")
JOINED = 400
"""Files that are made of real ones."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--join", type=Path, help="a folder of real files of one invoice each")
    parser.add_argument("--cache", type=Path, help="keeps opened pages from run to run")
    parser.add_argument("--errors", action="store_true")
    args = parser.parse_args()
    kept: Pages = (
        pickle.loads(args.cache.read_bytes()) if args.cache and args.cache.exists() else {}
    )
    cuts: Counter[str] = Counter()
    papers: Counter[str] = Counter()
    for folder in args.folders:
        for path in sorted(folder.glob("*.pdf")):
            told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            pages = opened(path, kept)
            if not pages:
                continue
            judge_cut(path.name, pages, starts_of(told), cuts, show=args.errors)
            if "parts" not in told:
                judge_paper(path.name, pages, told, papers, show=args.errors)
    if args.join:
        for name, together, starts in joined(args.join, kept):
            judge_cut(name, together, starts, cuts, show=args.errors)
    if args.cache:
        args.cache.write_bytes(pickle.dumps(kept))
    print(json.dumps({"split": dict(sorted(cuts.items()))}))
    print(json.dumps({"papers": shares(papers)}))


def opened(path: Path, kept: Pages) -> tuple[Page, ...]:
    """The pages of a file, from the cache when they were opened before."""
    key = str(path)
    if key not in kept:
        program = tesseract_of(os.environ)
        try:
            found = documents.open_document(path.read_bytes(), name=path.name, tesseract=program)
        except Refusal as refusal:
            print(f"{path.name}: {refusal}", file=sys.stderr)
            return ()
        kept[key] = found.for_reading
    return kept[key]


def starts_of(told: dict[str, Any]) -> list[int]:
    """The pages on which invoices start; what is no invoice goes with the one before it."""
    parts = told.get("parts")
    if not parts:
        return [1]
    invoices = [part["first_page"] for part in parts if part["sort"] in _PAPERS]
    return [1, *invoices[1:]]


def joined(folder: Path, kept: Pages) -> list[tuple[str, list[Page], list[int]]]:
    """Real files put behind each other, half of them of issuers with the same look."""
    files = [path for path in sorted(folder.glob("*.pdf")) if opened(path, kept)]
    alike: dict[str, list[Path]] = {}
    for path in files:
        alike.setdefault(path.name.split("-")[0], []).append(path)
    families = [paths for paths in alike.values() if len(paths) > 1]
    chance = random.Random(1)
    made = []
    for number in range(JOINED):
        pool = files if number % 2 else chance.choice(families)
        chosen = chance.sample(pool, min(len(pool), chance.randint(2, 4)))
        pages: list[Page] = []
        starts = []
        for path in chosen:
            starts.append(len(pages) + 1)
            pages += [
                replace(page, number=len(pages) + at) for at, page in enumerate(kept[str(path)], 1)
            ]
        made.append(("+".join(path.stem for path in chosen), pages, starts))
    return made


def judge_cut(
    name: str,
    pages: tuple[Page, ...] | list[Page],
    starts: list[int],
    cuts: Counter[str],
    *,
    show: bool,
) -> None:
    """Count one file by what is done with it, with each start that is missed or too many."""
    if len(pages) < 2:
        return
    found = split(pages)
    kind = "one" if len(starts) == 1 else "several"
    how = done(found)
    right = list(found.starts) == starts
    cuts[f"{kind}: files"] += 1
    cuts[f"{kind}: {'right' if right else 'wrong'}, {how}"] += 1
    cuts[f"{kind}: invoices cut, {how}"] += (
        len(set(found.starts) - set(starts)) if how != "one" else 0
    )
    missed = set(starts) - (set(found.starts) if how != "one" else {1})
    cuts[f"{kind}: starts missed, {how}"] += len(missed)
    if show and not (right and how != "asked"):
        parts = [
            (p.first, p.last, str(p.kind), str(p.other or ""), round(p.probability, 2))
            for p in found.parts
        ]
        print(f"{name}: {starts} read as {found.starts}, {how} {found.certainty:.3f} {parts}")


def done(found: Split) -> str:
    """sure: split at once; asked: a person is asked; one: left as it is."""
    if len(found.starts) < 2:
        return "one"
    return "sure" if found.is_sure else "asked"


def judge_paper(
    name: str, pages: tuple[Page, ...], told: dict[str, Any], papers: Counter[str], *, show: bool
) -> None:
    """Count one file by whether it is an invoice and whether it was taken for one."""
    truth = told["truth"]["document_type"] == "not_invoice"
    facts = gathered(pages)
    tables.tables(facts)
    said = verdict(facts)
    found = said.kind is not None
    if len(pages) > 1:
        found = not split(pages).invoices
    papers[
        {(True, True): "tp", (False, True): "fp", (True, False): "fn"}.get((truth, found), "tn")
    ] += 1
    if show and truth != found:
        print(f"{name}: {told.get('sort', 'invoice')} taken for {said}")


def shares(papers: Counter[str]) -> dict[str, Any]:
    """Precision and recall of "this is no invoice"."""
    tp, fp, fn = papers["tp"], papers["fp"], papers["fn"]
    return {
        **papers,
        "precision": round(tp / (tp + fp), 4) if tp + fp else None,
        "recall": round(tp / (tp + fn), 4) if tp + fn else None,
    }


if __name__ == "__main__":
    main()
