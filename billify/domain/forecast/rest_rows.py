"""The rest of the business by week, and what is left of budgets, as rows of the forecast."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from billify.domain import cash_flow
from billify.domain.forecast import business, steady
from billify.domain.forecast.business import Business
from billify.domain.forecast.known import BudgetLine, Known
from billify.domain.forecast.shapes import DAYS_AHEAD, Flow, Reason, Source
from billify.domain.refusal import N_

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
MOST_DAYS = 3
"""From so many days a week on, money of a kind moves most days."""
MONEY_IN = N_("Day-to-day money in")
MONEY_OUT = N_("Day-to-day money out")


def of_rest(*, going_on: Business, today: date, last: date) -> list[Flow]:
    """Rows of what is invoiced later or comes without invoice, and of what goes out so.

    Of each direction it is one row a week. In the thirteen weeks it is one a working day where
    money of the kind moves most days: the week's takings on one day would make lows of their own.
    """
    days = (last - today).days + 1
    found = []
    for word, what, parts, sign in (
        ("in", MONEY_IN, (going_on.sold.others, going_on.money_in), 1),
        ("out", MONEY_OUT, (going_on.bought.others, going_on.money_out), -1),
    ):
        invoiced, other = (steady.by_day(steady=one, today=today, days=days) for one in parts)
        near = DAYS_AHEAD if sum(one.often for one in parts) >= MOST_DAYS else 0
        found += _by_day(word, what, invoiced[:near], other[:near], sign, today)
        found += _by_week(word, what, invoiced, other, sign, today, near)
    return found


def of_budgets(
    *, known: Known, flows: Sequence[Flow], rest: Sequence[Flow], last: date
) -> list[Flow]:
    """The rest of the business and, when they count, what is left of the budgets.

    What is left of a category in a month is its budget less what moved and what rows already
    expect of it, and less what moves without a category: nobody can tell for which budget an
    invoice was meant, so it comes off all of them together. The rest of the business gives way by
    as much in that month, since it holds the same spending without its name.
    """
    if not known.counts_budget:
        return list(rest)
    left = [row for line in known.budgets if (row := _left_of(line, flows, known, last))]
    left = _without_unsorted(left, flows, known)
    gives: defaultdict[tuple[int, int, bool], Decimal] = defaultdict(lambda: ZERO)
    for row in left:
        gives[row.day.year, row.day.month, row.amount > 0] += abs(row.amount)
    kept = []
    for row in rest:
        key = (row.day.year, row.day.month, row.amount > 0)
        taken = min(gives[key], abs(row.amount))
        gives[key] -= taken
        amount = row.amount - taken if row.amount > 0 else row.amount + taken
        if amount:
            kept.append(replace(row, amount=amount))
    return kept + left


def _without_unsorted(left: Sequence[Flow], flows: Sequence[Flow], known: Known) -> list[Flow]:
    """What is left of budgets after what moves in their month and direction without a category.

    It comes off the budgets first whose category has no rows of its own in the month, and the
    largest first; none falls below zero.
    """
    unsorted = _unsorted(flows, known)
    named = {(_month(flow.day), flow.category) for flow in flows if flow.category}
    order = sorted(
        left,
        key=lambda row: (
            (_month(row.day), row.category) in named,
            -abs(row.amount),
            row.category,
        ),
    )
    kept = []
    for row in order:
        key = (_month(row.day), row.amount > 0)
        taken = min(unsorted[key], abs(row.amount))
        unsorted[key] -= taken
        if taken < abs(row.amount):
            values = (*row.reason.values, ("unsorted", str(taken))) if taken else row.reason.values
            amount = row.amount - taken if row.amount > 0 else row.amount + taken
            kept.append(replace(row, amount=amount, reason=Reason(row.reason.code, values)))
    return kept


def _unsorted(flows: Sequence[Flow], known: Known) -> defaultdict[tuple[date, bool], Decimal]:
    """What moves without a category by month and direction (True is in), at or above zero.

    Invoices, open and foreseen, movements and planned items that nobody sorted, and what the bank
    booked so in the running month. A credit note lessens its own direction.
    """
    sums: defaultdict[tuple[date, bool], Decimal] = defaultdict(lambda: ZERO)
    sums[_month(known.today), True] = known.unsorted_in
    sums[_month(known.today), False] = known.unsorted_out
    for flow in flows:
        if not flow.category:
            is_in = flow.source is Source.SALE or (
                flow.source is not Source.PURCHASE and flow.amount > 0
            )
            sums[_month(flow.day), is_in] += flow.amount if is_in else -flow.amount
    for key, amount in sums.items():
        sums[key] = max(amount, ZERO)
    return sums


def _month(day: date) -> date:
    return day.replace(day=1)


def _by_day(
    word: str,
    what: str,
    invoiced: business.Floats,
    other: business.Floats,
    sign: int,
    today: date,
) -> list[Flow]:
    """A row a working day, with what falls on the days without banking before it."""
    rows = []
    waiting = np.zeros(2)
    for at, both in enumerate(np.stack([invoiced, other], axis=1)):
        waiting = waiting + both
        day = today + timedelta(days=at)
        if cash_flow.is_working_day(day) or at == len(invoiced) - 1:
            rows.append(_row(word, what, sign, day, waiting))
            waiting = np.zeros(2)
    return [row for row in rows if row.amount]


def _by_week(
    word: str,
    what: str,
    invoiced: business.Floats,
    other: business.Floats,
    sign: int,
    today: date,
    start: int,
) -> list[Flow]:
    """A row a week, on the working day around which its money moves."""
    rows = []
    both = np.stack([invoiced, other], axis=1)
    while start < len(both):
        first = today + timedelta(days=start)
        end = min(start + 7 - first.weekday(), len(both))
        week = both[start:end]
        total = week.sum()
        if total:
            middle = int((np.arange(len(week)) * week.sum(axis=1)).sum() / total + 0.5)
            day = _working(first, first + timedelta(days=middle), end - start)
            rows.append(_row(word, what, sign, day, week.sum(axis=0)))
        start = end
    return [row for row in rows if row.amount]


def _row(word: str, what: str, sign: int, day: date, cents: business.Floats) -> Flow:
    """A row of cents by invoice and without."""
    total = float(cents.sum())
    number = day.isocalendar()
    return Flow(
        day=day,
        amount=sign * (Decimal(round(total)) / 100).quantize(CENT),
        source=Source.REST,
        ref=f"{word} {number.year}-W{number.week:02d}",
        what=what,
        reason=Reason(
            "rest", (("invoices", round(100 * float(cents[0]) / total) if total else 0),)
        ),
    )


def _working(first: date, wanted: date, length: int) -> date:
    """The wanted day, or the nearest one of the week's days on which banks work."""
    days = [first + timedelta(days=at) for at in range(length)]
    open_days = [day for day in days if cash_flow.is_working_day(day)] or days
    return min(open_days, key=lambda day: (abs((day - wanted).days), day))


def _left_of(line: BudgetLine, flows: Sequence[Flow], known: Known, last: date) -> Flow | None:
    """What is left of a budget, on the last working day of its month; None when nothing is."""
    end = cash_flow.last_working_day(line.month)
    if end < known.today or end > last or not line.amount:
        return None
    expected = sum(
        (
            flow.amount
            for flow in flows
            if flow.category == line.category
            and (flow.day.year, flow.day.month) == (line.month.year, line.month.month)
        ),
        ZERO,
    )
    left = line.amount - line.actual - expected
    if not left or (left > 0) is not (line.amount > 0):
        return None
    return Flow(
        day=end,
        amount=left,
        source=Source.BUDGET,
        ref=f"budget {line.category} {line.month:%Y-%m}",
        what=line.name,
        reason=Reason("budget_left", (("budget", str(line.amount)), ("actual", str(line.actual)))),
        category=line.category,
    )
