"""The track record: kept forecasts judged by the balances that came."""

from datetime import date, timedelta
from decimal import Decimal

from billify.domain.forecast import track
from billify.domain.forecast.track import Said, SaidDay

MADE = date(2026, 8, 3)


def said(made_on: date, balance: str = "1000.00", width: str = "100.00") -> Said:
    """That the balance stays as it is, give or take a width."""
    amount, reach = Decimal(balance), Decimal(width)
    return Said(made_on, amount, (SaidDay(amount, amount - reach, amount + reach),) * 91)


def came(first: date, balances: list[str]) -> dict[date, Decimal]:
    return {first + timedelta(days=at): Decimal(one) for at, one in enumerate(balances)}


def test_the_first_week_is_judged_by_its_seven_days() -> None:
    actual = came(MADE, ["1000.00", "1050.00", "1100.00", "1200.00", "900.00", "800.00", "950.00"])

    (first, fourth) = track.score(
        said=[said(MADE)], actual=actual, weekly_turnover=Decimal(500), horizons=(1, 4)
    )

    assert (first.forecasts, first.days, first.inside) == (1, 7, 5)
    assert first.error == Decimal("100.00")
    assert first.lean == Decimal("0.00")
    assert first.flat == Decimal("100.00")
    assert first.percent_inside == 71
    assert first.of_turnover == Decimal("0.2")
    assert (fourth.forecasts, fourth.days, fourth.error, fourth.inside) == (0, 0, None, None)
    assert fourth.percent_inside is None


def test_what_leans_one_way_is_told_by_its_sign() -> None:
    actual = came(MADE, ["900.00"] * 7)

    (first,) = track.score(said=[said(MADE)], actual=actual, horizons=(1,))

    assert first.lean == Decimal("100.00")
    assert first.of_turnover is None


def test_a_week_that_is_not_over_does_not_count_yet() -> None:
    actual = came(MADE, ["1000.00"] * 6)

    (first,) = track.score(said=[said(MADE)], actual=actual, horizons=(1,))

    assert first.forecasts == 0


def test_each_horizon_looks_at_its_own_week() -> None:
    actual = came(MADE, ["1000.00"] * 21 + ["1500.00"] * 7 + ["1000.00"] * 63)

    scores = track.score(said=[said(MADE)], actual=actual)

    assert [one.weeks for one in scores] == [1, 4, 8, 13]
    assert [one.error for one in scores] == [0, 500, 0, 0]
    assert [one.inside for one in scores] == [7, 0, 7, 7]


def test_a_few_forecasts_say_little() -> None:
    actual = came(MADE, ["1000.00"] * 60)
    weekly = [said(MADE + timedelta(weeks=at)) for at in range(4)]

    (three,) = track.score(said=weekly[:3], actual=actual, horizons=(1,))
    (four,) = track.score(said=weekly, actual=actual, horizons=(1,))

    assert three.says_little
    assert not four.says_little


def test_one_forecast_is_laid_beside_what_came() -> None:
    actual = came(MADE, ["1000.00", "990.00"])

    rows = track.compared(said=said(MADE), actual=actual)

    assert len(rows) == 91
    assert rows[1][0] == MADE + timedelta(days=1)
    assert rows[1][2] == Decimal("990.00")
    assert rows[2][2] is None


def test_a_forecast_says_nothing_of_days_outside_it() -> None:
    one = said(MADE)

    assert one.on(MADE - timedelta(days=1)) is None
    assert one.on(MADE) is not None
    assert one.on(MADE + timedelta(days=91)) is None


def test_balances_are_carried_on_until_they_change() -> None:
    positions = [
        ("till", MADE - timedelta(days=3), Decimal("10.00")),
        ("bank", MADE, Decimal("100.00")),
        ("other", MADE, Decimal("999.00")),
        ("bank", MADE + timedelta(days=2), Decimal("50.00")),
        ("bank", MADE + timedelta(days=4), Decimal("1.00")),
    ]

    found = track.balances(
        positions=positions, accounts={"till", "bank"}, before=MADE + timedelta(days=4)
    )

    assert found == came(MADE, ["110.00", "110.00", "60.00", "60.00"])


def test_without_positions_nothing_is_known() -> None:
    assert track.balances(positions=[], accounts={"bank"}, before=MADE) == {}


def test_one_forecast_a_week_is_judged() -> None:
    days = [MADE + timedelta(days=at) for at in (9, 0, 1, 6, 7)]

    assert track.weekly(days) == [MADE, MADE + timedelta(days=7)]


def test_the_nearest_day_is_less_than_a_week_off() -> None:
    days = [MADE, MADE + timedelta(days=20)]

    assert track.nearest(days=days, wanted=MADE + timedelta(days=6)) == MADE
    assert track.nearest(days=days, wanted=MADE + timedelta(days=8)) is None
    assert track.nearest(days=[], wanted=MADE) is None


def test_a_kept_forecast_is_read() -> None:
    found = track.read(made_on=MADE, balance=Decimal(5), kept=[["1.00", "0.50", "2.00"]])

    assert found == Said(
        MADE, Decimal(5), (SaidDay(Decimal("1.00"), Decimal("0.50"), Decimal("2.00")),)
    )
    assert found.until == MADE


def test_what_was_kept_in_another_form_is_left_out() -> None:
    for kept in ({"text": "x"}, [], [["1.00"]], [["a", "b", "c"]], ["abc"], [3], None):
        assert track.read(made_on=MADE, balance=Decimal(5), kept=kept) is None
