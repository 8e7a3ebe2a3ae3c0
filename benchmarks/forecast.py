"""How good and how fast the forecast is: `benchmarks/forecast.py`.

Made companies (`made_companies`, which knows nothing of the forecaster) are forecast from what was
known on their day, and held against the thirteen weeks after it: error of the balance by day
against that of a flat line, lowest point (within 7 days, and within 10 % of a month's outflow or
of itself), and share of days inside the band. With `--speed` a
company of 10,000 open invoices and 1,000,000 movements is forecast on one core.
"""

import argparse
import json
import os
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(threads, "1")
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import numpy as np  # noqa: E402
from made_companies import KINDS, MadeCompany, MadeInvoice, companies, plain  # noqa: E402

from billify.domain.forecast import history, profile, whole  # noqa: E402
from billify.domain.forecast.known import (  # noqa: E402
    Account,
    History,
    Known,
    OpenInvoice,
    Paid,
    TaxPaid,
    TaxSettings,
    VatMonth,
)
from billify.domain.forecast.profile import Profile  # noqa: E402
from billify.domain.forecast.shapes import Forecast  # noqa: E402
from billify.domain.invoices import InvoiceDirection, InvoiceKind  # noqa: E402
from billify.domain.obligations import Every  # noqa: E402

SALE, PURCHASE = InvoiceDirection.SALE, InvoiceDirection.PURCHASE


@dataclass
class Score:
    """How one company came out."""

    name: str
    path: float
    days: int
    share: float
    inside: float
    off: float
    flat: float
    """Sums over the days of how far the forecast and a flat line were off, in months of cost."""

    @property
    def is_lowest_right(self) -> bool:
        """Was the lowest point within 7 days and 10 %?"""
        return abs(self.days) <= 7 and abs(self.share) <= 0.10


def euros(cents: int) -> Decimal:
    """Whole cents as an amount."""
    return Decimal(cents) / 100


def asked(made: MadeCompany) -> tuple[Known, History]:
    """What was known of a company on its day, and not a row more."""
    today = made.today
    issued = [one for one in made.invoices if one.issued < today]
    unpaid = tuple(_open(one) for one in issued if one.paid is None or one.paid >= today)
    paid = tuple(
        _paid(one, one.paid) for one in issued if one.paid is not None and one.paid < today
    )
    before = [move for move in made.moves if move.day < today]
    taxes = tuple(
        TaxPaid(move.tax, move.day, euros(move.cents))
        for move in before
        if move.tax and (today - move.day).days < 456
    )
    known = Known(
        today=today,
        currency="EUR",
        accounts=(Account("a", "Account", "EUR", euros(made.balance())),),
        open=unpaid,
        taxes=TaxSettings(Every.MONTH if made.vat_every == 1 else Every.QUARTER, Every.MONTH),
        vat_months=_vat_months(issued, today),
        taxes_paid=taxes,
    )
    rows = [
        (move.day, euros(move.cents), move.name, move.category) for move in before if not move.tax
    ]
    past = History(today, history.gather(rows=rows), paid, unpaid, made.start)
    return known, past


def score(made: MadeCompany, forecast: Forecast) -> Score:
    """A forecast against the truth."""
    truth = np.array(made.truth(), float)
    said, low, high = (
        np.array([float(getattr(day, name)) * 100 for day in forecast.days])
        for name in ("balance", "low", "high")
    )
    flat = np.abs(truth - made.balance()).sum()
    lowest, expected = int(truth.argmin()), int(said.argmin())
    flows = made.flows()
    out = sum(-cents for day, cents in flows.items() if cents < 0 and day < made.today)
    month = out / max(1, (made.today - made.start).days) * 30.4
    base = max(abs(truth[lowest]), month)
    return Score(
        made.name,
        float(np.abs(truth - said).sum() / flat),
        expected - lowest,
        float((said[expected] - truth[lowest]) / base),
        float(((low <= truth) & (truth <= high)).mean()),
        float(np.abs(truth - said).sum() / month),
        float(flat / month),
    )


def accuracy(count: int, seed: int, *, is_plain: bool) -> None:
    """Score as many made companies and print a line each and the whole."""
    scores = []
    for made in companies(count, seed, (plain,) if is_plain else KINDS):
        known, past = asked(made)
        forecast = whole.make(known=known, profile=profile.learn(history=past))
        one = score(made, forecast)
        scores.append(one)
        print(
            f"{one.name:20} path {one.path:5.2f}  lowest {one.days:+4d} days {one.share:+7.1%}"
            f" {'ok' if one.is_lowest_right else '--'}  inside {one.inside:4.0%}"
        )
    paths = sorted(one.path for one in scores)
    inside = sum(one.inside for one in scores)
    pooled = sum(one.off for one in scores) / sum(one.flat for one in scores)
    right = sum(one.is_lowest_right for one in scores)
    print(
        f"{len(scores)} companies: path error {pooled:.3f} of a flat line (median"
        f" {paths[len(paths) // 2]:.3f}), lowest point right in {right}"
        f" ({right / len(scores):.0%}), {inside / len(scores):.1%} of days inside the band"
    )


