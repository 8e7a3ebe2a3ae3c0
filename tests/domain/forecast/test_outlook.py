"""The balances of several companies together."""

from datetime import date, timedelta
from decimal import Decimal

from billify.domain.forecast.outlook import LowestTogether, Outlook, together

MONDAY = date(2026, 11, 16)


def outlook(*balances: int, today: date = MONDAY) -> Outlook:
    amounts = tuple(Decimal(one) for one in balances)
    return Outlook(today, "EUR", Decimal(0), min(amounts), today, None, amounts)


def test_the_lowest_of_the_sum_is_not_the_sum_of_the_lowest() -> None:
    found = together([outlook(100, 10, 100), outlook(100, 100, 40)])

    assert found == LowestTogether(MONDAY + timedelta(days=1), Decimal(110))


def test_the_first_of_equal_days_is_told() -> None:
    found = together([outlook(50, 50, 60)])

    assert found == LowestTogether(MONDAY, Decimal(50))


def test_forecasts_of_different_days_are_laid_day_on_day() -> None:
    older = outlook(1, 2, 30, today=MONDAY - timedelta(days=1))

    found = together([older, outlook(100, 5, 1)])

    assert found == LowestTogether(MONDAY + timedelta(days=1), Decimal(35))


def test_without_a_shared_day_nothing_is_told() -> None:
    assert together([outlook(1, today=MONDAY - timedelta(days=9)), outlook(2)]) is None
    assert together([]) is None
