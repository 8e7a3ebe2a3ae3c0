"""References inside free text."""

import pytest

from billify.domain import references
from billify.domain.matching import mentions

KNOWN = {references.make_structured(933755), "RF18539007547034"}
OGM = next(one for one in sorted(KNOWN) if one.isdigit())


@pytest.mark.parametrize("length", [11, 13])
def test_other_lengths_are_no_structured_communication(length: int) -> None:
    text = OGM[:length] if length < 12 else OGM[:6] + "7" + OGM[6:]

    assert mentions.structured_in(text, KNOWN) == []


def test_it_is_found_among_other_digits() -> None:
    assert mentions.structured_in(f"ref 4410{OGM}99", KNOWN) == [OGM]


@pytest.mark.parametrize("at", range(12))
def test_one_wrong_digit_is_never_read(at: int) -> None:
    wrong = OGM[:at] + str((int(OGM[at]) + 3) % 10) + OGM[at + 1 :]

    assert mentions.structured_in(wrong, KNOWN) == []
    assert all(not is_valid for _, is_valid in mentions.shaped(f"+++{wrong}+++"))


def test_an_rf_reference_is_found_with_spaces_and_small_letters() -> None:
    assert mentions.creditors_in("ref rf18 5390 0754 7034 merci", KNOWN) == ["RF18539007547034"]


def test_a_reference_is_taken_out_however_it_is_spaced() -> None:
    text = f"fact 12 +++{OGM[:3]}/{OGM[3:7]}/{OGM[7:]}+++"

    assert "12" in mentions.without(text, OGM)
    assert OGM[3:7] not in mentions.without(text, OGM)
