"""What one correction per supplier gives: `benchmarks/reading_memory_gain.py [FOLDER…]`.

Documents of one issuer and layout are grouped. Each in turn teaches, with its true values, and
each other one of its group is then read: without memory and with it. The memories of all other
groups are offered too, so a wrong one that is taken is counted. FOLDER holds documents with a
JSON file beside each (`truth`, `ask`, `layout`), by default invoices/ below BILLIFY_DATA.
--cache names a folder where the words of opened pages are kept between runs.
"""

import argparse
import json
import os
import pickle
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from billify.domain.reading import LineItem, Page, Reading, memory, read  # noqa: E402
from billify.integrations import documents  # noqa: E402
from billify.reading_command import tesseract_of  # noqa: E402

DATA = Path(os.environ.get("BILLIFY_DATA", HERE.parent / "shared" / "data"))
sys.path.insert(0, str(DATA.parent / "bench" / "extraction"))
import score  # type: ignore[import-not-found]  # noqa: E402

KINDS = {".pdf", ".png", ".jpg", ".jpeg", ".heic", ".webp"}
Truth = dict[str, Any]  # Any: JSON


class Paper:
    """One document with what is true of it."""

    def __init__(self, path: Path, kept: Truth, pages: Sequence[Page]) -> None:
        self.id = path.stem
        self.truth: Truth = kept["truth"]
        self.ask: list[str] = kept["ask"]
        self.group = kept.get("series") or _group(kept)
        self.pages = pages
        self.reading = read(pages)

    @property
    def corrected(self) -> memory.Corrected:
        """What a person would have filled in."""
        values = {
            name: self._printed(self.truth.get(name))
            for name in (*memory.PRINTED, *memory.CONSTANT)
            if name in self.ask
        }
        rows = self.truth.get("vat_breakdown") or ()
        lines = self.truth.get("line_items") or () if "line_items" in self.ask else ()
        return memory.Corrected(
            values=values,
            vat=[(Decimal(row["rate"]), row.get("category") or "S") for row in rows],
            lines=[_line(line) for line in lines],
        )

    def _printed(self, value: Any) -> str | None:  # Any: a text or a list of accepted ones
        """Of several accepted values the one that stands on the page."""
        if isinstance(value, list):
            text = " ".join(word.text for page in self.pages for word in page.words)
            return max(map(str, value), key=lambda one: (one in text, len(one)), default=None)
        return str(value) if value else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=[DATA / "invoices"])
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--errors", action="store_true", help="show what is still wrong")
    parser.add_argument("--most", type=int, default=6, help="documents of a group that are tried")
    args = parser.parse_args()
    groups = grouped(args.folders, args.cache, args.most)
    taught = {
        paper.id: memory.learn(
            pages=paper.pages, reading=paper.reading, corrected=paper.corrected, key=paper.id
        )
        for papers in groups.values()
        for paper in papers
    }
    tally = Tally()
    for name, papers in sorted(groups.items()):
        strangers = [taught[other[0].id] for key, other in groups.items() if key != name]
        for paper, teacher in pairs(papers):
            offered = [taught[teacher.id], *strangers]
            done = memory.apply(pages=paper.pages, reading=paper.reading, memories=offered)
            tally.add(name, paper, done, args.errors and teacher.id)
        for paper in papers[:1]:
            done = memory.apply(pages=paper.pages, reading=paper.reading, memories=strangers)
            tally.wrongly_taken += done.at is not None
            tally.offered += 1
    tally.report()


def pairs(papers: Sequence[Paper]) -> Iterator[tuple[Paper, Paper]]:
    """Each paper with each other one as its only teacher."""
    for paper in papers:
        for teacher in papers:
            if teacher is not paper:
                yield paper, teacher


