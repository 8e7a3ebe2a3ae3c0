"""A connection is ended and made again, to the same books or to others; a person sets aside."""

from decimal import Decimal

import pytest

from billify.application import accounting, connections, invoices
from billify.application.partners import engine
from billify.data.db import transaction
from billify.data.models import Integration
from billify.domain.invoices import InvoiceDirection, InvoiceStatus
from billify.domain.refusal import Refusal
from billify.stand_ins.yuki import Books, YukiServer
from tests import factories
from tests.application.accounting.books import (
    all_invoices,
    assert_equals_the_books,
    bill,
    connected,
    items,
    one_invoice,
    pay,
    state,
)
from tests.cast import Member
from tests.fakes import yuki as fake

SET_ASIDE, OPEN, PAID = InvoiceStatus.SET_ASIDE, InvoiceStatus.OPEN, InvoiceStatus.PAID


def again(by: Member, row: Integration, server: YukiServer, *, books: Books) -> Integration:
    """The connection is ended, and one to these books is made and read."""
    connections.disconnect(integration_id=row.id, by=by.actor)
    new = accounting.connect(access_key=fake.KEY, by=by.actor)
    accounting.choose(integration_id=new.id, administration_id=books.id, by=by.actor)
    engine.run(integration_id=new.id)
    assert state(new).trouble is None
    return new


def test_the_same_books_go_on_where_they_ended(server: YukiServer, anna: Member) -> None:
    factories.invoice(direction=InvoiceDirection.SALE, number="2026-0001", gross="500.00")
    books = fake.books(server)
    books.receivables += [fake.item(1), fake.item(2), fake.item(3, reference="")]
    row = connected(anna, server)
    before = {one.id for one in all_invoices()}
    marked = next(one for one in all_invoices() if "(" in one.number)
    books.receivables[1].open = Decimal(0)

    again(anna, row, server, books=books)

    assert {one.id for one in all_invoices()} == before
    assert {one.id: one.status for one in all_invoices()}[marked.id] is OPEN
    (gone,) = [one for one in all_invoices() if one.number == "2026-0002"]
    assert gone.status is PAID
    assert_equals_the_books(server)


def test_an_invoice_is_found_by_what_it_was_made_from(server: YukiServer, anna: Member) -> None:
    """Also where the item itself was not kept, and the number leads elsewhere."""
    books = fake.books(server)
    books.receivables.append(fake.item(1, reference="", description="Taart"))
    row = connected(anna, server)
    with transaction() as session:
        (item,) = items()
        session.delete(item)
        session.flush()

    engine.run(integration_id=row.id)

    assert items()[0].invoice_id == one_invoice().id


def test_what_only_other_books_know_is_open_no_longer(server: YukiServer, anna: Member) -> None:
    ours = fake.books(server)
    other = Books("Een andere", "")
    server.world.keys[fake.KEY][0].books.append(other)
    ours.payables += [bill(1), bill(2), bill(3)]
    row = connected(anna, server)
    first, second, third = sorted(all_invoices(), key=lambda one: one.number)
    pay(second, "100.00")
    invoices.set_aside(invoice_id=third.id, by=anna.actor)

    new = again(anna, row, server, books=other)

    kept = {one.id: (one.status, one.open_amount) for one in all_invoices()}
    assert kept[first.id] == (SET_ASIDE, Decimal("121.00"))
    assert kept[second.id] == (PAID, Decimal("0.00"))
    again(anna, new, server, books=ours)
    kept = {one.id: (one.status, one.open_amount) for one in all_invoices()}
    assert kept[first.id] == (OPEN, Decimal("121.00"))
    assert kept[second.id] == (OPEN, Decimal("21.00"))
    assert kept[third.id][0] is SET_ASIDE
    assert len(kept) == 3


@pytest.mark.parametrize("closes", [False, True])
def test_who_ends_a_connection_says_what_becomes_of_what_only_it_knows(
    closes: bool, server: YukiServer, anna: Member
) -> None:
    ours = fake.books(server)
    ours.payables += [bill(1), bill(2)]
    row = connected(anna, server)
    first, second = sorted(all_invoices(), key=lambda one: one.number)
    pay(second, "100.00")
    own = factories.invoice(number="mine")
    assert connections.left_open(row) == 2

    connections.disconnect(integration_id=row.id, by=anna.actor, closes=closes)

    kept = {one.id: (one.status, one.open_amount) for one in all_invoices()}
    open_as_told = ((OPEN, Decimal("121.00")), (OPEN, Decimal("21.00")))
    left = ((SET_ASIDE, Decimal("121.00")), (PAID, Decimal("0.00")))
    assert (kept[first.id], kept[second.id]) == (left if closes else open_as_told)
    assert kept[own.id][0] is OPEN
    new = accounting.connect(access_key=fake.KEY, by=anna.actor)
    accounting.choose(integration_id=new.id, administration_id=ours.id, by=anna.actor)
    engine.run(integration_id=new.id)
    kept = {one.id: (one.status, one.open_amount) for one in all_invoices()}
    assert (kept[first.id], kept[second.id]) == open_as_told


def test_a_person_sets_a_shell_aside_and_takes_it_up(server: YukiServer, anna: Member) -> None:
    fake.books(server).receivables += [fake.item(1)]
    row = connected(anna, server)
    shell = one_invoice()

    invoices.set_aside(invoice_id=shell.id, by=anna.actor)
    engine.run(integration_id=row.id)
    assert one_invoice().status is SET_ASIDE

    rival = factories.invoice(direction=InvoiceDirection.SALE, number="2026-0001")
    with pytest.raises(Refusal, match="has this number"):
        invoices.reopen(invoice_id=shell.id, by=anna.actor)
    with transaction():
        rival.status = SET_ASIDE
    invoices.reopen(invoice_id=shell.id, by=anna.actor)
    pay(next(one for one in all_invoices() if one.id == shell.id), "100.00")
    with pytest.raises(Refusal, match="bank lines"):
        invoices.set_aside(invoice_id=shell.id, by=anna.actor)
