"""`billify match`: JSON in, JSON out, no database."""

import io
import json

import pytest

from billify import matching_command
from billify.domain import references

OGM = references.make_structured(2026000012)
INVOICE = {
    "id": "I1",
    "number": "2026-0012",
    "side": "sale",
    "party": "Dakwerken Peeters BV",
    "party_vat": "BE0123456749",
    "party_ibans": [],
    "date": "2026-03-01",
    "due": "2026-03-31",
    "amount": "121.00",
    "ogm": OGM,
}
MOVEMENT = {
    "id": "M1",
    "date": "2026-03-30",
    "amount": "121.00",
    "name": "DAKWERKEN PEETERS",
    "iban": "BE68539007547034",
    "text": "",
    "structured": OGM,
}


def answer(told: object, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = matching_command.match_stdin(source=io.StringIO(json.dumps(told)))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_matches_are_printed_with_links_and_whether_they_are_sure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = answer({"invoices": [INVOICE], "movements": [MOVEMENT]}, capsys)

    (found,) = json.loads(out)["matches"]
    assert code == 0
    assert found["movement"] == "M1"
    assert found["links"] == [["I1", "121.00"]]
    assert found["auto"] is True
    assert found["proposals"][0]["evidence"][0] == "structured"


def test_a_line_without_invoice_has_no_links(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = answer({"invoices": [], "movements": [MOVEMENT]}, capsys)

    (found,) = json.loads(out)["matches"]
    assert (found["links"], found["auto"]) == ([], False)


@pytest.mark.parametrize(
    "told",
    [
        [],
        {},
        {"invoices": [{"id": "I1"}], "movements": []},
        {"invoices": [], "movements": [MOVEMENT | {"amount": "twelve"}]},
        {"invoices": [], "movements": [MOVEMENT | {"date": "31/03/2026"}]},
    ],
)
def test_what_is_no_case_is_refused_with_a_sentence(
    told: object, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, problem = answer(told, capsys)

    assert (code, out) == (1, "")
    assert problem.startswith("Not a list of invoices and movements")
