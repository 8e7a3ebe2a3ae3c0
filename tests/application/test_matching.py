"""Reconciliation: sure matches are booked with their evidence, the rest waits for a person, and
everything can be taken back."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from billify.application import audit, matching
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import (
    Allocation,
    AuditEvent,
    BankAccount,
    BankTransaction,
    Contact,
    ContactIban,
    Invoice,
    Job,
    MatchProposal,
)
from billify.domain import references
from billify.domain.banking import MatchState, MovementState
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.domain.jobs import JobStatus
from billify.domain.matching.settling import Part
from billify.domain.refusal import NotAllowed, NotFound, Refusal
from billify.domain.roles import Role
from tests import factories
from tests.cast import Cast, Member, add_member
from tests.committed import at_once

SALE, PURCHASE = InvoiceDirection.SALE, InvoiceDirection.PURCHASE
TODAY = date(2026, 11, 2)
OGM = references.make_structured(2026000777)
IBAN = "BE68539007547034"
PAID = {"counterparty_name": "DAKWERKEN PEETERS", "counterparty_iban": IBAN}


@pytest.fixture
def anna(cast: Cast) -> Iterator[Member]:
    with tenancy.company_scope(cast.anna.actor.company_id, cast.anna.user_id):
        yield cast.anna


@pytest.fixture
def peeters(application: Flask, anna: Member) -> Contact:
    return factories.contact("Dakwerken Peeters BV", is_customer=True, is_supplier=False)


def sale(of: Contact, gross: str, **more: Any) -> Invoice:  # Any: columns
    return factories.invoice(of=of, gross=gross, direction=SALE, **more)


def line(amount: str, text: str = "", **more: Any) -> BankTransaction:  # Any: columns
    values = {"booked_on": date(2026, 10, 30), "remittance_information": text, **PAID, **more}
    return factories.movement(on=account(), amount=amount, **values)


def account() -> Any:  # Any: a row
    found = db.session.scalars(select(BankAccount).where(BankAccount.name == "Zichtrekening"))
    return found.first() or factories.account()


def fresh(row: Any) -> Any:  # Any: a row of any table
    db.session.refresh(row)
    return row


def live_allocations() -> list[Allocation]:
    return list(db.session.scalars(select(Allocation).where(Allocation.undone_at.is_(None))))


def test_a_structured_communication_with_its_amount_is_booked_alone(peeters: Contact) -> None:
    invoice = sale(peeters, "1210.00", payment_reference=OGM)
    paid = line("1210.00", structured_communication=OGM)

    counted = matching.propose(today=TODAY)

    assert (counted.looked_at, counted.booked) == (1, 1)
    assert fresh(invoice).status is InvoiceStatus.PAID
    assert invoice.open_amount == 0
    assert fresh(paid).match_state is MatchState.MATCHED
    (row,) = live_allocations()
    assert (row.amount, row.made_by) == (Decimal("1210.00"), None)
    assert row.evidence is not None
    assert row.evidence["reasons"][0]["code"] == "structured"


def test_what_is_not_sure_waits_as_a_proposal(peeters: Contact) -> None:
    invoice = sale(peeters, "99.00")
    sale(peeters, "99.00")
    paid = line("99.00", "betaling")

    counted = matching.propose(today=TODAY)

    assert (counted.booked, counted.proposed) == (0, 1)
    assert fresh(paid).match_state is MatchState.PROPOSED
    assert fresh(invoice).open_amount == Decimal("99.00")
    assert len(list(db.session.scalars(select(MatchProposal)))) == 2


def test_a_second_run_changes_nothing(peeters: Contact) -> None:
    sale(peeters, "1210.00", payment_reference=OGM)
    line("1210.00", structured_communication=OGM)
    matching.propose(today=TODAY)

    counted = matching.propose(today=TODAY)

    assert counted.looked_at == 0
    assert len(live_allocations()) == 1


def test_a_line_waits_for_the_invoice_that_comes_later(peeters: Contact) -> None:
    paid = line("1210.00", structured_communication=OGM)
    matching.propose(today=TODAY)
    assert fresh(paid).match_state is MatchState.UNMATCHED
    invoice = sale(peeters, "1210.00", payment_reference=OGM)

    matching.propose(today=TODAY)

    assert fresh(invoice).status is InvoiceStatus.PAID


def test_a_pending_line_settles_nothing(peeters: Contact) -> None:
    sale(peeters, "1210.00", payment_reference=OGM)
    line("1210.00", structured_communication=OGM, state=MovementState.PENDING)

    assert matching.propose(today=TODAY).looked_at == 0


def test_another_currency_is_never_matched(peeters: Contact) -> None:
    sale(peeters, "1210.00", payment_reference=OGM, currency="USD")
    line("1210.00", structured_communication=OGM)

    assert matching.propose(today=TODAY).booked == 0


def test_an_accepted_match_teaches_the_account(peeters: Contact, anna: Member) -> None:
    invoice = sale(peeters, "99.00")
    sale(peeters, "99.00")
    paid = line("99.00", "betaling")
    matching.propose(today=TODAY)
    rank = next(
        row.rank
        for row in db.session.scalars(select(MatchProposal))
        if row.links[0][0] == str(invoice.id)
    )

    matching.accept(line_id=paid.id, rank=rank, by=anna.actor)

    assert fresh(invoice).status is InvoiceStatus.PAID
    known = db.session.scalars(select(ContactIban)).one()
    assert (known.iban, known.times_paid) == (IBAN, 1)
    assert known.confirmed_by == anna.user_id
    assert list(db.session.scalars(select(MatchProposal))) == []


def test_a_rejected_proposal_never_comes_back(peeters: Contact, anna: Member) -> None:
    invoice = sale(peeters, "99.00")
    paid = line("99.00", "betaling")
    matching.propose(today=TODAY)

    matching.reject(line_id=paid.id, rank=0, by=anna.actor)
    matching.propose(today=TODAY)

    assert fresh(paid).match_state is MatchState.UNMATCHED
    assert fresh(invoice).open_amount == Decimal("99.00")


def test_an_undone_match_keeps_its_evidence_and_is_not_booked_again(
    peeters: Contact, anna: Member
) -> None:
    invoice = sale(peeters, "1210.00", payment_reference=OGM)
    paid = line("1210.00", structured_communication=OGM)
    matching.propose(today=TODAY)

    matching.undo(line_id=paid.id, by=anna.actor)
    matching.propose(today=TODAY)

    assert fresh(invoice).status is InvoiceStatus.OPEN
    assert invoice.open_amount == Decimal("1210.00")
    row = db.session.scalars(select(Allocation)).one()
    assert row.undone_at is not None
    assert row.evidence is not None
    assert fresh(paid).match_state is MatchState.UNMATCHED
    assert list(db.session.scalars(select(ContactIban))) == []


def test_one_line_settles_several_invoices_and_a_credit_note(
    peeters: Contact, anna: Member
) -> None:
    first, second = sale(peeters, "300.00"), sale(peeters, "200.00")
    credit = sale(peeters, "50.00", kind=InvoiceKind.CREDIT_NOTE)
    paid = line("400.00", "volgens afspraak")
    parts = [
        Part(str(first.id), Decimal("300.00")),
        Part(str(second.id), Decimal("150.00")),
        Part(str(credit.id), Decimal("-50.00")),
    ]

    matching.settle(line_id=paid.id, parts=parts, by=anna.actor)

    assert [fresh(one).open_amount for one in (first, second, credit)] == [
        0,
        Decimal("50.00"),
        0,
    ]
    assert credit.status is InvoiceStatus.PAID


def test_one_invoice_is_settled_by_several_lines(peeters: Contact, anna: Member) -> None:
    invoice = sale(peeters, "300.00")
    for amount in ("100.00", "200.00"):
        parts = [Part(str(invoice.id), Decimal(amount))]
        matching.settle(line_id=line(amount).id, parts=parts, by=anna.actor)

    assert fresh(invoice).status is InvoiceStatus.PAID


@pytest.mark.parametrize(
    ("amount", "written_off"),
    [("301.00", "0"), ("0", "0"), ("-10.00", "0"), ("250.00", "60.00"), ("250.00", "-1.00")],
)
def test_more_than_line_or_invoice_hold_is_refused(
    peeters: Contact, anna: Member, amount: str, written_off: str
) -> None:
    invoice = sale(peeters, "300.00")
    paid = line("500.00")
    parts = [Part(str(invoice.id), Decimal(amount), Decimal(written_off))]

    with pytest.raises(Refusal):
        matching.settle(line_id=paid.id, parts=parts, by=anna.actor)

    assert fresh(invoice).open_amount == Decimal("300.00")
    assert live_allocations() == []


def test_a_line_is_not_spent_twice(peeters: Contact, anna: Member) -> None:
    first, second = sale(peeters, "300.00"), sale(peeters, "300.00")
    paid = line("400.00")
    matching.settle(line_id=paid.id, parts=[Part(str(first.id), Decimal("300.00"))], by=anna.actor)

    with pytest.raises(Refusal):
        matching.settle(
            line_id=paid.id, parts=[Part(str(second.id), Decimal("300.00"))], by=anna.actor
        )

    matching.settle(line_id=paid.id, parts=[Part(str(second.id), Decimal("100.00"))], by=anna.actor)
    assert fresh(second).open_amount == Decimal("200.00")


def test_a_discount_is_written_off_when_a_person_says_so(peeters: Contact, anna: Member) -> None:
    invoice = sale(peeters, "1000.00", number="2026-4711")
    paid = line("980.00", "2026-4711")
    matching.propose(today=TODAY)
    before = fresh(invoice).open_amount
    if fresh(paid).match_state is MatchState.MATCHED:
        assert before == Decimal("20.00")
        return

    matching.accept(line_id=paid.id, rank=0, by=anna.actor, writes_off=True)

    assert fresh(invoice).status is InvoiceStatus.PAID
    assert live_allocations()[0].written_off == Decimal("20.00")


def test_a_direct_debit_that_comes_back_opens_the_invoice(peeters: Contact) -> None:
    invoice = sale(peeters, "75.50", number="2026-4712", payment_reference=OGM)
    line("75.50", "domiciliëring 2026-4712", structured_communication=OGM)
    matching.propose(today=TODAY)
    assert fresh(invoice).status is InvoiceStatus.PAID

    line("-75.50", "onbetaalde domiciliëring 2026-4712 AM04", booked_on=date(2026, 11, 1))
    matching.propose(today=TODAY)

    assert fresh(invoice).status is InvoiceStatus.OPEN
    assert invoice.open_amount == Decimal("75.50")


def test_own_transfers_are_paired_and_left_out(application: Flask, anna: Member) -> None:
    savings = factories.account("Spaarrekening", iban="BE43068999999501")
    out = line("-500.00", counterparty_name="", counterparty_iban=savings.iban)
    into = factories.movement(
        on=savings, amount="500.00", booked_on=date(2026, 10, 31), counterparty_iban=account().iban
    )

    counted = matching.propose(today=TODAY)

    assert counted.transfers == 2
    assert {fresh(out).match_state, fresh(into).match_state} == {MatchState.TRANSFER}

    matching.undo(line_id=out.id, by=anna.actor)

    assert {fresh(out).match_state, fresh(into).match_state} == {MatchState.SET_ASIDE}


def test_a_line_set_aside_is_left_alone_until_taken_up(peeters: Contact, anna: Member) -> None:
    paid = line("1210.00", structured_communication=OGM)
    matching.set_aside(line_ids=[paid.id], by=anna.actor)
    invoice = sale(peeters, "1210.00", payment_reference=OGM)
    assert matching.propose(today=TODAY).looked_at == 0

    matching.take_up(line_id=paid.id, by=anna.actor)
    matching.propose(today=TODAY)

    assert fresh(invoice).status is InvoiceStatus.PAID


def test_who_may_only_read_changes_nothing(peeters: Contact, anna: Member) -> None:
    sale(peeters, "99.00")
    paid = line("99.00", "betaling")
    matching.propose(today=TODAY)
    viewer = add_member(anna.actor.company_id, "bakkerij-anna", "Bram", Role.VIEWER)

    for deed in (
        lambda: matching.accept(line_id=paid.id, rank=0, by=viewer.actor),
        lambda: matching.reject(line_id=paid.id, rank=0, by=viewer.actor),
        lambda: matching.undo(line_id=paid.id, by=viewer.actor),
        lambda: matching.set_aside(line_ids=[paid.id], by=viewer.actor),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_a_line_of_another_company_is_not_there(peeters: Contact, cast: Cast) -> None:
    paid = line("99.00", "betaling")

    with (
        tenancy.company_scope(cast.chloe.actor.company_id, cast.chloe.user_id),
        pytest.raises(NotFound),
    ):
        matching.accept(line_id=paid.id, rank=0, by=cast.chloe.actor)


def test_every_decision_stands_in_the_audit_log(peeters: Contact, anna: Member) -> None:
    sale(peeters, "1210.00", payment_reference=OGM)
    paid = line("1210.00", structured_communication=OGM)
    matching.propose(today=TODAY)
    matching.undo(line_id=paid.id, by=anna.actor)

    verbs = [row.verb for row in db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq))]
    assert verbs[-2:] == ["match.made", "match.undone"]
    assert audit.verify() == []


def test_undoing_asks_for_another_look(peeters: Contact, anna: Member) -> None:
    sale(peeters, "1210.00", payment_reference=OGM)
    paid = line("1210.00", structured_communication=OGM)
    matching.propose(today=TODAY)

    matching.undo(line_id=paid.id, by=anna.actor)

    asked = db.session.scalars(select(Job.name).where(Job.name != "forecast.make"))
    assert list(asked) == ["matching.propose"]


def test_of_many_jobs_that_are_due_only_the_last_one_looks(peeters: Contact) -> None:
    sale(peeters, "1210.00", payment_reference=OGM)
    line("1210.00", structured_communication=OGM)
    with transaction():
        matching.ask()
    job = db.session.scalars(select(Job)).one()
    later = job.run_at + timedelta(seconds=1)

    assert matching.catch_up(now=later, today=TODAY) is None

    job.status = JobStatus.RUNNING
    db.session.flush()
    counted = matching.catch_up(now=later, today=TODAY)
    assert counted is not None
    assert counted.booked == 1


def test_open_amounts_follow_from_what_settles_them(peeters: Contact, anna: Member) -> None:
    invoice = sale(peeters, "300.00")
    part = Part(str(invoice.id), Decimal("100.00"), Decimal("5.00"))
    matching.settle(line_id=line("100.00").id, parts=[part], by=anna.actor)
    assert matching.verify() == []

    invoice.open_amount = Decimal("190.00")
    db.session.flush()

    (wrong,) = matching.verify()
    assert "190.00" in wrong
    assert "195.00" in wrong


class TestAtTheSameMoment:
    def _books(self, anna: Member) -> tuple[Any, Any]:  # Any: keys
        peeters = factories.contact("Dakwerken Peeters BV", is_customer=True)
        invoice = sale(peeters, "1210.00", payment_reference=OGM)
        return line("1210.00", structured_communication=OGM).id, invoice.id

    def test_two_runs_book_once(self, real: Flask, real_cast: Cast) -> None:
        company_id = real_cast.anna.actor.company_id
        with tenancy.company_scope(company_id):
            _, invoice_id = self._books(real_cast.anna)

        def run() -> int:
            with tenancy.company_scope(company_id):
                return matching.propose(today=TODAY).booked

        assert sorted(at_once(real, run, run, run)) == [0, 0, 1]

        with tenancy.company_scope(company_id):
            assert len(live_allocations()) == 1
            assert db.session.get_one(Invoice, invoice_id).open_amount == 0
            assert audit.verify() == []
            assert matching.verify() == []

    def test_a_person_and_a_run_settle_a_line_once(self, real: Flask, real_cast: Cast) -> None:
        anna = real_cast.anna
        company_id = anna.actor.company_id
        with tenancy.company_scope(company_id):
            line_id, invoice_id = self._books(anna)

        def run() -> str:
            with tenancy.company_scope(company_id):
                return "booked" if matching.propose(today=TODAY).booked else "nothing"

        def person() -> str:
            with tenancy.company_scope(company_id):
                part = Part(str(invoice_id), Decimal("1210.00"))
                try:
                    matching.settle(line_id=line_id, parts=[part], by=anna.actor)
                except Refusal:
                    return "nothing"
                return "booked"

        assert sorted(at_once(real, run, person)) == ["booked", "nothing"]

        with tenancy.company_scope(company_id):
            assert len(live_allocations()) == 1
            assert matching.verify() == []