class Tally:
    """Counts of right, wrong and missing header fields, before and after."""

    def __init__(self) -> None:
        self.counts: dict[str, dict[str, list[int]]] = {"before": {}, "after": {}}
        self.lines = {"before": [0, 0, 0], "after": [0, 0, 0]}
        self.sure: dict[int, list[bool]] = defaultdict(list)
        self.documents = self.taken = self.wrongly_taken = self.offered = 0

    def add(self, group: str, paper: Paper, done: memory.Applied, show: Any) -> None:
        """Count one reading; `show` is the teacher's name when errors are asked for."""
        self.documents += 1
        self.taken += done.at == 0
        if show and done.at != 0:
            print(f"{paper.id} after {show}: no memory taken ({done.probability:.2f})")
        for when, reading in (("before", paper.reading), ("after", done.reading)):
            wrong = self._count(self.counts[when].setdefault(group, [0, 0, 0]), paper, reading)
            self._count_lines(self.lines[when], paper, reading)
            if show and when == "after":
                for name, truth, found in wrong:
                    print(f"{paper.id} after {show}: {name} true {truth!r} found {found}")
        for name, found in done.reading.fields.items():
            if name in score.HEADER and name in paper.ask:
                self.sure[min(int(found.confidence * 20), 19)].append(
                    _is_right(paper, name, found.value)
                )

    def report(self) -> None:
        """One JSON line per group and one for all."""
        for group in sorted(self.counts["before"]):
            self._line(group, [group])
        self._line("all", list(self.counts["before"]))
        print(
            json.dumps(
                {
                    "readings": self.documents,
                    "memory_taken": self.taken,
                    "strangers_offered_to": self.offered,
                    "wrong_memory_taken": self.wrongly_taken,
                    "lines_f1": {when: round(_f1(*row), 4) for when, row in self.lines.items()},
                    "reliability": [
                        {
                            "from": step / 20,
                            "fields": len(row),
                            "right": round(sum(row) / len(row), 3),
                        }
                        for step, row in sorted(self.sure.items())
                    ],
                }
            )
        )

    def _line(self, name: str, groups: Sequence[str]) -> None:
        shown: dict[str, Any] = {"group": name}
        for when, counts in self.counts.items():
            total = [sum(counts[group][k] for group in groups) for k in range(3)]
            shown[when] = round(_f1(*total), 4)
        shown["fields"] = total[0] + total[2]
        print(json.dumps(shown))

    def _count(self, row: list[int], paper: Paper, reading: Reading) -> list[tuple[str, Any, Any]]:
        wrong = []
        for name in score.HEADER:
            if name not in paper.ask:
                continue
            truth, found = paper.truth.get(name), reading.fields.get(name)
            has = not score.empty(truth)
            right = found is not None and _is_right(paper, name, found.value)
            row[0] += right and has
            row[1] += found is not None and not right
            row[2] += has and not right
            if not right and (has or found is not None):
                wrong.append((name, truth, found and (found.value, found.confidence, found.how)))
        return wrong

    def _count_lines(self, row: list[int], paper: Paper, reading: Reading) -> None:
        if "line_items" not in paper.ask:
            return
        guess = reading.values().get("line_items", [])
        is_credit = paper.truth.get("document_type") == "credit_note"
        matched, _ = score.line_matches(paper.truth["line_items"], guess, is_credit)
        row[0] += matched
        row[1] += len(guess) - matched
        row[2] += len(paper.truth["line_items"]) - matched


def grouped(folders: Sequence[Path], cache: Path | None, most: int) -> dict[str, list[Paper]]:
    """Documents by issuer and layout, groups of two or more."""
    found: dict[str, list[Path]] = defaultdict(list)
    kept: dict[Path, Truth] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            beside = path.with_suffix(".json")
            if path.suffix.lower() in KINDS and beside.exists():
                kept[path] = json.loads(beside.read_text(encoding="utf-8"))
                found[kept[path].get("series") or _group(kept[path])].append(path)
    return {
        name: [Paper(path, kept[path], _pages(path, cache)) for path in paths[:most]]
        for name, paths in found.items()
        if len(paths) > 1
    }


def _pages(path: Path, cache: Path | None) -> Sequence[Page]:
    kept = cache / f"{path.stem}.pkl" if cache else None
    if kept is not None and kept.exists():
        pages: Sequence[Page] = pickle.loads(kept.read_bytes())
        return pages
    opened = documents.open_document(
        path.read_bytes(), name=path.name, tesseract=tesseract_of(os.environ)
    )
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(opened.for_reading))
    return opened.for_reading


def _group(kept: Truth) -> str:
    truth = kept["truth"]
    issuer = f"{_one(truth.get('supplier_name'))} {_one(truth.get('supplier_vat')) or ''}"
    return f"{kept['layout']} {issuer}".strip()


def _one(value: Any) -> str | None:  # Any: a text or a list of accepted ones
    found = value[0] if isinstance(value, list) and value else value
    return str(found) if found else None


def _line(kept: Mapping[str, Any]) -> LineItem:
    def number(name: str) -> Decimal | None:
        return Decimal(str(kept[name])) if kept.get(name) not in (None, "") else None

    return LineItem(
        description=kept["description"],
        net_amount=Decimal(str(kept["net_amount"])),
        quantity=number("quantity"),
        unit_price=number("unit_price"),
        vat_rate=number("vat_rate"),
    )


def _is_right(paper: Paper, name: str, value: str) -> bool:
    truth = paper.truth.get(name)
    is_credit = paper.truth.get("document_type") == "credit_note"
    return not score.empty(truth) and bool(score.same(name, truth, value, is_credit))


def _f1(right: int, wrong: int, missed: int) -> float:
    return 2 * right / (2 * right + wrong + missed) if right else 0.0


if __name__ == "__main__":
    main()
