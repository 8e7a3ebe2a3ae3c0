"""When open invoices are paid, by how contacts paid before."""

import json
import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billify.domain.forecast.payments import (
    NEVER,
    STEPS,
    Expectation,
    Habits,
    Open,
    Settled,
    expect,
    learn,
)

TODAY = date(2026, 11, 20)
"""A Friday."""
AMOUNT = Decimal("100.00")
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))


def paid(
    contact: str, *, ago: int, late: int, term: int = 30, weekdays_only: bool = False
) -> Settled:
    """An invoice due `ago` days ago and paid `late` days after."""
    due = TODAY - timedelta(ago)
    day = due + timedelta(late)
    if weekdays_only and day.weekday() > 4:
        day += timedelta(7 - day.weekday())
    return Settled(contact, due - timedelta(term), due, AMOUNT, day)


def friday_after(one: Settled) -> Settled:
    return replace(one, settled=one.settled + timedelta((4 - one.settled.weekday()) % 7))


def opened(contact: str, *, due_in: int = 30, term: int = 30, id: str = "open") -> Open:
    due = TODAY + timedelta(due_in)
    return Open(id, contact, due - timedelta(term), due, AMOUNT)


def expected(settled: list[Settled], invoice: Open, **told: list[Open]) -> Expectation:
    habits = learn(settled=settled, today=TODAY, **told)
    return expect(habits=habits, invoices=[invoice], today=TODAY)[0]


def regular(contact: str = "Peeters", *, late: int = 11, count: int = 9) -> list[Settled]:
    return [paid(contact, ago=40 + 20 * k, late=late + k % 3 - 1) for k in range(count)]


def company(contacts: int = 20) -> list[Settled]:
    chance = random.Random("company")
    return [
        paid(f"contact {who}", ago=40 + 17 * k, late=who % 9 + chance.randrange(-1, 2))
        for who in range(contacts)
        for k in range(9)
    ]


def days_late(one: Expectation, invoice: Open) -> int:
    return (one.day - invoice.due).days


def test_a_contact_that_pays_eleven_days_late_is_expected_to() -> None:
    invoice = opened("Peeters")

    one = expected(regular(), invoice)

    assert abs(days_late(one, invoice) - 11) <= 2
    assert (one.late - one.early).days <= 8
    assert one.reason.code == "pays_late"
    assert dict(one.reason.values) == {"days": 11, "inside": 9, "of": 9, "low": 10, "high": 12}


def test_a_contact_that_pays_early_has_days_below_zero() -> None:
    invoice = opened("Peeters")

    one = expected(regular(late=-12), invoice)

    assert one.day < invoice.due
    assert dict(one.reason.values)["days"] == -12


def test_a_stray_payment_is_outside_the_days_told() -> None:
    one = expected([*regular(), paid("Peeters", ago=95, late=70)], opened("Peeters"))

    told = dict(one.reason.values)
    assert (told["inside"], told["of"], told["high"]) == (9, 10, 12)


def test_days_since_issue_are_followed_when_the_terms_differ() -> None:
    settled = [
        paid("Peeters", ago=200 - 15 * k, term=(14, 30, 60)[k % 3], late=21 - (14, 30, 60)[k % 3])
        for k in range(12)
    ]

    short = expected(settled, opened("Peeters", due_in=14, term=14))
    long = expected(settled, opened("Peeters", due_in=60, term=60))

    assert abs((short.day - TODAY).days - 21) <= 2
    assert abs((long.day - TODAY).days - 21) <= 2


def test_due_days_are_followed_when_the_terms_differ() -> None:
    settled = [
        paid("Peeters", ago=240 - 15 * k, term=(14, 30, 60)[k % 3], late=4 + k % 2)
        for k in range(12)
    ]

    for term in (14, 30, 60):
        invoice = opened("Peeters", due_in=term, term=term)
        assert abs(days_late(expected(settled, invoice), invoice) - 4) <= 3


