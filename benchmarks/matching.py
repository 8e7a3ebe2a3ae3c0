"""How well and how fast bank lines are matched: `benchmarks/matching.py`.

Scores `billify.domain.matching` on made-up companies (`bank_lines`, seeds other than those the
weights were learnt from) and on any files of `{"invoices", "movements", "truth"}`. `--speed`
matches 10,000 new lines against 50,000 open invoices of one company in a process of its own.
`--train` learns the weights anew and writes them beside the matcher.
"""

import argparse
import json
import re
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.bank_lines import companies  # noqa: E402
from billify.domain import matching  # noqa: E402
from billify.domain.matching.values import MatchKind  # noqa: E402
from billify.matching_command import as_json, case_of  # noqa: E402

TRAINING_SEEDS = (101, 102, 103)
WEIGHTS = HERE.parent / "billify/domain/matching/weights.json"
Case = dict[str, Any]


class Score:
    """Counts over many cases."""

    def __init__(self) -> None:
        """Nothing counted yet."""
        self.count: Counter[str] = Counter()
        self.kinds: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        self.bins: defaultdict[int, list[float]] = defaultdict(lambda: [0, 0, 0.0])
        self.wrong: list[str] = []

    def add(self, case: Case, name: str) -> None:
        """Match one case and compare it with its truth."""
        found = {one.movement_id: one for one in matching.match(case_of(case))}
        amounts = {one["id"]: Decimal(one["amount"]) for one in case["invoices"]}
        references = {one["id"]: one.get("ogm") for one in case["invoices"]}
        lines = {one["id"]: one for one in case["movements"]}
        first: set[str] = set()
        for truth in case["truth"]:
            one, line = found[truth["movement"]], lines[truth["movement"]]
            told = as_json(one)
            wanted, given = _links(truth["links"]), _links(told["links"])
            is_right, is_sure = wanted == given, one.is_sure and bool(given)
            self.count["tp"] += len(wanted & given)
            self.count["fp"] += len(given - wanted)
            self.count["fn"] += len(wanted - given)
            self.count["lines"] += 1
            kind = truth["kind"].split(",")[0] if wanted else truth["kind"]
            row = self.kinds[kind]
            row[0] += 1
            row[1] += is_right
            row[2] += is_sure
            row[3] += is_sure and not is_right
            if is_sure:
                self.count["sure right" if is_right else "sure wrong"] += 1
                if not is_right:
                    self._note(name, line, truth, told)
            if wanted:
                self.count["payments"] += 1
                self.count["sure payments"] += is_sure and is_right
                top = [_links(each["links"]) for each in told["proposals"]]
                self.count["in three"] += wanted in top
            for each in one.proposals[:1]:
                slot = self.bins[min(int(each.probability * 10), 9)]
                slot[0] += 1
                slot[1] += _links([[li.invoice_id, li.amount] for li in each.links]) == wanted
                slot[2] += each.probability
            self._exact_reference(
                line, truth, told, is_sure and is_right, amounts, references, first
            )
            self.count["transfers"] += truth["kind"] == "own transfer"
            self.count["transfers paired"] += (
                truth["kind"] == "own transfer" and one.kind is MatchKind.TRANSFER
            )
            self.count["transfers wrong"] += (
                truth["kind"] != "own transfer" and one.kind is MatchKind.TRANSFER
            )

    def _exact_reference(
        self,
        line: Any,
        truth: Any,
        told: Any,
        is_booked: bool,
        amounts: Any,
        references: Any,
        seen: set[str],
    ) -> None:
        """A right structured communication with the right amount has to be booked."""
        if len(truth["links"]) != 1 or not line["structured"]:
            return
        invoice, amount = truth["links"][0]
        if references[invoice] == line["structured"] and Decimal(amount) == amounts[invoice]:
            if abs(Decimal(line["amount"])) == Decimal(amount) and invoice not in seen:
                self.count["exact references"] += 1
                self.count["exact references booked"] += is_booked
                if not is_booked:
                    self._note("reference not booked", line, truth, told)
            seen.add(invoice)

    def _note(self, name: str, line: Any, truth: Any, told: Any) -> None:
        best = (told["proposals"] or [{"links": [], "probability": 0, "evidence": []}])[0]
        self.wrong.append(
            f"{name} {line['date']} {line['amount']} {line['name']!r} {line['text']!r} "
            f"{line['structured']} true {truth['links']} ({truth['kind']}) "
            f"booked {best['links']} {best['probability']} {' '.join(best['evidence'])}"
        )

    def show(self, *, kinds: bool) -> bool:
        """Print everything; whether the targets are met."""
        c = self.count
        precision = c["tp"] / max(1, c["tp"] + c["fp"])
        recall = c["tp"] / max(1, c["tp"] + c["fn"])
        sure = c["sure right"] / max(1, c["sure right"] + c["sure wrong"])
        share = c["sure payments"] / max(1, c["payments"])
        three = c["in three"] / max(1, c["payments"])
        exact = c["exact references booked"] / max(1, c["exact references"])
        never = sum(row[2] for kind, row in self.kinds.items() if _is_not_payment(kind))
        print(f"movements {c['lines']}, payments with an invoice {c['payments']}")
        print(f"links: precision {precision:.4f}, recall {recall:.4f}")
        print(f"automatic: right {sure:.5f} ({c['sure wrong']} wrong), share {share:.4f}")
        print(f"right answer among the first three {three:.4f}")
        print(f"structured communication and amount booked: {exact:.4f} of {c['exact references']}")
        print(f"paid twice or not an invoice, booked: {never}")
        print(
            f"own transfers {c['transfers paired']} of {c['transfers']}, "
            f"others taken for one {c['transfers wrong']}"
        )
        print("probability told → right: " + "  ".join(
            f"{total / n:.2f}→{right / n:.2f} ({n:.0f})"
            for _, (n, right, total) in sorted(self.bins.items())))  # fmt: skip
        if kinds:
            print(f"  {'kind':44} lines right  sure wrong")
            for kind, (n, right, booked, bad) in sorted(
                self.kinds.items(), key=lambda one: -one[1][0]
            ):
                print(f"  {kind:44} {n:5} {right / n:.3f} {booked / n:.3f} {bad:3}")
        for line in self.wrong[:40]:
            print(f"  wrong: {line}")
        return (
            precision >= 0.99 and recall >= 0.95 and sure >= 0.999 and share >= 0.85
            and three >= 0.97 and exact == 1.0 and never == 0
        )  # fmt: skip


