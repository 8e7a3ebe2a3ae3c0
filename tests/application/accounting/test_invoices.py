"""Open items and invoices: each once, whichever came first."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from billify.application import accounting, documents, invoices
from billify.application.partners import engine
from billify.data.models import Allocation, Contact
from billify.domain.accounting import plan
from billify.domain.documents import DocumentSource, DocumentStatus
from billify.domain.duplicates import number_key
from billify.domain.invoices import InvoiceDirection, InvoiceStatus
from billify.domain.refusal import NotAllowed, Refusal
from billify.domain.roles import Role
from billify.stand_ins.yuki import Document as Paper
from billify.stand_ins.yuki import YukiServer
from tests import factories
from tests.application.accounting.books import (
    all_invoices,
    assert_equals_the_books,
    bill,
    connected,
    every,
    items,
    one_invoice,
    pay,
)
from tests.blueprints.bad_files import letter
from tests.cast import Member
from tests.fakes import yuki as fake

SALE, PURCHASE = InvoiceDirection.SALE, InvoiceDirection.PURCHASE


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


def test_an_upload_takes_over_the_shell(server: YukiServer, anna: Member) -> None:
    fake.books(server).payables.append(
        bill(contact="Molens van Gent NV", reference="V26/889", original=Decimal("847.00"))
    )
    row = connected(anna, server)
    shell = one_invoice()
    paid = pay(shell, "100.00")
    supplier = every(Contact, Contact.id)[0]
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
    assert every(Allocation, Allocation.id)[0].id == paid.id
    assert every(Allocation, Allocation.id)[0].invoice_id == upload.id
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
    papers = [Paper(name, fake.FIRST, 1, content=letter(name)) for name in ("Meel", "Gist")]
    fake.books(server).documents += papers
    fake.books(server).payables += [
        *(bill(at, document_id=paper.id) for at, paper in enumerate(papers, 1)),
        bill(3),
    ]
    connected(anna, server)
    first, second, without = items()
    monkeypatch.setattr(plan, "DOCUMENTS_A_DAY", 1)

    accounting.fetch_document(first.id, by=anna.actor)

    with pytest.raises(Refusal, match="all a day allows"):
        accounting.fetch_document(second.id, by=anna.actor)
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
