"""The promises of matching, on a few made-up companies. Figures: `benchmarks/matching.py`."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from benchmarks.bank_lines import companies
from billify.domain.matching import Match, MatchKind, match
from billify.matching_command import as_json, case_of

Links = frozenset[tuple[str, Decimal]]
NEVER = ("paid twice", "not an invoice", "overpayment refunded")


@pytest.fixture(scope="module")
def answers() -> list[tuple[Match, Links, str]]:
    """Each line's match beside its true links and kind."""
    told = [company.as_json() for company in companies(seed=77, count=4)]
    return [pair for case in told for pair in _answers(case)]


def test_what_is_booked_alone_is_right(answers: list[tuple[Match, Links, str]]) -> None:
    sure = [(given(one), truth) for one, truth, _ in answers if one.is_sure and one.best]

    assert [pair for pair in sure if pair[0] != pair[1]] == []
    assert len(sure) > 0.8 * sum(bool(truth) for _, truth, _ in answers)


def test_what_is_no_payment_is_never_booked(answers: list[tuple[Match, Links, str]]) -> None:
    booked = [kind for one, _, kind in answers if one.is_sure and one.best]

    assert [kind for kind in booked if kind.startswith(NEVER)] == []


def test_links_are_found_and_right(answers: list[tuple[Match, Links, str]]) -> None:
    right = sum(len(given(one) & truth) for one, truth, _ in answers)

    assert right / sum(len(given(one)) for one, _, _ in answers) >= 0.99
    assert right / sum(len(truth) for _, truth, _ in answers) >= 0.95


def test_no_invoice_is_settled_beyond_its_amount() -> None:
    (company,) = companies(seed=78, count=1)
    case = company.as_json()
    taken: Counter[str] = Counter()
    for one in match(case_of(case)):
        if one.kind is not MatchKind.NONE and one.best:
            for link in one.best.links:
                taken[link.invoice_id] += int(link.amount * 100)

    amounts = {one["id"]: int(Decimal(one["amount"]) * 100) for one in case["invoices"]}
    assert len(taken) > 100
    assert [key for key, cents in taken.items() if abs(cents) > abs(amounts[key])] == []


def given(one: Match) -> Links:
    return _links(as_json(one)["links"])


def _answers(case: dict[str, Any]) -> list[tuple[Match, Links, str]]:  # Any: JSON
    found = {one.movement_id: one for one in match(case_of(case))}
    return [
        (found[truth["movement"]], _links(truth["links"]), truth["kind"]) for truth in case["truth"]
    ]


def _links(found: list[Any]) -> Links:  # Any: JSON
    return frozenset((invoice, Decimal(amount)) for invoice, amount in found)
