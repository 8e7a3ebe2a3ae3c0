"""Budgets: kept by category and month, compared with what moved, and what of it is a figure."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select

from billify.application import bank_rules, budgets, categories, figures
from billify.application.budgets import Other, Row, Wanted, Way, Year
from billify.application.figures import Given
from billify.data.db import db
from billify.data.models import AuditEvent, Budget
from billify.data.queries import budgets as queries
from billify.domain.banking import MatchState, MovementState
from billify.domain.refusal import NotAllowed, NotFound, Refusal, Stale
from tests import factories
from tests.cast import Cast
from tests.factories import books_of

NONE = (None,) * 12
JANUARY, MAY = date(2026, 1, 15), date(2026, 5, 31)


@pytest.fixture
def scope(cast: Cast) -> Iterator[Cast]:
    """In Anna's books, with the categories of the default set."""
    with books_of(cast.anna):
        bank_rules.ensure_categories()
        yield cast


def category(code: str) -> UUID:
    return next(one.id for one in bank_rules.ensure_categories() if one.code == code)


def months(**given: str) -> tuple[Decimal | None, ...]:
    """Amounts by month: `m1="100.00"`."""
    return tuple(Decimal(given[f"m{at}"]) if f"m{at}" in given else None for at in range(1, 13))


def year(which: int = 2026) -> Year:
    return budgets.year_of(year=which, currency="EUR")


def row(code: str, which: int = 2026) -> Row:
    return next(one for one in year(which).rows if one.code == code)


def save(cast: Cast, *wanted: Wanted, seen: str | None = None) -> int:
    version = year().version if seen is None else seen
    return budgets.save(year=2026, wanted=wanted, seen=version, by=cast.anna.actor)


def rent(cast: Cast, amount: str = "1450.00") -> int:
    wanted = Wanted(str(category("rent")), Way.OUT, (Decimal(amount),) * 12)
    return save(cast, wanted)


def lines() -> None:
    """Some of each kind of line in two months of 2026."""
    on = factories.account()
    for amount, day, more in (
        ("-1400.00", JANUARY, {"category_id": category("rent")}),
        ("-60.00", JANUARY, {"category_id": category("rent")}),
        ("10.00", JANUARY, {"category_id": category("rent")}),
        ("-1500.00", MAY, {"category_id": category("rent")}),
        ("250.00", MAY, {"category_id": category("cards")}),
        ("121.00", MAY, {"match_state": MatchState.MATCHED}),
        ("-242.00", MAY, {"match_state": MatchState.MATCHED}),
        ("-5.00", MAY, {"match_state": MatchState.UNMATCHED}),
        ("7.00", MAY, {"match_state": MatchState.SET_ASIDE}),
        ("-900.00", MAY, {"match_state": MatchState.TRANSFER}),
        ("-33.00", MAY, {"category_id": category("rent"), "state": MovementState.PENDING}),
        ("-44.00", MAY, {"category_id": category("rent"), "currency": "USD"}),
        ("-55.00", date(2025, 12, 31), {"category_id": category("rent")}),
    ):
        factories.movement(on=on, amount=amount, booked_on=day, **more)


def test_before_there_are_categories_the_default_set_stands_empty(cast: Cast) -> None:
    with books_of(cast.anna):
        found = year()

    assert (len(found.rows), found.has_budget) == (27, False)
    assert {one.way for one in found.rows if one.code in ("sales", "rent")} == {Way.IN, Way.OUT}


def test_what_moved_is_counted_by_category_and_month(scope: Cast) -> None:
    lines()

    found = row("rent")

    assert found.way is Way.OUT
    assert found.actuals[0] == Decimal("1450.00")
    assert found.actuals[4] == Decimal("1500.00")
    assert row("cards").actuals[4] == Decimal("250.00")
    assert row("rent", 2025).actuals[11] == Decimal("55.00")
    assert queries.foreign_count(since=JANUARY, until=MAY, currency="EUR") == 1


def test_what_has_no_category_stands_apart_and_all_of_it_is_what_moved(scope: Cast) -> None:
    lines()

    found = year()

    assert {one.kind: one.actuals[4] for one in found.others} == {
        Other.CUSTOMERS: Decimal("121.00"),
        Other.SUPPLIERS: Decimal("242.00"),
        Other.UNSORTED_IN: Decimal("7.00"),
        Other.UNSORTED_OUT: Decimal("5.00"),
    }
    assert found.moved(5, 5) == Decimal("-1369.00")
    assert found.moved(1, 12) == Decimal("-2819.00")


