"""Cut the line, kill the worker, run twice at once: afterwards the account holds what the bank
tells, each movement once, and the balance ties."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from billify.application import connections
from billify.application.partners import credentials, engine
from billify.application.partners.ponto import access, connecting, reading, sync
from billify.application.partners.ponto.connecting import Choice
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.queries import bank_sync as proofs
from billify.data.queries import banking as balances
from billify.data.queries import companies
from billify.data.queries import connections as queries
from billify.domain.connections import ConnectionState, Partner
from billify.stand_ins.ponto import Account, Fault, PontoServer, Transaction
from tests.committed import at_once
from tests.fakes import ponto as fake
from tests.faults.house import House, house, wait_until

pytestmark = pytest.mark.slow
TODAY = date(2026, 11, 20)


@dataclass
class Bank:
    """A Billify in real processes and the Ponto it talks to."""

    billify: House
    server: PontoServer

    def account(self) -> Account:
        """One more account at the bank, nobody's until it is connected."""
        for known in self.server.world.accounts.values():
            known.is_revoked = True
        return self.server.world.add(Account(fake.IBAN, opening=Decimal("1000.00")))

    def connect(self) -> tuple[UUID, UUID]:
        """Anna connects what the bank has to a new account; gives connection and account."""
        anna = self.billify.cast.anna
        with self.billify.app.app_context(), tenancy.company_scope(anna.actor.company_id):
            row = connecting.connect_with_keys(
                client_id="demo", client_secret="demo-secret", by=anna.actor
            )
            (offered,) = queries.accounts(row.id)
            with transaction():
                queries.lock_account(offered.id).iban = None  # type: ignore[union-attr]
            connecting.choose(
                integration_id=row.id,
                choices={offered.id: Choice(name="Zicht")},
                today=TODAY,
                by=anna.actor,
            )
            (offered,) = queries.accounts(row.id)
            assert offered.account_id is not None
            return row.id, offered.account_id

    def ask_each_minute(self) -> None:
        """Whatever the day and hour these tests run at."""
        anna = self.billify.cast.anna
        with self.billify.app.app_context(), tenancy.company_scope(anna.actor.company_id):
            with transaction():
                companies.lock_own().asks_slower = False
            db.session.remove()

    def run(self, integration_id: UUID) -> None:
        """One run in this very process, with commits."""
        anna = self.billify.cast.anna
        with self.billify.app.app_context(), tenancy.company_scope(anna.actor.company_id):
            engine.run(integration_id=integration_id)
            db.session.remove()

    def kept(self, account_id: UUID) -> list[tuple[str, Decimal]]:
        """The movements of an account by key."""
        rows = self.billify.query(
            "SELECT connection_key, amount FROM bank_transaction WHERE account_id = %s", account_id
        )
        return sorted((str(key), amount) for key, amount in rows)

    def end(self, integration_id: UUID) -> None:
        """The clock need not look after it any more."""
        anna = self.billify.cast.anna
        with self.billify.app.app_context(), tenancy.company_scope(anna.actor.company_id):
            connections.disconnect(integration_id=integration_id, by=anna.actor)

    def assert_equal(self, account: Account, account_id: UUID) -> None:
        assert self.kept(account_id) == sorted((one.id, one.amount) for one in account.booked)
        ((balance,),) = self.billify.query(
            "SELECT balance FROM bank_account WHERE id = %s", account_id
        )
        assert balance == account.balance
        anna = self.billify.cast.anna
        with self.billify.app.app_context(), tenancy.company_scope(anna.actor.company_id):
            assert proofs.difference(account_id) is None
            assert [one for one in balances.differences() if one.account_id == account_id] == []
            db.session.remove()


@pytest.fixture(scope="module")
def bank() -> Iterator[Bank]:
    with (
        fake.ponto() as server,
        house(
            PONTO_API_URL=server.origin,
            PONTO_CONNECT_URL=server.connect_url,
            PONTO_AUTHORIZATION_URL=server.authorization_url,
            PONTO_CLIENT_ID="demo",
            PONTO_CLIENT_SECRET="demo-secret",
        ) as billify,
    ):
        found = Bank(billify, server)
        found.ask_each_minute()
        yield found


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "LOOK_SECONDS", 0.0)


def test_lines_come_in_by_themselves(bank: Bank) -> None:
    """The clock, the queue, the worker: nobody presses anything."""
    account = bank.account()
    bank.server.world.tell(account, *fake.movements(120))
    key, account_id = bank.connect()
    wait_until(lambda: len(bank.kept(account_id)) == 120, 60, bank.billify.log)

    bank.server.world.tell(account, Transaction(TODAY, Decimal("8.00"), "Vers"))

    wait_until(lambda: len(bank.kept(account_id)) == 121, 150, bank.billify.log)
    bank.assert_equal(account, account_id)
    bank.end(key)


