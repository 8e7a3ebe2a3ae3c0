"""Learn the weights of `billify/domain/reading/split.py`: prints them as they stand there.

    benchmarks/reading_split_learning.py FOLDER… --join FOLDER [--cache FILE]

Folders as for reading_split.py; a logistic regression by Newton's method, a wrong cut counting
three times as much as a missed one. Numbers seen before and page numbers that go on elsewhere are
left out: the documents hold too few of them, their weights are set by hand.
"""

import argparse
import json
import pickle
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from reading_split import Pages, joined, opened, starts_of

from billify.domain.reading import Page, page_evidence, tables
from billify.domain.reading.facts import gathered
from billify.domain.reading.split import signs

BY_HAND = frozenset({"number_same", "later_page"})
CUT_COSTS = 3.0
Row = tuple[dict[str, bool], bool]
"""The signs of a page and whether it begins an invoice."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--join", type=Path, required=True)
    parser.add_argument("--cache", type=Path)
    args = parser.parse_args()
    kept: Pages = pickle.loads(args.cache.read_bytes()) if args.cache else {}
    rows: list[Row] = []
    for folder in args.folders:
        for path in sorted(folder.glob("*.pdf")):
            told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            if told.get("pages", 1) > 1:
                rows += rows_of(opened(path, kept), starts_of(told), enclosed(told))
    for path in sorted(args.join.glob("*.pdf")):
        rows += rows_of(opened(path, kept), [1]) * 3
    for _name, pages, starts in joined(args.join, kept):
        rows += rows_of(pages, starts)
    rows = [row for row in rows if not any(row[0].get(name) for name in BY_HAND)]
    print(json.dumps(weights(rows), indent=4))


def enclosed(told: dict[str, list[dict[str, int | str]]]) -> frozenset[int]:
    """Pages that are no invoice."""
    others = (part for part in told.get("parts", ()) if part["sort"] in ("terms", "blank"))
    return frozenset(
        page
        for part in others
        for page in range(int(part["first_page"]), int(part["last_page"]) + 1)
    )


def rows_of(
    pages: Sequence[Page], starts: Sequence[int], left_out: frozenset[int] = frozenset()
) -> list[Row]:
    """Each page behind the first, judged with the pages of the invoice before it."""
    if len(pages) < 2:
        return []
    facts = gathered(pages)
    tables.tables(facts)
    current: list[page_evidence.PageEvidence] = []
    found: list[Row] = []
    for page in page_evidence.evidence(facts):
        if page.page in left_out:
            continue
        begins = page.page in starts
        if current:
            found.append((signs(page, current), begins))
        current = [page] if begins else [*current, page]
    return found


def weights(rows: Sequence[Row]) -> dict[str, float]:
    """What each sign adds to the logarithm of the odds, with a slight pull towards nothing."""
    names = sorted({name for seen, _ in rows for name in seen} - BY_HAND)
    x = np.array([[1.0, *(float(seen.get(name, False)) for name in names)] for seen, _ in rows])
    y = np.array([float(begins) for _, begins in rows])
    cost = np.where(y > 0, 1.0, CUT_COSTS)
    pull = np.ones(x.shape[1])
    pull[0] = 0.0
    w = np.zeros(x.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-x @ w))
        slope = x.T @ (cost * (p - y)) + pull * w
        bend = (x * (cost * p * (1 - p))[:, None]).T @ x + np.diag(pull)
        w -= np.linalg.solve(bend, slope)
    return {name: round(float(one), 2) for name, one in zip(["bias", *names], w, strict=True)}


if __name__ == "__main__":
    main()
