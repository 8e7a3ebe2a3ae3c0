"""Numbers with check digits."""

import pytest

from billify.domain.reading import codes
from billify.domain.reading.layout import laid_out
from tests.domain.reading.pages import page


def found(text: str) -> list[tuple[str, str, bool]]:
    sheets = laid_out([page((100, [(50, text)]))])
    return [(code.kind, code.value, code.is_valid) for code in codes.codes(sheets)]


@pytest.mark.parametrize(
    "printed", ["+++090/9337/55493+++", "***090/9337/55493***", "090/9337/55493"]
)
def test_a_structured_communication_is_found(printed: str) -> None:
    assert found(printed) == [("ogm", "+++090/9337/55493+++", True)]


def test_a_structured_communication_with_wrong_check_digits_is_none() -> None:
    assert codes.structured_communication("+++090/9337/55494+++") is None


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("BTW BE 0100.032.536", "BE0100032536"),
        ("TVA BE0100032536", "BE0100032536"),
        ("Ondernemingsnummer 0100.032.536", "BE0100032536"),
        ("BTW NL810433941B01", "NL810433941B01"),
        ("N° TVA : FR 40 303 265 045", "FR40303265045"),
    ],
)
def test_a_vat_number_is_found(printed: str, value: str) -> None:
    assert ("vat", value, True) in found(printed)


def test_an_iban_in_groups_is_found() -> None:
    assert ("iban", "BE71096123456769", True) in found("IBAN BE71 0961 2345 6769 BIC GKCCBEBB")


def test_a_misread_iban_is_kept_as_doubtful() -> None:
    assert ("iban", "BE71096123456768", False) in found("IBAN BE71 0961 2345 6768")
