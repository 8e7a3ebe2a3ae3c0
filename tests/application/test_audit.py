"""The audit log: nobody can change, remove, reorder or cut it without being found out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select

from billify.application import audit
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import AuditEvent, AuditHead, Company
from tests.cast import Cast, Member
from tests.committed import at_once


@dataclass
class Subject:
    """Anything with a table and a key."""

    id: UUID
    __tablename__ = "invoice"


@pytest.fixture
def anna(cast: Cast) -> Iterator[Member]:
    with tenancy.company_scope(cast.anna.actor.company_id, cast.anna.user_id):
        yield cast.anna


@pytest.fixture
def real_anna(real_cast: Cast) -> Iterator[Member]:
    with tenancy.company_scope(real_cast.anna.actor.company_id, real_cast.anna.user_id):
        yield real_cast.anna


def write(member: Member, count: int = 1, **after: Any) -> None:
    for number in range(count):
        with transaction():
            audit.record(
                "invoice.saved",
                Subject(member.user_id),
                by=member.actor,
                before={"number": number},
                after=after or {"number": number + 1},
            )


def events() -> list[AuditEvent]:
    return list(db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq)))


def by_owner(app: Flask, member: Member, *statements: str) -> None:
    """What somebody with the owner's password does behind our back, policies in place."""
    url = app.config["SETTINGS"].database_owner_url.replace("+psycopg", "")
    db.session.rollback()
    with psycopg.connect(url) as connection:
        connection.execute(f"SET app.company_id = '{member.company_id}'")
        for statement in statements:
            connection.execute(statement)


def test_a_deed_says_who_what_when_and_from_where(anna: Member) -> None:
    write(anna)

    (event,) = events()
    assert (event.seq, event.actor, event.verb) == (1, "Anna", "invoice.saved")
    assert (event.user_id, event.subject_type, event.subject_id) == (
        anna.user_id,
        "invoice",
        anna.user_id,
    )
    assert (event.before, event.after) == ({"number": 0}, {"number": 1})


def test_without_a_person_it_was_billify(anna: Member) -> None:
    with transaction():
        audit.record("document.unreadable", Subject(anna.user_id), by=None)

    assert (events()[0].actor, events()[0].user_id) == ("Billify", None)


def test_an_untouched_chain_holds(anna: Member) -> None:
    assert audit.verify() == []
    write(anna, 5, text="Éclair “spécial” 🥐", amount="1234.50", nothing=None, many=[1, {"a": "b"}])

    assert audit.verify() == []


def test_a_deed_stands_and_falls_with_its_work(anna: Member) -> None:
    write(anna)
    with pytest.raises(ZeroDivisionError), transaction():
        audit.record("invoice.saved", Subject(anna.user_id), by=None)
        raise ZeroDivisionError
    write(anna)

    assert [event.seq for event in events()] == [1, 2]
    assert audit.verify() == []


def test_a_deed_of_failed_work_is_not_told_by_the_next(anna: Member) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        audit.record("invoice.deleted", Subject(anna.user_id), by=None)
        raise ZeroDivisionError
    write(anna)

    assert [event.verb for event in events()] == ["invoice.saved"]


def test_several_deeds_of_one_transaction_keep_their_order(anna: Member) -> None:
    with transaction():
        for verb in ("first", "second", "third"):
            audit.record(verb, Subject(anna.user_id), by=None)

    assert [(event.seq, event.verb) for event in events()] == [
        (1, "first"),
        (2, "second"),
        (3, "third"),
    ]
    assert audit.verify() == []


def test_a_deed_belongs_to_the_company_it_was_done_in(cast: Cast) -> None:
    """Also when one transaction works for several companies."""
    with transaction():
        for member in (cast.chloe, cast.anna):
            with tenancy.company_scope(member.actor.company_id):
                audit.record(f"by {member.name}", Subject(member.user_id), by=member.actor)

    for member in (cast.anna, cast.chloe):
        with tenancy.company_scope(member.actor.company_id):
            assert [event.verb for event in events()] == [f"by {member.name}"]
            assert audit.verify() == []


def test_without_a_company_nothing_is_recorded(cast: Cast) -> None:
    with pytest.raises(tenancy.NoScope), transaction():
        audit.record("x", Subject(cast.dirk.user_id), by=None)
    with pytest.raises(tenancy.NoScope):
        audit.verify()


