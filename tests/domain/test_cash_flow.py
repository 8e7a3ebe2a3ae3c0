"""The forecast and the days banks work."""

from datetime import date
from decimal import Decimal

import pytest

from billify.domain import cash_flow
from billify.domain.cash_flow import Expected, Planned, Rhythm, Shift

FRIDAY = date(2026, 11, 20)
D = Decimal


@pytest.mark.parametrize(
    "day",
    ["2026-11-21", "2026-11-22", "2026-04-03", "2026-04-06", "2026-05-15", "2026-07-21",
     "2026-11-11", "2026-12-25", "2027-01-01"],
)  # fmt: skip
def test_banks_are_closed(day: str) -> None:
    assert not cash_flow.is_working_day(date.fromisoformat(day))


def test_banks_work_on_an_ordinary_friday() -> None:
    assert cash_flow.is_working_day(FRIDAY)


@pytest.mark.parametrize(
    ("shift", "day"),
    [
        (Shift.NEXT, date(2027, 1, 4)),
        (Shift.PREVIOUS, date(2026, 12, 31)),
        (Shift.NONE, date(2027, 1, 2)),
    ],
)
def test_a_closed_day_moves(shift: Shift, day: date) -> None:
    assert cash_flow.working_day(date(2027, 1, 2), shift=shift) == day


@pytest.mark.parametrize(
    ("month", "last"),
    [("2026-11-03", "2026-11-30"), ("2026-05-31", "2026-05-29"), ("2027-01-01", "2027-01-29")],
)
def test_wages_go_out_on_the_last_working_day(month: str, last: str) -> None:
    assert cash_flow.last_working_day(date.fromisoformat(month)) == date.fromisoformat(last)


def _plan(rhythm: Rhythm, first: str, **more: object) -> Planned:
    values: dict[str, object] = {"shift": Shift.NONE, **more}
    return Planned("p", "Rent", D(-10), rhythm, date.fromisoformat(first), **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("item", "days"),
    [
        (_plan(Rhythm.ONCE, "2026-12-24"), ["2026-12-24"]),
        (_plan(Rhythm.ONCE, "2026-10-01"), []),
        (_plan(Rhythm.WEEKLY, "2026-01-07", until=date(2026, 12, 9)),
         ["2026-11-25", "2026-12-02", "2026-12-09"]),
        (_plan(Rhythm.MONTHLY, "2026-01-31"), ["2026-11-30", "2026-12-31", "2027-01-31"]),
        (_plan(Rhythm.MONTHLY, "2026-02-28", day=30), ["2026-11-30", "2026-12-30", "2027-01-30"]),
        (_plan(Rhythm.MONTHLY, "2026-12-10", day=5), ["2027-01-05"]),
        (_plan(Rhythm.QUARTERLY, "2026-01-15"), ["2027-01-15"]),
        (_plan(Rhythm.YEARLY, "2024-02-29"), []),
        (_plan(Rhythm.YEARLY, "2020-12-31"), ["2026-12-31"]),
        (_plan(Rhythm.MONTHLY_LAST_WORKING_DAY, "2026-01-01", shift=Shift.NEXT),
         ["2026-11-30", "2026-12-31", "2027-01-29"]),
        (_plan(Rhythm.MONTHLY, "2026-01-26", shift=Shift.NEXT),
         ["2026-11-26", "2026-12-28", "2027-01-26"]),
        (_plan(Rhythm.MONTHLY, "2026-01-26", shift=Shift.PREVIOUS),
         ["2026-11-26", "2026-12-24", "2027-01-26"]),
    ],
)  # fmt: skip
def test_a_planned_item_comes_back_in_its_rhythm(item: Planned, days: list[str]) -> None:
    found = cash_flow.expand([item], start=FRIDAY, end=date(2027, 1, 31))

    assert [one.date.isoformat() for one in found] == days


def test_a_day_shifted_into_the_window_is_found() -> None:
    item = _plan(Rhythm.MONTHLY, "2026-01-01", shift=Shift.NEXT)

    found = cash_flow.expand([item], start=date(2027, 1, 4), end=date(2027, 1, 4))

    assert [one.date for one in found] == [date(2027, 1, 4)]


def _expected(day: str, amount: str, key: str = "i") -> Expected:
    return Expected(date.fromisoformat(day), D(amount), "Invoice", key)


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        (date(2026, 11, 21), 1, date(2026, 12, 21)),
        (date(2026, 11, 21), -14, date(2025, 9, 21)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 3, 31), -1, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_the_same_day_of_another_month(day: date, count: int, found: date) -> None:
    assert cash_flow.months_on(day, count) == found


def test_a_month_ends_with_its_last_day() -> None:
    assert cash_flow.month_end(date(2028, 2, 3)) == date(2028, 2, 29)
    assert cash_flow.month_end(date(2026, 12, 31)) == date(2026, 12, 31)
