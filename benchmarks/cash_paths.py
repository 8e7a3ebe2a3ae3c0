"""The balance of accounts from their history alone: `benchmarks/cash_paths.py`.

`--speed` times what a company of 1,000,000 movements of 20,000 counterparties takes: finding what
comes back, the rest, and 2,000 courses of 10,000 uncertain amounts over 91 days and 36 month ends.
`--accounts FILE` forecasts each account of a CSV (account_id, date, amount, balance, kind,
counterparty) from the Mondays so many weeks after `--since`, 13 weeks ahead: mean absolute error of
a week against that of the change from week to week (MASE), error of the balance at the week ends
against that of a flat line (path), and share of week ends inside the band. The accounts are cut in
halves by rank, as what was chosen on one half has to hold on the other.
"""

import argparse
import csv
import os
import sys
import time
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(threads, "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np  # noqa: E402

from billify.domain.forecast import cash, history, paths, recurring, rest  # noqa: E402
from billify.domain.forecast.history import Movements  # noqa: E402

TODAY = date(2026, 11, 2)
WEEKS, DAYS = 13, 91


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--movements", type=int, default=1_000_000)
    parser.add_argument("--counterparties", type=int, default=20_000)
    parser.add_argument("--amounts", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--accounts", type=Path, metavar="FILE")
    parser.add_argument("--since", type=date.fromisoformat, default=date(1993, 1, 4))
    parser.add_argument("--origins", default="43,46,49,51", help="weeks after --since")
    asked = parser.parse_args()
    if asked.speed:
        _speed(asked)
    if asked.accounts:
        _accounts(asked)


def _speed(asked: argparse.Namespace) -> None:
    movements = _many(asked.movements, asked.counterparties)
    random = np.random.default_rng(3)
    cents = (
        random.lognormal(10, 1.2, asked.amounts) * random.choice([1, -1], asked.amounts)
    ).astype(np.int64)
    timing = np.sort(random.integers(-5, 120, (asked.amounts, 33)), axis=1).astype(np.int16)
    grid = np.array(sorted({*range(DAYS), *range(29, 1_095, 30)}), np.int32)
    errors = tuple(
        tuple(np.cumsum(random.normal(0, 1e6, WEEKS)).astype(int).tolist()) for _ in range(28)
    )
    for _ in range(asked.rounds):
        wall, cpu = [time.perf_counter()], [time.process_time()]

        def mark(wall: list[float] = wall, cpu: list[float] = cpu) -> None:
            wall.append(time.perf_counter())
            cpu.append(time.process_time())

        found = recurring.search(movements=movements, today=TODAY)
        mark()
        left = rest.baseline(movements=movements.take(found.of < 0), today=TODAY, days=DAYS)
        mark()
        paths.simulate(
            balance_cents=10**7,
            today=TODAY,
            days=grid,
            timed=paths.Timed(cents, timing),
            dated=paths.no_dated(),
            rest=rest.Rest(left.weeks, errors),
            paths=2_000,
            seed=1,
        )
        mark()
        parts = " ".join(
            f"{name} {w:.3f} ({c:.3f})"
            for name, w, c in zip(
                ("find", "rest", "simulate"), np.diff(wall), np.diff(cpu), strict=True
            )
        )
        total = f"{wall[-1] - wall[0]:.3f} ({cpu[-1] - cpu[0]:.3f})"
        print(f"{parts} all {total} s wall (CPU); {len(found.recurrences)} come back")


def _many(count: int, counterparties: int) -> Movements:
    """Random movements over four years; one counterparty in a hundred pays each month."""
    random = np.random.default_rng(5)
    who = random.integers(0, counterparties, count).astype(np.int32)
    days = TODAY.toordinal() - random.integers(1, 1_460, count)
    cents = (random.lognormal(9, 1, count) * np.where(who % 3 == 0, 1, -1)).astype(np.int64)
    regular = np.flatnonzero(who % 100 == 0)
    months = random.integers(0, 48, len(regular))
    _, first = np.unique(months * counterparties + who[regular], return_index=True)
    regular, months = regular[first], months[first]
    days[regular] = TODAY.toordinal() - 1 - who[regular] % 28 - (months * 30.4375).astype(int)
    cents[regular] = 100 * (who[regular] + 10)
    return history.columns(
        days=days.astype(np.int32),
        cents=cents,
        who=who,
        names=tuple(f"counterparty {at}" for at in range(counterparties)),
        kind=(who % 12).astype(np.int32),
        kinds=tuple(f"kind {at}" for at in range(12)),
    )


def _accounts(asked: argparse.Namespace) -> None:
    rows = defaultdict(list)
    with asked.accounts.open(newline="") as source:
        for row in csv.DictReader(source):
            rows[row["account_id"]].append(row)
    halves = ("first half", sorted(rows)[0::2]), ("other half", sorted(rows)[1::2])
    for name, chosen in (*halves, ("all", sorted(rows))):
        print(f"{name}: {_score([rows[each] for each in chosen], asked)}")


def _score(accounts: list[list[dict[str, str]]], asked: argparse.Namespace) -> str:
    scaled, off, flat, inside = [], 0.0, 0.0, []
    for week in map(int, asked.origins.split(",")):
        today = asked.since + timedelta(weeks=week)
        for rows in accounts:
            before = [row for row in rows if date.fromisoformat(row["date"]) < today]
            if not before:
                continue
            known = _net(rows, asked.since, week)
            then = _net(rows, today, WEEKS)
            balance = round(Decimal(before[-1]["balance"]) * 100)
            movements = history.gather(
                rows=[
                    (
                        date.fromisoformat(row["date"]),
                        Decimal(row["amount"]),
                        row["counterparty"],
                        row["kind"],
                    )
                    for row in before
                ]
            )
            said = cash.ahead(movements=movements, balance_cents=balance, today=today, days=DAYS)
            weeks = said.daily.reshape(WEEKS, 7).sum(axis=1)
            usual = float(np.abs(np.diff(known)).mean()) or 1.0
            scaled.append(float(np.abs(weeks - then).mean()) / usual)
            off += float(np.abs(np.cumsum(weeks - then)).sum())
            course = np.cumsum(then)
            flat += float(np.abs(course).sum())
            ends = slice(6, None, 7)
            inside += list(
                (said.low[ends] <= balance + course) & (balance + course <= said.high[ends])
            )
    return (
        f"{len(scaled)} forecasts, MASE {np.mean(scaled):.3f}, path {off / flat:.3f}, "
        f"inside the band {np.mean(inside):.3f}"
    )


def _net(rows: list[dict[str, str]], since: date, weeks: int) -> np.ndarray:
    """Cents by week from a day on."""
    net = np.zeros(weeks)
    for row in rows:
        at = (date.fromisoformat(row["date"]) - since).days // 7
        if 0 <= at < weeks:
            net[at] += float(row["amount"]) * 100
    return net


if __name__ == "__main__":
    main()
