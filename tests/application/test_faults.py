"""Faults of our own: counted by kind and place, in a transaction of their own, never a message."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from billify.application import faults
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.domain import faults as rules
from billify.domain.refusal import NotFound
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _nobody(app: object) -> Iterator[None]:
    yield
    tenancy.leave()


def fail(message: str) -> None:
    raise ValueError(message)


def caught(message: str = "BE68 5390 0754 7034") -> ValueError:
    try:
        fail(message)
    except ValueError as error:
        return error
    raise AssertionError


def test_the_same_kind_at_the_same_place_is_one_fault(cast: Cast) -> None:
    with tenancy.company_scope(cast.anna.actor.company_id):
        faults.record(caught("one"), during="GET /c/<company>/")
        faults.record(caught("two"), during="bank.sync")

    found, more = faults.page()
    assert [(one.kind, one.times, one.during) for one in found] == [("ValueError", 2, "bank.sync")]
    assert found[0].last_company == cast.anna.company_id
    assert not more


def test_nothing_of_the_message_is_kept() -> None:
    faults.record(caught("BE68 5390 0754 7034"), during="GET /")

    kept = faults.page()[0][0]
    assert "5390 0754" not in str(vars(kept))
    assert "in fail" in kept.stack


def test_a_fault_survives_the_transaction_that_failed(cast: Cast) -> None:
    with (
        pytest.raises(ValueError),
        tenancy.company_scope(cast.anna.actor.company_id),
        transaction() as session,
    ):
        try:
            session.execute(text("SELECT 1 / 0"))
        except DBAPIError:
            fail("within")
    error = caught()

    faults.record(error, during="GET /")

    assert faults.count_open() == 1


def test_recording_never_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the report failed as well")

    monkeypatch.setattr(faults.queries, "count", broken)

    faults.record(caught(), during="GET /")

    assert faults.count_open() == 0


def test_what_is_away_is_no_fault() -> None:
    faults.record(OperationalError("SELECT 1", {}, Exception("gone")), during="GET /")

    assert faults.count_open() == 0


def test_what_was_put_away_comes_back_when_it_happens_again() -> None:
    faults.record(caught(), during="GET /")
    fingerprint = faults.page()[0][0].fingerprint
    faults.put_away(fingerprint=fingerprint)
    assert (faults.count_open(), len(faults.page(put_away=True)[0])) == (0, 1)

    faults.record(caught(), during="GET /")

    assert faults.count_open() == 1
    assert faults.one(fingerprint=fingerprint).times == 2


def test_an_unknown_fault_can_not_be_put_away() -> None:
    with pytest.raises(NotFound):
        faults.put_away(fingerprint="none")


def test_no_company_sees_faults(cast: Cast) -> None:
    faults.record(caught(), during="GET /")

    with tenancy.company_scope(cast.anna.actor.company_id):
        assert db.session.scalar(text("SELECT count(*) FROM app_error")) == 0


def test_places_are_told_without_the_folders_of_this_machine() -> None:
    fault = rules.of(caught())

    assert fault.place.startswith("test_faults.py:") or fault.place.startswith("tests/")
    assert str(rules.OURS) not in fault.stack


def test_the_same_kind_elsewhere_is_another_fault() -> None:
    try:
        raise ValueError("here")
    except ValueError as error:
        here = rules.of(error)

    assert here.fingerprint != rules.of(caught()).fingerprint


def test_a_sentence_of_our_own_is_kept_and_another_is_not() -> None:
    assert rules.said_by(NotFound("Not there.")) == "NotFound: Not there."
    assert rules.said_by(ValueError("BE68")) == "ValueError"
