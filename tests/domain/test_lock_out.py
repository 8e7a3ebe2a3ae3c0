"""When guesses close an account."""

from datetime import timedelta

import pytest

from billify.domain import lock_out


@pytest.mark.parametrize(
    ("failed", "minutes"),
    [
        (0, None), (1, None), (9, None), (10, 15), (11, None), (19, None), (20, 30), (30, 60),
        (70, 960), (80, 1440), (90, 1440), (30_000, 1440), (30_001, None),
    ],
)  # fmt: skip
def test_each_ten_wrong_in_a_row_close_it_for_twice_as_long(
    failed: int, minutes: int | None
) -> None:
    expected = timedelta(minutes=minutes) if minutes else None

    assert lock_out.locked_for(failed=failed) == expected
