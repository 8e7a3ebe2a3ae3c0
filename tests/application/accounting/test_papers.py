"""Papers that meet what only the accounting knew: taken together, doubted, or refused."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from billify.application import accounting, documents, invoices, matching
from billify.application.partners import engine
from billify.data.models import Contact, Invoice
from billify.domain.documents import DocumentStatus
from billify.domain.invoices import InvoiceStatus
from billify.domain.refusal import Refusal
from billify.stand_ins.yuki import Document as Paper
from billify.stand_ins.yuki import YukiServer
from tests import factories
from tests.application.accounting.books import (
    all_invoices,
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

MILL = "Molens van Gent NV"


def entry(reference: str = "V26/889", **more: Any) -> Any:  # Any: fields; an item
    """An item of the mill, of 847.00."""
    return bill(contact=MILL, reference=reference, original=Decimal("847.00"), **more)


def upload(number: str = "V26-889", gross: str = "847.00", **more: Any) -> Invoice:
    """Its paper, read and waiting for approval."""
    values: dict[str, Any] = {
        "of": more.pop("of", None) or every(Contact, Contact.id)[0],
        "status": InvoiceStatus.TO_APPROVE,
        "source": "upload",
        "issue_date": fake.FIRST,
        **more,
    }
    return factories.invoice(gross=gross, number=number, **values)


def twins(invoice: Invoice) -> list[str | None]:
    return [one.invoice.source for one in invoices.twins(invoice)]


def test_a_shell_without_a_number_is_found_by_contact_day_and_total(
    server: YukiServer, anna: Member
) -> None:
    fake.books(server).payables.append(entry("", description="Meel september"))
    connected(anna, server)
    paper = upload()

    assert twins(paper) == []
    invoices.approve(invoice_id=paper.id, by=anna.actor)

    assert one_invoice().id == paper.id
    assert items()[0].invoice_id == paper.id


def test_a_number_that_is_part_of_the_papers_is_warned_of(server: YukiServer, anna: Member) -> None:
    fake.books(server).payables.append(entry("889", dated=fake.FIRST + timedelta(days=2)))
    connected(anna, server)

    assert twins(upload()) == ["yuki"]
    assert "yuki" not in twins(upload(number="V26-890"))
    assert "yuki" not in twins(upload(gross="848.00"))


def test_the_same_number_and_total_of_another_contact_is_warned_of(
    server: YukiServer, anna: Member
) -> None:
    fake.books(server).payables.append(entry())
    connected(anna, server)

    paper = upload(of=factories.contact("Gentse Molens BV"))

    assert twins(paper) == ["yuki"]


def test_a_second_shell_of_the_same_day_and_total_is_warned_of(
    server: YukiServer, anna: Member
) -> None:
    fake.books(server).payables += [entry(), entry("V26/900")]
    connected(anna, server)

    found = invoices.twins(upload())

    assert [one.invoice.number for one in found] == ["V26/900"]


@pytest.mark.parametrize("by_bank", ["0.00", "100.00"])
def test_what_is_settled_in_the_books_is_not_owed_again_with_its_paper(
    by_bank: str, server: YukiServer, anna: Member
) -> None:
    fake.books(server).payables.append(entry())
    row = connected(anna, server)
    if Decimal(by_bank):
        pay(one_invoice(), by_bank)
    fake.books(server).payables.clear()
    engine.run(integration_id=row.id)
    assert one_invoice().status is InvoiceStatus.PAID

    paper = upload()
    invoices.approve(invoice_id=paper.id, by=anna.actor)

    found = one_invoice()
    assert (found.id, found.status, found.open_amount) == (
        paper.id,
        InvoiceStatus.PAID,
        Decimal("0.00"),
    )
    assert matching.verify() == []


def test_a_paper_of_less_than_the_bank_has_paid_is_refused(
    server: YukiServer, anna: Member
) -> None:
    fake.books(server).payables.append(entry())
    connected(anna, server)
    shell = one_invoice()
    paid = pay(shell, "847.00")
    paper = upload(gross="700.00")

    with pytest.raises(Refusal, match="More was paid"):
        invoices.approve(invoice_id=paper.id, by=anna.actor)

    assert {one.id for one in all_invoices()} == {shell.id, paper.id}
    assert paid.invoice_id == shell.id


def fetched(server: YukiServer, anna: Member, total: str) -> Any:  # Any: the document
    """The paper of an item, fetched from the archive and read."""
    content = letter(MILL, "Factuur V26-889", "Datum 01/09/2026", f"Totaal {total} EUR")
    paper = Paper("Meel", fake.FIRST, 1, content=content, name="meel.pdf")
    fake.books(server).documents.append(paper)
    fake.books(server).payables.append(entry(document_id=paper.id))
    connected(anna, server)
    received = accounting.fetch_document(items()[0].id, by=anna.actor)
    documents.read(document_id=received.document.id)
    return documents.shown(document_id=received.document.id, by=anna.actor)


def test_a_fetched_paper_of_another_total_waits_to_be_checked(
    server: YukiServer, anna: Member
) -> None:
    document = fetched(server, anna, "700,00")

    (shell,) = [one for one in all_invoices() if one.source == "yuki"]
    (draft,) = [one for one in all_invoices() if one.source == "upload"]
    assert document.status is DocumentStatus.TO_CHECK
    assert (draft.status, draft.document_id) == (InvoiceStatus.TO_CHECK, document.id)
    assert draft.gross_amount == Decimal("700.00")
    assert (shell.document_id, shell.gross_amount) == (None, Decimal("847.00"))


def test_a_paper_is_not_fetched_for_an_invoice_that_has_one(
    server: YukiServer, anna: Member
) -> None:
    fetched(server, anna, "847,00")

    with pytest.raises(Refusal, match="has a document already"):
        accounting.fetch_document(items()[0].id, by=anna.actor)

    assert server.world.calls["DocumentFile"] == 1
    assert len(all_invoices()) == 1


def test_a_paper_that_could_not_be_read_keeps_no_total(server: YukiServer, anna: Member) -> None:
    paper = Paper("Meel", fake.FIRST, 1, content=letter("Meel"), name="meel.pdf")
    fake.books(server).documents.append(paper)
    fake.books(server).payables.append(entry(document_id=paper.id))
    row = connected(anna, server)
    received = accounting.fetch_document(items()[0].id, by=anna.actor)
    documents.record_failure(document_id=received.document.id, refusal=Refusal("Not read."))

    fake.books(server).payables[0].original = Decimal("874.00")
    engine.run(integration_id=row.id)

    found = one_invoice()
    assert found.document_id == received.document.id
    assert (found.gross_amount, found.open_amount) == (Decimal("874.00"), Decimal("874.00"))
