"""The accounting against a Yuki that plays along or doesn't."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from billify.application import accounting, connections, documents, invoices
from billify.application.partners import credentials, engine
from billify.data.db import db, transaction
from billify.data.models import (
    AccountingBalance,
    AccountingItem,
    Allocation,
    AuditEvent,
    Contact,
    Integration,
    Invoice,
    SyncLog,
)
from billify.data.queries import accounting as queries
from billify.data.queries import partner_calls
from billify.domain.accounting import plan
from billify.domain.connections import Cause, ConnectionState, Partner, RunState, Trouble
from billify.domain.documents import DocumentSource, DocumentStatus
from billify.domain.duplicates import number_key
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.domain.refusal import NotAllowed, Refusal
from billify.domain.roles import Role
from billify.stand_ins.yuki import Books, Domain, Fault, Item, YukiServer
from billify.stand_ins.yuki import Document as Paper
from tests import factories
from tests.blueprints.bad_files import letter
from tests.cast import Cast, Member
from tests.factories import books_of
from tests.fakes import yuki as fake

SALE, PURCHASE = InvoiceDirection.SALE, InvoiceDirection.PURCHASE
TWO_LISTS = {"OutstandingDebtorItems": 1, "OutstandingCreditorItems": 1}


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[YukiServer]:
    with fake.yuki() as started:
        settings = fake.settings_of(started, app.config["SETTINGS"])
        monkeypatch.setitem(app.config, "SETTINGS", settings)
        yield started


@pytest.fixture
def anna(cast: Cast) -> Iterator[Member]:
    with books_of(cast.anna):
        yield cast.anna


def connected(by: Member, server: YukiServer) -> Integration:
    """A connection whose books are chosen, and have been read once."""
    row = accounting.connect(access_key=fake.KEY, by=by.actor)
    accounting.choose(integration_id=row.id, administration_id=fake.books(server).id, by=by.actor)
    engine.run(integration_id=row.id)
    return row


def bill(number: int = 1, **more: Any) -> Item:
    """An open purchase invoice."""
    return fake.item(number, **{"contact": f"Leverancier {number}", "type_id": 2, **more})


def items() -> list[AccountingItem]:
    return _all(AccountingItem, AccountingItem.issue_date, AccountingItem.number)


def all_invoices() -> list[Invoice]:
    return _all(Invoice, Invoice.direction, Invoice.number)


def _all(model: Any, *order: Any) -> list[Any]:  # Any: rows of any table
    query = select(model).order_by(*order).execution_options(populate_existing=True)
    return list(db.session.scalars(query))


def one_invoice() -> Invoice:
    (found,) = all_invoices()
    return found


def state(row: Integration) -> Integration:
    return db.session.scalars(
        select(Integration)
        .where(Integration.id == row.id)
        .execution_options(populate_existing=True)
    ).one()


def assert_equals_the_books(server: YukiServer) -> None:
    """Each open item is there once, open, with its amounts, and is an invoice once."""
    listed = fake.books(server).receivables + fake.books(server).payables
    told = sorted((one.id, one.left, one.original) for one in listed if one.left)
    kept = [one for one in items() if one.settled_on is None]
    assert sorted((one.external_id, one.open_amount, one.original_amount) for one in kept) == told
    linked = [one.invoice_id for one in kept if one.invoice_id]
    assert len(linked) == len(set(linked))


def test_a_key_is_taken_and_the_books_of_the_company_are_suggested(
    server: YukiServer, anna: Member
) -> None:
    other = Domain(
        "Elders", [Books("Slagerij Bert", "BE0202.239.951"), Books("Oud", "", is_active=False)]
    )
    server.world.add(other, access_key=fake.KEY)

    row = accounting.connect(access_key=f" {fake.KEY} ", by=anna.actor)

    assert row.state is ConnectionState.CHOOSING
    ours, theirs = accounting.administrations(row.id)
    assert (ours.books.administration_name, ours.is_suggested) == ("Bakkerij Anna BV", True)
    assert ours.warning is None
    assert (theirs.books.domain_name, theirs.is_suggested) == ("Elders", False)
    assert "BE0202239951" in str(theirs.warning)
    assert fake.KEY not in str(row.details) + row.name
    assert credentials.unseal(row)["access_key"] == fake.KEY


def test_the_books_are_chosen_once(server: YukiServer, anna: Member) -> None:
    row = accounting.connect(access_key=fake.KEY, by=anna.actor)
    ours = fake.books(server)

    with pytest.raises(Refusal, match="in the list"):
        accounting.choose(integration_id=row.id, administration_id="another", by=anna.actor)
    accounting.choose(integration_id=row.id, administration_id=ours.id, by=anna.actor)

    found = state(row)
    assert found.state is ConnectionState.ACTIVE
    assert found.details == {
        "domain_id": server.world.keys[fake.KEY][0].id,
        "domain_name": "Bakkerij Anna",
        "administration_id": ours.id,
        "administration_name": "Bakkerij Anna BV",
        "vat_number": "BE 0403.170.701",
    }
    with pytest.raises(Refusal, match="end this connection"):
        accounting.choose(integration_id=row.id, administration_id="another", by=anna.actor)
    with pytest.raises(Refusal, match="connected already"):
        accounting.connect(access_key=fake.KEY, by=anna.actor)


@pytest.mark.parametrize(("key", "said"), [("", "Fill in"), ("wrong", "does not accept")])
def test_a_key_that_is_not_taken_is_refused(
    key: str, said: str, server: YukiServer, anna: Member
) -> None:
    with pytest.raises(Refusal, match=said):
        accounting.connect(access_key=key, by=anna.actor)

    assert _all(Integration, Integration.id) == []


def test_who_only_reads_connects_nothing(server: YukiServer, cast: Cast) -> None:
    with books_of(cast.bram), pytest.raises(NotAllowed):
        accounting.connect(access_key=fake.KEY, by=cast.bram.actor)


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
    (log,) = _all(SyncLog, SyncLog.id)
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
    first, quiet = _all(SyncLog, SyncLog.started_at)
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
    assert item.settled_on == plan.day_of(datetime.now(UTC))
    assert (one_invoice().status, one_invoice().open_amount) == (InvoiceStatus.PAID, Decimal(0))
    verbs = [one.verb for one in _all(AuditEvent, AuditEvent.seq)]
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


def test_an_upload_that_is_there_is_not_doubled(server: YukiServer, anna: Member) -> None:
    supplier = factories.contact("Molens van Gent NV", vat_number="BE0202239951")
    upload = factories.invoice(of=supplier, gross="847.00", number="V26/889", source="upload")
    waiting = factories.invoice(
        of=supplier, gross="99.00", number="V26-900", status=InvoiceStatus.TO_APPROVE
    )
    first = {"original": Decimal("847.00"), "open": Decimal("47.00"), "reference": "v26/889"}
    second = {"original": Decimal("99.00"), "reference": "V26 900"}
    fake.books(server).payables += [
        bill(1, contact="Moulins SA", vat_number="BE0202.239.951", **first),
        bill(2, contact="MOLENS VAN GENT", vat_number="", **second),
    ]

    connected(anna, server)

    assert {one.id for one in all_invoices()} == {upload.id, waiting.id}
    assert {one.invoice_id for one in items()} == {upload.id, waiting.id}
    kept = next(one for one in all_invoices() if one.id == upload.id)
    assert (kept.open_amount, kept.status) == (Decimal("847.00"), InvoiceStatus.OPEN)


def test_a_sale_of_our_own_is_found_by_its_number(server: YukiServer, anna: Member) -> None:
    ours = factories.invoice(direction=SALE, gross="121.00", number="2026-0001")
    fake.books(server).receivables += [
        fake.item(1, contact="Anders geschreven BV"),
        fake.item(1, contact="Nog een ander", original=Decimal("7.00"), id="f" * 36),
    ]

    connected(anna, server)

    found = {one.external_id: one.invoice_id for one in items()}
    assert found.pop("f" * 36) != ours.id
    assert list(found.values()) == [ours.id]
    twin = next(one for one in all_invoices() if one.id != ours.id)
    assert twin.number == "2026-0001 (ffffffff)"


def test_another_amount_under_the_same_number_is_no_second_invoice(
    server: YukiServer, anna: Member
) -> None:
    supplier = factories.contact("Molens van Gent NV")
    upload = factories.invoice(of=supplier, gross="847.00", number="V26/889", issue_date=fake.FIRST)
    fake.books(server).payables.append(
        bill(contact="Molens van Gent", reference="V26/889", original=Decimal("874.00"))
    )

    connected(anna, server)

    assert one_invoice().id == upload.id
    assert one_invoice().gross_amount == Decimal("847.00")
    assert items()[0].invoice_id == upload.id


def test_bank_lines_settle_what_the_books_still_have_open(server: YukiServer, anna: Member) -> None:
    books = fake.books(server)
    books.receivables.append(fake.item(1))
    row = connected(anna, server)
    pay(one_invoice(), "100.00")

    engine.run(integration_id=row.id)
    assert one_invoice().open_amount == Decimal("21.00")

    books.receivables[0].open = Decimal("11.00")
    engine.run(integration_id=row.id)
    assert one_invoice().open_amount == Decimal("11.00")

    books.receivables[0].original = Decimal("90.00")
    engine.run(integration_id=row.id)
    assert (one_invoice().gross_amount, one_invoice().open_amount, one_invoice().status) == (
        Decimal("90.00"),
        Decimal("0.00"),
        InvoiceStatus.PAID,
    )


def pay(invoice: Invoice, amount: str) -> Allocation:
    """A bank line that settled part of an invoice."""
    line = factories.movement(on=factories.account(), amount=amount)
    made = Allocation(invoice_id=invoice.id, transaction_id=line.id, amount=Decimal(amount))
    with transaction() as session:
        session.add(made)
        session.flush()
        found = session.scalars(
            select(Invoice)
            .where(Invoice.id == invoice.id)
            .execution_options(populate_existing=True)
        ).one()
        found.open_amount -= Decimal(amount)
    return made


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


def test_a_session_that_ended_is_renewed_once(server: YukiServer, anna: Member) -> None:
    fake.books(server).receivables.append(fake.item(1))
    row = connected(anna, server)
    server.world.end_sessions()
    server.world.calls.clear()

    engine.run(integration_id=row.id)

    assert server.world.calls["Authenticate"] == 1
    assert server.world.calls["SetCurrentDomain"] == 1
    assert state(row).trouble is None
    server.world.behaviour.session_calls = 1
    server.world.end_sessions()
    engine.run(integration_id=row.id)
    assert state(row).trouble is Trouble.PARTNER_FAULT
    assert_equals_the_books(server)


def test_a_key_that_is_withdrawn_wants_a_person(server: YukiServer, anna: Member) -> None:
    row = connected(anna, server)
    domains = server.world.keys.pop(fake.KEY)
    server.world.end_sessions()

    engine.run(integration_id=row.id)

    assert state(row).state is ConnectionState.RECONNECT
    server.world.keys["new"] = domains
    with pytest.raises(Refusal, match="does not accept"):
        accounting.renew(integration_id=row.id, access_key=fake.KEY, by=anna.actor)
    accounting.renew(integration_id=row.id, access_key="new", by=anna.actor)
    engine.run(integration_id=row.id)
    assert (state(row).state, state(row).trouble) == (ConnectionState.ACTIVE, None)


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
    today = plan.day_of(datetime.now(UTC))
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
    log = _all(SyncLog, SyncLog.started_at)[-1]
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
    balances = _all(AccountingBalance, AccountingBalance.code)
    assert [(one.code, one.amount) for one in balances] == [
        ("550000", Decimal("2500.00")),
        ("570000", Decimal("40.00")),
        ("700000", Decimal("-2540.00")),
    ]
    assert {one.day for one in balances} == {plan.day_of(datetime.now(UTC))}
    assert server.world.calls["GLAccountBalance"] == 1
    assert server.world.calls["GetSuppliersAndCustomers"] > 0
    (contact,) = _all(Contact, Contact.id)
    assert contact.vat_number is None

    books.receivables[0].vat_number = "BE0202.239.951"
    with transaction():
        kept = state(row)
        kept.details = {key: value for key, value in kept.details.items() if key != "contacts_on"}
    engine.run(integration_id=row.id)

    (contact,) = _all(Contact, Contact.id)
    assert contact.vat_number == "BE0202239951"
    assert server.world.calls["GLAccountBalance"] == 1


def test_the_next_run_follows_the_plan(server: YukiServer, anna: Member) -> None:
    row = connected(anna, server)

    engine.run(integration_id=row.id)

    pause = state(row).next_run - datetime.now(UTC)
    assert timedelta(minutes=14) < pause <= timedelta(minutes=60)


def test_it_says_whether_login_and_books_are_good(server: YukiServer, anna: Member) -> None:
    row = connected(anna, server)

    good = connections.check(integration_id=row.id, by=anna.actor)
    fake.books(server).is_active = False
    gone = connections.check(integration_id=row.id, by=anna.actor)

    assert (good.is_good, good.place) == (True, "Bakkerij Anna BV")
    assert (gone.is_login_good, gone.is_place_good) == (True, False)


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


def test_an_upload_takes_over_the_shell(server: YukiServer, anna: Member) -> None:
    fake.books(server).payables.append(
        bill(contact="Molens van Gent NV", reference="V26/889", original=Decimal("847.00"))
    )
    row = connected(anna, server)
    shell = one_invoice()
    paid = pay(shell, "100.00")
    supplier = _all(Contact, Contact.id)[0]
    upload = factories.invoice(
        of=supplier,
        gross="847.00",
        number="V26-889",
        status=InvoiceStatus.TO_APPROVE,
        source="upload",
        issue_date=fake.FIRST,
    )

    assert invoices.twins(upload) == []
    invoices.approve(invoice_id=upload.id, by=anna.actor)

    kept = one_invoice()
    assert (kept.id, kept.open_amount, kept.source) == (upload.id, Decimal("747.00"), "upload")
    assert _all(Allocation, Allocation.id)[0].id == paid.id
    assert _all(Allocation, Allocation.id)[0].invoice_id == upload.id
    assert items()[0].invoice_id == upload.id
    engine.run(integration_id=row.id)
    assert one_invoice().id == upload.id
    assert_equals_the_books(server)
    assert number_key("V26/889") == kept.number_key
    assert isinstance(row.id, UUID)


def test_a_document_is_fetched_for_the_invoice_that_has_none(
    server: YukiServer, anna: Member
) -> None:
    content = letter(
        "Molens van Gent NV", "Factuur V26-889", "Datum 01/09/2026", "Totaal 847,00 EUR"
    )
    paper = Paper("Meel", fake.FIRST, 1, content=content, name="meel.pdf")
    books = fake.books(server)
    books.documents.append(paper)
    books.payables.append(
        bill(
            contact="Molens van Gent NV",
            reference="V26/889",
            original=Decimal("847.00"),
            document_id=paper.id,
        )
    )
    connected(anna, server)
    (item,) = items()

    received = accounting.fetch_document(item.id, by=anna.actor)
    documents.read(document_id=received.document.id)

    found = one_invoice()
    document = documents.shown(document_id=received.document.id, by=anna.actor)
    assert received.is_new
    assert (document.source, document.status) == (DocumentSource.YUKI, DocumentStatus.DONE)
    assert found.document_id == document.id
    assert (found.status, found.gross_amount) == (InvoiceStatus.OPEN, Decimal("847.00"))
    assert server.world.calls["DocumentFile"] == 1
    with pytest.raises(NotAllowed):
        accounting.fetch_document(item.id, by=replace(anna.actor, role=Role.VIEWER))


def test_documents_of_a_day_have_an_end(
    server: YukiServer, anna: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = Paper("Meel", fake.FIRST, 1, content=letter("Meel"))
    fake.books(server).documents.append(paper)
    fake.books(server).payables += [bill(1, document_id=paper.id), bill(2)]
    connected(anna, server)
    with_paper, without = items()
    monkeypatch.setattr(plan, "DOCUMENTS_A_DAY", 1)

    accounting.fetch_document(with_paper.id, by=anna.actor)

    with pytest.raises(Refusal, match="all a day allows"):
        accounting.fetch_document(with_paper.id, by=anna.actor)
    with pytest.raises(Refusal, match="no document with this entry"):
        accounting.fetch_document(without.id, by=anna.actor)


def test_a_sale_read_from_paper_takes_over_whatever_the_customer_is_called(
    server: YukiServer, anna: Member
) -> None:
    fake.books(server).receivables.append(fake.item(1, contact="Anders geschreven BV"))
    connected(anna, server)
    waiting = InvoiceStatus.TO_APPROVE
    sale = factories.invoice(
        of=factories.contact("Klant 1"), direction=SALE, number="2026-0001", status=waiting
    )

    invoices.approve(invoice_id=sale.id, by=anna.actor)

    assert one_invoice().id == sale.id
    assert items()[0].invoice_id == sale.id


def test_a_draft_that_is_deleted_leaves_its_item_free(server: YukiServer, anna: Member) -> None:
    paper = factories.document()
    draft = factories.invoice(
        of=factories.contact("Leverancier 1"),
        number="2026-0001",
        status=InvoiceStatus.TO_CHECK,
        document_id=paper.id,
    )
    fake.books(server).payables.append(bill(1))
    row = connected(anna, server)
    assert items()[0].invoice_id == draft.id

    documents.delete(document_id=paper.id, by=anna.actor)
    engine.run(integration_id=row.id)

    assert one_invoice().source == "yuki"
    assert items()[0].invoice_id == one_invoice().id
    assert_equals_the_books(server)
