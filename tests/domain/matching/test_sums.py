"""Invoices that add up."""

import random

from billify.domain.matching import sums


def test_pairs_triples_and_fours_are_found() -> None:
    cents = [1000, 2017, 3033, 4059, 5101]

    assert sums.adding_up(cents, 1000 + 3033) == [(0, 2)]
    assert (0, 2, 4) in sums.adding_up(cents, 1000 + 3033 + 5101)
    assert (0, 1, 3, 4) in sums.adding_up(cents, 1000 + 2017 + 4059 + 5101)


def test_a_statement_of_many_invoices_is_found_as_a_run() -> None:
    cents = [at * 1013 + 7 for at in range(60)]

    assert tuple(range(10, 45)) in sums.adding_up(cents, sum(cents[10:45]))


def test_credit_notes_are_taken_off() -> None:
    assert sums.adding_up([5000, 7000, -500], 4500) == [(0, 2)]


def test_one_invoice_alone_is_no_sum() -> None:
    assert sums.adding_up([5000, 7000], 5000) == []


def test_what_is_found_always_adds_up_and_stays_bounded() -> None:
    chance = random.Random(3)
    cents = [chance.choice([100, 200, 300]) for _ in range(400)]

    found = sums.adding_up(cents, 900)

    assert 0 < len(found) <= sums.MOST
    assert all(sum(cents[at] for at in group) == 900 for group in found)
    assert all(len(set(group)) == len(group) for group in found)