def _is_not_payment(kind: str) -> bool:
    return bool(re.match(r"paid twice|not an invoice|own transfer$|overpayment", kind))


def _links(found: Iterable[Any]) -> frozenset[tuple[str, str]]:
    return frozenset((invoice, f"{Decimal(str(amount)):.2f}") for invoice, amount in found)


def _made(seeds: Iterable[int], count: int) -> Iterator[tuple[str, Case]]:
    for seed in seeds:
        for company in companies(seed=seed, count=count):
            yield f"{seed}/{company.id}", company.as_json()


def _read(paths: Iterable[Path]) -> Iterator[tuple[str, Case]]:
    for path in paths:
        yield path.name, json.loads(path.read_text("utf-8"))


def train(extra: list[Path], count: int) -> None:
    """Learn the weights and write them down."""
    from benchmarks import matching_training

    cases = [*_made(TRAINING_SEEDS, count), *_read(extra)]
    choices = matching_training.collect(case for _, case in cases)
    weights = matching_training.learn(choices)
    told = f"bank_lines seeds {TRAINING_SEEDS}, {len(choices.sizes)} movements"
    WEIGHTS.write_text(matching_training.written(weights, told), "utf-8")
    print(f"{len(weights)} words learnt from {len(choices.sizes)} movements")


def speed(invoices: int, movements: int) -> bool:
    """Many new lines against many open invoices of one company."""
    from benchmarks.bank_lines import large

    case = case_of(large(seed=5, invoices=invoices, movements=movements))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begun = time.process_time()
    found = matching.match(case)
    seconds = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{movements} movements against {invoices} open invoices: {seconds:.1f} s, "
        f"{peak - before:.0f} MB on top of {before:.0f} MB, "
        f"{sum(one.is_sure for one in found)} booked"
    )
    return seconds <= 30


def main() -> int:
    """Print the scores; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="*", default=[1])
    parser.add_argument("--companies", type=int, default=36)
    parser.add_argument("--data", type=Path, nargs="*", default=[], help="files with a truth")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--kinds", action="store_true", help="a line for each kind of movement")
    chosen = parser.parse_args()
    if chosen.train:
        train(chosen.data, chosen.companies)
        return 0
    if chosen.speed:
        return 0 if speed(50_000, 10_000) else 1
    met = True
    for source in (_made(chosen.seeds, chosen.companies), _read(chosen.data)):
        score = Score()
        for name, case in source:
            score.add(case, name)
        if score.count["lines"]:
            met &= score.show(kinds=chosen.kinds)
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