def test_the_connection_is_cut_at_every_range_of_an_answer(bank: Bank) -> None:
    account = bank.account()
    bank.server.world.tell(account, *fake.movements(20))
    key, account_id = bank.connect()
    bank.run(key)
    for path in ("/accounts?", "/transactions?", "/pending-transactions", "/updated-transactions"):
        for cut in range(0, 2600, 83):
            movement = Transaction(TODAY, Decimal(cut + 1) / 100, f"Klant {cut}")
            bank.server.world.tell(account, movement)
            with bank.server.world.faults.during(Fault(path=path, cut_after=cut)):
                bank.run(key)

    bank.run(key)
    bank.assert_equal(account, account_id)
    bank.end(key)


def test_the_worker_is_killed_in_the_middle_of_the_pages(bank: Bank) -> None:
    account = bank.account()
    count = reading.AT_ONCE * 2 + 350
    bank.server.world.tell(account, *fake.movements(count, first=date(2026, 7, 1), a_day=40))
    late = reading.AT_ONCE + 700
    there = list(reversed(account.booked))[late - 1].id
    slow = bank.server.world.faults.add(Fault(path=there, wait=8.0))
    _key, account_id = bank.connect()
    wait_until(lambda: slow.times == 0, 90, bank.billify.log)
    assert len(bank.kept(account_id)) == reading.AT_ONCE

    bank.billify.kill("worker-sync")

    wait_until(lambda: len(bank.kept(account_id)) == count, 180, bank.billify.log)
    wait_until(lambda: is_fresh(bank, account_id), 180, bank.billify.log)
    bank.assert_equal(account, account_id)
    bank.end(_key)


def is_fresh(bank: Bank, account_id: UUID) -> bool:
    rows = bank.billify.query(
        "SELECT cursor <> '' FROM connected_account WHERE account_id = %s", account_id
    )
    return rows == [(True,)]


def test_two_runs_of_one_connection_at_once(bank: Bank) -> None:
    account = bank.account()
    bank.server.world.tell(account, *fake.movements(900, a_day=30))
    key, account_id = bank.connect()
    company_id = bank.billify.cast.anna.actor.company_id

    def run() -> None:
        with tenancy.company_scope(company_id):
            engine.run(integration_id=key)
            db.session.remove()

    for _ in range(3):
        at_once(bank.billify.app, run, run, run)
        twin = ("Bakker", fake.OTHER_IBAN, "Brood")
        bank.server.world.tell(
            account, *(Transaction(TODAY, Decimal("-2.50"), *twin) for _ in range(3))
        )
    bank.run(key)

    bank.assert_equal(account, account_id)
    bank.end(key)


def test_a_refresh_token_is_spent_by_one_worker_only(bank: Bank) -> None:
    bank.account()
    anna = bank.billify.cast.anna
    with bank.billify.app.app_context(), tenancy.company_scope(anna.actor.company_id):
        row = connecting.begin(by=anna.actor)
        with transaction():
            kept = queries.lock_connection(row.id)
            assert kept is not None
            bank.server.world.refresh["first"] = "demo"
            credentials.seal(kept, secret={"refresh_token": "first"})
            kept.state = ConnectionState.ACTIVE
        db.session.remove()
    assert row.partner is Partner.PONTO_CONNECT

    def ask() -> int:
        with (
            tenancy.company_scope(anna.actor.company_id),
            access.client(integration_id=row.id) as client,
        ):
            return len(client.accounts())

    bank.server.world.calls.clear()
    found = at_once(bank.billify.app, *[ask] * 6)

    assert found == [1] * 6
    assert bank.server.world.calls["POST /oauth2/token"] == 1
    for _ in range(3):
        bank.server.world.access.clear()
        assert at_once(bank.billify.app, *[ask] * 4) == [1] * 4
    assert bank.server.world.calls["POST /oauth2/token"] == 4
    bank.end(row.id)


@pytest.mark.parametrize("jump", [timedelta(days=2), timedelta(days=-2)], ids=["back", "ahead"])
def test_the_clock_jumps(jump: timedelta, bank: Bank) -> None:
    """What was written before the jump lies in the future, or long ago."""
    account = bank.account()
    bank.server.world.tell(account, *fake.movements(10))
    key, account_id = bank.connect()
    bank.run(key)
    bank.server.world.tell(account, Transaction(TODAY, Decimal("8.00"), "Na de sprong"))
    anna = bank.billify.cast.anna
    with bank.billify.app.app_context(), tenancy.company_scope(anna.actor.company_id):
        with transaction():
            row = queries.lock_connection(key)
            assert row is not None
            assert row.last_run is not None
            row.last_run, row.next_run = row.last_run + jump, row.next_run + jump
            row.fresh_at = row.last_run
        db.session.remove()

    wait_until(lambda: len(bank.kept(account_id)) == 11, 60, bank.billify.log)
    bank.assert_equal(account, account_id)
    bank.end(key)
