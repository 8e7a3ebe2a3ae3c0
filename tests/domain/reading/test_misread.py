"""Letters that OCR put in the place of figures."""

import pytest

from billify.domain.reading import misread


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("IBAN NLSOINGB0683251309", "iban", "NL50INGB0683251309"),
        ("IBAN: DEO2 1203 0000 0000 2O20 51", "iban", "DE02120300000000202051"),
        ("BTW BE O4O3.17O.7O1", "vat", "BE0403170701"),
    ],
)
def test_a_number_whose_check_digits_agree_is_put_right(text: str, kind: str, value: str) -> None:
    assert [(found[0], found[1]) for found in misread.numbers(text)] == [(kind, value)]


@pytest.mark.parametrize("text", ["BE O4O3.17O.7O2", "NLSOINGB0683251308", "GOODS SOLD OISTI"])
def test_a_number_whose_check_digits_disagree_is_left_alone(text: str) -> None:
    assert list(misread.numbers(text)) == []


def test_a_number_read_well_is_left_to_the_other_finders() -> None:
    assert list(misread.numbers("BE 0403.170.701")) == []
