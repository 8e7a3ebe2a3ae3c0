"""Transfers between own accounts."""

from datetime import date

from billify.domain.matching import MatchKind
from tests.domain.matching.cases import line, matched, sale

ONE, OTHER = "BE68539007547034", "BE71096123456769"
OWN = frozenset({ONE, OTHER})


def test_both_halves_are_paired_and_settle_nothing() -> None:
    out, into = matched(
        [sale("2026-0012", "500.00")],
        line("-500.00", ident="M1", name="", iban=OTHER, account=ONE),
        line("500.00", ident="M2", name="", iban=ONE, account=OTHER, day=date(2026, 4, 1)),
        own=OWN,
    )

    assert (out.kind, into.kind) == (MatchKind.TRANSFER, MatchKind.TRANSFER)
    assert (out.pair, into.pair) == ("M2", "M1")
    assert into.proposals == ()


def test_a_half_whose_bank_names_no_other_side_is_found() -> None:
    out, into = matched(
        [],
        line("-500.00", ident="M1", name="", iban=OTHER, account=ONE),
        line("500.00", ident="M2", name="", iban="", account=OTHER),
        own=OWN,
    )

    assert (out.pair, into.pair) == ("M2", "M1")


def test_a_transfer_without_its_half_is_still_one() -> None:
    (out,) = matched([], line("-500.00", name="", iban=OTHER, account=ONE), own=OWN)

    assert out.kind is MatchKind.TRANSFER
    assert out.pair is None


def test_a_customer_is_no_own_account() -> None:
    (found,) = matched([], line("500.00", account=ONE), own=frozenset({ONE, OTHER}) - {ONE})

    assert found.kind is not MatchKind.TRANSFER
