"""Simulated courses: the same for the same seed, as wide as what is unsure, never wider."""

from datetime import date

import numpy as np
import pytest

from billify.domain.forecast import paths
from billify.domain.forecast.paths import Dated, Paths, Timed
from billify.domain.forecast.rest import NOTHING, Rest, RestWeek

TODAY = date(2026, 10, 5)
GRID = np.arange(91, dtype=np.int32)
NEVER = 1096


def simulate(
    *,
    timed: Timed | None = None,
    dated: Dated | None = None,
    rest: Rest = NOTHING,
    days: np.ndarray = GRID,
    seed: int = 1,
    balance: int = 100_000,
) -> Paths:
    return paths.simulate(
        balance_cents=balance,
        today=TODAY,
        days=days,
        timed=timed or paths.no_timed(),
        dated=dated or paths.no_dated(),
        rest=rest,
        seed=seed,
    )


def timed(cents: list[int], offsets: list[list[int]]) -> Timed:
    rows = [np.resize(np.sort(np.array(each)), 33) for each in offsets]
    return Timed(np.array(cents, np.int64), np.sort(np.array(rows), axis=1).astype(np.int16))


def dated(
    offset: int, cents: int, *, days: float = 0, spread: float = 0, chance: float = 1
) -> Dated:
    one = np.ones(1, np.float32)
    return Dated(
        np.array([offset], np.int32),
        np.array([cents], np.int64),
        one * np.float32(days),
        one * np.float32(spread),
        one * np.float32(chance),
    )


def test_nothing_ahead_leaves_the_balance() -> None:
    found = simulate()

    assert set(found.low.tolist()) == set(found.high.tolist()) == {100_000}


def test_the_same_seed_gives_the_same_courses() -> None:
    given = timed([50_000, -20_000], [[5, 20, 60], [1, 2, 3]])

    assert np.array_equal(simulate(timed=given).balances, simulate(timed=given).balances)
    assert not np.array_equal(
        simulate(timed=given).balances, simulate(timed=given, seed=2).balances
    )


def test_a_sure_amount_moves_every_course_on_its_day() -> None:
    found = simulate(dated=dated(10, -40_000))

    assert found.low[9] == found.high[9] == 100_000
    assert found.low[10] == found.high[10] == 60_000


def test_an_amount_comes_on_the_days_of_its_timing() -> None:
    found = simulate(timed=timed([50_000], [list(range(33))]))

    assert found.balances[:, 0].min() == 100_000
    assert set(found.balances[:, 40].tolist()) == {150_000}
    share = float((found.balances[:, 16] > 100_000).mean())
    assert share == pytest.approx(17 / 33, abs=0.04)


def test_what_is_overdue_comes_today_at_the_earliest() -> None:
    found = simulate(timed=timed([50_000], [[-9]]))

    assert set(found.balances[:, 0].tolist()) == {150_000}


def test_what_does_not_come_in_time_is_not_counted() -> None:
    found = simulate(timed=timed([50_000], [[NEVER]]))

    assert found.high[-1] == 100_000


def test_many_small_amounts_come_to_the_same_as_drawn_one_by_one() -> None:
    offsets = list(range(0, 66, 2))
    many = simulate(timed=timed([1_000] * 2_000, [offsets] * 2_000), balance=0)

    middle = many.quantile(0.5)

    assert middle[32] == pytest.approx(1_000_000, rel=0.12)
    assert set(many.balances[:, 70].tolist()) == {2_000_000}


def test_customers_are_late_together() -> None:
    """By themselves 400 amounts would come within a few percent; the band must be wider."""
    given = timed([10_000] * 400, [list(range(33))] * 400)

    found = simulate(timed=given, balance=0)

    alone = 1.2816 * np.sqrt(400 * 0.25) * 10_000
    assert found.high[16] - found.low[16] > 3 * 2 * alone


def test_an_amount_that_may_not_come_widens_the_band() -> None:
    found = simulate(dated=dated(10, -40_000, chance=0.7, days=1, spread=500))

    missing = float((found.balances[:, 60] > 99_000).mean())
    assert missing == pytest.approx(0.3, abs=0.04)


def test_the_band_holds_80_of_100_past_errors() -> None:
    errors = tuple(
        tuple(sign * size * 1_000 for _ in range(13)) for size in range(1, 51) for sign in (1, -1)
    )

    found = simulate(rest=Rest((), errors))

    assert found.low[-1] == pytest.approx(100_000 - 40_000, abs=3_000)
    assert found.high[-1] == pytest.approx(100_000 + 40_000, abs=3_000)


def test_errors_begin_at_nothing_and_go_on_after_their_last_week() -> None:
    errors = tuple(tuple(sign * week * 1_000 for week in range(1, 14)) for sign in (1, -1))
    grid = np.array([0, 6, 90, 181, 1_095], np.int32)

    found = simulate(rest=Rest((), errors), days=grid)

    widths = (found.high - found.low).tolist()
    assert widths[0] < widths[1] < widths[2] < widths[3] < widths[4]
    assert widths[1] == 2_000
    assert widths[2] == 26_000


def test_the_rest_moves_every_course() -> None:
    day = TODAY.toordinal()

    found = simulate(rest=Rest((RestWeek(day, day + 3, 7_000, 2_000),), ()))

    assert found.low[2] == 100_000
    assert found.low[3] == found.high[3] == 105_000


def test_a_coarse_grid_counts_all_that_was_before() -> None:
    grid = np.array([0, 25, 56], np.int32)

    found = simulate(dated=dated(10, -40_000), days=grid)

    assert found.low.tolist() == [100_000, 60_000, 60_000]


def test_the_chance_to_be_below_a_limit_never_falls() -> None:
    given = timed([-90_000, 90_000], [list(range(33)), list(range(33))])

    chance = simulate(timed=given).chance_below(50_000)

    assert chance[0] < 0.1
    assert np.all(np.diff(chance) >= 0)
    assert 0.2 < chance[-1] < 0.8


def test_a_negative_balance_stays_one() -> None:
    assert simulate(balance=-5_000).chance_below(0)[0] == 1
