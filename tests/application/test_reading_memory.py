"""Memory of layouts: a correction teaches, the next document reads right, all can be forgotten."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from billify.application import documents, invoices, lessons, reading_memory
from billify.application.entries import Entry
from billify.application.parties import NewContact
from billify.data import tenancy
from billify.data.db import db
from billify.data.models import AuditEvent, Document, Invoice, Job, ReadingMemory, ReadingOutcome
from billify.data.queries import invoices as invoice_queries
from billify.domain.invoices import InvoiceKind
from billify.domain.reading import How, Reading
from billify.domain.refusal import NotAllowed, NotFound, Refusal, Stale
from billify.domain.roles import Role
from tests import factories
from tests.blueprints.bad_files import letter
from tests.cast import Cast, Member, add_member

VAT = "BE0203201340"
IBAN, OTHER_IBAN = "BE68539007547034", "BE71096123456769"


@pytest.fixture
def anna(cast: Cast) -> Iterator[Member]:
    with tenancy.company_scope(cast.anna.actor.company_id, cast.anna.user_id):
        yield cast.anna


def paper(number: str, day: str, gross: str, *, iban: str = IBAN) -> bytes:
    """An invoice whose number stands behind a word that no vocabulary knows."""
    return letter(
        "Molens van Deinze NV",
        "Molenstraat 12",
        "9800 Deinze",
        f"BTW {VAT}",
        f"Volgbriefje {number}",
        f"Opgemaakt te Deinze, {day}",
        "Bloem en meel volgens afspraak geleverd",
        f"Alles samen {gross} EUR",
        f"Rekening {iban}",
        "Hartelijk dank voor het vertrouwen",
    )


def taken(member: Member, content: bytes) -> tuple[Document, Invoice]:
    """A document handed in and read, with its draft."""
    document = documents.receive(content=content, name="factuur.pdf", by=member.actor).document
    documents.read(document_id=document.id)
    invoice = db.session.scalars(select(Invoice).where(Invoice.document_id == document.id)).one()
    return document, invoice


def checked(member: Member, invoice: Invoice, **more: Any) -> None:  # Any: fields of an entry
    """What a person fills in on the check screen, and the lesson it gives."""
    stored = invoice_queries.whole(invoice.id)
    assert stored is not None
    values: dict[str, Any] = {
        "kind": InvoiceKind.INVOICE,
        "number": stored.number,
        "contact_id": stored.contact_id,
        "new_contact": None if stored.contact_id else NewContact("Molens van Deinze NV", VAT),
        "issue_date": stored.issue_date,
        "due_date": stored.due_date,
        "delivery_date": stored.delivery_date,
        "currency": stored.currency,
        "net_amount": stored.net_amount,
        "vat_amount": stored.vat_amount,
        "gross_amount": stored.gross_amount,
        "payment_reference": stored.payment_reference,
        "payee_iban": stored.payee_iban,
        "note": None,
        **more,
    }
    invoices.save(
        invoice_id=invoice.id, version=stored.version, entry=Entry(**values), by=member.actor
    )
    assert invoice.document_id is not None
    lessons.learn(document_id=invoice.document_id)


def reading_of(document: Document) -> Reading:
    kept = db.session.scalars(select(Document.reading).where(Document.id == document.id)).one()
    return Reading.from_json(kept or {})


def taught(member: Member) -> tuple[Document, Invoice]:
    """The first invoice of the mill, corrected."""
    document, invoice = taken(member, paper("Q7-117", "02/10/2026", "121,00"))
    checked(
        member,
        invoice,
        number="Q7-117",
        issue_date=date(2026, 10, 2),
        gross_amount=Decimal("121.00"),
        payment_reference=None,
    )
    return document, invoice


def memories() -> list[ReadingMemory]:
    return list(db.session.scalars(select(ReadingMemory)))


class TestLearning:
    def test_the_second_invoice_of_a_corrected_layout_reads_right(self, anna: Member) -> None:
        first, _ = taught(anna)
        assert reading_of(first).text("invoice_number") != "Q7-117"

        second, draft = taken(anna, paper("Q7-204", "16/11/2026", "64,20"))

        found = reading_of(second)
        assert found.fields["invoice_number"].value == "Q7-204"
        assert found.fields["invoice_number"].how is How.MEMORY
        assert found.fields["gross_amount"].value == "64.20"
        assert (draft.number, draft.gross_amount) == ("Q7-204", Decimal("64.20"))
        assert draft.issue_date == date(2026, 11, 16)
        assert draft.party_name == "Molens van Deinze NV"

    def test_saving_and_approving_ask_for_the_lesson_of_a_purchase_only(self, anna: Member) -> None:
        _, invoice = taught(anna)
        names = db.session.scalars(select(Job.name).where(Job.name == "reading_memory.learn")).all()
        assert len(names) == 1

        invoices.approve(invoice_id=invoice.id, by=anna.actor)

        names = db.session.scalars(select(Job.name).where(Job.name == "reading_memory.learn")).all()
        assert len(names) == 2

    def test_a_document_teaches_once_by_what_it_says_last(self, anna: Member) -> None:
        document, invoice = taught(anna)

        checked(anna, invoice, number="Q7-117", gross_amount=Decimal("121.00"))
        lessons.learn(document_id=document.id)

        (row,) = memories()
        assert row.documents == 1
        assert len(list(db.session.scalars(select(ReadingOutcome)))) == 1

    def test_two_documents_of_one_layout_are_one_memory(self, anna: Member) -> None:
        taught(anna)
        _, second = taken(anna, paper("Q7-204", "16/11/2026", "64,20"))

        checked(anna, second)

        (row,) = memories()
        assert row.documents == 2
        assert row.used_at is not None

    def test_a_deleted_document_takes_its_lesson_back(self, anna: Member) -> None:
        document, invoice = taught(anna)
        invoices.reject(invoice_id=invoice.id, reason="Niet besteld", by=anna.actor)
        invoices.reopen(invoice_id=invoice.id, by=anna.actor)

        documents.delete(document_id=document.id, by=anna.actor)

        assert memories() == []
        assert list(db.session.scalars(select(ReadingOutcome))) == []

    def test_learning_is_written_down(self, anna: Member) -> None:
        taught(anna)

        verbs = db.session.scalars(select(AuditEvent.verb)).all()
        assert verbs.count("reading_memory.learned") == 1


class TestFraud:
    def test_a_changed_account_stays_as_printed_and_is_doubted(self, anna: Member) -> None:
        taught(anna)

        second, draft = taken(anna, paper("Q7-204", "16/11/2026", "64,20", iban=OTHER_IBAN))

        found = reading_of(second)
        assert found.text("iban") == OTHER_IBAN
        assert found.fields["iban"].confidence < 0.5
        assert "iban" in found.warnings
        assert draft.payee_iban == OTHER_IBAN


class TestCounting:
    def test_what_was_corrected_is_counted_by_field(self, anna: Member) -> None:
        _, invoice = taught(anna)
        _, second = taken(anna, paper("Q7-204", "16/11/2026", "64,20"))
        checked(anna, second)
        stored = invoice_queries.get(invoice.id)
        assert stored is not None
        assert stored.contact_id is not None

        found = reading_memory.summary(contact_id=stored.contact_id)

        assert found.accuracy.documents == 2
        assert 0 < found.accuracy.corrected < found.accuracy.read
        assert "invoice_number" in dict(found.accuracy.by_field)
        (layout,) = found.layouts
        assert layout.accuracy.documents == 2
        whole = reading_memory.layout(contact_id=stored.contact_id, memory_id=layout.id)
        assert "invoice_number" in {item.name for item in whole.items}

    def test_the_check_screen_knows_how_well_a_layout_is_known(self, anna: Member) -> None:
        first, _ = taught(anna)
        second, _ = taken(anna, paper("Q7-204", "16/11/2026", "64,20"))
        kept = {
            one.id: db.session.scalar(select(Document.reading).where(Document.id == one.id))
            for one in (first, second)
        }

        assert reading_memory.of_document(kept=kept[first.id]) is None
        known = reading_memory.of_document(kept=kept[second.id])

        assert known is not None
        assert (known.documents, known.corrected > 0) == (1, True)


class TestForgetting:
    def test_one_item_is_forgotten_and_the_rest_stays(self, anna: Member) -> None:
        taught(anna)
        (row,) = memories()

        reading_memory.forget(memory_id=row.id, item="invoice_number", by=anna.actor)
        second, _ = taken(anna, paper("Q7-204", "16/11/2026", "64,20"))

        found = reading_of(second)
        assert found.text("invoice_number") != "Q7-204"
        assert found.fields["gross_amount"].how is How.MEMORY

    def test_what_is_forgotten_as_a_whole_reads_as_new(self, anna: Member) -> None:
        taught(anna)
        (row,) = memories()

        reading_memory.forget(memory_id=row.id, item=reading_memory.EVERYTHING, by=anna.actor)
        second, _ = taken(anna, paper("Q7-204", "16/11/2026", "64,20"))

        assert How.MEMORY not in {field.how for field in reading_of(second).fields.values()}
        assert memories() == []

    def test_a_supplier_is_forgotten_with_all_layouts(self, anna: Member) -> None:
        taught(anna)
        (row,) = memories()

        reading_memory.forget_supplier(contact_id=row.contact_id, by=anna.actor)

        assert memories() == []

    def test_a_typed_value_wins_over_what_was_learned(self, anna: Member) -> None:
        taught(anna)
        (row,) = memories()

        reading_memory.change(
            memory_id=row.id,
            version=row.version,
            item="supplier_name",
            value=" Molens  van Deinze ",
            by=anna.actor,
        )
        second, _ = taken(anna, paper("Q7-204", "16/11/2026", "64,20"))

        assert reading_of(second).text("supplier_name") == "Molens van Deinze"

    def test_what_no_item_can_be_is_refused(self, anna: Member) -> None:
        taught(anna)
        (row,) = memories()

        for item, value in (("terms_days", "-1"), ("currency", "euro"), ("iban", OTHER_IBAN)):
            with pytest.raises(Refusal):
                reading_memory.change(
                    memory_id=row.id, version=row.version, item=item, value=value, by=anna.actor
                )

    def test_a_change_from_an_old_page_is_refused(self, anna: Member) -> None:
        taught(anna)
        (row,) = memories()

        with pytest.raises(Stale):
            reading_memory.change(
                memory_id=row.id, version=row.version - 1, item="currency", value="EUR",
                by=anna.actor,
            )  # fmt: skip

    def test_who_may_not_edit_may_not_forget(self, anna: Member) -> None:
        taught(anna)
        (row,) = memories()
        viewer = add_member(anna.actor.company_id, "bakkerij-anna", "Vera", Role.VIEWER)

        with pytest.raises(NotAllowed):
            reading_memory.forget(memory_id=row.id, item="vat", by=viewer.actor)


class TestIsolation:
    def test_another_company_neither_uses_nor_reaches_a_memory(self, cast: Cast) -> None:
        with factories.books_of(cast.anna):
            taught(cast.anna)
            (row,) = memories()
            memory_id, contact_id = row.id, row.contact_id
        with tenancy.company_scope(cast.chloe.actor.company_id, cast.chloe.user_id):
            document, _ = taken(cast.chloe, paper("Q7-204", "16/11/2026", "64,20"))

            assert How.MEMORY not in {one.how for one in reading_of(document).fields.values()}
            assert memories() == []
            with pytest.raises(NotFound):
                reading_memory.forget(memory_id=memory_id, item="vat", by=cast.chloe.actor)
            assert reading_memory.summary(contact_id=contact_id).layouts == ()
