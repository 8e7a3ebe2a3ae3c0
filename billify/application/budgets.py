"""Budgets: what may go out or should come in for a category in a month, and what really did.

Actuals are booked bank lines in the company's currency, own transfers left out. A line with a
category counts for that category; lines that settle invoices and lines that nobody has sorted
stand apart, so that all of it together is what moved on the accounts.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from billify.application import audit, bank_rules, live
from billify.data.db import transaction
from billify.data.models import Budget, Category
from billify.data.queries import budgets as queries
from billify.data.queries import categories, companies
from billify.data.queries.budgets import Actual
from billify.domain.categories import CATEGORIES
from billify.domain.refusal import NotAllowed, NotFound, Stale
from billify.domain.roles import Actor, Right

MONTHS = 12
FIRST_YEAR, LAST_YEAR = 1970, 2099
ZERO = Decimal("0.00")
_COMES_IN = frozenset({"sales", "cards", "subsidies"})
"""Categories of the default set that bring money."""


class Way(StrEnum):
    """The direction that a row is read in."""

    IN = "in"
    OUT = "out"


class Other(StrEnum):
    """What moved without a category."""

    CUSTOMERS = "customers"
    SUPPLIERS = "suppliers"
    UNSORTED_IN = "unsorted_in"
    UNSORTED_OUT = "unsorted_out"


@dataclass(frozen=True, slots=True)
class Compared:
    """A budget, what really moved, and what is left; all read in the direction of the row."""

    budget: Decimal = ZERO
    actual: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        """What of the budget has not moved yet; below zero when more did."""
        return self.budget - self.actual

    def __add__(self, other: "Compared") -> "Compared":
        return Compared(self.budget + other.budget, self.actual + other.actual)

    def __sub__(self, other: "Compared") -> "Compared":
        return Compared(self.budget - other.budget, self.actual - other.actual)


NOTHING = Compared()


@dataclass(frozen=True, slots=True)
class Row:
    """A category through the months of a year; amounts are above zero in its own direction.

    `key` is the category's id, or its code before the company has categories of its own.
    """

    key: str
    category_id: UUID | None
    name: str
    code: str | None
    is_active: bool
    way: Way
    budgets: tuple[Decimal | None, ...]
    actuals: tuple[Decimal, ...]

    @property
    def has_budget(self) -> bool:
        """Is there a budget in any month of the year?"""
        return any(amount is not None for amount in self.budgets)

    @property
    def has_actual(self) -> bool:
        """Did anything move in the year?"""
        return any(self.actuals)

    def at(self, first: int, last: int) -> Compared:
        """From one month until another, both included; January is 1."""
        budgets = (amount for amount in self.budgets[first - 1 : last] if amount is not None)
        return Compared(sum(budgets, ZERO), sum(self.actuals[first - 1 : last], ZERO))


@dataclass(frozen=True, slots=True)
class OtherRow:
    """What moved without a category in each month, above zero in its own direction."""

    kind: Other
    way: Way
    actuals: tuple[Decimal, ...]

    def at(self, first: int, last: int) -> Compared:
        """From one month until another, both included."""
        return Compared(ZERO, sum(self.actuals[first - 1 : last], ZERO))


@dataclass(frozen=True, slots=True)
class Year:
    """The budget of a year beside what moved; `version` changes with every change of a budget."""

    year: int
    rows: tuple[Row, ...]
    others: tuple[OtherRow, ...]
    version: str

    @property
    def has_budget(self) -> bool:
        """Is there any budget in the year?"""
        return any(row.has_budget for row in self.rows)

    def budgeted(self, way: Way) -> list[Row]:
        """The categories of one direction that have a budget."""
        return [row for row in self.rows if row.has_budget and row.way is way]

    @property
    def unbudgeted(self) -> list[Row]:
        """Categories without a budget in which something moved."""
        return [row for row in self.rows if not row.has_budget and row.has_actual]

    def sum(self, way: Way, first: int, last: int) -> Compared:
        """All budgeted categories of one direction together."""
        return sum((row.at(first, last) for row in self.budgeted(way)), NOTHING)

    def net(self, first: int, last: int) -> Compared:
        """What budgeted categories bring less what they cost."""
        return self.sum(Way.IN, first, last) - self.sum(Way.OUT, first, last)

    def moved(self, first: int, last: int) -> Decimal:
        """All that moved on the accounts, with a budget or without; money out is below zero."""
        rows: Iterable[Row | OtherRow] = (*self.rows, *self.others)
        return sum((_signed(row.at(first, last).actual, row.way) for row in rows), ZERO)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A category's budget for each month of a year as a person typed it; None is no budget."""

    key: str
    way: Way
    amounts: tuple[Decimal | None, ...]


