"""Texts that could be a party's name, as they are printed."""

from billify.domain.reading import found_names, tables
from billify.domain.reading.facts import gathered
from billify.domain.reading.layout import laid_out
from billify.domain.reading.names import up_to_form
from tests.domain.reading.pages import page


def texts(*lines: object) -> list[str]:
    facts = gathered([page(*lines)])  # type: ignore[arg-type]
    tables.tables(facts)
    return [name.text for name in found_names.found_names(facts)]


def test_a_name_over_two_lines_is_offered_whole() -> None:
    found = texts((40, [(50, "Carter Electrical")]), (51, [(50, "Services NV")]))

    assert "Carter Electrical Services NV" in found


def test_a_legal_form_ends_a_name() -> None:
    found = texts((40, [(50, "Kraxi GmbH")]), (51, [(50, "Zentrale Dienste")]))

    assert "Kraxi GmbH" in found
    assert "Kraxi GmbH Zentrale Dienste" not in found


def test_a_name_and_a_street_are_not_one_name() -> None:
    found = texts((40, [(50, "Carter Electrical")]), (51, [(50, "Kerkstraat 12")]))

    assert "Carter Electrical" in found
    assert "Carter Electrical Kerkstraat 12" not in found


def test_a_line_of_name_and_address_ends_at_the_legal_form() -> None:
    assert up_to_form("Nanotest und Design GmbH Volmerstr. 9 D-12489 Berlin") == (
        "Nanotest und Design GmbH"
    )
    assert up_to_form("Garage Van Damme NV") == "Garage Van Damme NV"


def test_letters_set_apart_are_one_word() -> None:
    spaced = [(50 + 12 * at, letter) for at, letter in enumerate("FAKTURA")]

    (sheet,) = laid_out([page((40, spaced), (60, [(50, "A B testen")]))])

    assert [line.text for line in sheet.lines] == ["FAKTURA", "A B testen"]
