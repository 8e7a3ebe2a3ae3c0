"""Rules for bank lines: tried first, logged, taken back; never on a line that settles."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from billify.application import bank_rules, matching
from billify.application.bank_rules import Wanted
from billify.data import tenancy
from billify.data.db import db
from billify.data.models import BankTransaction
from billify.data.queries import bank_rules as queries
from billify.domain.banking import Flow, MatchState
from billify.domain.refusal import NotAllowed, Refusal
from billify.domain.roles import Role
from tests import factories
from tests.cast import Cast, Member, add_member

TODAY = date(2026, 11, 2)


@pytest.fixture
def anna(application: Flask, cast: Cast) -> Iterator[Member]:
    with tenancy.company_scope(cast.anna.actor.company_id, cast.anna.user_id):
        yield cast.anna


@pytest.fixture
def telecom(anna: Member) -> UUID:
    return next(one.id for one in bank_rules.ensure_categories() if one.code == "telecom")


@pytest.fixture
def lines(anna: Member) -> list[BankTransaction]:
    account = factories.account()
    return [
        factories.movement(on=account, amount=amount, counterparty_name=name,
                           remittance_information=text)
        for amount, name, text in (
            ("-45.00", "Proximus", "factuur 7001"),
            ("-12.00", "", "DOMICILIERING PROXIMUS N.V. 0123"),
            ("45.00", "PROXIMUS", "terugbetaling"),
            ("-45.00", "Proximuseum", "ticket"),
        )
    ]  # fmt: skip


def state(row: Any) -> MatchState:  # Any: a row
    db.session.refresh(row)
    return MatchState(row.match_state)


def test_a_company_begins_with_the_default_categories_once(anna: Member) -> None:
    first = [one.id for one in bank_rules.ensure_categories()]

    assert [one.id for one in bank_rules.ensure_categories()] == first
    assert len(first) > 20


def test_a_dry_run_shows_what_would_change_and_changes_nothing(
    telecom: UUID, lines: list[BankTransaction]
) -> None:
    found = bank_rules.preview(wanted=Wanted("proximus", telecom, flow=Flow.OUT))

    assert {one.id for one in found} == {lines[0].id, lines[1].id}
    assert {state(one) for one in lines} == {MatchState.NEW}


def test_a_rule_sets_its_lines_aside_and_can_be_taken_back(
    anna: Member, telecom: UUID, lines: list[BankTransaction]
) -> None:
    rule = bank_rules.add(wanted=Wanted("PROXIMUS", telecom, flow=Flow.OUT), by=anna.actor)
    run = bank_rules.run(rule_id=rule.id, by=anna.actor)
    assert run is not None
    assert run.count == 2
    assert [state(one) for one in lines[:3]] == [
        MatchState.SET_ASIDE,
        MatchState.SET_ASIDE,
        MatchState.NEW,
    ]
    assert lines[0].category_id == telecom

    freed = bank_rules.undo(run_id=run.id, by=anna.actor)

    assert freed == 2
    assert state(lines[0]) is MatchState.NEW
    assert lines[0].category_id is None
    with pytest.raises(Refusal):
        bank_rules.undo(run_id=run.id, by=anna.actor)


def test_the_first_rule_in_order_has_a_line(
    anna: Member, telecom: UUID, lines: list[BankTransaction]
) -> None:
    other = next(one.id for one in bank_rules.ensure_categories() if one.code == "other")
    wide = bank_rules.add(wanted=Wanted("proximus", other), by=anna.actor)
    narrow = bank_rules.add(wanted=Wanted("domiciliering proximus", telecom), by=anna.actor)
    bank_rules.put_in_order(rule_ids=[narrow.id, wide.id], by=anna.actor)

    counted = matching.propose(today=TODAY)
    assert bank_rules.use_all(line_ids=counted.unexplained) == 3

    for one in lines:
        db.session.refresh(one)
    assert [one.category_id for one in lines] == [other, telecom, other, None]


def test_a_rule_that_expects_an_invoice_leaves_the_line_waiting(
    anna: Member, telecom: UUID, lines: list[BankTransaction]
) -> None:
    wanted = Wanted("proximus", telecom, needs_invoice=True)
    rule = bank_rules.add(wanted=wanted, by=anna.actor)

    bank_rules.run(rule_id=rule.id, by=anna.actor)

    assert state(lines[0]) is MatchState.NEW
    assert lines[0].category_id == telecom


def test_a_rule_never_touches_a_line_that_settles(
    anna: Member, telecom: UUID, lines: list[BankTransaction]
) -> None:
    lines[0].match_state = MatchState.MATCHED
    db.session.flush()
    rule = bank_rules.add(wanted=Wanted("proximus", telecom), by=anna.actor)

    bank_rules.run(rule_id=rule.id, by=anna.actor)

    assert state(lines[0]) is MatchState.MATCHED
    assert lines[0].category_id is None


@pytest.mark.parametrize("words", ["", "  a ", "--", "x" * 200])
def test_words_that_fit_everything_or_nothing_are_refused(
    anna: Member, telecom: UUID, words: str
) -> None:
    with pytest.raises(Refusal):
        bank_rules.add(wanted=Wanted(words, telecom), by=anna.actor)

    assert list(queries.rules()) == []


def test_who_may_only_read_makes_no_rule(anna: Member, telecom: UUID) -> None:
    viewer = add_member(anna.actor.company_id, "bakkerij-anna", "Bram", Role.VIEWER)

    with pytest.raises(NotAllowed):
        bank_rules.add(wanted=Wanted("proximus", telecom), by=viewer.actor)


def test_runs_are_logged(anna: Member, telecom: UUID, lines: list[BankTransaction]) -> None:
    rule = bank_rules.add(wanted=Wanted("proximus", telecom), by=anna.actor)
    bank_rules.run(rule_id=rule.id, by=anna.actor)

    (run,) = queries.runs()
    marked = db.session.scalars(
        select(BankTransaction).where(BankTransaction.rule_run_id == run.id)
    ).all()
    assert len(marked) == run.count == 3
