"""Closed days of Belgian banks, against the library that knows every country's."""

from datetime import date

import holidays
import pytest

from billify.domain.closed_days import closed_days, easter


@pytest.mark.parametrize("year", range(2000, 2100))
def test_weekdays_off_are_those_the_library_knows(year: int) -> None:
    known = holidays.country_holidays("BE", years=year, categories=("public", "bank"))

    ours = {day for day in closed_days(year) if day.weekday() < 5}

    assert ours == {day for day in known if day.weekday() < 5}


@pytest.mark.parametrize(
    ("year", "day"), [(2024, "2024-03-31"), (2025, "2025-04-20"), (2026, "2026-04-05")]
)
def test_easter(year: int, day: str) -> None:
    assert easter(year) == date.fromisoformat(day)
