"""What a paid amount is to the open one."""

from datetime import date

import pytest

from billify.domain.matching.amounts import Terms, relation

DAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("paid", "left", "found"),
    [
        (12100, 12100, "exact"),
        (12098, 12100, "rounding"),
        (12100, 12145, "rounding"),
        (11858, 12100, "discount"),
        (99500, 100000, "fee_round"),
        (99877, 100000, "fee"),
        (50000, 100000, "part_share"),
        (37000, 100123, "part_round"),
        (37137, 100123, "part"),
        (200246, 100123, "double"),
        (104123, 100123, "over_usual"),
        (101789, 100123, "over_little"),
        (150789, 100123, "over"),
    ],
)
def test_the_relation_of_paid_to_open(paid: int, left: int, found: str) -> None:
    assert relation(paid, left, day=DAY) == found


def test_an_agreed_discount_has_a_last_day() -> None:
    terms = Terms(per_mille=20, until=date(2026, 3, 12))

    assert relation(98000, 100000, day=DAY, terms=terms) == "discount_agreed"
    assert relation(98000, 100000, day=date(2026, 3, 20), terms=terms) == "discount_late"
