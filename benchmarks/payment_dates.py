"""Measure how well the days of payment are foretold.

    python benchmarks/payment_dates.py [--data FILE.csv] [--from 2012-03] [--to 2012-12]

Each month's invoices are foretold from what was settled before its first day; beside the model
stand the due day and the mean and the median of the customer's own days to pay. The columns of
the file: customerID, invoiceNumber, InvoiceDate, DueDate, InvoiceAmount, SettledDate. Then the
same for made customers with habits that are known, from two years of history: what is issued in
the next month, and what is open on the day. Last, how long it takes.
"""

import argparse
import csv
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from billify.domain.forecast.payments import Expectation, Habits, Open, Settled, expect, learn

TODAY = date(2026, 3, 2)
HISTORY = 730
CUSTOMERS = 60
FAR = date(2999, 1, 1)
MOST = 91
"""An error counts for at most the thirteen weeks of the forecast."""


@dataclass(frozen=True, slots=True)
class Told:
    """An invoice and the day it is really paid; `FAR` is never."""

    invoice: Open
    paid: date


@dataclass(frozen=True, slots=True)
class Bill:
    """What a made customer knows when it pays."""

    customer: int
    issued: date
    due: date


Habit = Callable[[random.Random, Bill], date]
"""The day on which a customer pays a bill."""


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--from", dest="first", default="2012-03")
    parser.add_argument("--to", dest="last", default="2012-12")
    parser.add_argument("--seeds", type=int, default=3)
    chosen = parser.parse_args()
    if chosen.data:
        _published(list(_read(chosen.data)), chosen.first, chosen.last)
    _made(chosen.seeds)
    _speed()


def _read(path: Path) -> Iterator[Told]:
    with path.open(newline="") as lines:
        for row in csv.DictReader(lines):
            invoice = Open(
                id=row["invoiceNumber"],
                contact=row["customerID"],
                issued=_day(row["InvoiceDate"]),
                due=_day(row["DueDate"]),
                amount=Decimal(row["InvoiceAmount"]),
            )
            yield Told(invoice, _day(row["SettledDate"]))


def _day(text: str) -> date:
    if "/" not in text:
        return date.fromisoformat(text)
    day, month, year = map(int, text.split("/"))
    return date(year, month, day)


