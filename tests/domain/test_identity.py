"""Contacts found again, names compared and searched."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from billify.domain import identity
from billify.domain.identity import Evidence, Known, Read

MILL = Known("mill", "Molens Rietvelde NV", "BE0912345673", None, ("BE68539007547034",))
DAIRY = Known("dairy", "Zuivelhoeve Ter Meersen BV", None, "0948172030", ())
NAMELESS = Known("cafe", "Café de la Grande Écluse", None, None, ("BE71096123456769",))
KNOWN = (MILL, DAIRY, NAMELESS)


@pytest.mark.parametrize(
    ("read", "found", "evidence"),
    [
        (Read(vat_number="BE0912345673"), "mill", Evidence.NUMBER),
        (Read(enterprise_number="0912345673"), "mill", Evidence.NUMBER),
        (Read(vat_number="BE0948172030"), "dairy", Evidence.NUMBER),
        (Read(name="Molens", iban="BE68539007547034"), "mill", Evidence.IBAN),
        (Read(name="MOLENS RIETVELDE B.V."), "mill", Evidence.NAME),
        (Read(name="cafe de la grande ecluse"), "cafe", Evidence.NAME),
        (Read(name="Zuivelhoeve Ter Meerssen"), "dairy", Evidence.ALIKE),
        (Read(vat_number="BE0403019261", iban="BE71096123456769"), "cafe", Evidence.IBAN),
    ],
)
def test_a_party_is_found_by_its_strongest_evidence(
    read: Read, found: str, evidence: Evidence
) -> None:
    match = identity.match(read, known=KNOWN)

    assert match == identity.Match(found, evidence)


@pytest.mark.parametrize(
    "read",
    [
        Read(),
        Read(name="Gasthof Zum Grünen Tal"),
        Read(vat_number="BE0403019261"),
        Read(vat_number="BE0403019261", iban="BE68539007547034"),
        Read(vat_number="BE0403019261", name="Molens Rietvelde NV"),
        Read(name="BV"),
    ],
    ids=["nothing", "stranger", "other number", "factor", "namesake", "only a legal form"],
)
def test_a_stranger_is_not_found(read: Read) -> None:
    assert identity.match(read, known=KNOWN) is None


def test_two_of_the_same_name_are_not_guessed_between() -> None:
    twins = (Known("a", "Bakkerij Anna BV"), Known("b", "Bakkerij Anna SRL"))

    assert identity.match(Read(name="Bakkerij Anna"), known=twins) is None


def test_only_a_likeness_needs_a_person() -> None:
    assert identity.Match("x", Evidence.NAME).is_certain
    assert not identity.Match("x", Evidence.ALIKE).is_certain


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Café de l'Écluse", "cafe de l ecluse"),
        ("  HÔTEL   «Œuvre» ", "hotel oeuvre"),
        ("Straße & Söhne", "strasse sohne"),
        ("Møller_Łódź-2", "moller lodz 2"),
        ("!!!", ""),
    ],
)
def test_text_is_searched_plainly(text: str, key: str) -> None:
    assert identity.search_key(text) == key


@example("𝐀")
@given(st.text(max_size=60))
def test_a_search_key_is_its_own_key(text: str) -> None:
    key = identity.search_key(text)

    assert identity.search_key(key) == key


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Bakkerij Anna BV", "bakkerij-anna"),
        ("Chocolaterie Chloé SRL", "chocolaterie-chloe"),
        ("S.A.", "s-a"),
        ("---", "company"),
        ("日本 4", "4"),
        ("日本", "company"),
    ],
)
def test_a_name_becomes_an_address(name: str, slug: str) -> None:
    assert identity.slug(name) == slug
