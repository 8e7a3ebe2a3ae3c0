"""A stored forecast read on a later day: its days, sums and rows still agree."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from billify.domain.forecast import as_of, stored
from billify.domain.forecast.outlook import Outlook
from billify.domain.forecast.shapes import NO_REASON, Crossing, Flow, Forecast, Reason, Source
from tests import made_forecast

MADE = date(2026, 11, 30)
NOW = date(2026, 12, 2)
LONG_AFTER = MADE + timedelta(days=91)


def row(day: date, amount: str, reason: Reason = NO_REASON) -> Flow:
    return Flow(day, Decimal(amount), Source.PLANNED, amount, "x", reason=reason)


FLOWS = [
    row(MADE, "-4500.00"),
    row(MADE + timedelta(days=1), "700.00"),
    row(NOW, "-30.00"),
    row(NOW + timedelta(days=8), "4000.00"),
]


def brought(kept: Forecast) -> Forecast:
    found = as_of.forecast(kept, NOW)
    assert found is not None
    return found


def test_days_that_are_over_fall_away_and_balances_stay() -> None:
    kept = made_forecast.forecast_of(FLOWS, today=MADE)

    found = brought(kept)

    assert found.today == found.days[0].day == NOW
    assert [one.balance for one in found.days] == [one.balance for one in kept.days[2:]]
    assert [one.end for one in found.months[:2]] == [date(2026, 12, 31), date(2027, 1, 31)]
    assert as_of.reach(found) == as_of.reach(kept)


def test_what_was_expected_before_counts_on_the_day_itself() -> None:
    kept = made_forecast.forecast_of(FLOWS, today=MADE)

    found, rows = brought(kept), stored.read_flows(stored.flows(kept), today=NOW)

    first, month = found.days[0], found.months[0]
    own = [one.amount for one in rows if one.day == NOW]
    assert (first.money_in, first.money_out) == (Decimal("700.00"), Decimal("4530.00"))
    assert (month.money_in, month.money_out) == (Decimal("4700.00"), Decimal("4530.00"))
    assert sum(own) == first.money_in - first.money_out
    assert found.balance + sum(own) == first.balance
    assert sum(one.amount for one in rows) == sum(one.amount for one in FLOWS)


def test_rows_are_asked_for_by_the_day_they_are_shown_on() -> None:
    kept = stored.flows(made_forecast.forecast_of(FLOWS, today=MADE))

    today = stored.read_flows(kept, since=NOW, until=NOW, today=NOW)
    later = stored.read_flows(kept, since=NOW + timedelta(days=1), today=NOW)
    before = stored.read_flows(kept, until=NOW - timedelta(days=1), today=NOW)

    assert [one.ref for one in today] == ["-4500.00", "700.00", "-30.00"]
    assert [one.ref for one in later] == ["4000.00"]
    assert before == []


def test_a_fall_that_is_over_is_told_no_more_and_one_that_lasts_is_of_today() -> None:
    kept = made_forecast.forecast_of(FLOWS, today=MADE, floor="800.00")
    fell = Crossing(MADE, Decimal("500.00"), 100, (FLOWS[0],))
    kept = replace(kept, below_floor=fell)

    over = brought(kept)
    lasts = brought(replace(kept, floor=Decimal("2000.00")))

    assert over.below_floor is None
    assert over.lowest.day == NOW
    assert lasts.below_floor is not None
    assert (lasts.below_floor.day, lasts.below_floor.balance) == (NOW, Decimal("1170.00"))
    assert [one.day for one in lasts.below_floor.because] == [NOW]


def test_on_its_own_day_and_before_nothing_changes_and_at_its_end_nothing_is_left() -> None:
    kept = made_forecast.forecast_of(FLOWS, today=MADE)

    assert as_of.forecast(kept, MADE) is kept
    assert as_of.forecast(kept, MADE - timedelta(days=1)) is kept
    assert as_of.forecast(kept, LONG_AFTER - timedelta(days=1)) is not None
    assert as_of.forecast(kept, LONG_AFTER) is None


def test_a_board_shows_the_lowest_of_the_days_left() -> None:
    amounts = tuple(map(Decimal, ("-5", "20", "3", "8")))
    kept = Outlook(MADE, "EUR", Decimal("4"), amounts[0], MADE, MADE, amounts)

    found = as_of.outlook(kept, MADE + timedelta(days=1))

    day = MADE + timedelta(days=2)
    assert found is not None
    assert (found.lowest, found.lowest_on, found.below_floor_on) == (Decimal(3), day, day)
    assert found.balances == amounts[1:]
    assert as_of.outlook(kept, MADE) is kept
    assert as_of.outlook(kept, MADE + timedelta(days=4)) is None


def test_amounts_of_other_currencies_count_as_left_out_and_are_not_summed() -> None:
    foreign = Reason("other_currency", (("currency", "USD"),))
    left_out = (row(MADE, "-100.00", Reason("disputed")), row(MADE, "-80.00", foreign))
    kept = replace(made_forecast.forecast_of(FLOWS, today=MADE), not_counted=left_out)

    told = stored.summary(kept)

    assert (told["left_out"], told["left_out_in"], told["left_out_out"]) == (2, "0.00", "-100.00")
    assert [stored.currency_of(one) for one in left_out] == ["", "USD"]
