"""The plan of calls: a day of it is walked through and counted."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from billify.domain.accounting import plan
from billify.domain.brussels import day_of

WEEKDAY = date(2026, 11, 23)
SUMMER_BEGINS, WINTER_BEGINS = date(2026, 3, 29), date(2026, 10, 25)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), plan.BRUSSELS).astimezone(UTC)


def looks(day: date, *, budget: int, cap: int = 1000, is_slow: bool = False) -> list[datetime]:
    """The times of a day at which the lists are read, within so many calls."""
    now, end, left = at(day, 0), at(day + timedelta(days=1), 0), budget
    found = []
    while now < end:
        if left >= plan.CALLS_A_LOOK:
            found.append(now)
            left -= plan.CALLS_A_LOOK
        now = plan.next_look(now, left=left, cap=cap, is_slow=is_slow)
    return found


@pytest.mark.parametrize("day", [WEEKDAY, SUMMER_BEGINS, WINTER_BEGINS], ids=str)
def test_a_whole_day_takes_less_than_500_calls(day: date) -> None:
    found = looks(day, budget=800)

    by_day = [one for one in found if 7 <= one.astimezone(plan.BRUSSELS).hour < 20]
    assert len(by_day) == 52
    assert len(found) - len(by_day) in (10, 11, 12)
    everything = (
        len(found) * plan.CALLS_A_LOOK
        + plan.CALLS_A_LOGIN
        + 1
        + plan.CONTACT_PAGES_A_DAY
        + plan.DOCUMENTS_A_DAY
    )
    assert everything < 500
    assert plan.calls_of_a_day(day) < 500


def test_it_looks_each_15_minutes_by_day_and_each_hour_at_night() -> None:
    by_day = plan.next_look(at(WEEKDAY, 9), left=800, cap=1000)
    early = plan.next_look(at(WEEKDAY, 3), left=800, cap=1000)
    before_opening = plan.next_look(at(WEEKDAY, 6, 40), left=800, cap=1000)
    paid_for = plan.next_look(at(WEEKDAY, 9), left=4000, cap=5000)
    slow = plan.next_look(at(WEEKDAY, 9), left=800, cap=1000, is_slow=True)

    assert by_day == at(WEEKDAY, 9, 15)
    assert early == at(WEEKDAY, 4)
    assert before_opening == at(WEEKDAY, 7)
    assert paid_for == at(WEEKDAY, 9, 5)
    assert slow == at(WEEKDAY, 10)


def test_a_small_rest_is_spread_until_midnight() -> None:
    found = looks(WEEKDAY, budget=60)

    pauses = [later - first for first, later in pairwise(found)]
    assert len(found) == 30
    assert found[-1] > at(WEEKDAY, 20)
    assert max(pauses) < timedelta(minutes=70)


def test_without_calls_it_waits_for_the_next_day() -> None:
    assert plan.next_look(at(WEEKDAY, 9), left=1, cap=1000) == at(date(2026, 11, 24), 0, 5)


def test_a_fifth_stays_for_others() -> None:
    budget = plan.Budget(day=WEEKDAY, cap=1000, reserved=plan.reserve(1000), spent=790, plan=129)

    assert (budget.usable, budget.left) == (800, 10)


def test_a_day_of_calls_is_one_of_brussels() -> None:
    assert day_of(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == WEEKDAY


@pytest.mark.parametrize(
    ("done", "hour", "is_due"),
    [
        (None, 1, True),
        (date(2026, 11, 22), 5, False),
        (date(2026, 11, 22), 6, True),
        (WEEKDAY, 12, False),
    ],
)
def test_what_is_asked_once_a_day_waits_for_the_morning(
    done: date | None, hour: int, is_due: bool
) -> None:
    assert plan.is_daily_due(done, now=at(WEEKDAY, hour)) is is_due