def _published(told: list[Told], first: str, last: str) -> None:
    print(f"{len(told)} invoices; mean absolute error in days\n")
    print("| month | invoices | due date | mean | median | model | 80 % band covers | width |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    months = sorted({f"{one.invoice.issued:%Y-%m}" for one in told})
    whole = Errors()
    for month in months:
        if not first <= month <= last:
            continue
        start = date.fromisoformat(f"{month}-01")
        asked = [one for one in told if f"{one.invoice.issued:%Y-%m}" == month]
        errors = _foretold(told, asked, start, is_all_known=False)
        print(errors.line(month))
        whole.add(errors)
    print(whole.line("all"))


def _made(seeds: int) -> None:
    print("\nMade customers, issued in the next month; mean absolute error in days\n")
    print("| habit | invoices | due date | mean | median | model | 80 % band covers | width |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    still_open: dict[str, Errors] = {}
    for name, habit in HABITS.items():
        ahead, waiting = Errors(), Errors()
        for seed in range(seeds):
            told = list(_world(habit, random.Random(f"{name} {seed}")))
            asked = [one for one in told if one.invoice.issued >= TODAY]
            ahead.add(_foretold(told, asked, TODAY, is_all_known=True))
            asked = [one for one in told if one.invoice.issued < TODAY <= one.paid]
            waiting.add(_foretold(told, asked, TODAY, is_all_known=True))
        print(ahead.line(name))
        still_open[name] = waiting
    print("\nThe same, open on the day (a baseline before today is taken as today)\n")
    print("| habit | invoices | due date | mean | median | model | 80 % band covers | width |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for name, waiting in still_open.items():
        print(waiting.line(name))


class Errors:
    """Absolute errors in days of the baselines and the model, and what the band held."""

    def __init__(self) -> None:
        self.days: dict[str, list[int]] = defaultdict(list)
        self.held: list[bool] = []
        self.widths: list[int] = []

    def add(self, other: "Errors") -> None:
        for name, days in other.days.items():
            self.days[name] += days
        self.held += other.held
        self.widths += other.widths

    def line(self, name: str) -> str:
        means = [
            f"{statistics.mean(self.days[each]):.2f}" if self.days[each] else "–"
            for each in ("due", "mean", "median", "model")
        ]
        held = f"{statistics.mean(self.held):.3f}" if self.held else "–"
        width = f"{statistics.mean(self.widths):.1f}" if self.widths else "–"
        return f"| {name} | {len(self.held)} | {' | '.join(means)} | {held} | {width} |"


def _foretold(told: list[Told], asked: list[Told], today: date, *, is_all_known: bool) -> Errors:
    """`is_all_known`: as in the product, where also the unpaid invoices are known."""
    past = [one for one in told if one.paid < today]
    settled = [_settled(one) for one in past]
    unpaid = [one.invoice for one in told if one.invoice.issued < today <= one.paid]
    habits = learn(settled=settled, today=today, unpaid=unpaid if is_all_known else None)
    habits = Habits.from_json(habits.to_json())
    expected = expect(habits=habits, invoices=[one.invoice for one in asked], today=today)
    took: dict[str, list[int]] = defaultdict(list)
    for one in settled:
        took[one.contact].append((one.settled - one.issued).days)
    everyone = [days for each in took.values() for days in each] or [30]
    errors = Errors()
    for one, model in zip(asked, expected, strict=True):
        _measure(errors, one, model, took.get(one.invoice.contact, everyone), today)
    return errors


def _measure(errors: Errors, one: Told, model: Expectation, took: list[int], today: date) -> None:
    issued = one.invoice.issued
    errors.held.append(model.early <= one.paid <= model.late or _both_never(one, model, today))
    if one.paid == FAR:
        return
    errors.widths.append((model.late - model.early).days)
    said = {
        "due": one.invoice.due,
        "mean": issued + timedelta(round(statistics.mean(took))),
        "median": issued + timedelta(round(statistics.median(took))),
        "model": model.day,
    }
    for name, day in said.items():
        errors.days[name].append(min(MOST, abs((one.paid - max(day, today)).days)))


def _both_never(one: Told, model: Expectation, today: date) -> bool:
    return one.paid == FAR and (model.late - today).days >= 1096


def _settled(one: Told) -> Settled:
    invoice = one.invoice
    return Settled(invoice.contact, invoice.issued, invoice.due, invoice.amount, one.paid)


def _world(habit: Habit, chance: random.Random, customers: int = CUSTOMERS) -> Iterator[Told]:
    """The invoices of some customers over two years and the month after."""
    for customer in range(customers):
        every = chance.choice((10, 20, 30, 45))
        term = chance.choice((14, 30, 30, 30, 60))
        day = TODAY - timedelta(HISTORY - chance.randrange(every))
        while day < TODAY + timedelta(30):
            due = day + timedelta(chance.choice((14, 30, 60)) if customer % 3 == 0 else term)
            amount = Decimal(chance.randrange(5_000, 500_000)) / 100
            invoice = Open(f"{customer} {day}", f"customer {customer}", day, due, amount)
            yield Told(invoice, max(habit(chance, Bill(customer, day, due)), day))
            day += timedelta(max(1, round(chance.expovariate(1 / every))))


def _around_due(chance: random.Random, bill: Bill) -> date:
    return bill.due + timedelta(round(chance.gauss(bill.customer % 12, 2 + bill.customer % 3)))


def _from_issue(chance: random.Random, bill: Bill) -> date:
    return bill.issued + timedelta(round(chance.gauss(15 + bill.customer % 25, 2)))


def _month_end(chance: random.Random, bill: Bill) -> date:
    start = (bill.due.replace(day=1) + timedelta(32)).replace(day=1)
    day = start - timedelta(1)
    while day.weekday() > 4:
        day -= timedelta(1)
    return day if chance.random() < 0.9 else bill.due + timedelta(chance.randrange(45))


def _fridays(chance: random.Random, bill: Bill) -> date:
    day = bill.due + timedelta(bill.customer % 10 + chance.randrange(6))
    return day + timedelta((4 - day.weekday()) % 7)


def _fifth_and_twentieth(chance: random.Random, bill: Bill) -> date:
    day = bill.due + timedelta(bill.customer % 6 + chance.randrange(3))
    while day.day not in (5, 20):
        day += timedelta(1)
    return day


def _disputing(chance: random.Random, bill: Bill) -> date:
    slow = chance.random() < (0.05, 0.2, 0.5)[bill.customer % 3]
    late = chance.gauss(bill.customer % 8, 4) + slow * chance.uniform(10, 35)
    return bill.due + timedelta(round(late))


def _slower_of_late(chance: random.Random, bill: Bill) -> date:
    late = 14 if bill.customer % 2 and bill.issued > TODAY - timedelta(120) else 0
    return bill.due + timedelta(round(chance.gauss(bill.customer % 10 + late, 3)))


def _early(chance: random.Random, bill: Bill) -> date:
    if bill.customer % 2:
        return bill.issued + timedelta(chance.randrange(5, 9))
    return bill.due - timedelta(chance.randrange(8))


def _some_never(chance: random.Random, bill: Bill) -> date:
    if bill.customer < 4 or chance.random() < 0.03:
        return FAR
    return bill.due + timedelta(round(chance.lognormvariate(2.3, 0.8)) - 3)


def _no_habit(chance: random.Random, bill: Bill) -> date:
    return bill.due + timedelta(chance.randrange(-10, 60))


HABITS: dict[str, Habit] = {
    "around the due day": _around_due,
    "days after issue, whatever the terms": _from_issue,
    "last working day of the month": _month_end,
    "Fridays": _fridays,
    "5th and 20th": _fifth_and_twentieth,
    "now and then a dispute": _disputing,
    "half got 14 days slower": _slower_of_late,
    "early": _early,
    "some never": _some_never,
    "no habit at all": _no_habit,
}


def _speed() -> None:
    """100,000 payments of 2,000 contacts and 10,000 open invoices, on whatever core this is."""
    world = _world(_around_due, random.Random("speed"), customers=5_000)
    told = [Told(_of_few(one.invoice), one.paid) for one in world]
    settled = [_settled(one) for one in told if one.paid < TODAY][:100_000]
    invoices = [one.invoice for one in told if one.paid >= TODAY][:10_000]
    took = []
    for _ in range(5):
        start = time.process_time()
        habits = learn(settled=settled, today=TODAY, unpaid=invoices)
        middle = time.process_time()
        expect(habits=habits, invoices=invoices, today=TODAY)
        took.append((middle - start, time.process_time() - middle))
    learned, expected = min(each for each, _ in took), min(each for _, each in took)
    print(
        f"\nlearn from {len(settled)} payments of {len(habits.rows)} contacts {learned:.3f} s, ",
        end="",
    )
    print(f"expect {len(invoices)} {expected:.3f} s (best of 5, processor time)")


def _of_few(invoice: Open) -> Open:
    return replace(invoice, contact=f"customer {int(invoice.id.split()[0]) % 2_000}")


if __name__ == "__main__":
    main()
