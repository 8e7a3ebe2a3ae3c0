"""Numbers, names and years that clash: no item stops another, and none is lost or doubled."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billify.application import accounting_invoices
from billify.application.partners import engine
from billify.data.models import Contact
from billify.domain.connections import Trouble
from billify.domain.invoices import InvoiceDirection, InvoiceStatus
from billify.stand_ins.yuki import YukiServer
from tests import factories
from tests.application.accounting.books import (
    all_invoices,
    assert_equals_the_books,
    bill,
    connected,
    every,
    items,
    state,
)
from tests.cast import Member
from tests.fakes import yuki as fake

SALE = InvoiceDirection.SALE


@pytest.mark.parametrize(
    "first",
    [
        {"reference": "", "description": "Taart"},
        {"reference": "R" * 80},
        {"reference": "2026-0009", "contact": "Een ander", "original": Decimal("9.00")},
    ],
    ids=["called by its description", "a long number", "another amount"],
)
def test_a_number_that_a_sale_has_stops_no_reading(
    first: dict[str, Any], server: YukiServer, anna: Member
) -> None:
    books = fake.books(server)
    books.receivables.append(fake.item(1, **first))
    row = connected(anna, server)
    books.receivables += [
        fake.item(2, **first | {"original": Decimal("60.00"), "contact": "Nog een ander"}),
        fake.item(3),
    ]

    engine.run(integration_id=row.id)

    assert state(row).trouble is None
    assert len(all_invoices()) == len({one.number_key for one in all_invoices()}) == 3
    assert all(len(one.number) <= 60 for one in all_invoices())
    assert {one.invoice_id for one in items()} == {one.id for one in all_invoices()}


def test_our_own_number_is_looked_up_as_the_shell_gets_it(server: YukiServer, anna: Member) -> None:
    ours = factories.invoice(direction=SALE, number="Taart", gross="7.00")
    fake.books(server).receivables.append(fake.item(1, reference="", description="taart"))

    connected(anna, server)

    (shell,) = [one for one in all_invoices() if one.id != ours.id]
    assert shell.number.startswith("taart (")


def test_an_item_that_can_not_be_written_stops_no_other(
    server: YukiServer, anna: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.books(server).receivables += [fake.item(at) for at in range(1, 5)]
    make = accounting_invoices._made

    def bad(one: Any, *more: Any) -> dict[str, Any]:
        wrong = {"open_amount": Decimal(-1)} if one.number == "2026-0002" else {}
        return make(one, *more) | wrong

    monkeypatch.setattr(accounting_invoices, "_made", bad)
    row = connected(anna, server)

    assert [one.number for one in all_invoices()] == ["2026-0001", "2026-0003", "2026-0004"]
    assert state(row).trouble is None
    monkeypatch.setattr(accounting_invoices, "_made", make)
    engine.run(integration_id=row.id)
    assert len(all_invoices()) == 4
    assert len(every(Contact, Contact.id)) == 4
    assert_equals_the_books(server)


def test_a_fault_of_our_own_shows(
    server: YukiServer, anna: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = connected(anna, server)

    def fail(**_: Any) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(accounting_invoices, "link", fail)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            engine.run(integration_id=row.id)

    assert (state(row).trouble, state(row).failures) == (Trouble.UNEXPECTED, 2)
    monkeypatch.undo()


@pytest.mark.parametrize("status", [InvoiceStatus.OPEN, InvoiceStatus.PAID])
def test_the_number_of_last_year_is_another_invoice(
    status: InvoiceStatus, server: YukiServer, anna: Member
) -> None:
    supplier = factories.contact("Molens van Gent NV")
    before = factories.invoice(
        of=supplier, gross="847.00", number="1", issue_date=date(2025, 9, 1), status=status
    )
    fake.books(server).payables.append(
        bill(contact="Molens van Gent NV", reference="1", original=Decimal("847.00"))
    )

    connected(anna, server)

    assert len(all_invoices()) == 2
    assert items()[0].invoice_id != before.id


def test_a_paid_sale_is_not_another_customers(server: YukiServer, anna: Member) -> None:
    ours = factories.invoice(
        of=factories.contact("Klant 1 BV"),
        direction=SALE,
        gross="121.00",
        number="2026-0001",
        status=InvoiceStatus.PAID,
        issue_date=fake.FIRST,
    )
    fake.books(server).receivables.append(fake.item(1, contact="Iemand anders"))
    connected(anna, server)
    assert items()[0].invoice_id != ours.id


def test_one_contact_for_items_of_one_name(server: YukiServer, anna: Member) -> None:
    older = factories.contact("Molens van Gent NV")
    buyer = factories.contact("Molens van Gent")
    buyer_id = buyer.id
    factories.invoice(of=buyer, direction=SALE, number="7", gross="1.00")
    books = fake.books(server)
    books.payables += [bill(at, contact="Molens van Gent", contact_id="m") for at in range(5)]

    connected(anna, server)

    assert {one.id for one in every(Contact, Contact.id)} == {older.id, buyer_id}
    shells = [one for one in all_invoices() if one.source == "yuki"]
    assert {one.contact_id for one in shells} == {older.id}


def test_number_and_days_are_followed_until_there_is_a_paper(
    server: YukiServer, anna: Member
) -> None:
    books = fake.books(server)
    books.payables.append(bill(1, reference="", description="Meel"))
    row = connected(anna, server)
    (told,) = books.payables
    told.reference, told.dated, told.due = "V26/889", date(2026, 9, 3), date(2026, 11, 30)

    engine.run(integration_id=row.id)

    (shell,) = all_invoices()
    assert (shell.number, shell.number_key) == ("V26/889", "V26889")
    assert (shell.issue_date, shell.due_date) == (date(2026, 9, 3), date(2026, 11, 30))


def test_a_number_told_later_that_another_sale_has_gets_a_mark(
    server: YukiServer, anna: Member
) -> None:
    books = fake.books(server)
    books.receivables += [fake.item(1), fake.item(2, reference="", description="Taart")]
    row = connected(anna, server)
    books.receivables[1].reference = "2026-0001"

    for _ in range(2):
        engine.run(integration_id=row.id)

    assert state(row).trouble is None
    first, second = sorted(one.number for one in all_invoices())
    assert first == "2026-0001"
    assert second.startswith("2026-0001 (")


def test_an_entry_that_comes_back_beside_its_successor_doubles_nothing(
    server: YukiServer, anna: Member
) -> None:
    books = fake.books(server)
    books.receivables.append(fake.item(1))
    row = connected(anna, server)
    (first,) = books.receivables
    books.receivables[0] = fake.item(1)
    engine.run(integration_id=row.id)
    (shell,) = all_invoices()
    books.receivables.append(first)

    for _ in range(2):
        engine.run(integration_id=row.id)
        kept = {one.id: one.gross_amount for one in all_invoices()}
        assert kept[shell.id] == Decimal("121.00")
        assert len(kept) == 2
        assert_equals_the_books(server)
