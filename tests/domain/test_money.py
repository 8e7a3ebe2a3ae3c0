"""Amounts as people type them, rounded, shared out and shown."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billify.domain import money
from billify.domain.refusal import Refusal

CENTS = st.integers(-(10**13), 10**13).map(lambda cents: Decimal(cents) / 100)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1.234,56", "1234.56"),
        ("1234.56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u202f234,56", "1234.56"),
        ("1\u00a0234\u00a0567,8", "1234567.80"),
        ("1'234.50", "1234.50"),
        ("1,234.56", "1234.56"),
        ("1.234", "1234.00"),
        ("1.234.567", "1234567.00"),
        ("1,234,567", "1234567.00"),
        ("-12", "-12.00"),
        ("- 12,5", "-12.50"),
        ("−3,10", "-3.10"),
        ("12,30-", "-12.30"),
        ("12,-", "12.00"),
        ("€ 5", "5.00"),
        ("-€ 5", "-5.00"),
        ("5,00 EUR", "5.00"),
        ("eur 7", "7.00"),
        (",50", "0.50"),
        ("0.5", "0.50"),
        ("007", "7.00"),
        ("-0", "0.00"),
        ("  12  ", "12.00"),
    ],
)
def test_a_typed_amount_is_read(typed: str, amount: str) -> None:
    assert str(money.parse(typed)) == amount


@pytest.mark.parametrize(
    "typed",
    ["", " ", "-", "€", "abc", "1.234,5,6", "1.234.56", "12.34.567", "1 23", "1,2,3", "1e5", "NaN",
     "١٢", "1..2", "--5", "12,", "." , "1.234,56,78", "12 €€"],
)  # fmt: skip
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(Refusal, match="is not an amount"):
        money.parse(typed)


def test_an_amount_that_reads_in_two_ways_is_refused() -> None:
    with pytest.raises(Refusal, match="two ways"):
        money.parse("1,234")


@pytest.mark.parametrize("typed", ["1,2345", "0.125", "1234.567", "3,14159"])
def test_more_than_two_decimals_are_refused(typed: str) -> None:
    with pytest.raises(Refusal, match="too many decimals"):
        money.parse(typed)


def test_an_amount_beyond_the_column_is_refused() -> None:
    with pytest.raises(Refusal, match="too large"):
        money.parse("9" * 4000)


def test_a_long_text_is_shortened_in_the_refusal() -> None:
    with pytest.raises(Refusal) as refused:
        money.parse("x" * 5000)

    assert len(str(refused.value)) < 120


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1,234", "1.234"), ("1.234", "1234"), ("0.125", "0.125"), ("2,5", "2.5"), ("12", "12.0")],
)
def test_a_quantity_may_have_more_decimals(typed: str, number: str) -> None:
    assert money.parse_number(typed, places=6) == Decimal(number)


@given(CENTS.filter(lambda amount: abs(amount) < 10**12))
def test_what_is_shown_is_read_again(amount: Decimal) -> None:
    assert money.parse(money.show(amount)) == amount


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(typed: str) -> None:
    try:
        amount = money.parse(typed)
    except Refusal:
        return

    assert amount == amount.quantize(money.CENT)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("1234.5", "1.234,50"), ("-0.001", "0,00"), ("-1234567.895", "-1.234.567,90"), ("0", "0,00")],
)
def test_amounts_are_shown_the_belgian_way(amount: str, shown: str) -> None:
    assert money.show(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("amount", "rounded"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.675", "2.68")]
)
def test_half_a_cent_counts_up(amount: str, rounded: str) -> None:
    assert str(money.cents(Decimal(amount))) == rounded


def test_cents_left_over_go_to_the_first() -> None:
    parts = money.allocate(Decimal("10.00"), weights=[Decimal(1)] * 3)

    assert parts == (Decimal("3.34"), Decimal("3.33"), Decimal("3.33"))


@given(
    CENTS,
    st.lists(st.integers(0, 10**6).map(Decimal), min_size=1, max_size=12).filter(
        lambda w: sum(w) > 0
    ),
)
def test_shares_sum_to_the_whole(amount: Decimal, weights: list[Decimal]) -> None:
    parts = money.allocate(amount, weights=weights)

    assert sum(parts) == amount
    assert all(part == money.cents(part) for part in parts)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if not weight)


def test_shares_of_nothing_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="weights"):
        money.allocate(Decimal(1), weights=[Decimal(0)])