def year_of(*, year: int, currency: str) -> Year:
    """The budget of a year and what moved in it. Refuses a year that can't be meant."""
    check_year(year)
    known = categories.every()
    planned = queries.planned(since=date(year, 1, 1), until=date(year, 12, 1))
    moved = queries.actuals(since=date(year, 1, 1), until=date(year, 12, 31), currency=currency)
    return Year(year, _rows(known, planned, moved), _others(moved), _version(planned))


def of_year_before(*, year: int, currency: str) -> dict[str, tuple[Way, tuple[Decimal, ...]]]:
    """What moved in the year before by key of category: the direction, and each month.

    A month that went the other way counts as nothing.
    """
    before = year_of(year=max(year - 1, FIRST_YEAR), currency=currency)
    found = {}
    for row in before.rows:
        total = sum(row.actuals, ZERO)
        if total:
            turned = row if total > 0 else _turned(row)
            found[row.key] = (turned.way, tuple(max(one, ZERO) for one in turned.actuals))
    return found


def save(*, year: int, wanted: Sequence[Wanted], seen: str, by: Actor) -> int:
    """Keep the budgets of a year as typed; says how many categories changed.

    Refuses a category that is not the company's, and to write over what somebody else changed
    since `seen`.
    """
    _require(by)
    check_year(year)
    with transaction():
        # One at a time: whoever comes second sees that the version has changed.
        companies.lock_own()
        keys = _keys(bank_rules.ensure_categories())
        if any(one.key not in keys for one in wanted):
            raise NotFound
        kept = queries.planned(since=date(year, 1, 1), until=date(year, 12, 1))
        if _version(kept) != seen:
            raise Stale
        mine = _by_category(kept)
        changed = [one for one in wanted if _put(year, keys[one.key], one, mine, by)]
        if changed:
            live.touch("cash-flow")
    return len(changed)


def count_in_forecast(*, counts: bool, by: Actor) -> None:
    """Let what is left of the budget count in the forecast, or no longer."""
    _require(by)
    with transaction():
        company = companies.lock_own()
        if company.counts_budget == counts:
            return
        before, company.counts_budget = company.counts_budget, counts
        audit.record(
            "company.changed",
            company,
            by=by,
            before={"counts_budget": before},
            after={"counts_budget": counts},
        )
        live.touch("cash-flow")


def record_export(*, year: int, kind: str, rows: int, by: Actor) -> None:
    """Note that the budget of a year left Billify as a file."""
    if not by.can(Right.EXPORT):
        raise NotAllowed
    with transaction():
        audit.record(
            "budget.exported",
            companies.own(),
            by=by,
            after={"year": year, "format": kind, "rows": rows},
        )


