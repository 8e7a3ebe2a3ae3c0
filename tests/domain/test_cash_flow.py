"""The forecast and the days banks work."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def test_weeks_start_on_monday_and_leave_what_is_overdue_apart() -> None:
    expected = [
        _expected("2026-11-19", "500.00"),
        _expected("2026-11-20", "100.00"),
        _expected("2026-11-22", "-40.00"),
        _expected("2026-11-23", "7.00"),
        _expected("2027-02-14", "8.00"),
        _expected("2027-02-15", "9.00"),
    ]

    weeks = cash_flow.by_week(expected, today=FRIDAY)
    late = cash_flow.overdue(expected, today=FRIDAY)

    assert len(weeks) == 13
    assert (weeks[0].start, weeks[0].end, weeks[0].number) == (
        date(2026, 11, 16),
        date(2026, 11, 22),
        47,
    )
    assert (weeks[0].money_in, weeks[0].money_out) == (D("100.00"), D("-40.00"))
    assert weeks[1].money_in == 7
    assert weeks[-1].money_in == 8
    assert (late.money_in, late.count_in, late.money_out) == (D("500.00"), 1, 0)


def test_the_balance_is_carried_from_day_to_day() -> None:
    found = cash_flow.project(
        balance=D("1000.00"),
        as_of=FRIDAY,
        today=FRIDAY,
        expected=[_expected("2026-11-20", "50.00"), _expected("2026-11-25", "-2000.00")],
        planned=[_plan(Rhythm.ONCE, "2026-11-27")],
        days=10,
    )

    assert [day.balance for day in found.days] == [
        D(amount) for amount in (1050, 1050, 1050, 1050, 1050, -950, -950, -960, -960, -960)
    ]
    assert (found.lowest.date, found.lowest.balance) == (date(2026, 11, 27), D("-960.00"))
    assert [(week.number, week.money_in, week.money_out) for week in found.weeks] == [
        (47, D(50), D(0)),
        (48, D(0), D(-2010)),
    ]
    assert found.weeks[-1].balance == D("-960.00")


def test_overdue_debts_count_today_and_overdue_claims_do_not() -> None:
    found = cash_flow.project(
        balance=D(0),
        as_of=FRIDAY,
        today=FRIDAY,
        expected=[_expected("2026-11-02", "300.00"), _expected("2026-11-03", "-70.00")],
        days=5,
    )

    assert found.days[0].money_out == D(-70)
    assert found.days[-1].balance == D(-70)
    assert (found.overdue.money_in, found.overdue.money_out) == (D(300), D(-70))


def test_a_planned_item_the_bank_has_not_shown_yet_is_not_lost() -> None:
    found = cash_flow.project(
        balance=D(100),
        as_of=date(2026, 11, 17),
        today=FRIDAY,
        expected=[],
        planned=[_plan(Rhythm.ONCE, "2026-11-17"), _plan(Rhythm.ONCE, "2026-11-18")],
        days=3,
    )

    assert found.days[0].balance == D(90)


@given(
    st.lists(
        st.builds(
            Expected,
            date=st.dates(FRIDAY, FRIDAY + timedelta(days=90)),
            amount=st.integers(-(10**7), 10**7).map(lambda cents: D(cents) / 100),
            what=st.just("x"),
            id=st.just("x"),
        ),
        max_size=40,
    )
)
def test_days_weeks_and_buckets_tell_the_same_sums(expected: list[Expected]) -> None:
    found = cash_flow.project(balance=D(5), as_of=FRIDAY, today=FRIDAY, expected=expected)
    weeks = cash_flow.by_week(expected, today=FRIDAY, weeks=14)

    assert found.days[-1].balance == D(5) + sum((one.amount for one in expected), D(0))
    assert [(one.start, one.money_in, one.money_out) for one in weeks] == [
        (one.start, one.money_in, one.money_out) for one in found.weeks
    ]
    assert found.lowest.balance == min(day.balance for day in found.days)
