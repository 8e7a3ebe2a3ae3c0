"""What is open is read: what is new, what is settled, and with how many calls."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from billify.application import accounting
from billify.application.partners import engine
from billify.data.db import db, transaction
from billify.data.models import AccountingBalance, AuditEvent, Contact, SyncLog
from billify.data.queries import accounting as queries
from billify.data.queries import partner_calls
from billify.domain.accounting import plan
from billify.domain.brussels import day_of
from billify.domain.connections import Cause, ConnectionState, Partner, RunState, Trouble
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.domain.refusal import Refusal
from billify.stand_ins.yuki import Fault, YukiServer
from tests.application.accounting.books import (
    all_invoices,
    assert_equals_the_books,
    bill,
    connected,
    every,
    items,
    one_invoice,
    state,
)
from tests.cast import Member
from tests.fakes import yuki as fake

SALE, PURCHASE = InvoiceDirection.SALE, InvoiceDirection.PURCHASE
TWO_LISTS = {"OutstandingDebtorItems": 1, "OutstandingCreditorItems": 1}


def test_the_first_reading_makes_items_invoices_and_contacts(
    server: YukiServer, anna: Member
) -> None:
    books = fake.books(server)
    books.receivables += [
        fake.item(1, vat_number="BE0202.239.951", due=None),
        fake.item(2, contact="Café & Fils", original=Decimal("-60.50"), reference="CN 7"),
        fake.item(3, contact="", type_id=21, original=Decimal("12.40")),
    ]
    books.payables.append(bill(4, original=Decimal("847.00"), open=Decimal("347.00")))

    row = connected(anna, server)

    assert_equals_the_books(server)
    purchase, credit, sale = (
        sorted(all_invoices(), key=lambda one: one.party_name, reverse=True)[0],
        *sorted(all_invoices()[1:], key=lambda one: one.party_name),
    )
    assert (purchase.direction, purchase.gross_amount, purchase.open_amount) == (
        PURCHASE,
        Decimal("847.00"),
        Decimal("347.00"),
    )
    assert (credit.kind, credit.gross_amount, credit.party_name) == (
        InvoiceKind.CREDIT_NOTE,
        Decimal("60.50"),
        "Café & Fils",
    )
    assert (sale.status, sale.number, sale.source) == (InvoiceStatus.OPEN, "2026-0001", "yuki")
    assert sale.due_date == fake.FIRST + timedelta(days=30)
    contact = db.session.scalars(select(Contact).where(Contact.id == sale.contact_id)).one()
    assert (contact.vat_number, contact.is_customer, contact.is_supplier) == (
        "BE0202239951",
        True,
        False,
    )
    (other,) = [one for one in items() if one.kind_id == 21]
    assert other.invoice_id is None
    (log,) = every(SyncLog, SyncLog.id)
    assert (log.state, log.added, log.odd) == (RunState.DONE, 4, 0)
    assert state(row).trouble is None


def test_an_unchanged_look_costs_two_calls_and_writes_nothing(
    server: YukiServer, anna: Member
) -> None:
    fake.books(server).receivables += [fake.item(at) for at in range(30)]
    row = connected(anna, server)
    before = [(one.seen_at, one.invoice_id) for one in items()]
    server.world.calls.clear()

    for _ in range(3):
        engine.run(integration_id=row.id)

    assert server.world.calls == dict.fromkeys(TWO_LISTS, 3)
    assert [(one.seen_at, one.invoice_id) for one in items()] == before
    first, quiet = every(SyncLog, SyncLog.started_at)
    assert (first.added, quiet.runs, quiet.added) == (30, 3, 0)


def test_what_is_told_no_longer_is_settled_and_may_come_back(
    server: YukiServer, anna: Member
) -> None:
    books = fake.books(server)
    books.receivables.append(fake.item(1))
    row = connected(anna, server)
    books.receivables[0].open = Decimal(0)

    engine.run(integration_id=row.id)

    (item,) = items()
    assert item.settled_on == day_of(datetime.now(UTC))
    assert (one_invoice().status, one_invoice().open_amount) == (InvoiceStatus.PAID, Decimal(0))
    verbs = [one.verb for one in every(AuditEvent, AuditEvent.seq)]
    assert "invoice.followed_accounting" in verbs

    books.receivables[0].open = Decimal("21.00")
    engine.run(integration_id=row.id)

    (item,) = items()
    assert item.settled_on is None
    assert (one_invoice().status, one_invoice().open_amount) == (
        InvoiceStatus.OPEN,
        Decimal("21.00"),
    )
    assert_equals_the_books(server)


def test_a_cut_answer_settles_nothing(server: YukiServer, anna: Member) -> None:
    books = fake.books(server)
    books.receivables += [fake.item(at) for at in range(1, 8)]
    books.payables += [bill(at) for at in range(1, 40)]
    row = connected(anna, server)
    del books.receivables[:3]
    del books.payables[:3]
    books.receivables.append(fake.item(99))

    server.world.behaviour.compresses = False
    for cut in (0, 900, 2_000, 6_000, 12_000):
        with server.world.faults.during(Fault(path="Accounting", times=2, cut_body_after=cut)):
            engine.run(integration_id=row.id)
        assert state(row).trouble is Trouble.UNREACHABLE
        assert [one for one in items() if one.settled_on] == []

    engine.run(integration_id=row.id)
    assert_equals_the_books(server)
    assert len([one for one in items() if one.settled_on]) == 6


def test_calls_are_counted_before_they_are_made(server: YukiServer, anna: Member) -> None:
    row = connected(anna, server)

    found = accounting.budget(row.id)

    assert (found.cap, found.reserved, found.usable) == (1000, 200, 800)
    assert found.spent == sum(server.world.spent.values())
    assert found.left == 800 - found.spent
    assert found.plan < 500


def test_a_spent_budget_stops_until_the_next_day(server: YukiServer, anna: Member) -> None:
    fake.books(server).receivables.append(fake.item(1))
    row = connected(anna, server)
    place = partner_calls.place_of(state(row).details["domain_id"])
    today = day_of(datetime.now(UTC))
    while accounting.budget(row.id).left > 1:
        assert partner_calls.spend(partner=Partner.YUKI, place=place, day=today, most=800)
    fake.books(server).receivables.clear()
    server.world.calls.clear()

    engine.run(integration_id=row.id)

    assert server.world.calls == {"OutstandingDebtorItems": 1}
    found = state(row)
    assert found.trouble is Trouble.CALLS_SPENT
    assert found.state is ConnectionState.ACTIVE
    assert found.next_run >= plan.resumes(datetime.now(UTC)) - timedelta(seconds=5)
    assert [one for one in items() if one.settled_on] == []
    with pytest.raises(Refusal, match="Of 800 calls"):
        accounting.refresh(integration_id=row.id, by=anna.actor)
    accounting.set_cap(integration_id=row.id, cap=5000, by=anna.actor)
    accounting.refresh(integration_id=row.id, by=anna.actor)
    engine.run(integration_id=row.id, cause=Cause.PERSON)
    assert state(row).trouble is None


def test_a_limit_of_the_partner_stops_until_the_next_day(server: YukiServer, anna: Member) -> None:
    row = connected(anna, server)
    server.world.behaviour.daily_cap = 1

    engine.run(integration_id=row.id)

    assert state(row).trouble is Trouble.CALLS_SPENT
    log = every(SyncLog, SyncLog.started_at)[-1]
    assert (log.partner_code, log.state) == ("limit", RunState.FAILED)
    with pytest.raises(Refusal, match="no more calls today"):
        accounting.refresh(integration_id=row.id, by=anna.actor)


def test_balances_and_missing_numbers_come_once_a_day(server: YukiServer, anna: Member) -> None:
    from billify.stand_ins.yuki.world import Entry

    books = fake.books(server)
    books.ledger += [
        Entry("550000", date(2026, 1, 2), Decimal("2500.00")),
        Entry("570000", date(2026, 1, 2), Decimal("40.00")),
        Entry("700000", date(2026, 1, 2), Decimal("-2540.00")),
    ]
    books.receivables.append(fake.item(1, vat_number=""))
    row = connected(anna, server)
    balances = every(AccountingBalance, AccountingBalance.code)
    assert [(one.code, one.amount) for one in balances] == [
        ("550000", Decimal("2500.00")),
        ("570000", Decimal("40.00")),
        ("700000", Decimal("-2540.00")),
    ]
    yesterday = day_of(datetime.now(UTC)) - timedelta(days=1)
    assert {one.day for one in balances} == {yesterday}
    assert server.world.calls["GLAccountBalance"] == 1
    assert server.world.calls["GetSuppliersAndCustomers"] > 0
    (contact,) = every(Contact, Contact.id)
    assert contact.vat_number is None

    books.receivables[0].vat_number = "BE0202.239.951"
    with transaction():
        kept = state(row)
        kept.details = {key: value for key, value in kept.details.items() if key != "contacts_on"}
    engine.run(integration_id=row.id)

    (contact,) = every(Contact, Contact.id)
    assert contact.vat_number == "BE0202239951"
    assert server.world.calls["GLAccountBalance"] == 1


def test_the_next_run_follows_the_plan(server: YukiServer, anna: Member) -> None:
    row = connected(anna, server)

    engine.run(integration_id=row.id)

    pause = state(row).next_run - datetime.now(UTC)
    assert timedelta(minutes=14) < pause <= timedelta(minutes=60)


def test_lists_show_what_is_open(server: YukiServer, anna: Member) -> None:
    fake.books(server).receivables += [fake.item(at) for at in range(1, 8)]
    row = connected(anna, server)

    first, after = queries.page(integration_id=row.id, direction=SALE, size=5)
    rest, end = queries.page(integration_id=row.id, direction=SALE, size=5, after=after)
    found, _ = queries.page(integration_id=row.id, direction=SALE, words="klant 3")
    (total,) = queries.sums(row.id)

    assert [len(first), len(rest), end, len(found)] == [5, 2, None, 1]
    assert (total.count, total.amount) == (7, Decimal("847.00"))
    assert found[0].invoice_id is not None
    assert [one.id for one in queries.items_of(found[0].invoice_id)] == [found[0].id]
