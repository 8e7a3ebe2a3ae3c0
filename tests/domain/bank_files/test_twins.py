"""What is known already: the same file, overlapping days, another source; real twins are two."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from billify.domain.bank_files import Format, Movement
from billify.domain.bank_files.twins import Known, judge, keys

COFFEE = Movement(date(2026, 1, 2), Decimal("-2.50"), counterparty_name="Café", message="koffie")
RENT = Movement(
    date(2026, 1, 2),
    Decimal("-900.00"),
    counterparty_account="BE71096123456769",
    structured="090933755493",
)


def there(*movements: Movement, format: Format = Format.CSV) -> list[Known]:
    """Rows that came from a file of that format."""
    made = keys(movements, format=format)
    return [
        Known(one.booked_on, one.amount, key, one.counterparty_account, one.structured)
        for one, key in zip(movements, made, strict=True)
    ]


def known(*movements: Movement, rows: list[Known], format: Format = Format.CSV) -> list[bool]:
    return [one.is_known for one in judge(movements, format=format, known=rows)]


def test_the_same_file_is_known_whatever_its_order() -> None:
    assert known(RENT, COFFEE, COFFEE, rows=there(COFFEE, COFFEE, RENT)) == [True, True, True]


def test_a_second_equal_payment_is_new() -> None:
    assert known(COFFEE, COFFEE, rows=there(COFFEE)) == [True, False]


def test_blanks_and_capitals_make_no_other_movement() -> None:
    assert known(replace(COFFEE, message="KOFFIE  "), rows=there(COFFEE)) == [True]


def test_another_source_tells_the_same_movement() -> None:
    rows = [Known(RENT.booked_on, Decimal("-900"), "ponto:1", RENT.counterparty_account)]

    assert known(RENT, rows=rows) == [True]
    assert known(RENT, RENT, rows=rows) == [True, False]
    assert known(RENT, rows=there(RENT, format=Format.CODA)) == [True]


def test_another_side_or_reference_makes_it_another_movement() -> None:
    other = Known(RENT.booked_on, RENT.amount, "ponto:1", "BE68539007547034")
    unpaid = Known(RENT.booked_on, RENT.amount, "ponto:1", None, "000000000101")

    assert known(RENT, rows=[other]) == [False]
    assert known(RENT, rows=[unpaid]) == [False]


def test_a_row_of_the_same_format_that_says_otherwise_is_no_twin() -> None:
    assert known(replace(COFFEE, message="thee"), rows=there(COFFEE)) == [False]
