"""Rules for bank lines."""

from decimal import Decimal

import pytest

from billify.domain.bank_rules import Line, Rule, fits, sort_out, words
from billify.domain.banking import Flow
from billify.domain.refusal import Refusal


def line(name: str = "", text: str = "", amount: str = "-10.00", ident: str = "1") -> Line:
    return Line(ident, "account", Decimal(amount), name, text)


@pytest.mark.parametrize(
    ("given", "is_for_it"),
    [
        (line("Proximus"), True),
        (line("", "DOMICILIERING PROXIMUS, N.V."), True),
        (line("PRÓXIMUS"), True),
        (line("Proximuseum"), False),
        (line("Telenet"), False),
    ],
)
def test_whole_words_count_accents_and_case_aside(given: Line, is_for_it: bool) -> None:
    assert fits(Rule("r", "proximus", "c"), given) is is_for_it


@pytest.mark.parametrize(
    ("flow", "amount", "is_for_it"),
    [
        (Flow.IN, "10.00", True),
        (Flow.IN, "-10.00", False),
        (Flow.OUT, "-10.00", True),
        (Flow.OUT, "10.00", False),
        (Flow.ANY, "10.00", True),
    ],
)
def test_a_rule_may_be_for_one_direction(flow: Flow, amount: str, is_for_it: bool) -> None:
    assert fits(Rule("r", "rent", "c", flow=flow), line("Rent", amount=amount)) is is_for_it


def test_a_rule_may_be_for_one_account() -> None:
    assert not fits(Rule("r", "rent", "c", account_id="other"), line("Rent"))


def test_the_first_rule_has_the_line() -> None:
    rules = [Rule("first", "shell card", "c"), Rule("second", "shell", "c")]
    lines = [line("Shell card", ident="1"), line("Shell", ident="2"), line("BP", ident="3")]

    found = sort_out(lines, rules=rules)

    assert {key: [one.id for one in value] for key, value in found.items()} == {
        "first": ["1"],
        "second": ["2"],
    }


@pytest.mark.parametrize("text", ["", "ab", " - ", "..."])
def test_words_that_fit_nearly_everything_are_refused(text: str) -> None:
    with pytest.raises(Refusal):
        words(text)
