"""The band around the expected balance: simulated courses, the same for the same input."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from billify.domain.forecast import course, paths
from billify.domain.forecast.backtest import Errors
from billify.domain.forecast.paths import Dated, Paths, Timed
from billify.domain.forecast.rest import Rest, RestWeek
from billify.domain.forecast.shapes import DAYS_AHEAD, Flow, Source

COURSES = 2000
TAX_SPREAD = 0.12
"""By so much of its size an estimated tax is off, as one standard deviation."""
ESTIMATES = frozenset(
    {"vat_estimate", "vat_usual", "vat_part_told", "tax_last_year", "tax_as_before"}
)


@dataclass(frozen=True, slots=True)
class Band:
    """Simulated courses at the end of each day ahead and of each month."""

    courses: Paths
    days: int
    months: tuple[int, ...]

    def of_days(self) -> course.Edges:
        """Lower and upper edge of each day."""
        edges = _edges(self.courses)
        return edges[: self.days]

    def of_months(self) -> course.Edges:
        """Lower and upper edge of each month end."""
        edges = _edges(self.courses)
        return [edges[at] for at in self.months]

    def chance_below(self, limit: Decimal, *, day: int) -> int:
        """In how many of 100 courses the balance is below a limit on some day till then."""
        return round(100 * float(self.courses.chance_below(int(limit * 100))[day]))


def simulate(
    *, balance: Decimal, today: date, timed: Timed, flows: Sequence[Flow], errors: Errors
) -> Band:
    """Courses around the rows: invoices move by their timing, all else by past errors.

    `flows` are the rows that are not open invoices.
    """
    ends = [(end - today).days for end in course.month_ends(today)]
    grid = sorted({*range(DAYS_AHEAD), *ends})
    courses = paths.simulate(
        balance_cents=int(balance * 100),
        today=today,
        days=np.array(grid, np.int32),
        timed=timed,
        dated=_dated([flow for flow in flows if _is_estimate(flow)], today),
        rest=Rest(_by_day([flow for flow in flows if not _is_estimate(flow)]), _both_ways(errors)),
        paths=COURSES,
        seed=today.toordinal(),
    )
    return Band(courses, DAYS_AHEAD, tuple(grid.index(end) for end in ends))


def _both_ways(errors: Errors) -> Errors:
    """Past errors and their mirror images: the few of one year lean to a side by chance."""
    return tuple(tuple(sign * cents for cents in path) for path in errors for sign in (1, -1))


def _edges(courses: Paths) -> course.Edges:
    pairs = zip(courses.low.tolist(), courses.high.tolist(), strict=True)
    return [(Decimal(low) / 100, Decimal(high) / 100) for low, high in pairs]


def _is_estimate(flow: Flow) -> bool:
    """Whether a row's amount spreads by itself: the errors of past forecasts hold no taxes."""
    return flow.source is Source.TAX and flow.reason.code in ESTIMATES


def _by_day(flows: Sequence[Flow]) -> tuple[RestWeek, ...]:
    """What the rows of each day come to."""
    sums: defaultdict[int, int] = defaultdict(int)
    for flow in flows:
        sums[flow.day.toordinal()] += int(flow.amount * 100)
    return tuple(
        RestWeek(day, day, max(cents, 0), max(-cents, 0)) for day, cents in sorted(sums.items())
    )


def _dated(flows: Sequence[Flow], today: date) -> Dated:
    cents = np.array([int(flow.amount * 100) for flow in flows], np.int64)
    return Dated(
        np.array([(flow.day - today).days for flow in flows], np.int32),
        cents,
        np.zeros(len(flows), np.float32),
        np.abs(cents).astype(np.float32) * np.float32(TAX_SPREAD),
        np.ones(len(flows), np.float32),
    )
