"""What a bank line settles."""

from datetime import date

import pytest

from billify.domain.matching import MatchKind
from tests.domain.matching.cases import (
    ENERGY,
    LAMBERT,
    OGM,
    OTHER_OGM,
    line,
    links,
    matched,
    purchase,
    sale,
)

STRANGER = {"name": "IEMAND ANDERS", "iban": "BE43068999999501"}
BOTH = [
    sale("2026-0012", "1210.00", reference=OGM),
    sale("2026-0013", "1210.00", reference=OTHER_OGM, of=LAMBERT),
]


def test_a_structured_communication_with_its_amount_is_booked_whoever_pays() -> None:
    (found,) = matched(BOTH, line("1210.00", structured=OGM, **STRANGER))

    assert links(found) == {"2026-0012": "1210.00"}
    assert found.is_sure
    assert found.kind is MatchKind.EXACT


@pytest.mark.parametrize("less", ["1200.00", "1215.00"], ids=["less", "more"])
def test_an_earlier_line_with_the_number_alone_does_not_take_its_place(less: str) -> None:
    number = line(less, "factuur 2026-0012", ident="M0", day=date(2026, 3, 29))

    found = matched(BOTH, number, line("1210.00", structured=OGM))

    assert links(found[1]) == {"2026-0012": "1210.00"}
    assert found[1].is_sure
    assert not found[0].is_sure


@pytest.mark.parametrize(
    "text",
    [
        f"+++{OGM[:3]}/{OGM[3:7]}/{OGM[7:]}+++",
        f"***{OGM[:3]}/{OGM[3:7]}/{OGM[7:]}***",
        f"betaling {OGM} merci",
        f"{OGM[:3]} {OGM[3:7]} {OGM[7:]}",
        f"{OGM[:5]}/{OGM[5:9]} {OGM[9:]}",
        f"klant 12 {OGM[:3]}/{OGM[3:7]}/{OGM[7:]} dd 30/03",
    ],
)
def test_a_structured_communication_counts_in_free_text(text: str) -> None:
    (found,) = matched(BOTH, line("1210.00", text, **STRANGER))

    assert links(found) == {"2026-0012": "1210.00"}
    assert found.is_sure


def test_a_structured_communication_with_a_wrong_digit_books_nothing() -> None:
    wrong = str((int(OGM[4]) + 1) % 10).join((OGM[:4], OGM[5:]))

    (found,) = matched(BOTH, line("1210.00", f"+++{wrong[:3]}/{wrong[3:7]}/{wrong[7:]}+++"))

    assert not found.is_sure
    assert "structured_text" not in {one.code for one in found.proposals[0].evidence}


def test_a_reference_with_letters_counts() -> None:
    invoices = [sale("2026-0012", "80.00", reference="RF18539007547034")]

    (found,) = matched(invoices, line("80.00", "Zahlung RF18 5390 0754 7034", **STRANGER))

    assert links(found) == {"2026-0012": "80.00"}
    assert found.is_sure


@pytest.mark.parametrize(
    "text",
    ["factuur 2026-0012", "FACT 2026/12", "fact 12", "uw factuur 20260012", "2026 0012 dank"],
)
def test_a_number_however_quoted_finds_its_invoice(text: str) -> None:
    invoices = [sale("2026-0012", "121.00"), sale("2026-0112", "121.00"), *BOTH[1:]]

    (found,) = matched(invoices, line("121.00", text))

    assert links(found) == {"2026-0012": "121.00"}


@pytest.mark.parametrize(
    "text",
    [
        "2026-0012 + 0013 + 0014",
        "facturen 2026/12-14",
        "fact 12, 13 en 14",
        "2026-0012 t/m 2026-0014",
    ],
)
def test_several_invoices_named_in_one_transfer_are_all_settled(text: str) -> None:
    invoices = [sale(f"2026-00{at}", f"{at}7.10") for at in (11, 12, 13, 14, 15)]

    (found,) = matched(invoices, line("411.30", text))

    assert set(links(found)) == {"2026-0012", "2026-0013", "2026-0014"}
    assert found.kind is MatchKind.SEVERAL


def test_a_credit_note_is_taken_off() -> None:
    invoices = [sale("2026-0012", "500.00"), sale("2026-0020", "-50.00")]

    (found,) = matched(invoices, line("450.00", "factuur 2026-0012 min CN 2026-0020"))

    assert links(found) == {"2026-0012": "500.00", "2026-0020": "-50.00"}
    assert found.kind is MatchKind.NETTED


def test_a_part_leaves_the_rest_open_for_the_next_line() -> None:
    invoices = [sale("2026-0012", "1000.00", reference=OGM)]

    first, second = matched(
        invoices,
        line("400.00", structured=OGM, ident="M1"),
        line("600.00", "saldo", ident="M2", day=date(2026, 4, 20)),
    )

    assert (links(first), first.kind) == ({"2026-0012": "400.00"}, MatchKind.PARTIAL)
    assert links(second) == {"2026-0012": "600.00"}


