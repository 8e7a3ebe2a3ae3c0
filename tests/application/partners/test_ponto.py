"""A bank connection at work, against a Ponto that plays along or doesn't."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from billify.application import banking, connections
from billify.application.banking import Movement
from billify.application.partners import engine
from billify.application.partners.ponto import connecting, ingest, reading, sync
from billify.application.partners.ponto.connecting import Choice
from billify.data.db import db, transaction
from billify.data.models import (
    BankAccount,
    BankTransaction,
    ConnectedAccount,
    Integration,
    Job,
    SyncLog,
)
from billify.data.queries import bank_sync as proofs
from billify.data.queries import banking as queries
from billify.domain.banking import AccountKind, MovementState
from billify.domain.connections import (
    AccountState,
    Cause,
    ConnectionState,
    RunState,
    Trouble,
)
from billify.stand_ins.ponto import Fault, PontoServer, Transaction
from tests.cast import Cast, Member
from tests.factories import books_of
from tests.fakes import ponto as fake

TODAY = date(2026, 11, 20)


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PontoServer]:
    with fake.ponto() as started:
        settings = fake.settings_of(started, app.config["SETTINGS"])
        monkeypatch.setitem(app.config, "SETTINGS", settings)
        monkeypatch.setattr(sync, "LOOK_SECONDS", 0.0)
        yield started


@pytest.fixture
def anna(cast: Cast) -> Iterator[Member]:
    with books_of(cast.anna):
        yield cast.anna


def connected(by: Member) -> Integration:
    """A connection whose first account is brought to a new one, and has been read once."""
    row = connecting.connect_with_keys(client_id="demo", client_secret="demo-secret", by=by.actor)
    pick(row.id, by)
    engine.run(integration_id=row.id)
    return row


def pick(integration_id: UUID, by: Member, account_id: UUID | None = None) -> None:
    offered = db.session.scalars(select(ConnectedAccount)).all()
    connecting.choose(
        integration_id=integration_id,
        choices={one.id: Choice(account_id=account_id) for one in offered},
        today=TODAY,
        by=by.actor,
    )


def lines() -> list[BankTransaction]:
    return list(
        db.session.scalars(
            select(BankTransaction)
            .order_by(BankTransaction.booked_on, BankTransaction.id)
            .execution_options(populate_existing=True)
        )
    )


def account() -> BankAccount:
    return db.session.scalars(select(BankAccount).execution_options(populate_existing=True)).one()


def brought() -> ConnectedAccount:
    return db.session.scalars(
        select(ConnectedAccount).execution_options(populate_existing=True)
    ).one()


def logs() -> list[SyncLog]:
    return list(
        db.session.scalars(
            select(SyncLog)
            .order_by(SyncLog.started_at, SyncLog.id)
            .execution_options(populate_existing=True)
        )
    )


def assert_equals_the_bank(server: PontoServer) -> None:
    """Each movement of the bank is there once, and the balances follow from them."""
    bank = fake.account(server)
    told = sorted((one.id, one.amount) for one in bank.booked)
    kept = sorted((one.connection_key or "", one.amount) for one in lines())
    assert kept == told
    assert account().balance == bank.balance
    assert queries.differences() == []
    assert proofs.difference(account().id) is None


def test_the_first_reading_brings_everything_and_the_balance_ties(
    server: PontoServer, anna: Member
) -> None:
    bank = fake.account(server)
    server.world.tell(bank, *fake.movements(250))

    row = connected(anna)

    assert row.state is ConnectionState.ACTIVE
    assert_equals_the_bank(server)
    (log,) = logs()
    assert (log.state, log.added, log.known) == (RunState.DONE, 250, 0)
    assert log.bytes > 0
    opening = queries.opening_day(account().id)
    assert opening == fake.FIRST - timedelta(days=1)
    assert queries.balance_on(account().id, opening) == Decimal("1000.00")


def test_nothing_new_costs_one_request_of_two_kilobytes(server: PontoServer, anna: Member) -> None:
    server.world.tell(fake.account(server), *fake.movements(30))
    row = connected(anna)
    server.world.calls.clear()

    for _ in range(3):
        engine.run(integration_id=row.id)

    assert dict(server.world.calls) == {"GET /accounts": 3}
    first, quiet = logs()
    assert first.added == 30
    assert (quiet.runs, quiet.requests, quiet.added) == (3, 3, 0)
    assert quiet.bytes <= 3 * 2048


def test_only_new_lines_are_added(server: PontoServer, anna: Member) -> None:
    bank = fake.account(server)
    server.world.tell(bank, *fake.movements(30))
    row = connected(anna)
    server.world.tell(bank, Transaction(TODAY, Decimal("12.10"), "Hotel de Zwaan"))

    engine.run(integration_id=row.id)

    assert_equals_the_bank(server)
    assert (logs()[-1].added, logs()[-1].known) == (1, 30)
    assert account().balance == bank.balance


def test_a_line_that_comes_in_late_is_found(server: PontoServer, anna: Member) -> None:
    bank = fake.account(server)
    server.world.tell(bank, *fake.movements(300, a_day=20))
    row = connected(anna)
    late = Transaction(fake.FIRST + timedelta(days=6), Decimal("-5.55"), "Te laat")
    server.world.tell(bank, late)

    engine.run(integration_id=row.id)

    assert_equals_the_bank(server)


def test_a_line_of_long_ago_is_found_by_what_the_last_synchronisation_brought(
    server: PontoServer, anna: Member
) -> None:
    bank = fake.account(server)
    server.world.tell(bank, *fake.movements(300, a_day=5))
    row = connected(anna)
    server.world.tell(bank, Transaction(fake.FIRST, Decimal("-5.55"), "Veel te laat"))

    engine.run(integration_id=row.id)

    assert_equals_the_bank(server)


def test_two_equal_payments_on_a_day_both_stay(server: PontoServer, anna: Member) -> None:
    bank = fake.account(server)
    one = ("Bakker", fake.OTHER_IBAN, "Brood")
    server.world.tell(bank, Transaction(TODAY, Decimal("-2.50"), *one))
    row = connected(anna)
    server.world.tell(bank, Transaction(TODAY, Decimal("-2.50"), *one))

    engine.run(integration_id=row.id)

    assert len(lines()) == 2
    assert_equals_the_bank(server)


def test_a_bank_that_changes_its_keys_is_recognised(server: PontoServer, anna: Member) -> None:
    bank = fake.account(server)
    twins = [Transaction(TODAY, Decimal("-2.50"), "Bakker", None, "Brood") for _ in range(2)]
    server.world.tell(bank, *fake.movements(150), *twins)
    row = connected(anna)
    bank.change_ids()
    server.world.tell(bank, Transaction(TODAY, Decimal("1.00"), "Nieuw"))
    for one in brought_rows():
        one.is_complete = False
    db.session.commit()

    engine.run(integration_id=row.id)

    assert_equals_the_bank(server)
    assert logs()[-1].added == 1


def brought_rows() -> list[ConnectedAccount]:
    return list(db.session.scalars(select(ConnectedAccount)))


def test_what_a_file_brought_is_the_same_row(server: PontoServer, anna: Member) -> None:
    bank = fake.account(server)
    told = [
        Transaction(TODAY, Decimal("-2.50"), "Bakker", None, "Brood"),
        Transaction(TODAY, Decimal("-2.50"), "Bakker", None, "Brood"),
        Transaction(TODAY, Decimal("99.00"), "Hotel", fake.OTHER_IBAN, "+++090/9337/55493+++"),
    ]
    server.world.tell(bank, *told)
    row = banking.open_account(
        account=banking.Account("Zicht", fake.IBAN, AccountKind.CURRENT),
        opening_balance=Decimal("1000.00"),
        opening_day=TODAY - timedelta(days=1),
        today=TODAY,
        by=anna.actor,
    )
    file = [
        Movement(TODAY, Decimal("-2.50"), "BAKKER BV", None, "brood", external_id="file:coda:1:1"),
        Movement(
            TODAY, Decimal("99.00"), "Hotel", fake.OTHER_IBAN, "", "090933755493", "file:coda:2:1"
        ),
    ]
    banking.record_movements(account_id=row.id, movements=file)

    made = connecting.connect_with_keys(
        client_id="demo", client_secret="demo-secret", by=anna.actor
    )
    pick(made.id, anna, row.id)
    engine.run(integration_id=made.id)

    assert len(lines()) == 3
    assert_equals_the_bank(server)
    assert {one.external_id for one in lines()} == {"file:coda:1:1", "file:coda:2:1", None}


def test_pending_lines_are_shown_and_replaced_when_booked(
    server: PontoServer, anna: Member
) -> None:
    bank = fake.account(server)
    bank.pending = [Transaction(TODAY, Decimal("-30.00"), "Kaart")]
    row = connected(anna)
    (waiting,) = lines()
    assert waiting.state is MovementState.PENDING
    assert account().balance == Decimal("1000.00")

    bank.pending = []
    server.world.tell(bank, Transaction(TODAY, Decimal("-30.00"), "Kaart"))
    engine.run(integration_id=row.id)

    (booked,) = lines()
    assert booked.state is MovementState.BOOKED
    assert_equals_the_bank(server)


def test_a_name_that_comes_later_is_filled_in(server: PontoServer, anna: Member) -> None:
    bank = fake.account(server)
    one = Transaction(TODAY, Decimal("-30.00"))
    server.world.tell(bank, one)
    row = connected(anna)
    one.counterpart = "Molens van Deinze NV"
    one.forget_text()
    server.world.synchronize(bank)

    engine.run(integration_id=row.id)

    assert [line.counterparty_name for line in lines()] == ["Molens van Deinze NV"]
    assert logs()[-1].changed == 1


def test_a_corrected_amount_moves_the_balance(server: PontoServer, anna: Member) -> None:
    bank = fake.account(server)
    one = Transaction(TODAY, Decimal("-30.00"), "Kaart")
    server.world.tell(bank, one, *fake.movements(5))
    row = connected(anna)
    one.amount = Decimal("-35.00")
    one.forget_text()
    server.world.synchronize(bank)

    engine.run(integration_id=row.id)

    assert_equals_the_bank(server)


def test_a_gap_is_named_with_its_day(server: PontoServer, anna: Member) -> None:
    bank = fake.account(server)
    server.world.tell(bank, *fake.movements(10))
    row = connected(anna)
    bank.opening += Decimal("7.77")
    server.world.synchronize(bank)

    engine.run(integration_id=row.id)

    told = brought()
    assert told.account_id is not None
    found = proofs.difference(told.account_id)
    assert found is not None
    assert found[0] == Decimal("7.77")
    assert proofs.proof(told.account_id)[0].missing == Decimal("7.77")


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        (Fault(path="/accounts", status=500), Trouble.PARTNER_FAULT),
        (Fault(path="/accounts", status=429, headers={"Retry-After": "900"}), Trouble.LIMITED),
        (Fault(path="/accounts", status=403), Trouble.NOT_ALLOWED),
        (Fault(path="/accounts", cut_body_after=20), Trouble.UNREACHABLE),
        (Fault(path="/accounts", body=b"<h1>Oops</h1>", status=200), Trouble.UNREADABLE),
        (Fault(path="/accounts", body=b"[1]"), Trouble.UNREADABLE),
    ],
    ids=["500", "429", "403", "cut", "html", "no-object"],
)
def test_a_fault_is_recorded_and_puts_the_next_run_off(
    fault: Fault, trouble: Trouble, server: PontoServer, anna: Member
) -> None:
    row = connected(anna)
    server.world.faults.add(fault)

    engine.run(integration_id=row.id)

    found = connection(row.id)
    assert (found.trouble, found.failures) == (trouble, 1)
    assert found.state is ConnectionState.ACTIVE
    assert logs()[-1].trouble is trouble
    if trouble is Trouble.LIMITED:
        assert found.next_run >= datetime.now(UTC) + timedelta(seconds=890)


def connection(integration_id: UUID) -> Integration:
    return db.session.scalars(
        select(Integration)
        .where(Integration.id == integration_id)
        .execution_options(populate_existing=True)
    ).one()


def test_it_goes_on_by_itself_after_a_fault(server: PontoServer, anna: Member) -> None:
    bank = fake.account(server)
    row = connected(anna)
    server.world.tell(bank, *fake.movements(5, first=TODAY))
    server.world.faults.add(Fault(path="/transactions", cut_body_after=100))
    engine.run(integration_id=row.id)
    assert lines() == []

    engine.run(integration_id=row.id)

    assert_equals_the_bank(server)
    assert connection(row.id).failures == 0


def test_pauses_grow_to_half_an_hour(server: PontoServer, anna: Member) -> None:
    row = connected(anna)
    server.world.faults.add(Fault(path="/accounts", status=500, times=9))
    waits = []
    for _ in range(9):
        engine.run(integration_id=row.id)
        waits.append(connection(row.id).next_run - datetime.now(UTC))

    assert waits[0] < timedelta(minutes=2)
    assert timedelta(minutes=20) < waits[-1] < timedelta(minutes=40)
    assert [log.runs for log in logs()][-1] == 9


def test_a_token_that_ended_is_renewed_at_once(server: PontoServer, anna: Member) -> None:
    row = connected(anna)
    server.world.access.clear()

    engine.run(integration_id=row.id)

    assert connection(row.id).trouble is None


def test_keys_that_are_taken_back_want_a_person(server: PontoServer, anna: Member) -> None:
    row = connected(anna)
    server.world.access.clear()
    server.world.clients.clear()

    engine.run(integration_id=row.id)
    server.world.calls.clear()
    engine.run(integration_id=row.id)

    assert connection(row.id).state is ConnectionState.RECONNECT
    assert not server.world.calls


def test_a_consent_that_ended_is_told_and_the_rest_goes_on(
    server: PontoServer, anna: Member
) -> None:
    bank = fake.account(server)
    row = connected(anna)
    bank.consent_ends = datetime.now(UTC) - timedelta(days=1)
    server.world.synchronize(bank)

    engine.run(integration_id=row.id)

    assert brought().state is AccountState.CONSENT_ENDED
    assert connection(row.id).trouble is Trouble.CONSENT_ENDED
    assert connection(row.id).state is ConnectionState.ACTIVE

    bank.consent_ends = datetime.now(UTC) + timedelta(days=180)
    server.world.tell(bank, *fake.movements(3, first=TODAY))
    engine.run(integration_id=row.id)

    assert brought().state is AccountState.FOLLOWED
    assert_equals_the_bank(server)


def test_an_account_that_is_gone_keeps_its_history(server: PontoServer, anna: Member) -> None:
    bank = fake.account(server)
    server.world.tell(bank, *fake.movements(3))
    row = connected(anna)
    bank.is_revoked = True

    engine.run(integration_id=row.id)

    assert brought().state is AccountState.GONE
    assert len(lines()) == 3


def test_a_first_reading_that_was_cut_goes_on_where_it_stopped(
    server: PontoServer, anna: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "AT_ONCE", 100)
    bank = fake.account(server)
    server.world.tell(bank, *fake.movements(450, a_day=9))
    row = connecting.connect_with_keys(client_id="demo", client_secret="demo-secret", by=anna.actor)
    pick(row.id, anna)
    third = [one.id for one in reversed(bank.booked)][299]
    server.world.faults.add(Fault(path=third, cut_body_after=50))
    engine.run(integration_id=row.id)
    assert len(lines()) == 300
    server.world.tell(bank, Transaction(TODAY, Decimal("3.00"), "Intussen"))

    engine.run(integration_id=row.id)
    engine.run(integration_id=row.id)

    assert_equals_the_bank(server)


def test_a_person_asks_the_bank_itself(server: PontoServer, anna: Member) -> None:
    bank = fake.account(server)
    row = connected(anna)
    bank.coming = [Transaction(TODAY, Decimal("8.00"), "Vers")]
    server.world.calls.clear()

    engine.run(integration_id=row.id, cause=Cause.PERSON)

    assert_equals_the_bank(server)
    assert server.world.calls["POST /synchronizations"] == 2


def test_a_bank_that_was_just_asked_is_no_fault(server: PontoServer, anna: Member) -> None:
    row = connected(anna)
    server.world.behaviour.between_synchronizations = 300
    engine.run(integration_id=row.id, cause=Cause.PERSON)

    engine.run(integration_id=row.id, cause=Cause.PERSON)

    assert connection(row.id).trouble is None


def test_each_connection_gets_one_job_when_its_time_has_come(
    server: PontoServer, anna: Member
) -> None:
    row = connected(anna)
    with transaction() as session:
        session.execute(update(Job).values(status="done"))
        session.execute(update(Integration).values(next_run=datetime.now(UTC)))

    assert engine.ring_due() == 1
    assert engine.ring_due() == 0
    with transaction() as session:
        session.execute(update(Integration).values(next_run=datetime.now(UTC)))
    assert engine.ring_due() == 0

    jobs = db.session.scalars(select(Job).where(Job.status == "waiting")).all()
    assert [job.arguments for job in jobs] == [{"integration_id": str(row.id)}]


def test_a_clock_that_was_set_back_does_not_stop_the_runs(
    server: PontoServer, anna: Member
) -> None:
    connected(anna)
    ahead = datetime.now(UTC) + timedelta(days=1)
    with transaction() as session:
        session.execute(update(Job).values(status="done"))
        session.execute(update(Integration).values(next_run=ahead, last_run=ahead))

    assert engine.ring_due() == 1


def test_what_is_no_money_on_a_day_is_counted_and_left_out(
    server: PontoServer, anna: Member
) -> None:
    bank = fake.account(server)
    server.world.tell(
        bank,
        Transaction(TODAY, Decimal("1.00"), more={"amount": None}),
        Transaction(TODAY, Decimal("1.00"), more={"amount": 0.123}),
        Transaction(TODAY, Decimal("1.00"), more={"currency": "USD"}),
        Transaction(TODAY, Decimal("1.00"), more={"executionDate": None, "valueDate": "x"}),
    )

    connected(anna)

    assert lines() == []
    assert logs()[-1].odd == 4


def test_ending_a_connection_keeps_the_lines_and_drops_what_waits(
    server: PontoServer, anna: Member
) -> None:
    bank = fake.account(server)
    bank.pending = [Transaction(TODAY, Decimal("-30.00"), "Kaart")]
    server.world.tell(bank, *fake.movements(3))
    row = connected(anna)

    connections.disconnect(integration_id=row.id, by=anna.actor)

    assert len(lines()) == 3
    assert connection(row.id).credentials is None
    assert brought().account_id is None


def test_credentials_are_sealed(server: PontoServer, anna: Member) -> None:
    row = connected(anna)

    kept = bytes(connection(row.id).credentials or b"")

    assert kept
    assert b"demo" not in kept


def test_new_lines_ask_for_matches_once_there_is_such_a_job(
    server: PontoServer, anna: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    from billify.domain.jobs import QUEUE_OF

    monkeypatch.setitem(QUEUE_OF, ingest.PROPOSE, "default")
    server.world.tell(fake.account(server), *fake.movements(3))

    connected(anna)

    asked = db.session.scalars(select(Job).where(Job.name == ingest.PROPOSE)).all()
    assert [job.arguments for job in asked] == [{"account_id": str(account().id)}]