def test_the_last_day_of_the_month_is_found() -> None:
    settled = []
    for k in range(14):
        one = paid("Peeters", ago=60 + 23 * k, late=0)
        end = (one.due.replace(day=1) + timedelta(32)).replace(day=1) - timedelta(1)
        settled.append(Settled("Peeters", one.issued, one.due, AMOUNT, end))

    one = expected(settled, opened("Peeters", due_in=17))

    assert one.day in (date(2026, 12, 31), date(2027, 1, 1))


def test_fridays_are_found() -> None:
    chance = random.Random("fridays")
    settled = []
    for k in range(20):
        one = paid("Peeters", ago=60 + 16 * k, late=chance.randrange(1, 7))
        settled.append(friday_after(one))
    habits = learn(settled=[*settled, *company()], today=TODAY)

    days = [
        expect(habits=habits, invoices=[opened("Peeters", due_in=k)], today=TODAY)[0].day
        for k in range(20, 27)
    ]

    assert "Peeters" in habits.runs
    assert all(day.weekday() == 4 for day in days)


def test_someone_new_pays_like_the_others() -> None:
    invoice = opened("new")

    one = expected(company(), invoice)

    assert 1 <= days_late(one, invoice) <= 8
    assert one.reason.code == "like_others"
    assert dict(one.reason.values) == {"days": 4, "count": 0}


def test_one_payment_says_little() -> None:
    invoice = opened("Peeters")

    one = expected([*company(), paid("Peeters", ago=60, late=30)], invoice)

    assert one.reason.code == "like_others"
    assert dict(one.reason.values)["count"] == 1
    assert (one.late - one.early).days > 8


def test_without_any_history_the_band_is_wide() -> None:
    invoice = opened("new")

    one = expected([], invoice)

    assert one.reason.code == "by_terms"
    assert invoice.due - timedelta(15) < one.early <= invoice.due <= one.late
    assert (one.late - one.early).days > 30


def test_an_overdue_one_is_expected_from_today_on() -> None:
    one = expected(regular(), opened("Peeters", due_in=-11))

    assert one.day >= TODAY
    assert one.timing.min() >= 0
    assert one.reason.code == "overdue"
    assert dict(one.reason.values) == {"days_overdue": 11, "days": 11, "of": 9}


def test_the_longer_it_is_overdue_the_longer_it_takes() -> None:
    settled = company()

    days = [
        (expected(settled, opened("contact 3", due_in=-late)).day - TODAY).days
        for late in (10, 40, 120, 500)
    ]

    assert days == sorted(days)
    assert days[0] < 30
    assert days[-1] == NEVER


