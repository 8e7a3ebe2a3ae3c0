"""A document that comes in while the store is down: taken, told, and brought home."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from billify.application import documents
from billify.data.db import db
from billify.data.models import Document, Job
from billify.data.tenancy import company_scope
from billify.domain.refusal import Refusal
from billify.integrations.storage import SpooledStorage
from billify.integrations.storage.breaker import Breaker
from tests.cast import Cast, Member
from tests.fakes.storage import Clock, Unreliable

INVOICE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
)


@pytest.fixture
def anna(cast: Cast) -> Iterator[Member]:
    with company_scope(cast.anna.actor.company_id, cast.anna.user_id):
        yield cast.anna


@pytest.fixture
def store(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Unreliable:
    """A store that is down, with a spool in front; its breaker never waits."""
    primary = Unreliable(is_down=True)
    spool = SpooledStorage(primary, tmp_path, Breaker(failures=1000, clock=Clock()))
    monkeypatch.setitem(app.extensions, "storage", spool)
    return primary


def jobs_named(name: str) -> int:
    return len(db.session.scalars(select(Job).where(Job.name == name)).all())


def test_a_document_is_taken_while_the_store_is_down(anna: Member, store: Unreliable) -> None:
    received = documents.receive(content=INVOICE, name="factuur.pdf", by=anna.actor)

    assert received.is_new
    assert received.document.is_spooled
    assert jobs_named("documents.read") == 1
    assert documents.original(document_id=received.document.id, by=anna.actor)[1] == INVOICE


def test_a_document_comes_home_when_the_store_is_back(anna: Member, store: Unreliable) -> None:
    document = documents.receive(content=INVOICE, name="factuur.pdf", by=anna.actor).document
    store.is_down = False

    documents.ask_to_move_spooled()
    documents.store(document_id=document.id)

    assert store.kept[document.key] == (INVOICE, "application/pdf")
    db.session.expire_all()
    assert not db.session.scalars(select(Document)).one().is_spooled


def test_a_spooled_preview_comes_home_too(anna: Member, store: Unreliable, app: Flask) -> None:
    document = documents.receive(content=INVOICE, name="factuur.pdf", by=anna.actor).document
    key = documents.preview_key(document, 1)
    app.extensions["storage"].put(key, b"a picture", "image/jpeg")
    store.is_down = False

    documents.ask_to_move_spooled()

    assert store.kept[key] == (b"a picture", "image/jpeg")
    assert app.extensions["storage"].pending() == []


def test_while_the_store_stays_down_no_jobs_pile_up(anna: Member, store: Unreliable) -> None:
    documents.receive(content=INVOICE, name="factuur.pdf", by=anna.actor)
    before = jobs_named("documents.store")

    for _ in range(3):
        documents.ask_to_move_spooled()

    assert jobs_named("documents.store") == before


def test_a_job_that_finds_the_store_down_leaves_the_document_waiting(
    anna: Member, store: Unreliable
) -> None:
    document = documents.receive(content=INVOICE, name="factuur.pdf", by=anna.actor).document

    documents.store(document_id=document.id)

    db.session.expire_all()
    assert db.session.scalars(select(Document)).one().is_spooled


def test_nothing_is_taken_that_can_not_be_kept(anna: Member, store: Unreliable, app: Flask) -> None:
    spool = app.extensions["storage"].spool
    spool.root = spool.root / "file"
    spool.root.write_text("a file where the folder should be")

    with pytest.raises(Refusal, match="could not be stored"):
        documents.receive(content=INVOICE, name="factuur.pdf", by=anna.actor)

    assert db.session.scalars(select(Document)).all() == []
