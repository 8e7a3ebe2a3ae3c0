"""What fields say of each other, on pages where the chances alone would choose otherwise."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billify.domain.reading import choosing, kinds
from billify.domain.reading.candidates import Candidate
from billify.domain.reading.facts import gathered
from billify.domain.reading.found_names import NameAt
from billify.domain.reading.totals import _choices, _Scored
from tests.domain.reading.pages import page


def scored(value: str, against: str = "", **chances: float) -> _Scored:
    """A value with its chances, and the label that says it is something else."""
    one = Candidate(Decimal(value), against=against)
    return _Scored(one, {"net": 0.001, "vat": 0.001, "gross": 0.001} | chances)


def gross_of(*found: _Scored) -> str:
    best = max(_choices(found), key=lambda choice: choice.score)
    return str(best.gross.value)


def test_a_printed_rounding_after_costs_without_vat_is_followed() -> None:
    assert (
        gross_of(
            scored("31.02", gross=0.998),
            scored("31.00", "cash", gross=0.838),
            scored("26.60", net=0.996),
            scored("1.76", vat=0.981),
            scored("2.66", "serv charge", vat=0.5),
            scored("-0.02", "rounding"),
        )
        == "31.00"
    )


def test_cash_less_change_tells_what_a_till_rounded_to() -> None:
    total, rounded = scored("60.31", gross=0.7), scored("60.30", gross=0.015)
    paid = (scored("70.30", "cash"), scored("10.00", "change"))

    assert gross_of(total, rounded, *paid) == "60.30"
    assert gross_of(total, rounded) == "60.31"


def test_what_is_left_after_an_advance_is_not_the_total() -> None:
    amounts = (
        scored("100.00", net=0.937, gross=0.734),
        scored("10.00", "acompte", vat=0.901),
        scored("110.00", gross=0.011),
    )

    assert gross_of(*amounts) == "110.00"


def test_a_balance_of_nothing_is_not_the_total() -> None:
    assert gross_of(scored("0.00", gross=0.142), scored("104.92", gross=0.083)) == "104.92"


def test_a_total_of_nothing_stays_when_there_is_no_other() -> None:
    assert gross_of(scored("0.00", gross=0.4)) == "0.00"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Dodavatel DIČ CZ12345679", "CZK"),
        ("RAPID RAIL SDN BHD", "MYR"),
        ("Cena (Kč}", "CZK"),
        ("BTW BE 0100.032.536", "EUR"),
        ("BE 0100.032.536 CZ12345679", None),
        ("Zonder teken", None),
    ],
)
def test_the_currency_is_that_of_where_it_comes_from_when_no_sign_is_there(
    line: str, code: str | None
) -> None:
    facts = gathered([page((40, [(50, line)]), (60, [(50, "Total"), (400, "12.00")]))])

    assert kinds.currency(facts, None)[0] == code


def named(text: str, supplier: float, confidence: float) -> NameAt:
    """A name as OCR read it."""
    sheet = page((40, [(50, text)]), confidence=confidence)
    facts = gathered([sheet])
    cell = facts.lines[0].cells[0]
    one = NameAt(text, tuple(cell.words), facts.lines[0], cell)
    return replace(one, supplier=supplier)


def test_a_logo_gives_way_to_the_same_name_that_is_read_surely() -> None:
    logo, text = named("toomm", 0.6, 0.86), named("toom", 0.02, 0.92)

    assert choosing._better_read(logo, [logo, text]) is text
    assert choosing._better_read(logo, [logo, replace(text, text="room service")]) is logo
    assert choosing._better_read(text, [logo, text]) is text


def test_a_receipt_names_the_shop_and_not_its_legal_form() -> None:
    full, bare = named("Bakkerij Anna BV", 0.83, 0.96), named("Bakkerij Anna", 0.47, 0.96)
    street = named("Bakkerij", 0.6, 0.96)

    assert choosing._brand(full, [full, bare, street]) is bare
    assert choosing._brand(full, [full, replace(bare, supplier=0.1)]) is full
    assert choosing._in_full(bare, [full, bare]) is full