def test_who_never_paid_is_not_counted_on() -> None:
    unpaid = [opened("Mol", due_in=-30 - 40 * k, id=str(k)) for k in range(10)]

    one = expected(company(), unpaid[3], unpaid=unpaid)
    other = expected(company(), opened("contact 3"), unpaid=unpaid)

    assert one.timing[STEPS // 2] == NEVER
    assert other.timing[STEPS // 2] < 60


def test_unpaid_invoices_tell_that_a_contact_became_slow() -> None:
    invoice = opened("Peeters", due_in=5)
    unpaid = [opened("Peeters", due_in=-25 - k, id=str(k)) for k in range(3)]

    as_ever = expected([*company(), *regular()], invoice)
    slower = expected([*company(), *regular()], invoice, unpaid=unpaid)

    assert slower.day > as_ever.day + timedelta(5)


def test_recent_payments_count_more_after_a_change() -> None:
    was = [paid("Peeters", ago=150 + 20 * k, late=2 + k % 2) for k in range(10)]
    now = [paid("Peeters", ago=40 + 12 * k, late=21 + k % 2) for k in range(6)]
    invoice = opened("Peeters")

    one = expected([*company(), *was, *now], invoice)

    assert days_late(one, invoice) >= 17


@pytest.mark.parametrize(("recent", "count"), [(21, 6), (16, 4)])
def test_a_contact_that_got_slower_is_told(recent: int, count: int) -> None:
    was = [paid("Peeters", ago=250 + 20 * k, late=2 + k % 2) for k in range(10)]
    now = [paid("Peeters", ago=40 + 12 * k, late=recent + k % 2) for k in range(count)]

    slower = learn(settled=[*was, *now], today=TODAY).slower("Peeters")

    assert slower is not None
    assert slower.before in (2, 3)
    assert recent <= slower.lately <= recent + 1
    assert slower.of >= count


@pytest.mark.parametrize("late", [0, 5, 11])
def test_a_contact_that_pays_as_ever_did_not_get_slower(late: int) -> None:
    assert learn(settled=regular(late=late), today=TODAY).slower("Peeters") is None


@pytest.mark.parametrize("late", [-30, 60, 75])
def test_a_contact_unlike_a_thousand_others_keeps_its_habit(late: int) -> None:
    chance = random.Random("unlike")
    others = [
        paid(f"contact {who}", ago=40 + 30 * k, late=who % 9 + chance.randrange(4))
        for who in range(1100)
        for k in range(4)
    ]
    invoice = opened("Peeters")

    one = expected([*others, *regular(late=late)], invoice)

    assert abs(days_late(one, invoice) - late) <= 2


def test_two_late_payments_do_not_make_a_slower_contact() -> None:
    settled = [*regular(late=2), *(paid("Peeters", ago=30 - k, late=20) for k in range(2))]

    assert learn(settled=settled, today=TODAY).slower("Peeters") is None
    assert learn(settled=settled, today=TODAY).slower("unknown") is None


def test_chance_seldom_makes_a_contact_slower() -> None:
    chance = random.Random("slower")
    settled = [
        paid(str(who), ago=40 + 15 * k, late=round(chance.gauss(8, 8)))
        for who in range(300)
        for k in range(14)
    ]
    habits = learn(settled=settled, today=TODAY)

    told = [who for who in habits.rows if habits.slower(who)]

    assert len(told) <= 12


def test_a_timing_never_falls_and_holds_the_band() -> None:
    invoices = [opened(f"contact {k}", due_in=3 * k - 60, id=str(k)) for k in range(40)]
    habits = learn(settled=company(), today=TODAY, unpaid=invoices)

    for one in expect(habits=habits, invoices=invoices, today=TODAY):
        assert one.timing.shape == (STEPS,)
        assert one.timing.dtype == np.int16
        assert (np.diff(one.timing) >= 0).all()
        assert one.timing.min() >= 0
        assert one.timing.max() <= NEVER
        assert TODAY <= one.early <= one.day <= one.late


def test_four_of_five_fall_inside_the_band() -> None:
    chance = random.Random("band")
    every = [
        paid(str(who), ago=20 * k - 25, late=round(chance.gauss(who % 11, 2 + who % 5)))
        for who in range(60)
        for k in range(16)
    ]
    asked = [one for one in every if one.due == TODAY + timedelta(25)]
    past = [one for one in every if one.settled <= TODAY]
    invoices = [
        Open(str(k), one.contact, one.issued, one.due, AMOUNT) for k, one in enumerate(asked)
    ]

    told = expect(habits=learn(settled=past, today=TODAY), invoices=invoices, today=TODAY)

    inside = sum(
        one.early <= real.settled <= one.late for one, real in zip(told, asked, strict=True)
    )
    assert 0.65 <= inside / len(asked) <= 0.95


def test_days_on_which_nobody_pays_are_not_expected() -> None:
    chance = random.Random("weekdays")
    settled = [
        paid(str(who), ago=40 + 11 * k, late=chance.randrange(9), weekdays_only=True)
        for who in range(10)
        for k in range(8)
    ]
    habits = learn(settled=settled, today=TODAY)
    invoices = [opened("1", due_in=k, id=str(k)) for k in range(14)]

    days = [one.day.weekday() for one in expect(habits=habits, invoices=invoices, today=TODAY)]

    assert habits.open_weekdays == (True,) * 5 + (False,) * 2
    assert max(days) <= 4


def test_weekends_are_expected_where_payments_come_at_weekends() -> None:
    assert learn(settled=company(), today=TODAY).open_weekdays == (True,) * 7


@pytest.mark.parametrize(
    ("issued", "due"),
    [
        (TODAY, date(1970, 1, 1)),
        (TODAY, date(2099, 1, 1)),
        (date(1970, 1, 1), TODAY + timedelta(30)),
    ],
)
def test_a_day_that_cannot_be_meant_follows_from_the_other(issued: date, due: date) -> None:
    one = expected(regular(), Open("odd", "Peeters", issued, due, AMOUNT))

    assert abs((one.day - TODAY).days - 41) <= 3


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1970, 1, 1), date(2099, 1, 1), date.max])
def test_what_is_far_off_is_not_within_the_time_ahead(day: date) -> None:
    one = expected(regular(), Open("odd", "Peeters", day, day, AMOUNT))

    assert (one.timing == NEVER).all()


