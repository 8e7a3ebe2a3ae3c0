"""Invoice numbers as people quote them."""

from datetime import date

import pytest

from billify.domain.matching import quoting

DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("number", "text", "grade"),
    [
        ("2026-0012", "factuur 2026-0012", "full5"),
        ("2026-0012", "2026/0012", "full5"),
        ("VKF/2026/00012", "2026 00012", "core5"),
        ("VKF/2026/00012", "fact 12", "label2"),
        ("2026-0012", "betaling 0012", "tail2"),
        ("20260345", "factuur 345", "label3"),
        ("2026030345", "factuur 345", "label3"),
        ("INV-01234", "inv 1234", "core4"),
        ("012/2026", "factuur 12", "label2"),
        ("12-26", "fact 12/26", "full4"),
        ("2026-0154", "klant 154", "other3"),
        ("2026-0014", "fact 2026/12-15", "range"),
        ("2026-0015", "12 tot 15", "tail2"),
        ("2026-0012", "factuur van 12/03/2026", None),
        ("2026-0012", "betaling", None),
        ("2026-0012", "112", None),
        ("", "factuur 12", None),
    ],
)
def test_a_text_names_a_number_so_well(number: str, text: str, grade: str | None) -> None:
    assert quoting.grade(quoting.number(number, DAY), quoting.take_apart(text)) == grade


@pytest.mark.parametrize("text", ["fact 2026-0193", "2026-0132", "2O26-0123", "2026-00123"])
def test_a_number_but_for_one_digit_is_near(text: str) -> None:
    assert quoting.near(quoting.number("2026-0123", DAY), quoting.take_apart(text))


def test_a_short_number_is_never_near() -> None:
    assert not quoting.near(quoting.number("123", DAY), quoting.take_apart("124"))


def test_a_range_of_many_is_no_range() -> None:
    assert quoting.take_apart("1-4000").ranges == ()
