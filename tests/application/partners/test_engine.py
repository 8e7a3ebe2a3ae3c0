"""What the engine makes of a run, whoever the partner is: a partner that does as it is told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from billify.application import connections
from billify.application.partners import engine, registry
from billify.application.partners.protocol import (
    Brings,
    Checked,
    Description,
    PartnerFailed,
    Run,
)
from billify.data.db import db, transaction
from billify.data.models import Company, Integration, SyncLog
from billify.domain import connections as rules
from billify.domain.connections import ConnectionState, Partner, RunState, Trouble
from billify.domain.refusal import NotAllowed, Refusal
from billify.domain.roles import Actor
from tests.cast import Cast, Member
from tests.factories import books_of


@dataclass
class Obedient:
    """An adapter that answers what a test wants."""

    answer: Trouble | Exception | None = None
    planned: datetime | None = None
    asked_slow: list[bool] = field(default_factory=list)
    let_go_of: list[Integration] = field(default_factory=list)
    is_offered: bool = True
    partners: frozenset[Partner] = frozenset(Partner)

    def describe(self, **_: object) -> Description:
        return Description("Obedient", Brings.BANK, "", "", "", is_offered=self.is_offered)

    def connect(self, *, partner: Partner, given: Mapping[str, str], by: Actor) -> Integration:
        raise AssertionError(f"{partner} was connected by {by} with {given}")

    def renew(self, **_: object) -> None:
        """Nothing to renew."""

    def check(self, **_: object) -> Checked:
        if isinstance(self.answer, Exception):
            raise self.answer
        return Checked(is_login_good=True, place="Books", is_place_good=True)

    def sync(self, *, run: Run) -> Trouble | None:
        if isinstance(self.answer, Exception):
            raise self.answer
        run.traffic.requests, run.traffic.bytes = 2, 300
        return self.answer

    def next_run(self, *, is_slow: bool, **_: object) -> datetime | None:
        self.asked_slow.append(is_slow)
        return self.planned

    def calls_left(self, **_: object) -> tuple[int, int] | None:
        return None

    def hand_back(self, **_: object) -> None:
        """Nobody to tell."""

    def left_open(self, **_: object) -> int:
        return 0

    def let_go(self, *, row: Integration, **_: object) -> dict[str, int]:
        self.let_go_of.append(row)
        return {}


@pytest.fixture
def partner(monkeypatch: pytest.MonkeyPatch) -> Obedient:
    found = Obedient()
    monkeypatch.setattr(registry, "ADAPTERS", (found,))
    return found


@pytest.fixture
def anna(cast: Cast) -> Iterator[Member]:
    with books_of(cast.anna):
        yield cast.anna


def connection(**values: Any) -> Integration:  # Any: column values
    with transaction() as session:
        row = Integration(
            partner=Partner.PONTO,
            name="Bank",
            **({"state": ConnectionState.ACTIVE} | values),
        )
        session.add(row)
    return row


def after_a_run(row: Integration) -> Integration:
    engine.run(integration_id=row.id)
    return db.session.get_one(Integration, row.id, populate_existing=True)


def logs() -> list[SyncLog]:
    return list(db.session.scalars(select(SyncLog).order_by(SyncLog.started_at)))


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("trouble", [None, Trouble.CONSENT_ENDED])
def test_a_partner_that_answers_counts_as_heard(partner: Obedient, trouble: Trouble | None) -> None:
    partner.answer = trouble

    row = after_a_run(connection(failures=3))

    assert (row.failures, row.trouble) == (0, trouble)
    assert row.fresh_at is not None
    assert [(one.requests, one.bytes) for one in logs()] == [(2, 300)]


@pytest.mark.usefixtures("anna")
def test_a_partner_s_own_plan_is_kept(partner: Obedient) -> None:
    partner.planned = datetime(2030, 1, 1, tzinfo=UTC)

    assert after_a_run(connection()).next_run == partner.planned


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("is_office", "asks_slower", "is_slow"),
    [(True, True, False), (False, True, True), (False, False, False)],
    ids=["office", "night", "night-but-not-wanted"],
)
def test_a_company_decides_whether_it_asks_slower_out_of_hours(
    is_office: bool,
    asks_slower: bool,
    is_slow: bool,
    partner: Obedient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "is_office_time", lambda _: is_office)
    with transaction() as session:
        session.scalars(select(Company)).one().asks_slower = asks_slower

    row = after_a_run(connection())

    assert partner.asked_slow == [is_slow]
    assert row.last_run is not None
    assert (row.next_run - row.last_run > timedelta(minutes=5)) is is_slow


@pytest.mark.usefixtures("anna")
def test_spent_calls_are_no_failure_and_wait_as_long_as_told(partner: Obedient) -> None:
    partner.answer = PartnerFailed(Trouble.CALLS_SPENT, retry_after=7200)

    row = after_a_run(connection())

    assert (row.failures, row.trouble, row.fresh_at) == (0, Trouble.CALLS_SPENT, None)
    assert row.last_run is not None
    assert row.next_run - row.last_run >= timedelta(hours=2)
    assert logs()[0].state is RunState.FAILED


@pytest.mark.usefixtures("anna")
def test_what_only_a_person_can_mend_is_tried_now_and_then(partner: Obedient) -> None:
    partner.answer = PartnerFailed(Trouble.ACTION_NEEDED, code="rights")

    row = after_a_run(connection())

    assert row.state is ConnectionState.ACTIVE
    assert row.last_run is not None
    assert row.next_run - row.last_run >= rules.LONGEST_PAUSE
    assert logs()[0].partner_code == "rights"


@pytest.mark.usefixtures("anna", "partner")
def test_quiet_runs_are_counted_by_the_day() -> None:
    row = connection()
    for _ in range(3):
        engine.run(integration_id=row.id)
    assert [one.runs for one in logs()] == [3]
    with transaction():
        logs()[0].started_at -= timedelta(days=1)

    engine.run(integration_id=row.id)

    assert [one.runs for one in logs()] == [3, 1]


@pytest.mark.usefixtures("anna")
def test_a_connection_that_is_not_at_work_is_left_alone(partner: Obedient) -> None:
    partner.answer = AssertionError("was asked")

    for state in set(ConnectionState) - {ConnectionState.ACTIVE}:
        engine.run(integration_id=connection(state=state).id)

    assert logs() == []


@pytest.mark.parametrize(
    ("trouble", "is_login_good"),
    [
        (Trouble.LOGIN_REFUSED, False),
        (Trouble.ACTION_NEEDED, False),
        (Trouble.UNREACHABLE, None),
        (Trouble.CALLS_SPENT, True),
    ],
)
def test_a_check_says_of_the_login_what_it_knows(
    trouble: Trouble, is_login_good: bool | None, partner: Obedient, anna: Member
) -> None:
    partner.answer = PartnerFailed(trouble)

    found = connections.check(integration_id=connection().id, by=anna.actor)

    assert (found.is_login_good, found.trouble, found.is_good) == (is_login_good, trouble, False)
    assert logs() == []


def test_a_partner_that_is_not_set_up_here_is_not_connected(
    partner: Obedient, anna: Member
) -> None:
    partner.is_offered = False

    with pytest.raises(Refusal):
        connections.connect(partner=Partner.PONTO, given={}, by=anna.actor)


def test_ending_forgets_the_login_and_lets_go_of_the_rest(partner: Obedient, anna: Member) -> None:
    row = connection(credentials=b"sealed", trouble=Trouble.LIMITED)

    connections.disconnect(integration_id=row.id, by=anna.actor)

    kept = db.session.get_one(Integration, row.id, populate_existing=True)
    assert (kept.state, kept.credentials, kept.trouble) == (
        ConnectionState.DISCONNECTED,
        None,
        None,
    )
    assert [one.id for one in partner.let_go_of] == [row.id]


@pytest.mark.usefixtures("partner")
def test_only_who_manages_the_company_sees_to_connections(cast: Cast) -> None:
    with books_of(cast.anna):
        row = connection()
        for act in (connections.check, connections.disconnect):
            with pytest.raises(NotAllowed):
                act(integration_id=row.id, by=cast.emma.actor)
