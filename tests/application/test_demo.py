"""The demo companies as rows: complete, tied to the cent, and filled in once."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from billify.application import auth, cash_flow, demo
from billify.application import invoices as use_cases
from billify.application.demo import people
from billify.data import tenancy
from billify.data.db import db
from billify.data.models import (
    Allocation,
    AuditEvent,
    BankAccount,
    BankTransaction,
    Contact,
    Document,
    Invoice,
    InvoiceLine,
    InvoiceVat,
    Job,
    Membership,
)
from billify.data.queries import invoices as queries
from billify.domain.banking import WAITING
from billify.domain.duplicates import number_key
from billify.domain.identity import search_key
from billify.domain.invoices import InvoiceStatus
from tests.conftest import rolled_back

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def demo_id(application: Flask) -> Iterator[UUID]:
    """Bakkerij Anna of the demo, in its scope; filled in once for all that look at it here."""
    with rolled_back(application):
        demo.ensure(today=TODAY)
        signed_in = auth.log_in(
            email=people.PEOPLE[0].email, password=people.PASSWORD, address=None, device=None
        )
        with tenancy.user_scope(signed_in.user.id):
            company_id = db.session.scalars(select(Membership.company_id)).one()
        tenancy.enter(tenancy.Scope(company_id=company_id, user_id=signed_in.user.id))
        yield company_id


def test_balances_equal_the_lines(demo_id: UUID) -> None:
    assert cash_flow.verify() == []
    account = db.session.scalars(select(BankAccount).order_by(BankAccount.name)).all()
    assert [one.name for one in account] == ["Spaarrekening", "Zichtrekening"]


def test_what_is_open_is_the_gross_less_what_was_paid(demo_id: UUID) -> None:
    paid = (
        select(func.coalesce(func.sum(Allocation.amount), 0))
        .where(Allocation.invoice_id == Invoice.id, Allocation.company_id == Invoice.company_id)
        .correlate(Invoice)
        .scalar_subquery()
    )
    wrong = db.session.execute(
        select(Invoice.number, Invoice.gross_amount, Invoice.open_amount, paid)
        .where(
            Invoice.status.in_([InvoiceStatus.OPEN, InvoiceStatus.PAID]),
            Invoice.gross_amount - paid != Invoice.open_amount,
        )
        .limit(20)
    ).all()

    assert wrong == []


def test_lines_that_settle_invoices_wait_for_nobody(demo_id: UUID) -> None:
    waiting = db.session.scalars(
        select(BankTransaction.id).where(
            BankTransaction.match_state.in_(WAITING),
            BankTransaction.id.in_(select(Allocation.transaction_id)),
        )
    ).all()

    assert waiting == []


def test_lines_and_vat_make_the_sums_of_their_invoice(demo_id: UUID) -> None:
    lines = (
        select(func.sum(InvoiceLine.net_amount))
        .where(InvoiceLine.invoice_id == Invoice.id)
        .correlate(Invoice)
        .scalar_subquery()
    )
    vat = (
        select(func.sum(InvoiceVat.amount))
        .where(InvoiceVat.invoice_id == Invoice.id)
        .correlate(Invoice)
        .scalar_subquery()
    )
    is_wrong = (lines != Invoice.net_amount) | (vat != Invoice.vat_amount)

    assert db.session.scalars(select(Invoice.number).where(is_wrong).limit(20)).all() == []


def test_search_keys_are_those_of_the_names(demo_id: UUID) -> None:
    for contact in db.session.scalars(select(Contact).limit(500)):
        assert contact.search_key == search_key(contact.name)
    for invoice in db.session.scalars(select(Invoice).limit(1000)):
        assert invoice.party_key == search_key(invoice.party_name)
        assert invoice.number_key == number_key(invoice.number or "")


def test_the_next_sales_number_follows_on(demo_id: UUID) -> None:
    numbers = db.session.scalars(
        select(Invoice.number).where(Invoice.number.like("2026-%"), Invoice.direction == "sale")
    ).all()
    last = max(int((number or "").split("-")[1]) for number in numbers)

    assert queries.next_number(use_cases.SERIES, 2026) == last + 1


def test_letters_wait_to_be_read_by_a_worker(demo_id: UUID) -> None:
    documents = db.session.scalars(select(Document).order_by(Document.id)).all()
    jobs = db.session.scalars(select(Job.name).where(Job.name != "forecast.make")).all()

    assert [one.status.value for one in documents] == ["reading"] * 6
    assert jobs == ["documents.read"] * 6


def test_filling_in_again_changes_nothing(demo_id: UUID) -> None:
    before = db.session.scalar(select(func.count(Invoice.id)))

    demo.ensure(today=date(2027, 1, 2))

    assert db.session.scalar(select(func.count(Invoice.id))) == before


def test_everyone_has_the_place_the_login_lines_tell(demo_id: UUID) -> None:
    bram = auth.log_in(
        email="bram@demo.billify.test", password=people.PASSWORD, address=None, device=None
    )
    with tenancy.user_scope(bram.user.id):
        roles = db.session.scalars(select(Membership.role)).all()

    assert [role.value for role in roles] == ["accountant", "accountant"]
    assert len(demo.LOGINS) == 6
    assert db.session.scalar(
        select(Membership.approval_limit).where(Membership.role == "approver")
    ) == Decimal(500)


def test_one_line_in_the_audit_log_tells_of_the_demo(demo_id: UUID) -> None:
    verbs = db.session.scalars(select(AuditEvent.verb).order_by(AuditEvent.seq)).all()

    assert verbs[0] == "company.demo_added"
