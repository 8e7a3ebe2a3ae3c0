"""The rest goes on without a trend: in and out by week, its net pulled towards none."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from billify.domain.forecast import history, rest
from billify.domain.forecast.history import Row
from billify.domain.forecast.rest import Around, Rest, RestWeek

TODAY = date(2026, 10, 7)  # a Wednesday


def rows(amount: str, *, weeks: int = 26) -> list[Row]:
    days = [TODAY - timedelta(days=1 + 7 * at) for at in range(weeks)]
    return [(day, Decimal(amount), "", "") for day in days]


def weeks_of(given: list[Row], *, days: int = 91, around: Around | None = None) -> list[RestWeek]:
    movements = history.gather(rows=given)
    found = rest.baseline(movements=movements, today=TODAY, days=days, around=around)
    return list(found.weeks)


def test_a_rising_balance_is_not_taken_to_rise_on() -> None:
    found = weeks_of(rows("700.00") + rows("-300.00"))

    assert {week.money_in - week.money_out for week in found} == {0}
    # Half of what moved both ways, as no direction has evidence.
    assert found[1].money_in == pytest.approx(50_000, rel=0.05)


def test_weeks_are_those_of_the_calendar_and_the_first_one_is_cut() -> None:
    first, second, *_, last = weeks_of(rows("700.00"), days=91)

    assert date.fromordinal(first.start) == date(2026, 10, 5)
    assert date.fromordinal(second.start) == date(2026, 10, 12)
    assert first.money_in == pytest.approx(second.money_in * 5 / 7, abs=2)
    assert TODAY.toordinal() <= first.day <= last.day < TODAY.toordinal() + 91


def test_what_the_known_leave_over_is_mostly_spent() -> None:
    known = np.full(91, 10_000.0)
    around = Around(known, np.zeros(91), np.zeros(0))

    net = sum(week.money_in - week.money_out for week in weeks_of([], around=around))

    assert net == pytest.approx(-rest.SPENT * 910_000, abs=20)


def test_a_balance_far_above_its_usual_level_goes_back_slowly() -> None:
    balances = np.r_[np.full(200, 100_000.0), 900_000.0]
    nothing = np.zeros(91)

    by_day = rest.pulled(around=Around(nothing, nothing, balances))

    assert by_day.sum() < 0
    assert by_day[0] < by_day[-1] < 0
    assert abs(by_day.sum()) < 800_000


def test_a_balance_that_rises_in_a_line_has_no_usual_level() -> None:
    nothing = np.zeros(91)

    by_day = rest.pulled(around=Around(nothing, nothing, np.linspace(0, 900_000, 200)))

    assert by_day.sum() == pytest.approx(0, abs=1)


def test_most_of_it_is_laid_where_amounts_vary() -> None:
    known = np.zeros(91)
    known[[4, 35, 66]] = 300_000.0
    varying = np.zeros(91)
    varying[[10, 40, 70]] = -200_000.0

    by_day = rest.pulled(around=Around(known + varying, varying, np.zeros(0)))

    assert by_day[[10, 40, 70]].sum() < 0.6 * by_day.sum() < 0
    assert by_day.sum() == pytest.approx(-rest.SPENT * 300_000)


def test_what_varies_never_turns_into_money_in() -> None:
    known = np.full(91, -100_000.0)
    varying = np.zeros(91)
    varying[7] = -50_000.0

    by_day = rest.pulled(around=Around(known, varying, np.zeros(0)))

    assert by_day[7] - by_day[8] <= 50_000


def test_no_history_gives_weeks_of_nothing() -> None:
    assert {(week.money_in, week.money_out) for week in weeks_of([])} == {(0, 0)}


def test_it_goes_through_json() -> None:
    before = Rest((RestWeek(739_900, 739_902, 5, 7),), ((1, -2), (3, 4)))

    assert Rest.from_json(before.to_json()) == before