def speed(invoices: int, movements: int) -> None:
    """Learn and make for one large company, and print the seconds of processor time."""
    known, past = _large(invoices, movements)
    start = time.process_time()
    learned = profile.learn(history=past)
    told = json.dumps(learned.to_json())
    print(f"learn {time.process_time() - start:.2f} s, profile {len(told) / 1024:.0f} KiB")
    read = Profile.from_json(json.loads(told))
    for _ in range(3):
        start = time.process_time()
        forecast = whole.make(known=known, profile=read)
        print(f"make {time.process_time() - start:.2f} s, {len(forecast.flows)} rows")


def _large(invoices: int, movements: int) -> tuple[Known, History]:
    today, dice = date(2026, 11, 20), np.random.default_rng(1)
    unpaid = []
    for at in range(invoices):
        issued = today - timedelta(days=int(dice.integers(1, 60)))
        unpaid.append(
            OpenInvoice(
                str(at),
                SALE if at % 2 else PURCHASE,
                InvoiceKind.INVOICE,
                f"c{at % 997}",
                "Name",
                issued,
                issued + timedelta(days=30),
                Decimal(at % 977 + 1),
                Decimal(at % 977 + 1),
                "EUR",
            )
        )
    paid = []
    for at in range(invoices * 9):
        issued = today - timedelta(days=int(dice.integers(60, 700)))
        late = timedelta(days=int(dice.integers(25, 50)))
        paid.append(
            Paid(
                SALE if at % 2 else PURCHASE,
                f"c{at % 997}",
                "Name",
                issued,
                issued + timedelta(days=30),
                Decimal(at % 977 + 1),
                issued + late,
            )
        )
    days = np.sort(dice.integers(today.toordinal() - 730, today.toordinal(), movements))
    past = history.columns(
        days=days.astype(np.int32),
        cents=dice.integers(-200_00, 200_00, movements),
        who=dice.integers(0, 5000, movements).astype(np.int32),
        names=tuple(f"party {at}" for at in range(5000)),
        kind=np.zeros(movements, np.int32),
        kinds=("",),
    )
    known = Known(
        today=today,
        currency="EUR",
        floor=Decimal(5000),
        accounts=(Account("a", "Account", "EUR", Decimal(50_000)),),
        open=tuple(unpaid),
    )
    return known, History(today, past, tuple(paid), tuple(unpaid), today - timedelta(days=730))


def _open(one: MadeInvoice) -> OpenInvoice:
    return OpenInvoice(
        one.id,
        SALE if one.is_sale else PURCHASE,
        InvoiceKind.INVOICE,
        one.contact,
        one.contact,
        one.issued,
        one.due,
        euros(one.gross),
        euros(one.gross),
        "EUR",
    )


def _paid(one: MadeInvoice, on: date) -> Paid:
    return Paid(
        SALE if one.is_sale else PURCHASE,
        one.contact,
        one.contact,
        one.issued,
        one.due,
        euros(one.gross),
        on,
    )


def _vat_months(issued: list[MadeInvoice], today: date) -> tuple[VatMonth, ...]:
    sums: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for one in issued:
        if (today - one.issued).days < 456:
            month, at = sums[one.issued.replace(day=1)], 0 if one.is_sale else 1
            month[at] += one.vat
            month[at + 2] += one.vat if one.issued.day <= today.day else 0
    return tuple(VatMonth(month, *map(euros, sums[month])) for month in sorted(sums))


def main() -> None:
    """Measure what was asked for."""
    asks = argparse.ArgumentParser(description=__doc__)
    asks.add_argument("--companies", type=int, default=32)
    asks.add_argument("--seed", type=int, default=1)
    asks.add_argument("--plain", action="store_true", help="known invoices, payroll, rent, VAT")
    asks.add_argument("--speed", action="store_true")
    asks.add_argument("--invoices", type=int, default=10_000)
    asks.add_argument("--movements", type=int, default=1_000_000)
    chosen = asks.parse_args()
    if chosen.speed:
        speed(chosen.invoices, chosen.movements)
    else:
        accuracy(chosen.companies, chosen.seed, is_plain=chosen.plain)


if __name__ == "__main__":
    main()