SWAP = (
    "UPDATE audit_event SET seq = -3 WHERE seq = 3",
    "UPDATE audit_event SET seq = 3 WHERE seq = 4",
    "UPDATE audit_event SET seq = 4 WHERE seq = -3",
)
CHANGES: dict[str, tuple[tuple[str, ...], set[int]]] = {
    "a changed value": (("""UPDATE audit_event SET after = '{"number": 9}' WHERE seq = 3""",), {3}),
    "a removed value": (("UPDATE audit_event SET before = NULL WHERE seq = 3",), {3}),
    "another person": (("UPDATE audit_event SET actor = 'Bram' WHERE seq = 3",), {3}),
    "another person's key": (
        ("UPDATE audit_event SET user_id = gen_random_uuid() WHERE seq = 3",),
        {3},
    ),
    "another verb": (("UPDATE audit_event SET verb = 'x' WHERE seq = 3",), {3}),
    "another moment": (("UPDATE audit_event SET at = at + '1 ms' WHERE seq = 3",), {3}),
    "another thing": (("UPDATE audit_event SET subject_type = 'x' WHERE seq = 3",), {3}),
    "another place": (("UPDATE audit_event SET address = '10.0.0.1' WHERE seq = 3",), {3}),
    "the first row changed": (("UPDATE audit_event SET verb = 'x' WHERE seq = 1",), {1}),
    "a removed row": (("DELETE FROM audit_event WHERE seq = 3",), {3}),
    "the first row removed": (("DELETE FROM audit_event WHERE seq = 1",), {1}),
    "two rows swapped": (SWAP, {3, 4}),
    "the end cut off": (("DELETE FROM audit_event WHERE seq > 3",), {5}),
    "all removed": (("DELETE FROM audit_event",), {5}),
    "the end cut off with its head": (
        ("DELETE FROM audit_event WHERE seq > 3", "DELETE FROM audit_head"),
        {3},
    ),
    "the head set back": (("UPDATE audit_head SET seq = 4",), {5}),
    "a row put in between": (
        (
            "UPDATE audit_event SET seq = -seq WHERE seq > 3",
            "UPDATE audit_event SET seq = 1 - seq WHERE seq < 0",
            "INSERT INTO audit_event (id, company_id, seq, at, actor, verb, subject_type,"
            " previous_hash, hash) SELECT gen_random_uuid(), company_id, 4, at, 'Anna', 'x', 'x',"
            " hash, sha256(hash) FROM audit_event WHERE seq = 3",
        ),
        {4},
    ),
    "a hash made to fit its own row only": (
        (
            "UPDATE audit_event SET verb = 'x', hash = sha256('x') WHERE seq = 3",
            "UPDATE audit_event SET previous_hash = sha256('x') WHERE seq = 4",
        ),
        {3},
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_done_to_the_log_is_found(name: str, real: Flask, real_anna: Member) -> None:
    write(real_anna, 5)
    assert audit.verify() == []
    statements, places = CHANGES[name]

    by_owner(real, real_anna, *statements)

    assert places <= {one.seq for one in audit.verify()}


def test_a_find_names_the_row_and_what_is_wrong(real: Flask, real_anna: Member) -> None:
    write(real_anna, 3)

    by_owner(real, real_anna, "UPDATE audit_event SET verb = 'x' WHERE seq = 2")

    assert audit.verify() == [audit.Break(2, "changed")]


def test_one_company_s_break_is_not_another_s(real: Flask, real_cast: Cast) -> None:
    for member in (real_cast.anna, real_cast.chloe):
        with tenancy.company_scope(member.actor.company_id):
            write(member, 2)

    by_owner(real, real_cast.anna, "DELETE FROM audit_event")

    with tenancy.company_scope(real_cast.chloe.actor.company_id):
        assert audit.verify() == []


def test_writers_at_the_same_moment_make_one_chain(real: Flask, real_cast: Cast) -> None:
    anna = real_cast.anna

    def work() -> None:
        with tenancy.company_scope(anna.actor.company_id):
            write(anna, 5)

    at_once(real, *[work] * 6)

    with tenancy.company_scope(anna.actor.company_id):
        assert [event.seq for event in events()] == list(range(1, 31))
        assert audit.verify() == []
        assert db.session.scalars(select(AuditHead.seq)).one() == 30


def test_the_first_writers_ever_make_one_chain(real: Flask, real_cast: Cast) -> None:
    """The head is made by whoever comes first."""
    chloe = real_cast.chloe

    def work() -> None:
        with tenancy.company_scope(chloe.actor.company_id):
            write(chloe)

    at_once(real, *[work] * 8)

    with tenancy.company_scope(chloe.actor.company_id):
        assert [event.seq for event in events()] == list(range(1, 9))


def test_transactions_over_two_companies_do_not_wait_for_each_other(
    real: Flask, real_cast: Cast
) -> None:
    def work(*members: Member) -> Callable[[], None]:
        def once() -> None:
            for _ in range(10):
                with transaction():
                    for member in members:
                        with tenancy.company_scope(member.actor.company_id):
                            audit.record("x", Subject(member.user_id), by=None)

        return once

    at_once(real, work(real_cast.anna, real_cast.chloe), work(real_cast.chloe, real_cast.anna))

    for member in (real_cast.anna, real_cast.chloe):
        with tenancy.company_scope(member.actor.company_id):
            assert len(events()) == 20
            assert audit.verify() == []


def test_the_subject_of_a_row_is_its_table(cast: Cast) -> None:
    with tenancy.company_scope(cast.anna.actor.company_id):
        with transaction() as session:
            company = session.scalars(select(Company)).one()
            audit.record("company.renamed", company, by=cast.anna.actor)

        assert (events()[-1].subject_type, events()[-1].subject_id) == ("company", company.id)