def test_what_is_paid_too_much_is_not_allocated_nor_booked_alone() -> None:
    (found,) = matched(BOTH, line("1250.00", structured=OGM))

    assert links(found) == {"2026-0012": "1210.00"}
    assert found.kind is MatchKind.OVER
    assert not found.is_sure


def test_a_second_payment_settles_nothing_and_says_so() -> None:
    first, second = matched(
        BOTH,
        line("1210.00", "factuur 2026-0012", ident="M1"),
        line("1210.00", "factuur 2026-0012", ident="M2", day=date(2026, 4, 3)),
    )

    assert first.is_sure
    assert second.kind is MatchKind.PAID_TWICE
    assert links(second) == {}
    assert second.evidence[0].values == {"day": "30/03/2026", "number": "2026-0012"}


def test_twins_halve_each_other() -> None:
    invoices = [sale("2026-0012", "99.00"), sale("2026-0013", "99.00")]

    (found,) = matched(invoices, line("99.00", "betaling"))

    first, second = found.proposals[:2]
    assert first.probability + second.probability > 0.9
    assert not found.is_sure


def test_an_equal_amount_from_a_stranger_is_not_booked() -> None:
    (found,) = matched(BOTH[:1], line("1210.00", "voorschot bestelling 4711", **STRANGER))

    assert not found.is_sure
    assert links(found) == {}


def test_a_line_without_number_leaves_an_invoice_to_the_one_that_names_it() -> None:
    invoices = [sale("2026-0012", "300.00", reference=OGM), sale("2026-0013", "300.00")]

    silent, named = matched(
        invoices,
        line("300.00", "betaling", ident="M1", day=date(2026, 3, 20)),
        line("300.00", structured=OGM, ident="M2", day=date(2026, 3, 30)),
    )

    assert links(silent) == {"2026-0013": "300.00"}
    assert links(named) == {"2026-0012": "300.00"}
    assert named.is_sure


def test_our_own_payment_settles_a_purchase() -> None:
    invoices = [purchase("V-881", "242.00", reference=OGM), *BOTH[1:]]

    (found,) = matched(
        invoices, line("-242.00", name=ENERGY.name, iban=ENERGY.ibans[0], structured=OGM)
    )

    assert links(found) == {"V-881": "242.00"}
    assert found.is_sure


def test_a_direct_debit_that_comes_back_opens_the_invoice_again() -> None:
    invoices = [sale("2026-0012", "75.50")]

    paid, back, again = matched(
        invoices,
        line("75.50", "domiciliëring 2026-0012", ident="M1"),
        line("-75.50", "onbetaalde domiciliëring 2026-0012 AM04", ident="M2", day=date(2026, 4, 2)),
        line("75.50", "factuur 2026-0012", ident="M3", day=date(2026, 4, 9)),
    )

    assert links(paid) == {"2026-0012": "75.50"}
    assert (links(back), back.kind) == ({"2026-0012": "-75.50"}, MatchKind.RETURNED)
    assert links(again) == {"2026-0012": "75.50"}


def test_a_rejected_pair_is_not_proposed_again() -> None:
    (found,) = matched(
        BOTH, line("1210.00", structured=OGM), rejected=frozenset({("M1", "2026-0012")})
    )

    assert all(
        "2026-0012" not in {link.invoice_id for link in one.links} for one in found.proposals
    )


def test_a_settled_invoice_takes_no_payment() -> None:
    invoices = [sale("2026-0012", "75.50", paid="75.50")]

    (found,) = matched(invoices, line("75.50", "factuur 2026-0012"))

    assert links(found) == {}
    assert found.kind is MatchKind.PAID_TWICE
    assert found.evidence[0].code == "already_paid"


def test_an_account_learnt_from_one_payment_helps_the_next() -> None:
    unknown = {"name": "J. JANSSENS", "iban": "BE43068999999501"}
    invoices = [
        sale("2026-0012", "310.40", reference=OGM), sale("2026-0019", "287.13"),
        sale("2026-0020", "287.13", of=LAMBERT),
    ]  # fmt: skip

    _, second = matched(
        invoices,
        line("310.40", structured=OGM, ident="M1", **unknown),
        line("287.13", "", ident="M2", day=date(2026, 4, 2), **unknown),
    )

    assert links(second) == {"2026-0019": "287.13"}


def test_the_same_lines_get_the_same_answer_in_any_order() -> None:
    lines = [
        line("1210.00", "fact 12", ident="M1"),
        line("1210.00", "", ident="M2", day=date(2026, 4, 1), name="GARAGE LAMBERT",
             iban=LAMBERT.ibans[0]),
    ]  # fmt: skip

    assert matched(BOTH, *lines) == matched(BOTH, *reversed(lines))


def test_nothing_to_match_is_no_fault() -> None:
    assert matched([]) == []
    assert matched([], line("10.00"))[0].kind is MatchKind.NONE
    assert matched(BOTH) == []
