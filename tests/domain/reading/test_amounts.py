"""Printed numbers become amounts, and what is none does not."""

from decimal import Decimal

import pytest

from billify.domain.reading import amounts
from billify.domain.reading.layout import laid_out
from tests.domain.reading.pages import page


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1'920.00", "1920.00"),
        ("€ 12,50", "12.50"),
        ("12,50€", "12.50"),
        ("-12,50", "-12.50"),
        ("12,50-", "-12.50"),
        ("(12,50)", "-12.50"),
        ("€-9,32", "-9.32"),
        ("$1,536.52", "1536.52"),
        ("20,-", "20"),
        ("9,9000", "9.9000"),
        ("1.000.000", "1000000"),
    ],
)
def test_a_printed_amount_is_understood(printed: str, value: str) -> None:
    assert amounts.parsed(printed) == Decimal(value)


@pytest.mark.parametrize("printed", ["1.234,5,6", "12/03", "abc", "", "1,2.3,4", "--5"])
def test_what_is_no_amount_is_left_alone(printed: str) -> None:
    assert amounts.parsed(printed) is None


@pytest.mark.parametrize(
    ("comma_is_decimal", "value"), [(True, "1000"), (False, "1.000"), (None, "1000")]
)
def test_three_digits_behind_a_point_follow_the_document(
    comma_is_decimal: bool | None, value: str
) -> None:
    assert amounts.parsed("1.000", comma_is_decimal=comma_is_decimal) == Decimal(value)


@pytest.mark.parametrize(
    ("printed", "value"),
    [("7 318,75€", "7318.75"), ("2 140,52-", "-2140.52"), ("$1, 034.00", "1034.00")],
)
def test_thousands_set_apart_are_one_amount(printed: str, value: str) -> None:
    sheets = laid_out([page((100, [(50, "Totaal"), (300, printed)]))])

    found = amounts.amounts(sheets, comma_is_decimal=amounts.decimal_comma(sheets))

    assert [one.value for one in found] == [Decimal(value)]


def test_a_quantity_before_a_price_is_not_its_thousands() -> None:
    sheets = laid_out([page((100, [(50, "Bloem"), (250, "3"), (300, "450,00")]))])

    found = amounts.amounts(sheets, comma_is_decimal=True)

    assert [one.value for one in found] == [Decimal("3"), Decimal("450.00")]
