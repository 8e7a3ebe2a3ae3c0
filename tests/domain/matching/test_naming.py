"""Whose name stands on a line."""

import pytest

from billify.domain.matching.naming import Names

NAMES = Names(
    [
        ("roofs", "Dakwerken Peeters BV"),
        ("cars", "Garage Peeters SRL"),
        ("baker", "Boulangerie Lefèvre & Fils SA"),
        ("person", "Sofie Van den Broeck"),
        ("german", "Bäckerei Groß GmbH & Co. KG"),
    ]
)


@pytest.mark.parametrize(
    ("name", "contact"),
    [
        ("DAKWERKEN PEETERS", "roofs"),
        ("PEETERS DAKWERKEN BV", "roofs"),
        ("Dakwreken Peeters", "roofs"),
        ("BOULANGERIE LEFEVRE ET FIL", "baker"),
        ("Van den Broeck Sofie", "person"),
        ("BACKEREI GROSS", "german"),
        ("ETS GARAGE PEETERS", "cars"),
    ],
)
def test_a_name_is_known_however_the_bank_writes_it(name: str, contact: str) -> None:
    found = NAMES.alike(name)

    assert max(found, key=lambda one: found[one]) == contact
    assert found[contact] > 0.7


def test_a_sister_company_is_less_alike() -> None:
    found = NAMES.alike("Dakwerken Peeters")

    assert found["roofs"] == 1.0
    assert found.get("cars", 0) < 0.7


@pytest.mark.parametrize("name", ["", "BV", "Onbekend", "+++"])
def test_a_strange_name_is_nobody(name: str) -> None:
    assert all(likeness < 0.7 for likeness in NAMES.alike(name).values())