def test_a_budget_is_kept_with_its_sign_and_its_audit(scope: Cast) -> None:
    given = [
        Wanted("rent", Way.OUT, months(m1="1450.00", m2="-1450.00", m3="0.00")),
        Wanted(str(category("sales")), Way.IN, months(m1="900.00")),
        Wanted(str(category("energy")), Way.OUT, NONE),
    ]

    assert save(scope, *given) == 2

    kept = db.session.scalars(select(Budget).order_by(Budget.amount, Budget.month)).all()
    assert [(one.month, one.amount) for one in kept] == [
        (date(2026, 1, 1), Decimal("-1450.00")),
        (date(2026, 2, 1), Decimal("-1450.00")),
        (date(2026, 3, 1), Decimal("0.00")),
        (date(2026, 1, 1), Decimal("900.00")),
    ]
    events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()
    assert {(one.verb, one.subject_type) for one in events} == {("budget.changed", "category")}
    assert events[0].after == {"2026-01": "-1450.00", "2026-02": "-1450.00", "2026-03": "0.00"}


def test_only_what_differs_is_written(scope: Cast) -> None:
    rent(scope)

    assert rent(scope) == 0
    assert save(scope, Wanted("rent", Way.OUT, (Decimal("1450.00"),) * 11 + (None,))) == 1

    assert len(db.session.scalars(select(Budget)).all()) == 11
    assert len(db.session.scalars(select(AuditEvent)).all()) == 2


def test_what_is_left_is_the_budget_less_what_moved(scope: Cast) -> None:
    lines()
    rent(scope)

    found = row("rent")

    assert found.at(1, 1).left == Decimal("0.00")
    assert found.at(5, 5).left == Decimal("-50.00")
    assert found.at(1, 12).left == Decimal("14450.00")
    assert year().sum(Way.OUT, 1, 12) == found.at(1, 12)
    assert year().net(1, 1).budget == Decimal("-1450.00")


def test_whoever_saves_second_is_told(scope: Cast) -> None:
    before = year().version
    rent(scope)

    with pytest.raises(Stale):
        save(scope, Wanted("rent", Way.OUT, NONE), seen=before)

    assert row("rent").budgets[0] == Decimal("1450.00")


def test_the_category_of_another_company_does_not_exist(scope: Cast) -> None:
    with books_of(scope.chloe):
        theirs = str(category("rent"))

    with pytest.raises(NotFound):
        save(scope, Wanted(theirs, Way.OUT, months(m1="5.00")))

    assert db.session.scalars(select(Budget)).all() == []


@pytest.mark.parametrize("which", [1969, 2100, 0, -1])
def test_a_year_that_cannot_be_meant_does_not_exist(scope: Cast, which: int) -> None:
    with pytest.raises(NotFound):
        year(which)
    with pytest.raises(NotFound):
        budgets.save(year=which, wanted=[], seen="", by=scope.anna.actor)


def test_who_may_only_read_keeps_no_budget(scope: Cast) -> None:
    with pytest.raises(NotAllowed):
        budgets.save(year=2026, wanted=[], seen="", by=scope.bram.actor)
    with pytest.raises(NotAllowed):
        budgets.count_in_forecast(counts=True, by=scope.bram.actor)
    with pytest.raises(NotAllowed):
        budgets.record_export(year=2026, kind="csv", rows=1, by=scope.bram.actor)


def test_the_year_before_is_offered_in_the_direction_it_went(scope: Cast) -> None:
    on = factories.account()
    for amount, day, code in (
        ("-100.00", date(2025, 1, 5), "rent"),
        ("20.00", date(2025, 2, 5), "rent"),
        ("70.00", date(2025, 3, 5), "energy"),
    ):
        factories.movement(on=on, amount=amount, booked_on=day, category_id=category(code))

    found = budgets.of_year_before(year=2026, currency="EUR")

    assert set(found) == {str(category("rent")), str(category("energy"))}
    way, amounts = found[str(category("rent"))]
    assert (way, amounts[:3]) == (Way.OUT, (Decimal("100.00"), Decimal("0.00"), Decimal("0.00")))
    assert found[str(category("energy"))][0] is Way.IN


def test_counting_in_the_forecast_is_switched_once(scope: Cast) -> None:
    for _ in range(2):
        budgets.count_in_forecast(counts=True, by=scope.anna.actor)

    (event,) = db.session.scalars(select(AuditEvent)).all()
    assert (event.verb, event.after) == ("company.changed", {"counts_budget": True})


def test_a_category_with_a_budget_is_in_use(scope: Cast) -> None:
    mine = categories.add(name="Markten", by=scope.anna.actor)
    save(scope, Wanted(str(mine.id), Way.IN, months(m6="100.00")))

    with pytest.raises(Refusal, match="in use"):
        categories.drop(category_id=mine.id, by=scope.anna.actor)


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("received_on_invoices", "121.00"),
        ("paid_on_invoices", "-242.00"),
        ("received_unsorted", "7.00"),
        ("paid_unsorted", "-5.00"),
        ("category_actual", "-1500.00"),
    ],
)
def test_each_actual_is_the_sum_of_its_rows(scope: Cast, name: str, total: str) -> None:
    lines()
    given = Given(date(2026, 6, 1), "EUR", date(2026, 5, 1), MAY, category=str(category("rent")))

    sheet = figures.opened(name=name, given=given)
    rows = list(figures.every_row(name=name, given=given))

    assert sheet.total == sum((one.amount for one in rows), Decimal(0)) == Decimal(total)
    assert sheet.count == len(rows)
