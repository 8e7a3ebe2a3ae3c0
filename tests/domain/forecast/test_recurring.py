"""Movements that come back are found with their rhythm; what is mere chance is not."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest

from billify.domain import cash_flow
from billify.domain.cash_flow import Shift
from billify.domain.forecast import history, recurring
from billify.domain.forecast.history import Row
from billify.domain.forecast.shapes import Recurrence

TODAY = date(2026, 10, 5)


def found(rows: Sequence[Row], *, today: date = TODAY) -> list[Recurrence]:
    return recurring.find(movements=history.gather(rows=rows), today=today)


def only(rows: Sequence[Row], *, today: date = TODAY) -> Recurrence:
    [one] = found(rows, today=today)
    return one


def monthly(
    day: int,
    *,
    amount: str = "-900.00",
    months: int = 9,
    until: int = 9,
    name: str = "Landlord",
    shift: Shift = Shift.NONE,
    kind: str = "rent",
) -> list[Row]:
    """Rows of the last months of 2026, up to the month `until`."""
    ends = [(2026 + (until - at - 1) // 12, (until - at - 1) % 12 + 1) for at in range(months)]
    wanted = [cash_flow._in_month(year, month, day) for year, month in ends]
    days = [cash_flow.working_day(each, shift=shift) for each in wanted]
    return [(each, Decimal(amount), name, kind) for each in days]


def every(
    step: int, *, last: date, count: int, amount: str = "-50.00", name: str = "X"
) -> list[Row]:
    days = [last - timedelta(days=step * at) for at in range(count)]
    return [(day, Decimal(amount), name, "") for day in days]


def ahead(one: Recurrence, *, weeks: int = 13, today: date = TODAY) -> list[date]:
    end = today + timedelta(weeks=weeks)
    return recurring.occurrences(recurrence=one, start=today, end=end)


def test_rent_on_a_day_of_the_month_is_found() -> None:
    one = only(monthly(12))

    assert (one.rhythm, one.day, one.amount) == ("monthly", 12, Decimal("-900"))
    assert ahead(one) == [date(2026, 10, 12), date(2026, 11, 12), date(2026, 12, 12)]
    assert one.confidence >= 90


def test_a_day_moved_to_the_next_working_day_is_found() -> None:
    one = only(monthly(1, shift=Shift.NEXT, months=12))

    assert (one.rhythm, one.day, one.shift) == ("monthly", 1, "next")
    # 1 November 2026 is a Sunday and a holiday.
    assert ahead(one)[0] == date(2026, 11, 2)


def test_the_last_working_day_is_found() -> None:
    one = only(monthly(31, shift=Shift.PREVIOUS, amount="-41250.10", months=12))

    assert one.rhythm == "monthly_last_working_day"
    assert ahead(one) == [date(2026, 10, 30), date(2026, 11, 30), date(2026, 12, 31)]


def test_the_end_of_the_month_is_found() -> None:
    one = only(monthly(31, months=12))

    assert (one.rhythm, one.day, one.shift) == ("monthly", 31, "none")
    assert ahead(one) == [date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 31)]


@pytest.mark.parametrize(
    ("step", "rhythm"),
    [(7, "weekly"), (14, "two_weekly"), (28, "four_weekly"), (30, "thirty_days")],
)
def test_a_rhythm_of_days_is_found(step: int, rhythm: str) -> None:
    one = only(every(step, last=date(2026, 10, 2), count=12))

    assert one.rhythm == rhythm
    assert ahead(one)[:2] == [
        date(2026, 10, 2) + timedelta(days=step),
        date(2026, 10, 2) + timedelta(days=2 * step),
    ]


def test_a_quarter_is_found() -> None:
    days = [date(2025, 7, 20), date(2025, 10, 20), date(2026, 1, 20), date(2026, 4, 20)]
    rows = [(day, Decimal("-1512.30"), "Fund", "") for day in [*days, date(2026, 7, 20)]]

    one = only(rows)

    assert one.rhythm == "quarterly"
    assert ahead(one) == [date(2026, 10, 20)]


def test_a_year_is_found_after_two() -> None:
    days = (date(2024, 11, 3), date(2025, 11, 3))
    one = only([(day, Decimal("-2400.00"), "Insurer", "") for day in days])

    assert (one.rhythm, ahead(one)) == ("yearly", [date(2026, 11, 3)])


def test_a_new_one_is_found_after_two_sightings_of_the_same_amount() -> None:
    one = only(monthly(15, months=2))

    assert one.count == 2
    assert one.confidence < 90


def test_one_sighting_is_none() -> None:
    assert found(monthly(15, months=1)) == []


def test_one_that_is_gone_expires_by_itself() -> None:
    rows = monthly(15, months=12, until=7)

    assert len(found(rows, today=date(2026, 8, 10))) == 1
    assert found(rows, today=TODAY) == []


def test_one_missing_month_lowers_the_trust_alone() -> None:
    rows = monthly(15, months=12)
    del rows[4]

    one = only(rows)

    assert one.count == 11
    assert one.confidence < only(monthly(15, months=12)).confidence


def test_one_that_is_late_is_expected_today() -> None:
    rows = monthly(4, months=9)

    assert only(rows, today=date(2026, 10, 5)).next == date(2026, 10, 5)


def test_one_that_came_early_is_not_expected_twice() -> None:
    rows = [*monthly(6, months=9), (date(2026, 10, 4), Decimal("-900.00"), "Landlord", "rent")]

    assert ahead(only(rows))[0] == date(2026, 11, 6)


def test_amounts_that_vary_have_their_middle_and_a_spread() -> None:
    amounts = ["-310", "-280", "-305", "-350", "-290", "-300", "-260", "-330"]
    rows = [
        (row[0], Decimal(amount), *row[2:])
        for row, amount in zip(monthly(20, months=8), amounts, strict=True)
    ]

    one = only(rows)

    assert Decimal("-320") < one.amount < Decimal("-290")
    assert Decimal("5") < one.spread_amount < Decimal("60")


def test_a_raise_holds_from_its_first_time() -> None:
    rows = [(date(2026, 9, 12), Decimal("-918.00"), "Landlord", "rent"), *monthly(12, until=8)]

    assert only(rows).amount == Decimal("-918")


def test_one_odd_amount_is_not_taken_for_a_raise() -> None:
    rows = [(date(2026, 9, 12), Decimal("-1800.00"), "Landlord", "rent"), *monthly(12, until=8)]

    assert only(rows).amount == Decimal("-900")


def test_the_growth_of_a_year_is_told() -> None:
    rows = monthly(12, amount="-930.00", months=6)
    rows += monthly(12, amount="-900.00", months=8, until=3)

    assert only(rows).drift == Decimal("0.03")


def test_wages_without_a_name_are_found_among_other_money_in() -> None:
    draw = random.Random(4)
    rows = monthly(5, amount="7626.00", name="", kind="cash in")
    rows += [
        (
            date(2026, 1, 1) + timedelta(days=draw.randrange(270)),
            Decimal(draw.randrange(90, 3000)),
            "",
            "cash in",
        )
        for _ in range(12)
    ]

    best = max(found(rows), key=lambda each: each.amount)

    assert (best.day, best.amount, best.name) == (5, Decimal("7626"), "cash in")


def test_one_amount_is_found_among_many_card_payments_without_a_name() -> None:
    draw = random.Random(9)
    rows = monthly(17, amount="-49.90", name="", kind="card", months=12)
    rows += [
        (
            TODAY - timedelta(days=draw.randrange(1, 360)),
            Decimal(-draw.randrange(200, 20_000)) / 100,
            "",
            "card",
        )
        for _ in range(700)
    ]

    assert [(each.day, each.amount) for each in found(rows)] == [(17, Decimal("-49.90"))]


def test_two_of_one_counterparty_are_told_apart() -> None:
    rows = monthly(3, amount="-450.00") + monthly(18, amount="-120.00")

    both = found(rows)

    assert sorted((each.day, each.amount) for each in both) == [
        (3, Decimal("-450")),
        (18, Decimal("-120")),
    ]
    assert len({each.key for each in both}) == 2


def test_every_movement_belongs_to_one_recurrence_at_most() -> None:
    rows = monthly(3) + monthly(18, name="Other") + every(11, last=date(2026, 9, 1), count=4)
    movements = history.gather(rows=rows)

    result = recurring.search(movements=movements, today=TODAY)

    counts = [int((result.of == at).sum()) for at in range(len(result.recurrences))]
    assert counts == [each.count for each in result.recurrences]


def test_the_key_stays_when_time_goes_on() -> None:
    rows = monthly(12, months=12)
    later = [*rows, (date(2026, 10, 13), Decimal("-900.00"), "Landlord", "rent")]

    assert only(rows).key == only(later, today=date(2026, 11, 2)).key


def test_chance_is_seldom_taken_for_a_rhythm() -> None:
    draw = random.Random(11)
    rows = [
        (
            TODAY - timedelta(days=draw.randrange(1, 700)),
            Decimal(-draw.randrange(500, 90_000)) / 100,
            f"c{at}",
            "",
        )
        for at in range(300)
        for _ in range(24)
    ]

    assert len(found(rows)) <= 20


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="nothing"),
        pytest.param([(date(2026, 9, 1), Decimal("0.01"), "", "")], id="one cent"),
        pytest.param(
            [(date(1970, 1, 1), Decimal("5"), "a", ""), (date(2099, 1, 1), Decimal("5"), "a", "")],
            id="far",
        ),
        pytest.param(
            [(date(2026, 9, day), Decimal("0.00"), "a", "") for day in range(1, 9)], id="zero"
        ),
        pytest.param(
            [(date(2026, 9, 3), Decimal("-4.00"), "a", "") for _ in range(50)], id="one day"
        ),
    ],
)
def test_odd_history_gives_nothing_and_does_not_fail(rows: list[Row]) -> None:
    assert found(rows) == []


def test_occurrences_are_only_within_their_days() -> None:
    one = only(monthly(12))

    assert recurring.occurrences(
        recurrence=one, start=date(2026, 11, 1), end=date(2026, 11, 30)
    ) == [date(2026, 11, 12)]
    assert (
        recurring.occurrences(recurrence=one, start=date(2026, 11, 1), end=date(2026, 10, 1)) == []
    )
