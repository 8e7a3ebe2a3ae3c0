"""Printed dates in figures and words."""

from datetime import date

import pytest

from billify.domain.reading import dates


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("01/03/2026", date(2026, 3, 1)),
        ("8-9-2022", date(2022, 9, 8)),
        ("10. 02. 2015", date(2015, 2, 10)),
        ("2026-03-01", date(2026, 3, 1)),
        ("19 april 2014", date(2014, 4, 19)),
        ("1er mars 2024", date(2024, 3, 1)),
        ("6. September 2019", date(2019, 9, 6)),
        ("Sep 24, 2019", date(2019, 9, 24)),
        ("01-Mar-24", date(2024, 3, 1)),
        ("12-11-2024 21:04", date(2024, 11, 12)),
        ("02/15/2024", date(2024, 2, 15)),
        ("15,04,20 16:15", date(2020, 4, 15)),
        ("15.04,2020", date(2020, 4, 15)),
    ],
)
def test_a_printed_date_is_understood(printed: str, day: date) -> None:
    assert dates.parsed(printed) == day


@pytest.mark.parametrize(
    "printed",
    ["31/02/2026", "32/01/2026", "10.11.12.13", "factuur", "1/2", "1,04,20", "12,50", "31,02,2026"],
)
def test_an_impossible_date_is_none(printed: str) -> None:
    assert dates.parsed(printed) is None


def test_the_month_may_come_first_where_a_page_says_so() -> None:
    assert dates.parsed("03/04/2024", month_first=True) == date(2024, 3, 4)