def test_payments_that_cannot_be_meant_do_no_harm() -> None:
    odd = [
        Settled("Peeters", date(1970, 1, 1), date(1970, 1, 31), AMOUNT, date(1970, 2, 5)),
        Settled("Peeters", TODAY, TODAY, AMOUNT, date(1, 1, 1)),
        Settled("Peeters", date(2099, 1, 1), date(2099, 1, 31), AMOUNT, date(2099, 2, 5)),
    ]
    invoice = opened("Peeters")

    assert abs(days_late(expected([*regular(), *odd], invoice), invoice) - 11) <= 2


def test_what_was_settled_after_today_is_not_known() -> None:
    later = [
        Settled("Peeters", one.issued, one.due, AMOUNT, TODAY + timedelta(1)) for one in regular()
    ]

    assert expected(later, opened("Peeters")).reason.code == "by_terms"


def test_habits_come_back_from_json() -> None:
    fridays = [
        Settled(
            "Friday", one.issued, one.due, AMOUNT, one.due + timedelta((4 - one.due.weekday()) % 7)
        )
        for one in (paid("Friday", ago=60 + 16 * k, late=0) for k in range(20))
    ]
    habits = learn(settled=[*company(), *fridays], today=TODAY)
    invoices = [opened(who, due_in=k, id=who) for k, who in enumerate(habits.rows)]

    again = Habits.from_json(json.loads(json.dumps(habits.to_json())))

    assert again.runs == habits.runs
    assert again.latest == habits.latest
    for one, two in zip(
        expect(habits=habits, invoices=invoices, today=TODAY),
        expect(habits=again, invoices=invoices, today=TODAY),
        strict=True,
    ):
        assert abs(one.timing.astype(int) - two.timing).max() <= 1
        assert one.reason == two.reason


def test_the_same_history_gives_the_same_answer() -> None:
    settled = company()

    assert (
        learn(settled=settled, today=TODAY).to_json()
        == learn(settled=settled, today=TODAY).to_json()
    )


def test_nothing_open_is_nothing_expected() -> None:
    assert expect(habits=Habits(), invoices=[], today=TODAY) == []


@given(DAYS, DAYS, DAYS, DAYS, DAYS)
def test_no_dates_break_it(
    issued: date, due: date, settled: date, open_issued: date, open_due: date
) -> None:
    history = [Settled("Peeters", issued, due, AMOUNT, settled)]
    invoice = Open("odd", "Peeters", open_issued, open_due, AMOUNT)

    habits = learn(settled=history, today=TODAY, unpaid=[invoice])
    one = expect(habits=habits, invoices=[invoice], today=TODAY)[0]

    assert TODAY <= one.early <= one.day <= one.late
