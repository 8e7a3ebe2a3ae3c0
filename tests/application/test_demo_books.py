"""The demo company is connected once to the accounting that plays beside it, whose books differ
from its own invoices in a handful of places and in no other."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from billify.application import demo, differences
from billify.application.demo import bank, books
from billify.application.partners import engine
from billify.data.db import db
from billify.data.models import Integration
from billify.domain.accounting.differences import Kind
from billify.domain.connections import ConnectionState, Partner
from billify.stand_ins.yuki import World, YukiServer, playing
from tests.fakes import yuki as fake

pytestmark = pytest.mark.usefixtures("app")
TODAY = datetime.now(ZoneInfo("Europe/Brussels")).date()


def told() -> dict[str, object]:
    """The script as the stand-in reads it from its file."""
    script = books.script()
    assert script is not None
    found: dict[str, object] = json.loads(json.dumps(asdict(script), default=str))
    return found


@pytest.mark.slow
def test_the_demo_company_says_the_same_as_its_books_but_for_what_was_planted(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    demo.ensure(today=TODAY)
    demo.connect_books()
    demo.connect_books()
    world = World()
    stage = playing.stage(world, told(), bank=tmp_path / "none.json")
    with YukiServer(world) as server, bank.bakery():
        settings = fake.settings_of(server, app.config["SETTINGS"])
        monkeypatch.setitem(app.config, "SETTINGS", settings)
        (row,) = db.session.scalars(
            select(Integration).where(Integration.partner == Partner.YUKI)
        ).all()
        assert row.state is ConnectionState.ACTIVE
        engine.run(integration_id=row.id)
        before = differences.found()
        stage.step()
        engine.run(integration_id=row.id)
        after = differences.found()

    kinds = [one.kind for one in before.rows]
    assert kinds == [
        Kind.PAID,
        Kind.TOTAL,
        Kind.OPEN,
        Kind.NO_DOCUMENT,
        Kind.NO_DOCUMENT,
        Kind.NOT_BOOKED,
    ]
    assert any(one.amount < 0 for one in before.of(Kind.NO_DOCUMENT))
    assert [one.kind for one in after.rows] == sorted([*kinds, Kind.SETTLED], key=list(Kind).index)
    assert before.money is not None
    assert before.money.cash.missing == -books.UNBOOKED_COSTS


@pytest.mark.slow
def test_the_same_invoices_differ_after_a_restart(app: Flask) -> None:
    demo.ensure(today=TODAY)
    first = books.script()
    assert first is not None

    again = books.script(kept=first.plants)

    assert again is not None
    assert again.plants == first.plants
    gone = {one.id for one in first.entries} - {one.id for one in again.entries}
    assert gone == {one.id for one in first.entries if one.goes}


def test_without_a_demo_company_there_are_no_books(app: Flask) -> None:
    demo.connect_books()

    assert books.script() is None


def test_what_the_bank_has_paid_is_booked(tmp_path: Path) -> None:
    item = {
        "is_sale": False, "type_id": 2, "contact": "Molens", "contact_id": "c", "vat_number": "",
        "reference": "V1", "dated": "2026-10-01", "due": None, "original": "121.00",
        "open": "121.00", "document_id": "", "goes": False,
    }  # fmt: skip
    script = {
        "name": "Anna", "vat_number": "", "books_id": "b", "domain_id": "d", "access_key": "k",
        "day": "2026-10-01", "ledger": [], "documents": [],
        "entries": [
            {**item, "id": "1", "message": "090933755493"},
            {**item, "id": "2", "message": "V2"},
            {**item, "id": "3", "message": "V3", "original": "50.00", "open": "50.00"},
        ],
    }  # fmt: skip
    told_by_bank = tmp_path / "ponto.json"
    booked = [
        {"message": "090933755493", "amount": "-121.00"},
        {"message": "V3", "amount": "-20.00"},
    ]
    told_by_bank.write_text(json.dumps({"booked": booked}))
    world = World(now=lambda: datetime(2026, 10, 2, tzinfo=UTC))

    playing.stage(world, script, bank=told_by_bank).step()

    (kept,) = world.keys["k"][0].books
    assert {one.id: str(one.left) for one in kept.payables} == {
        "1": "0.00",
        "2": "121.00",
        "3": "50.00",
    }
