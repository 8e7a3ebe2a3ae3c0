"""Documents: taken once, read once, deleted with a trace; nothing accepted is ever lost."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from billify.application import audit, documents, jobs, ports
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import AuditEvent, Document, Invoice, Job
from billify.data.queries import documents as queries
from billify.domain.documents import DocumentStatus
from billify.domain.invoices import InvoiceStatus
from billify.domain.refusal import NotFound, Refusal
from billify.domain.roles import Role
from billify.integrations import documents as opener
from billify.integrations.storage import NotStored, SpooledStorage, StorageDown
from billify.integrations.storage.breaker import Breaker
from billify.tasks import runner
from tests import factories
from tests.blueprints.bad_files import letter
from tests.cast import Cast, Member, add_member
from tests.committed import at_once
from tests.fakes.storage import Clock, Unreliable

LETTER = letter("Molens van Deinze NV", "Factuur 2026-001", "Datum 02/10/2026", "Totaal 121,00 EUR")


@pytest.fixture
def anna(cast: Cast) -> Iterator[Member]:
    with tenancy.company_scope(cast.anna.actor.company_id, cast.anna.user_id):
        yield cast.anna


def take(member: Member, content: bytes = LETTER, name: str = "factuur.pdf") -> documents.Received:
    return documents.receive(content=content, name=name, by=member.actor)


def again(document: Document) -> Document:
    """The row as it stands now."""
    return db.session.scalars(
        select(Document).where(Document.id == document.id).execution_options(populate_existing=True)
    ).one()


def verbs() -> list[str]:
    return list(db.session.scalars(select(AuditEvent.verb).order_by(AuditEvent.seq)))


def jobs_named(name: str) -> list[Job]:
    return list(db.session.scalars(select(Job).where(Job.name == name)))


class TestTaking:
    def test_the_bytes_the_row_the_job_and_the_log_are_there_together(self, anna: Member) -> None:
        received = take(anna)

        document = received.document
        assert received.is_new
        assert ports.storage().get(document.key) == LETTER
        assert (document.status, document.size) == (DocumentStatus.READING, len(LETTER))
        assert document.uploaded_by == anna.user_id
        (job,) = jobs_named("documents.read")
        assert job.arguments == {"document_id": str(document.id)}
        assert verbs() == ["document.received"]

    def test_the_same_bytes_are_one_document(self, anna: Member) -> None:
        first, second = take(anna), take(anna, name="other.pdf")

        assert not second.is_new
        assert second.document.id == first.document.id
        assert second.document.name == "factuur.pdf"
        assert len(jobs_named("documents.read")) == 1

    def test_two_companies_may_have_the_same_bytes(self, cast: Cast) -> None:
        keys = set()
        for member in (cast.anna, cast.chloe):
            with tenancy.company_scope(member.actor.company_id):
                received = take(member)
                assert received.is_new
                keys.add(received.document.key)

        assert len(keys) == 2

    def test_the_bytes_are_safe_before_the_row_is(
        self, anna: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """When the row can't be written the bytes lie there for nothing, and nothing is said."""

        def broken(_: Document) -> Document:
            raise ZeroDivisionError

        monkeypatch.setattr(queries, "insert_unless_known", broken)
        with pytest.raises(ZeroDivisionError):
            take(anna)
        monkeypatch.undo()

        assert take(anna).is_new

    def test_no_transaction_is_open_while_the_store_works(
        self, real: Flask, real_cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[int] = []
        store = Unreliable()
        monkeypatch.setitem(real.extensions, "storage", SpooledStorage(store, _spool(real)))
        store.during_put = lambda: seen.append(_idle_in_transaction(real))
        with tenancy.company_scope(real_cast.anna.actor.company_id):
            take(real_cast.anna)

        assert seen == [0]


class TestReading:
    def test_a_document_is_read_into_a_draft(self, anna: Member) -> None:
        document = take(anna).document

        documents.read(document_id=document.id)

        row = again(document)
        assert row.status is DocumentStatus.TO_CHECK
        assert (row.pages, row.pages_read) == (1, 1)
        draft = db.session.scalars(select(Invoice)).one()
        assert draft.status is InvoiceStatus.TO_CHECK
        assert draft.document_id == document.id
        assert verbs() == ["document.received", "invoice.drafted"]

    def test_reading_twice_drafts_once(self, anna: Member) -> None:
        document = take(anna).document

        documents.read(document_id=document.id)
        documents.read(document_id=document.id)

        assert len(db.session.scalars(select(Invoice)).all()) == 1

    def test_two_readers_at_the_same_moment_draft_once(self, real: Flask, real_cast: Cast) -> None:
        """As when a worker is taken for dead and goes on."""
        company_id = real_cast.anna.actor.company_id
        with tenancy.company_scope(company_id):
            document = take(real_cast.anna).document

        def read() -> None:
            with tenancy.company_scope(company_id):
                documents.read(document_id=document.id)

        at_once(real, read, read, read)

        with tenancy.company_scope(company_id):
            assert len(db.session.scalars(select(Invoice)).all()) == 1
            assert verbs().count("invoice.drafted") == 1
            assert audit.verify() == []

    def test_no_transaction_is_open_while_it_is_read(
        self, real: Flask, real_cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[int] = []

        def look(*_: Any, **__: Any) -> None:
            seen.append(_idle_in_transaction(real))
            raise Refusal("enough")

        monkeypatch.setattr(opener, "open_document", look)
        with tenancy.company_scope(real_cast.anna.actor.company_id):
            document = take(real_cast.anna).document
            documents.read(document_id=document.id)

        assert seen == [0]

    def test_a_document_deleted_meanwhile_is_not_drafted(
        self, anna: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        document = take(anna).document
        opened = opener.open_document

        def slow(*given: Any, **more: Any) -> Any:
            found = opened(*given, **more)
            documents.delete(document_id=document.id, by=anna.actor)
            return found

        monkeypatch.setattr(opener, "open_document", slow)
        documents.read(document_id=document.id)

        assert again(document).status is DocumentStatus.DELETED
        assert db.session.scalars(select(Invoice)).all() == []

    def test_a_store_that_is_away_is_no_fault_of_the_document(
        self, anna: Member, monkeypatch: pytest.MonkeyPatch, app: Flask
    ) -> None:
        document = take(anna).document
        (job,) = jobs_named("documents.read")
        store = SpooledStorage(Unreliable(is_down=True), _spool(app), Breaker(clock=Clock()))
        monkeypatch.setitem(app.extensions, "storage", store)
        job_id = job.id

        runner.run(str(job_id), str(anna.company_id))

        assert again(document).status is DocumentStatus.READING
        (job,) = jobs_named("documents.read")
        db.session.refresh(job)
        assert job.status == "waiting"
        assert (job.error or "").startswith(StorageDown.__name__)

    def test_what_can_not_be_read_is_told_with_its_reason(self, anna: Member) -> None:
        document = take(anna, letter()).document

        documents.read(document_id=document.id)

        row = again(document)
        assert row.status is DocumentStatus.FAILED
        assert row.reason == "No text was found in this document. Is it blank?"
        assert verbs()[-1] == "document.unreadable"

    def test_a_dead_job_is_told_on_its_document(self, anna: Member) -> None:
        document = take(anna).document

        documents.give_up(document_id=document.id)

        assert again(document).status is DocumentStatus.FAILED
        assert "several times" in (again(document).reason or "")

    def test_giving_up_says_nothing_of_what_was_read_meanwhile(self, anna: Member) -> None:
        document = take(anna).document
        documents.read(document_id=document.id)

        documents.give_up(document_id=document.id)

        assert again(document).status is DocumentStatus.TO_CHECK

    def test_a_failed_one_is_tried_again_and_only_that(self, anna: Member) -> None:
        document = take(anna).document
        with pytest.raises(Refusal):
            documents.retry(document_id=document.id, by=anna.actor)
        documents.give_up(document_id=document.id)

        documents.retry(document_id=document.id, by=anna.actor)

        assert again(document).status is DocumentStatus.READING
        assert again(document).reason is None
        assert len(jobs_named("documents.read")) == 2


class TestPageWords:
    def test_the_words_of_a_read_document_are_kept_with_their_places(self, anna: Member) -> None:
        document = take(anna).document
        assert documents.page_words(document=document) == []

        documents.read(document_id=document.id)

        (page,) = documents.page_words(document=document)
        assert "2026-001" in [word.text for word in page.words]
        assert all(0 <= edge <= 1 for word in page.words for edge in word.box)

    def test_they_are_kept_while_the_store_is_away_and_come_home(
        self, anna: Member, monkeypatch: pytest.MonkeyPatch, app: Flask
    ) -> None:
        primary = Unreliable(is_down=True)
        store = SpooledStorage(primary, _spool(app), Breaker(failures=1000, clock=Clock()))
        monkeypatch.setitem(app.extensions, "storage", store)
        document = take(anna).document
        documents.read(document_id=document.id)
        assert documents.page_words(document=document)

        primary.is_down = False
        documents.ask_to_move_spooled()

        assert documents.words_key(document) in primary.kept
        primary.is_down = True
        assert documents.page_words(document=document) == []

    def test_they_go_with_the_document(self, anna: Member) -> None:
        document = take(anna).document
        documents.read(document_id=document.id)

        documents.delete(document_id=document.id, by=anna.actor)
        documents.forget(document_id=document.id)

        with pytest.raises(NotStored):
            ports.storage().get(documents.words_key(document))


class TestDeleting:
    def test_a_wrong_upload_goes_with_its_draft_and_leaves_a_trace(self, anna: Member) -> None:
        document = take(anna).document
        documents.read(document_id=document.id)

        documents.delete(document_id=document.id, by=anna.actor)
        documents.forget(document_id=document.id)

        assert db.session.scalars(select(Invoice)).all() == []
        with pytest.raises(NotStored):
            ports.storage().get(document.key)
        with pytest.raises(NotFound):
            documents.original(document_id=document.id, by=anna.actor)
        event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
        assert event is not None
        assert event.verb == "document.deleted"
        assert event.before is not None
        assert event.before["sha256"] == document.sha256
        assert event.before["name"] == "factuur.pdf"

    def test_a_document_in_the_books_stays(self, anna: Member) -> None:
        document = factories.document(status=DocumentStatus.TO_CHECK)
        factories.invoice(status=InvoiceStatus.OPEN, document_id=document.id)

        with pytest.raises(Refusal, match="stays"):
            documents.delete(document_id=document.id, by=anna.actor)

    def test_forgetting_twice_is_the_same(self, anna: Member) -> None:
        document = take(anna).document
        documents.delete(document_id=document.id, by=anna.actor)

        documents.forget(document_id=document.id)
        documents.forget(document_id=document.id)

    def test_a_document_that_is_not_deleted_is_never_forgotten(self, anna: Member) -> None:
        document = take(anna).document

        documents.forget(document_id=document.id)

        assert ports.storage().get(document.key) == LETTER

    def test_the_same_file_sent_again_keeps_its_bytes(self, anna: Member) -> None:
        first = take(anna).document
        documents.delete(document_id=first.id, by=anna.actor)
        second = take(anna).document

        documents.forget(document_id=first.id)

        assert documents.original(document_id=second.id, by=anna.actor)[1] == LETTER

    def test_the_same_file_sent_while_its_bytes_go_away_keeps_them(
        self, real: Flask, real_cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The sender finds the bytes stored; then they are removed; then the row is written."""
        anna = real_cast.anna
        company_id = anna.actor.company_id
        store = Unreliable()
        monkeypatch.setitem(real.extensions, "storage", SpooledStorage(store, _spool(real)))
        with tenancy.company_scope(company_id):
            first = take(anna).document
            documents.delete(document_id=first.id, by=anna.actor)

        def forget() -> None:
            with real.app_context(), tenancy.company_scope(company_id):
                documents.forget(document_id=first.id)

        gone = threading.Thread(target=forget)
        with tenancy.company_scope(company_id):
            with _between_storing_and_writing(monkeypatch, lambda: (gone.start(), gone.join())):
                second = take(anna).document

            assert second.id != first.id
            assert documents.original(document_id=second.id, by=anna.actor)[1] == LETTER


class TestWhoSees:
    def test_who_only_hands_in_sees_their_own(self, anna: Member) -> None:
        helper = add_member(anna.actor.company_id, anna.slug, "Hulp", Role.EMPLOYEE)
        theirs, own = take(anna).document, take(helper, letter("Bon")).document

        assert documents.original(document_id=own.id, by=helper.actor)
        with pytest.raises(NotFound):
            documents.original(document_id=theirs.id, by=helper.actor)
        with pytest.raises(NotFound):
            documents.preview(document_id=theirs.id, page=1, by=helper.actor)
        assert [row.document.id for row in queries.inbox(helper.user_id)] == [own.id]

    def test_who_reads_the_figures_sees_all(self, anna: Member, cast: Cast) -> None:
        document = take(anna).document

        assert documents.original(document_id=document.id, by=cast.bram.actor)[1] == LETTER


class TestTheSpool:
    def test_a_row_that_says_spooled_is_found_without_a_company(
        self, cast: Cast, app: Flask
    ) -> None:
        """The job that moved the file had ended before the store was back."""
        for member in (cast.anna, cast.chloe):
            with tenancy.company_scope(member.actor.company_id), transaction() as session:
                document = take(member).document
                session.execute(
                    update(Document).where(Document.id == document.id).values(is_spooled=True)
                )

        documents.ask_to_move_spooled()

        for member in (cast.anna, cast.chloe):
            with tenancy.company_scope(member.actor.company_id):
                (job,) = jobs_named("documents.store")
                jobs.claim(job_id=job.id)
                documents.store(document_id=db.session.scalars(select(Document.id)).one())
                db.session.expire_all()
                assert not db.session.scalars(select(Document)).one().is_spooled


def _spool(app: Flask) -> Any:
    return app.config["SETTINGS"].spool_dir


def _idle_in_transaction(app: Flask) -> int:
    """Connections of this database that hold a transaction open and do nothing."""
    with db.engine.connect() as connection:
        found: int = connection.execute(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()"
            )
        ).scalar_one()
        return found


class _between_storing_and_writing:
    """Do something at the moment between the storing of a file and the writing of its row."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, then: Callable[[], object]) -> None:
        self.monkeypatch = monkeypatch
        self.then = then
        self.insert = queries.insert_unless_known

    def __enter__(self) -> None:
        def first(document: Document) -> Document | None:
            self.then()
            return self.insert(document)

        self.monkeypatch.setattr(queries, "insert_unless_known", first)

    def __exit__(self, *_: object) -> None:
        self.monkeypatch.setattr(queries, "insert_unless_known", self.insert)