def check_year(year: int) -> None:
    """Refuses a year that can't be meant."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound


def _rows(
    known: Sequence[Category], planned: Sequence[Budget], moved: Sequence[Actual]
) -> tuple[Row, ...]:
    if not known:
        return tuple(_empty(code, name) for code, name in CATEGORIES)
    budgets = _by_category(planned)
    actuals: defaultdict[UUID, dict[int, Decimal]] = defaultdict(dict)
    for one in moved:
        if one.category_id is not None:
            actuals[one.category_id][one.month.month] = one.amount
    return tuple(
        _row(one, {at: row.amount for at, row in budgets[one.id].items()}, actuals[one.id])
        for one in known
    )


def _row(one: Category, budgets: Mapping[int, Decimal], actuals: Mapping[int, Decimal]) -> Row:
    """Which way it goes the budget says, else what moved, else the kind of category."""
    total = sum(budgets.values(), ZERO) or sum(actuals.values(), ZERO)
    way = (Way.IN if total > 0 else Way.OUT) if total else _usual(one.code)
    return Row(
        key=str(one.id),
        category_id=one.id,
        name=one.name,
        code=one.code,
        is_active=one.is_active,
        way=way,
        budgets=tuple(
            _signed(budgets[at], way) if at in budgets else None for at in range(1, MONTHS + 1)
        ),
        actuals=tuple(_signed(actuals.get(at, ZERO), way) for at in range(1, MONTHS + 1)),
    )


def _empty(code: str, name: str) -> Row:
    nothing = (None,) * MONTHS
    return Row(code, None, name, code, True, _usual(code), nothing, (ZERO,) * MONTHS)


def _turned(row: Row) -> Row:
    """The same read in the other direction."""
    return Row(
        row.key,
        row.category_id,
        row.name,
        row.code,
        row.is_active,
        Way.IN if row.way is Way.OUT else Way.OUT,
        tuple(None if one is None else -one for one in row.budgets),
        tuple(-one for one in row.actuals),
    )


_KINDS = {
    (True, True): Other.CUSTOMERS,
    (True, False): Other.SUPPLIERS,
    (False, True): Other.UNSORTED_IN,
    (False, False): Other.UNSORTED_OUT,
}


def _others(moved: Sequence[Actual]) -> tuple[OtherRow, ...]:
    found: defaultdict[tuple[bool, bool], dict[int, Decimal]] = defaultdict(dict)
    for one in moved:
        if one.category_id is None:
            found[one.on_invoices, one.is_in][one.month.month] = abs(one.amount)
    return tuple(
        OtherRow(
            kind,
            Way.IN if is_in else Way.OUT,
            tuple(found[on_invoices, is_in].get(at, ZERO) for at in range(1, MONTHS + 1)),
        )
        for (on_invoices, is_in), kind in _KINDS.items()
        if (on_invoices, is_in) in found
    )


def _put(
    year: int, category: Category, wanted: Wanted, kept: Mapping[UUID, dict[int, Budget]], by: Actor
) -> bool:
    """Write a category's months down; says whether any differs from what was there."""
    rows = kept[category.id]
    before, after = {}, {}
    for at, amount in enumerate(wanted.amounts, start=1):
        row = rows.get(at)
        # A minus sign typed by habit changes nothing: the direction says it.
        signed = None if amount is None else _signed(abs(amount), wanted.way)
        if (row.amount if row else None) == signed:
            continue
        month = date(year, at, 1)
        before[f"{month:%Y-%m}"] = row.amount if row else None
        after[f"{month:%Y-%m}"] = signed
        queries.put(row, category.id, month, signed)
    if after:
        audit.record("budget.changed", category, by=by, before=before, after=after)
    return bool(after)


def _keys(known: Sequence[Category]) -> dict[str, Category]:
    """Each category by its id, and those of the default set by their code too."""
    coded = {one.code: one for one in known if one.code is not None}
    return coded | {str(one.id): one for one in known}


def _by_category(planned: Sequence[Budget]) -> defaultdict[UUID, dict[int, Budget]]:
    found: defaultdict[UUID, dict[int, Budget]] = defaultdict(dict)
    for one in planned:
        found[one.category_id][one.month.month] = one
    return found


def _version(planned: Sequence[Budget]) -> str:
    facts = sorted(f"{one.category_id} {one.month} {one.amount}" for one in planned)
    return hashlib.blake2s("\n".join(facts).encode(), digest_size=8).hexdigest()


def _usual(code: str | None) -> Way:
    return Way.IN if code in _COMES_IN else Way.OUT


def _signed(amount: Decimal, way: Way) -> Decimal:
    """From the row's direction to money in above zero, and back."""
    return amount if way is Way.IN else -amount


def _require(by: Actor) -> None:
    if not by.can(Right.EDIT_INVOICES):
        raise NotAllowed
