"""What comes back and what is planned, as rows of the forecast; nothing of it twice."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from billify.domain import cash_flow
from billify.domain.cash_flow import Planned, Rhythm, Shift
from billify.domain.forecast import recurring
from billify.domain.forecast.known import Known, RecurrenceChoice
from billify.domain.forecast.shapes import Flow, Reason, Recurrence, Source, Verdict
from billify.domain.refusal import N_

CENT = Decimal("0.01")
NEAR = 6
"""Days within which two expected movements may be the same one."""
ALIKE, SAME = Decimal("0.20"), Decimal("0.02")
MOST_DRIFT = Decimal("0.10")
MOST_ITEMS = 500
"""The occurrences of more planned items than this are summed by day."""
MANY = N_("Planned items")


def decided(
    *, found: Sequence[Recurrence], choices: Iterable[RecurrenceChoice]
) -> list[Recurrence]:
    """Recurrences with what people said of them: refused ones are gone, confirmed ones are sure."""
    said = {one.key: one for one in choices}
    kept = []
    for one in found:
        choice = said.get(one.key)
        if choice is None:
            kept.append(one)
        elif choice.verdict is not Verdict.REFUSED:
            kept.append(_changed(one, choice))
    return kept


def of_planned(*, known: Known, last: date) -> list[Flow]:
    """Every occurrence of what is planned; one that the bank has not shown yet comes today."""
    since = min(known.planned_since or known.today, known.today)
    categories = {item.planned.id: item.category for item in known.planned}
    items = [item.planned for item in known.planned]
    if len(items) > MOST_ITEMS:
        coming = cash_flow.expand(_bundled(items), start=since, end=last)
        return _summed(coming, known.today)
    coming = cash_flow.expand(items, start=since, end=last)
    return [
        Flow(
            day=max(one.date, known.today),
            amount=one.amount,
            source=Source.PLANNED,
            ref=one.id,
            what=one.what,
            is_by_hand=True,
            category=categories[one.id],
        )
        for one in coming
        if one.amount
    ]


def of_recurrences(
    *,
    recurrences: Sequence[Recurrence],
    choices: Iterable[RecurrenceChoice],
    beside: Sequence[Flow],
    today: date,
    last: date,
) -> list[Flow]:
    """The occurrences of recurrences, without those that another row stands for already.

    `beside` are the open and coming invoices, taxes and planned items. A row of the same sign
    within a few days is the same movement when its amount is alike and its name or category too;
    for taxes and planned items, which are few, the very amount is enough. Each row stands for one
    occurrence only.
    """
    said = {one.key: one for one in choices}
    others = _Others(beside)
    rows = []
    for one in recurrences:
        for day in _days(one, said.get(one.key), today, last):
            row = _row(one, said.get(one.key), day, today)
            if not others.stand_for(row):
                rows.append(row)
    return [row for row in rows if row.amount]


def _changed(one: Recurrence, choice: RecurrenceChoice) -> Recurrence:
    return replace(
        one,
        name=choice.name or one.name,
        amount=one.amount if choice.amount is None else choice.amount,
        rhythm=choice.rhythm.value if choice.rhythm else one.rhythm,
        day=one.day if choice.day is None else choice.day,
        shift=choice.shift.value if choice.shift else one.shift,
        confidence=100,
        drift=one.drift if choice.amount is None else Decimal("0.00"),
    )


def _days(one: Recurrence, choice: RecurrenceChoice | None, today: date, last: date) -> list[date]:
    """When it is expected; a changed rhythm or day is reckoned anew from the next one on."""
    if choice is not None and choice.until is not None:
        last = min(last, choice.until)
    is_moved = choice is not None and (
        choice.rhythm is not None or choice.day is not None or choice.shift is not None
    )
    if not is_moved:
        return recurring.occurrences(recurrence=one, start=today, end=last)
    if one.rhythm not in set(Rhythm):
        return recurring.occurrences(recurrence=one, start=today, end=last)
    rhythm = Rhythm(one.rhythm)
    is_weekly = rhythm in (Rhythm.WEEKLY, Rhythm.ONCE)
    first = one.next if is_weekly else max(one.next.replace(day=1), one.last + timedelta(days=1))
    plan = Planned(one.key, one.name, one.amount, rhythm, first, None, one.day, Shift(one.shift))
    return [each.date for each in cash_flow.expand([plan], start=today, end=last)]


def _row(one: Recurrence, choice: RecurrenceChoice | None, day: date, today: date) -> Flow:
    drift = min(max(one.drift, -MOST_DRIFT), MOST_DRIFT)
    years = Decimal(max((day - one.last).days, 0)) / 365
    by_hand = choice is not None and choice.verdict is Verdict.CHANGED
    spread = timedelta(days=round(one.spread_days * 1.28))
    return Flow(
        day=day,
        amount=(one.amount * (1 + drift * years)).quantize(CENT),
        source=Source.RECURRING,
        ref=one.key,
        what=one.name,
        early=None if by_hand else max(day - spread, today),
        late=None if by_hand else day + spread,
        reason=Reason("by_hand")
        if by_hand
        else Reason("comes_back", (("count", one.count), ("percent", one.confidence))),
        is_by_hand=by_hand,
        category=one.category,
    )


class _Others:
    """Rows that a recurrence may be in already; each is used up once."""

    def __init__(self, rows: Iterable[Flow]) -> None:
        self.by_day: defaultdict[date, list[Flow]] = defaultdict(list)
        self.by_word: defaultdict[tuple[str, date], list[Flow]] = defaultdict(list)
        self.taken: set[int] = set()
        for row in rows:
            if row.source in (Source.TAX, Source.PLANNED):
                self.by_day[row.day].append(row)
            else:
                for word in _words(row.what):
                    self.by_word[word, row.day].append(row)

    def stand_for(self, row: Flow) -> bool:
        """Whether another row stands for this one, which then stands for no other."""
        for other in self._near(row):
            if id(other) not in self.taken and _is_same(row, other):
                self.taken.add(id(other))
                return True
        return False

    def _near(self, row: Flow) -> Iterator[Flow]:
        days = [row.day]
        for ahead in range(1, NEAR + 1):
            days += [row.day - timedelta(days=ahead), row.day + timedelta(days=ahead)]
        for day in days:
            yield from self.by_day.get(day, ())
        for word in sorted(_words(row.what)):
            for day in days:
                yield from self.by_word.get((word, day), ())


def _is_same(one: Flow, other: Flow) -> bool:
    if (one.amount > 0) is not (other.amount > 0):
        return False
    off = abs(one.amount - other.amount) / max(abs(one.amount), CENT)
    if off <= SAME:
        return True
    same_kind = bool(one.category) and one.category == other.category
    return off <= ALIKE and (same_kind or bool(_words(one.what) & _words(other.what)))


@lru_cache(maxsize=4096)
def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w{4,}", name.casefold()))


def _bundled(items: Iterable[Planned]) -> list[Planned]:
    """One item for all that come on the same days, money in and out apart."""
    sums: dict[tuple[object, ...], Planned] = {}
    for one in items:
        key = (one.rhythm, one.first, one.until, one.day, one.shift, one.amount > 0)
        before = sums.get(key)
        sums[key] = one if before is None else replace(before, amount=before.amount + one.amount)
    return list(sums.values())


def _summed(coming: Sequence[cash_flow.Expected], today: date) -> list[Flow]:
    """One row a day and direction."""
    sums: defaultdict[tuple[date, bool], Decimal] = defaultdict(lambda: Decimal("0.00"))
    for one in coming:
        sums[max(one.date, today), one.amount > 0] += one.amount
    return [
        Flow(day, amount, Source.PLANNED, f"planned {day}", MANY, is_by_hand=True)
        for (day, _), amount in sorted(sums.items())
        if amount
    ]
