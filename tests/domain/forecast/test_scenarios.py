"""Scenarios: read from an address and written back, with a sentence for what makes no sense."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billify.domain.forecast import scenarios
from billify.domain.forecast.scenarios import Change, Kind, Unreadable

TODAY = date(2026, 11, 21)
CONTACT = "0198c0de-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("kind", "text", "change"),
    [
        (Kind.LATE, f"{CONTACT}:30", Change(Kind.LATE, contact=CONTACT, days=30)),
        (Kind.LATE, f"{CONTACT}:-10", Change(Kind.LATE, contact=CONTACT, days=-10)),
        (Kind.LOSE, f"{CONTACT}@2027-01", Change(Kind.LOSE, CONTACT, on=date(2027, 1, 1))),
        (
            Kind.HIRE,
            "2800@2027-01",
            Change(Kind.HIRE, amount=Decimal(2800), on=date(2027, 1, 1)),
        ),
        (
            Kind.BUY,
            "12000@2027-02-15",
            Change(Kind.BUY, amount=Decimal(12000), on=date(2027, 2, 15)),
        ),
        (
            Kind.BUY,
            "999.5:21@2026-11-21",
            Change(Kind.BUY, amount=Decimal("999.5"), percent=Decimal(21), on=TODAY),
        ),
        (Kind.PRICE, "5@2026-11", Change(Kind.PRICE, percent=Decimal(5), on=date(2026, 11, 1))),
        (Kind.VAT, "30", Change(Kind.VAT, days=30)),
        (
            Kind.LOAN,
            "25000:36:4.5@2027-01",
            Change(
                Kind.LOAN,
                amount=Decimal(25000),
                months=36,
                percent=Decimal("4.5"),
                on=date(2027, 1, 1),
            ),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_address_is_read_and_written_back(kind: Kind, text: str, change: Change) -> None:
    assert scenarios.read(kind=kind, text=text, today=TODAY) == change
    assert scenarios.write(change) == text


@pytest.mark.parametrize(
    ("kind", "text", "field", "said"),
    [
        (Kind.LATE, "", "kind", "Write it like late=…:30."),
        (Kind.LATE, "anna:30", "contact", "Choose a customer from the list."),
        (Kind.LATE, f"{CONTACT}:soon", "days", "Write a whole number."),
        (Kind.LATE, f"{CONTACT}:0", "days", "from 1 to 365; with a minus for earlier."),
        (Kind.LATE, f"{CONTACT}:366", "days", "from 1 to 365"),
        (Kind.LATE, f"{CONTACT}:30@2027-01", "kind", "Write it like"),
        (Kind.LOSE, CONTACT, "kind", "Write it like lose=…@2027-01."),
        (Kind.LOSE, f"{CONTACT}@2027-13", "on", "Choose a month."),
        (Kind.LOSE, f"{CONTACT}@soon", "on", "Choose a month."),
        (Kind.HIRE, "0@2027-01", "amount", "Write an amount above zero."),
        (Kind.HIRE, "-5@2027-01", "amount", "Write an amount above zero."),
        (Kind.HIRE, "1e9@2027-01", "amount", "Write a number"),
        (Kind.HIRE, "9999999999@2027-01", "amount", "Write an amount above zero."),
        (Kind.HIRE, "2800@2026-10", "on", "This lies in the past"),
        (Kind.HIRE, "2800@2029-11", "on", "The forecast looks 36 months ahead"),
        (Kind.BUY, "12000@2027-02-30", "on", "This day does not exist."),
        (Kind.BUY, "12000@2027-02", "on", "This day does not exist."),
        (Kind.BUY, "12000@2026-11-20", "on", "This lies in the past"),
        (Kind.BUY, "12000:99@2027-02-15", "percent", "Write a VAT rate from 0 to 30 percent."),
        (Kind.PRICE, "0@2027-01", "percent", "not zero"),
        (Kind.PRICE, "5,5@2027-01", "percent", "Write a number"),
        (Kind.VAT, "-3", "days", "from 1 to 365."),
        (Kind.LOAN, "25000:0:4@2027-01", "months", "from 1 to 360."),
        (Kind.LOAN, "25000:36:31@2027-01", "percent", "yearly interest"),
        (Kind.LOAN, "25000:36@2027-01", "kind", "Write it like loan=25000:36:4.5@2027-01."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_makes_no_sense_gets_a_sentence(kind: Kind, text: str, field: str, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        scenarios.read(kind=kind, text=text, today=TODAY)

    assert refused.value.field == field
    assert said in str(refused.value)


@given(kind=st.sampled_from(Kind), text=st.text(max_size=60))
def test_no_text_breaks_the_reader(kind: Kind, text: str) -> None:
    try:
        change = scenarios.read(kind=kind, text=text, today=TODAY)
    except Unreadable:
        return
    assert scenarios.read(kind=kind, text=scenarios.write(change), today=TODAY) == change


@pytest.mark.parametrize(
    ("months", "first"),
    [
        (0, date(2026, 11, 1)),
        (1, date(2026, 12, 1)),
        (2, date(2027, 1, 1)),
        (35, date(2029, 10, 1)),
    ],
    ids=["same", "next", "over the year", "last"],
)
def test_a_month_so_many_months_later(months: int, first: date) -> None:
    assert scenarios.month_after(TODAY, months) == first
