"""Files of several invoices: split once, put together again, nothing doubled, nothing lost."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from billify.application import documents, invoices, ports, splitting
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import AuditEvent, Document, Invoice, Job
from billify.domain.documents import DocumentSource, DocumentStatus
from billify.domain.invoices import InvoiceStatus
from billify.domain.refusal import NotFound, Refusal
from billify.integrations import documents as opener
from tests.cast import Cast, Member
from tests.integrations.papers import pdf


def invoice_page(number: str, total: str, *, at: int = 1, of: int = 1) -> list[str]:
    return [
        "Molens van Deinze NV",
        "Kaaistraat 12",
        "9800 Deinze",
        "BTW BE 0403.170.701",
        "Factuur",
        f"Factuurnummer: {number}",
        "Factuurdatum: 02/10/2026",
        "Vervaldatum: 01/11/2026",
        "Bakkerij Anna BV",
        f"Totaal te betalen: {total} EUR",
        "IBAN BE68 5390 0754 7034",
        f"Pagina {at} van {of}",
    ]


TWO = pdf(invoice_page("F-2026-117", "121,00"), invoice_page("F-2026-118", "242,00"))
LONG = pdf(
    invoice_page("F-2026-119", "121,00", at=1, of=2),
    ["Molens van Deinze NV", "Bloem type 55, zak 25 kg   12   8,00   96,00", "Pagina 2 van 2"],
)
NOTE = pdf(
    [
        "Molens van Deinze NV",
        "LEVERINGSBON",
        "Nummer L-77",
        "Bloem type 55, zak 25 kg   12 stuks",
        "Voor ontvangst: aantal colli 2",
    ]
)


@pytest.fixture
def anna(cast: Cast) -> Iterator[Member]:
    with tenancy.company_scope(cast.anna.actor.company_id, cast.anna.user_id):
        yield cast.anna


def take(member: Member, content: bytes, name: str = "scan.pdf") -> Document:
    return documents.receive(content=content, name=name, by=member.actor).document


def read(document: Document) -> None:
    documents.read(document_id=document.id)


def taken_and_split(member: Member) -> Document:
    document = take(member, TWO)
    read(document)
    splitting.divide(document_id=document.id)
    return again(document)


def again(document: Document) -> Document:
    return db.session.scalars(
        select(Document).where(Document.id == document.id).execution_options(populate_existing=True)
    ).one()


def parts() -> list[Document]:
    found = select(Document).where(
        Document.source == DocumentSource.SPLIT, Document.status != DocumentStatus.DELETED
    )
    return list(
        db.session.scalars(
            found.order_by(Document.first_page).execution_options(populate_existing=True)
        )
    )


def drafts() -> list[Invoice]:
    return list(db.session.scalars(select(Invoice).order_by(Invoice.number)))


def jobs_named(name: str) -> list[Job]:
    return list(db.session.scalars(select(Job).where(Job.name == name)))


class TestSplitting:
    def test_two_invoices_become_two_documents_and_the_file_stays(self, anna: Member) -> None:
        document = take(anna, TWO)

        read(document)
        assert len(jobs_named("documents.split")) == 1
        splitting.divide(document_id=document.id)

        assert again(document).status is DocumentStatus.SPLIT
        assert ports.storage().get(document.key) == TWO
        first, second = parts()
        assert (first.name, second.name) == ("scan (1).pdf", "scan (2).pdf")
        assert {first.split_from_id, second.split_from_id} == {document.id}
        assert len({document.sha256, first.sha256, second.sha256}) == 3
        assert opener.check(ports.storage().get(second.key)) is opener.MediaType.PDF

    def test_each_part_is_read_without_being_opened_again(
        self, anna: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken_and_split(anna)
        monkeypatch.delattr(opener, "open_document")

        for part in parts():
            read(part)

        assert [draft.number for draft in drafts()] == ["F-2026-117", "F-2026-118"]
        assert [str(draft.gross_amount) for draft in drafts()] == ["121.00", "242.00"]
        assert [part.status for part in parts()] == [DocumentStatus.TO_CHECK] * 2
        assert documents.preview(document_id=parts()[1].id, page=1, by=anna.actor)

    def test_split_a_second_time_there_are_no_doubles(self, anna: Member) -> None:
        document = taken_and_split(anna)

        splitting.divide(document_id=document.id)
        read(document)

        assert len(parts()) == 2
        assert len(jobs_named("documents.read")) == 3

    def test_a_crash_before_the_rows_leaves_the_file_to_be_split(
        self, anna: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        document = take(anna, TWO)
        read(document)

        def broken(*_: object, **__: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(splitting, "_part", broken)
        with pytest.raises(ZeroDivisionError):
            splitting.divide(document_id=document.id)
        monkeypatch.undo()
        assert (again(document).status, parts()) == (DocumentStatus.READING, [])

        splitting.divide(document_id=document.id)

        assert len(parts()) == 2

    def test_one_invoice_of_two_pages_is_not_cut(self, anna: Member) -> None:
        document = take(anna, LONG)

        read(document)

        assert again(document).status is DocumentStatus.TO_CHECK
        assert [draft.number for draft in drafts()] == ["F-2026-119"]

    def test_a_file_that_cannot_be_cut_says_so(
        self, anna: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        document = take(anna, TWO)
        read(document)

        def refused(*_: object, **__: object) -> None:
            raise Refusal("This PDF is damaged and cannot be opened.")

        monkeypatch.setattr(opener, "cut", refused)
        splitting.divide(document_id=document.id)

        assert again(document).status is DocumentStatus.FAILED


class TestPuttingTogether:
    def test_the_parts_go_and_the_file_is_read_as_one(self, anna: Member) -> None:
        document = taken_and_split(anna)
        for part in parts():
            read(part)

        splitting.join(document_id=document.id, by=anna.actor)
        read(document)

        assert parts() == []
        assert again(document).status is DocumentStatus.TO_CHECK
        (draft,) = drafts()
        assert draft.document_id == document.id
        assert len(jobs_named("documents.forget")) == 2

    def test_it_can_be_split_again_by_hand(self, anna: Member) -> None:
        document = taken_and_split(anna)
        splitting.join(document_id=document.id, by=anna.actor)
        read(document)

        splitting.split(document_id=document.id, starts=[2], by=anna.actor)
        splitting.divide(document_id=document.id)

        assert [part.first_page for part in parts()] == [1, 2]
        assert drafts() == []

    def test_an_invoice_in_the_books_keeps_it_split(self, anna: Member) -> None:
        document = taken_and_split(anna)
        for part in parts():
            read(part)
        invoices.approve(invoice_id=drafts()[0].id, by=anna.actor)

        with pytest.raises(Refusal, match="in the books"):
            splitting.join(document_id=document.id, by=anna.actor)

        assert len(parts()) == 2
        assert drafts()[0].status is InvoiceStatus.OPEN

    def test_what_was_not_split_is_not_put_together(self, anna: Member) -> None:
        document = take(anna, LONG)
        read(document)

        with pytest.raises(Refusal, match="one already"):
            splitting.join(document_id=document.id, by=anna.actor)

    def test_a_strangers_file_is_not_found(self, cast: Cast, anna: Member) -> None:
        document = taken_and_split(anna)

        with tenancy.company_scope(cast.chloe.actor.company_id), pytest.raises(NotFound):
            splitting.join(document_id=document.id, by=cast.chloe.actor)


class TestByHand:
    def test_pages_that_are_not_there_are_refused(self, anna: Member) -> None:
        document = take(anna, LONG)
        read(document)

        with pytest.raises(Refusal, match="no such pages"):
            splitting.split(document_id=document.id, starts=[3], by=anna.actor)

    def test_a_mark_on_the_first_page_alone_is_refused(self, anna: Member) -> None:
        document = take(anna, LONG)
        read(document)

        with pytest.raises(Refusal, match="at least one page"):
            splitting.split(document_id=document.id, starts=[1], by=anna.actor)

    def test_an_approved_invoice_is_not_split(self, anna: Member) -> None:
        document = take(anna, LONG)
        read(document)
        invoices.approve(invoice_id=drafts()[0].id, by=anna.actor)

        with pytest.raises(Refusal, match="waits to be checked"):
            splitting.split(document_id=document.id, starts=[2], by=anna.actor)

    def test_the_draft_of_the_whole_goes(self, anna: Member) -> None:
        document = take(anna, LONG)
        read(document)

        splitting.split(document_id=document.id, starts=[2], by=anna.actor)

        assert drafts() == []
        assert again(document).status is DocumentStatus.READING


class TestNoInvoice:
    def test_a_delivery_note_is_not_drafted(self, anna: Member) -> None:
        document = take(anna, NOTE)

        read(document)

        row = again(document)
        assert (row.status, row.reason) == (
            DocumentStatus.TO_CHECK,
            "This looks like a delivery note.",
        )
        assert drafts() == []

    def test_it_is_an_invoice_after_all(self, anna: Member) -> None:
        document = take(anna, NOTE)
        read(document)

        draft = splitting.draft(document_id=document.id, by=anna.actor)

        assert draft.document_id == document.id
        assert (again(document).reason, draft.status) == (None, InvoiceStatus.TO_CHECK)
        with pytest.raises(Refusal, match="already"):
            splitting.draft(document_id=document.id, by=anna.actor)
        assert len(drafts()) == 1

    def test_it_is_set_aside_and_taken_up_again(self, anna: Member) -> None:
        document = take(anna, NOTE)
        read(document)

        splitting.set_aside(document_id=document.id, by=anna.actor)
        assert again(document).status is DocumentStatus.SET_ASIDE
        splitting.draft(document_id=document.id, by=anna.actor)

        assert again(document).status is DocumentStatus.TO_CHECK

    def test_every_step_is_in_the_log(self, anna: Member) -> None:
        document = take(anna, NOTE)
        read(document)

        splitting.set_aside(document_id=document.id, by=anna.actor)

        with transaction():
            verbs = list(db.session.scalars(select(AuditEvent.verb).order_by(AuditEvent.seq)))
        assert verbs == ["document.received", "document.set_aside"]
