"""Cut the answer, end the session, spend the calls, run twice at once, change the keys: afterwards
the open items here are those of the books, each once."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from billify.application import accounting, keys
from billify.application.partners import engine
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import AccountingItem, Contact, Integration, Invoice
from billify.data.queries import accounting_invoices as accounting_invoice_queries
from billify.data.queries import accounting_items, partner_calls
from billify.data.queries import connections as queries
from billify.domain.brussels import day_of
from billify.domain.connections import ConnectionState, Partner, Trouble
from billify.domain.invoices import InvoiceDirection, InvoiceStatus
from billify.stand_ins.yuki import Books, Fault, YukiServer
from tests.cast import Member, make_cast
from tests.committed import at_once, committed_app
from tests.conftest import World
from tests.fakes import yuki as fake

pytestmark = pytest.mark.slow


@dataclass
class Reading:
    """A Billify whose transactions are real, and the Yuki it reads."""

    app: Flask
    server: YukiServer
    anna: Member
    integration_id: UUID

    @property
    def books(self) -> Books:
        return fake.books(self.server)

    def run(self) -> Trouble | None:
        """One run in this very process; what it met."""
        with tenancy.company_scope(self.anna.actor.company_id):
            engine.run(integration_id=self.integration_id)
            with transaction():
                row = queries.connection(self.integration_id)
            db.session.remove()
        assert row is not None
        return row.trouble

    def settled(self) -> int:
        """How many items are settled."""
        with tenancy.company_scope(self.anna.actor.company_id):
            found = db.session.scalar(
                select(func.count()).where(AccountingItem.settled_on.is_not(None))
            )
            db.session.remove()
        return found or 0

    def assert_equal(self) -> None:
        """Each open item is there once and is one invoice, open by what is told; none other is."""
        listed = self.books.receivables + self.books.payables
        told = sorted((one.id, one.left) for one in listed if one.left)
        with tenancy.company_scope(self.anna.actor.company_id):
            kept = db.session.execute(
                select(AccountingItem.external_id, AccountingItem.open_amount)
                .where(AccountingItem.settled_on.is_(None))
                .order_by(AccountingItem.external_id)
            ).all()
            invoices = db.session.scalars(
                select(Invoice).where(Invoice.status == InvoiceStatus.OPEN)
            ).all()
            names = db.session.scalars(select(Contact.search_key)).all()
            db.session.remove()
        assert [tuple(row) for row in kept] == told
        assert sorted((one.external_id, one.open_amount) for one in invoices) == told
        assert len(names) == len(set(names))


@pytest.fixture
def yuki(world: World) -> Iterator[Reading]:
    with fake.yuki() as server:
        settings = fake.settings_of(server, world.settings)
        with committed_app(settings, "yuki") as app:
            anna = make_cast().anna
            fake.books(server).receivables += [fake.item(at) for at in range(1, 60)]
            fake.books(server).payables += [
                fake.item(at, contact=f"Leverancier {at % 9}", type_id=2) for at in range(1, 60)
            ]
            with tenancy.company_scope(anna.actor.company_id):
                row = accounting.connect(access_key=fake.KEY, by=anna.actor)
                accounting.choose(
                    integration_id=row.id,
                    administration_id=fake.books(server).id,
                    by=anna.actor,
                )
                key = row.id
                db.session.remove()
            yield Reading(app, server, anna, key)


def move_on(yuki: Reading, at: int) -> None:
    """Something is paid, something is paid in part, something is new."""
    yuki.books.receivables.pop(0)
    yuki.books.payables[0].open = Decimal(at + 1)
    yuki.books.payables.append(fake.item(1000 + at, contact="Nieuw", type_id=2))


def test_the_answer_is_cut_at_every_range(yuki: Reading) -> None:
    yuki.server.world.behaviour.compresses = False
    yuki.run()
    cuts = 0
    for at, cut in enumerate(range(0, 36_000, 1_800)):
        move_on(yuki, at)
        before = yuki.settled()
        with yuki.server.world.faults.during(Fault(path="Accounting", times=2, cut_body_after=cut)):
            trouble = yuki.run()
        if trouble is not None:
            assert trouble is Trouble.UNREACHABLE
            assert yuki.settled() == before
            cuts += 1

    assert cuts > 10
    assert yuki.run() is None
    yuki.assert_equal()


@pytest.mark.parametrize(
    "fault",
    [
        Fault(path="Accounting", status=503),
        Fault(
            path="Accounting", status=200, body=b"<html>Onderhoud</html>", media_type="text/html"
        ),
        Fault(path="Accounting", status=500),
    ],
    ids=["away", "page for people", "fault"],
)
def test_a_service_that_is_away_changes_nothing(fault: Fault, yuki: Reading) -> None:
    yuki.run()
    move_on(yuki, 1)

    with yuki.server.world.faults.during(fault):
        assert yuki.run() is not None
    assert yuki.settled() == 0

    assert yuki.run() is None
    yuki.assert_equal()


def test_the_session_ends_between_the_lists(yuki: Reading) -> None:
    yuki.run()
    for at in range(3):
        move_on(yuki, at)
        yuki.server.world.behaviour.session_calls = 2
        yuki.server.world.end_sessions()
        assert yuki.run() is None
        yuki.assert_equal()


def test_the_cap_is_reached_between_the_lists(yuki: Reading) -> None:
    yuki.run()
    move_on(yuki, 1)
    ((place, spent),) = [(key[0], count) for key, count in yuki.server.world.spent.items()]
    yuki.server.world.behaviour.daily_cap = spent + 1

    assert yuki.run() is Trouble.CALLS_SPENT
    assert yuki.settled() == 0

    yuki.server.world.behaviour.daily_cap = None
    assert yuki.run() is None
    yuki.assert_equal()
    counted = partner_calls.spent(
        partner=Partner.YUKI,
        place=partner_calls.place_of(place),
        day=day_of(datetime.now(UTC)),
    )
    # The call that was refused there was made here.
    assert counted == yuki.server.world.spent[place, yuki.server.world.today] + 1


def test_of_two_runs_at_once_one_reads(yuki: Reading) -> None:
    def run() -> Trouble | None:
        return yuki.run()

    for at in range(3):
        assert at_once(yuki.app, run, run, run) == [None] * 3
        move_on(yuki, at)
    yuki.run()

    yuki.assert_equal()


def test_who_comes_second_asks_nothing(yuki: Reading) -> None:
    yuki.run()
    yuki.server.world.calls.clear()

    with accounting_items.alone(yuki.integration_id) as is_alone:
        assert is_alone
        yuki.run()

    assert not yuki.server.world.calls
    yuki.run()
    assert yuki.server.world.calls["OutstandingDebtorItems"] == 1


def test_the_keys_change_while_it_reads(yuki: Reading) -> None:
    yuki.run()
    move_on(yuki, 1)
    old = yuki.app.config["SETTINGS"]
    new = "n" * 40
    yuki.app.config["SETTINGS"] = replace(old, secret_keys=(new, *old.secret_keys))
    yuki.server.world.end_sessions()
    slow = yuki.server.world.faults.add(Fault(path="Accounting", times=4, wait=0.2))

    def rotate() -> object:
        wait_until(lambda: slow.times < 4)
        for _ in range(4):
            keys.rotate()
        db.session.remove()
        return None

    assert at_once(yuki.app, yuki.run, rotate) == [None, None]
    yuki.assert_equal()

    keys.rotate()
    yuki.app.config["SETTINGS"] = replace(old, secret_keys=(new,))
    move_on(yuki, 2)
    assert yuki.run() is None
    yuki.assert_equal()
    with tenancy.company_scope(yuki.anna.actor.company_id):
        (row,) = db.session.scalars(select(Integration)).all()
        assert row.state is ConnectionState.ACTIVE
        assert {one.direction for one in db.session.scalars(select(AccountingItem))} == set(
            InvoiceDirection
        )


def wait_until(is_so: Callable[[], bool]) -> None:
    """Give others a while."""
    pause = threading.Event()
    for _ in range(500):
        if is_so():
            return
        pause.wait(0.01)
    raise AssertionError("it did not happen")


def test_a_number_that_is_taken_meanwhile_stops_no_other(
    yuki: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between asking for the numbers and writing, somebody issues a sale."""
    yuki.run()
    yuki.books.receivables += [
        fake.item(1, contact="Nieuw", original=Decimal("7.00")),
        fake.item(2000, contact="Nieuwer"),
    ]
    with monkeypatch.context() as patched:
        patched.setattr(accounting_invoice_queries, "sale_numbers", lambda _: set())
        assert yuki.run() is None
    with tenancy.company_scope(yuki.anna.actor.company_id):
        unlinked = db.session.scalars(
            select(AccountingItem.contact_name).where(AccountingItem.invoice_id.is_(None))
        ).all()
        db.session.remove()
    assert unlinked == ["Nieuw"]

    assert yuki.run() is None
    yuki.assert_equal()
