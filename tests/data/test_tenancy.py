"""The second lock: no ORM statement on company rows runs without a scope, or leaves it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, exists, func, insert, select, text, union_all, update
from sqlalchemy.exc import IntegrityError, InvalidRequestError, ProgrammingError
from sqlalchemy.orm import aliased, joinedload, selectinload

from billify.data import tenancy
from billify.data.db import after_commit, before_commit, db, transaction
from billify.data.models import (
    BankAccount,
    Company,
    Contact,
    Document,
    Invoice,
    InvoiceLine,
    Job,
    LoginSession,
    Membership,
    User,
)
from billify.data.types import uuid7
from tests.cast import Cast
from tests.planting import Planter

Other = aliased(Contact)
Latest = select(Contact.id, Contact.name).limit(1).subquery()

STATEMENTS: dict[str, Callable[[], Any]] = {
    "row": lambda: select(Contact),
    "column": lambda: select(Contact.name),
    "expression": lambda: select(func.max(Contact.name)),
    "count": lambda: select(func.count()).select_from(Contact),
    "alias": lambda: select(Other),
    "alias column": lambda: select(Other.name),
    "join from a global table": lambda: select(User.id).join(Contact, Contact.name == User.name),
    "outer join": lambda: select(User.id).outerjoin(Contact, Contact.name == User.name),
    "subquery": lambda: select(Latest.c.name),
    "cte": lambda: select(select(Contact.name).cte().c.name),
    "in": lambda: select(User.id).where(User.name.in_(select(Contact.name))),
    "exists": lambda: select(User.id).where(exists().where(Contact.name == User.name)),
    "bare exists": lambda: select(exists().where(Contact.name == "x")),
    "scalar subquery": lambda: select(select(Contact.name).limit(1).scalar_subquery()),
    "union": lambda: union_all(select(Contact.name), select(Contact.city)),
    "rows of a union": lambda: select(Contact).from_statement(
        union_all(select(Contact), select(Contact))
    ),
    "table": lambda: select(Contact.__table__),
    "table count": lambda: select(func.count()).select_from(Contact.__table__),
    "joined load": lambda: select(Invoice).options(joinedload(Invoice.contact)),
    "selectin load": lambda: select(Invoice).options(selectinload(Invoice.lines)),
    "update": lambda: update(Contact).values(name="mine"),
    "update of the table": lambda: update(Contact.__table__).values(name="mine"),
    "update by a join": lambda: update(User).where(User.name == Contact.name).values(name="x"),
    "delete": lambda: delete(Contact),
    "delete from the table": lambda: delete(Contact.__table__),
    "insert": lambda: insert(Contact).values(name="x", search_key="x"),
    "insert from select": lambda: insert(User).from_select(["name"], select(Contact.name)),
}
READS = [name for name in STATEMENTS if not name.startswith(("update", "delete", "insert"))]


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_statement_runs_without_a_scope(name: str, app: Flask) -> None:
    with pytest.raises(tenancy.NoScope):
        db.session.execute(STATEMENTS[name]())


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_statement_runs_for_a_person_without_a_company(name: str, cast: Cast) -> None:
    with tenancy.user_scope(cast.anna.user_id), pytest.raises(tenancy.NoScope):
        db.session.execute(STATEMENTS[name]())


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_statement_on_business_rows_runs_for_the_clock(name: str, app: Flask) -> None:
    with tenancy.unscoped("a test"), pytest.raises(tenancy.NoScope):
        db.session.execute(STATEMENTS[name]())


@pytest.fixture
def contacts(cast: Cast) -> dict[UUID, UUID]:
    """One contact in each company: Anna's is Nele, Chloé's is Zoé."""
    made = {}
    for company_id, name in ((cast.anna.company_id, "Nele"), (cast.chloe.company_id, "Zoé")):
        assert company_id is not None
        with tenancy.company_scope(company_id), transaction() as session:
            row = Contact(name=name, search_key=name.lower())
            session.add(row)
            session.flush()
            made[company_id] = row.id
    with transaction() as session:
        for name in ("Nele", "Zoé"):
            session.add(User(email=f"{uuid7()}@example.be", name=name, password_hash="x"))
    return made


@pytest.fixture
def without_the_third_lock(cast: Cast, contacts: dict[UUID, UUID]) -> None:
    """Tell PostgreSQL the other company, so that only the ORM's own lock is left to hold."""
    assert cast.anna.company_id is not None
    tenancy.enter(tenancy.Scope(company_id=cast.anna.company_id))
    db.session.execute(
        text("SELECT set_config('app.company_id', :theirs, true)"),
        {"theirs": str(cast.chloe.company_id)},
    )


@pytest.mark.parametrize(
    "name", [name for name in READS if "table" not in name or "global" in name]
)
def test_each_read_carries_the_company_by_itself(name: str, without_the_third_lock: None) -> None:
    """Through PostgreSQL's eyes all rows here are Chloé's; the statement asks for Anna's."""
    found = db.session.execute(STATEMENTS[name]()).all()

    assert "Zoé" not in str(found)
    assert [row for row in found if row[0] not in (None, 0, False)] == [] or name == "outer join"


@pytest.mark.parametrize("name", ["table", "table count"])
def test_core_reads_are_held_by_the_third_lock(
    name: str, cast: Cast, contacts: dict[UUID, UUID]
) -> None:
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        found = db.session.execute(STATEMENTS[name]()).all()

    assert "Zoé" not in str(found)
    assert len(found) == 1


@pytest.mark.parametrize("name", ["update", "delete"])
def test_each_change_carries_the_company_by_itself(
    name: str, cast: Cast, contacts: dict[UUID, UUID], without_the_third_lock: None
) -> None:
    statement = STATEMENTS[name]().execution_options(synchronize_session=False)

    assert db.session.execute(statement).rowcount == 0


def test_rows_of_the_own_company_are_found(cast: Cast, contacts: dict[UUID, UUID]) -> None:
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        assert db.session.scalars(select(Contact.name)).all() == ["Nele"]


def test_the_scope_switches_within_a_transaction(cast: Cast, contacts: dict[UUID, UUID]) -> None:
    seen = []
    assert cast.anna.company_id is not None
    assert cast.chloe.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        seen += db.session.scalars(select(Contact.name)).all()
        with tenancy.company_scope(cast.chloe.company_id):
            seen += db.session.scalars(select(Contact.name)).all()
        seen += db.session.scalars(text("SELECT name FROM contact")).all()

    assert seen == ["Nele", "Zoé", "Nele"]


def test_a_scope_ends_when_its_block_fails(cast: Cast) -> None:
    assert cast.anna.company_id is not None
    with pytest.raises(ZeroDivisionError), tenancy.company_scope(cast.anna.company_id):
        raise ZeroDivisionError

    assert tenancy.current() == tenancy.NOBODY


def test_a_new_row_gets_the_company_of_the_scope(cast: Cast) -> None:
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id), transaction() as session:
        row = Contact(name="Nele", search_key="nele")
        session.add(row)

    assert row.company_id == cast.anna.company_id


@pytest.mark.parametrize("scope", ["none", "person", "clock", "other company"])
def test_a_row_of_another_company_is_not_written(scope: str, cast: Cast) -> None:
    assert cast.anna.company_id is not None
    tenancy.enter(
        {
            "none": tenancy.NOBODY,
            "person": tenancy.Scope(user_id=cast.chloe.user_id),
            "clock": tenancy.Scope(is_system=True),
            "other company": tenancy.Scope(company_id=cast.anna.company_id),
        }[scope]
    )

    with pytest.raises(tenancy.NoScope), transaction() as session:
        session.add(Contact(company_id=cast.chloe.company_id, name="x", search_key="x"))


def test_a_loaded_row_is_not_handed_to_another_company(
    cast: Cast, contacts: dict[UUID, UUID]
) -> None:
    assert cast.anna.company_id is not None
    assert cast.chloe.company_id is not None
    with (
        tenancy.company_scope(cast.anna.company_id),
        pytest.raises(tenancy.NoScope),
        transaction() as session,
    ):
        row = session.scalars(select(Contact)).one()
        row.company_id = cast.chloe.company_id


def test_a_loaded_row_is_not_changed_in_another_scope(
    cast: Cast, contacts: dict[UUID, UUID]
) -> None:
    assert cast.anna.company_id is not None
    assert cast.chloe.company_id is not None
    with tenancy.company_scope(cast.chloe.company_id):
        theirs = db.session.scalars(select(Contact)).one()

    with (
        tenancy.company_scope(cast.anna.company_id),
        pytest.raises(tenancy.NoScope),
        transaction(),
    ):
        theirs.name = "mine"


def test_a_loaded_row_is_not_deleted_in_another_scope(
    cast: Cast, contacts: dict[UUID, UUID]
) -> None:
    assert cast.anna.company_id is not None
    assert cast.chloe.company_id is not None
    with tenancy.company_scope(cast.chloe.company_id):
        theirs = db.session.scalars(select(Contact)).one()

    with (
        tenancy.company_scope(cast.anna.company_id),
        pytest.raises(tenancy.NoScope),
        transaction() as session,
    ):
        session.delete(theirs)


def test_the_failure_of_a_statement_is_told_and_not_the_end_of_its_scope(cast: Cast) -> None:
    assert cast.anna.company_id is not None
    with (
        pytest.raises(ProgrammingError, match="UndefinedTable"),
        tenancy.company_scope(cast.anna.company_id),
    ):
        db.session.execute(text("SELECT * FROM nowhere"))


def test_nothing_loads_by_itself(cast: Cast) -> None:
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        planter = Planter(db.session.connection(), cast.anna.company_id, cast.anna.user_id)
        planter.plant(InvoiceLine.__table__)
        invoice = db.session.scalars(select(Invoice)).one()

        for name in ("contact", "document", "lines", "vat_rows"):
            with pytest.raises(InvalidRequestError, match="lazy='raise'"):
                getattr(invoice, name)


def test_tables_of_no_company_need_no_scope(app: Flask) -> None:
    db.session.execute(select(User)).all()
    db.session.execute(select(LoginSession)).all()
    db.session.execute(select(Company)).all()
    db.session.execute(text("SELECT 1")).all()


def test_a_person_reads_their_places_and_changes_none(cast: Cast) -> None:
    with tenancy.user_scope(cast.anna.user_id):
        assert len(db.session.scalars(select(Membership)).all()) == 1
        with pytest.raises(tenancy.NoScope):
            db.session.execute(update(Membership).values(role="owner"))
        with pytest.raises(tenancy.NoScope):
            db.session.execute(select(Membership).join(Invoice, Invoice.id == Membership.id))


def test_the_clock_reads_jobs_and_changes_no_document(app: Flask) -> None:
    with tenancy.unscoped("a test"):
        db.session.execute(select(Job)).all()
        db.session.execute(select(Document.id)).all()
        for table in (BankAccount, Membership):
            with pytest.raises(tenancy.NoScope):
                db.session.execute(select(table))
        with pytest.raises(tenancy.NoScope):
            db.session.execute(update(Document).values(is_spooled=False))


def test_unscoped_wants_a_reason() -> None:
    with pytest.raises(tenancy.NoScope), tenancy.unscoped(""):
        pass


def test_an_amount_is_kept_to_the_cent(cast: Cast) -> None:
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        planter = Planter(db.session.connection(), cast.anna.company_id, cast.anna.user_id)
        planter.plant(BankAccount.__table__, balance=Decimal("999999999999.99"))

        assert db.session.scalars(select(BankAccount.balance)).one() == Decimal("999999999999.99")


def test_what_fails_inside_leaves_nothing_and_rings_nothing(cast: Cast) -> None:
    rung: list[str] = []
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        with pytest.raises(ZeroDivisionError), transaction() as session:
            session.add(Contact(name="x", search_key="x"))
            after_commit(lambda: rung.append("bell"))
            raise ZeroDivisionError

        assert db.session.scalars(select(Contact)).all() == []
    assert rung == []


def test_a_failure_of_an_inner_part_undoes_the_whole(cast: Cast) -> None:
    """Whoever catches the refusal of an inner use case can't commit half of it."""
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        with pytest.raises(RuntimeError, match="failed inside"), transaction():
            try:
                with transaction() as session:
                    session.add(Contact(name="half", search_key="half"))
                    session.flush()
                    raise ZeroDivisionError
            except ZeroDivisionError:
                pass

        assert db.session.scalars(select(Contact)).all() == []


def test_bells_wait_for_the_outermost_commit(cast: Cast) -> None:
    told: list[str] = []
    with transaction():
        with transaction():
            after_commit(lambda: told.append("after"))
            before_commit("key", lambda: told.append("replaced"))
            before_commit("key", lambda: told.append("before"))
        told.append("inner is over")

    assert told == ["inner is over", "before", "after"]


def test_one_bell_that_fails_does_not_silence_the_others(app: Flask) -> None:
    told: list[str] = []

    def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction():
        after_commit(broken)
        after_commit(lambda: told.append("after"))

    assert told == ["after"]


def test_bells_and_finishers_want_a_transaction(app: Flask) -> None:
    with pytest.raises(RuntimeError):
        after_commit(lambda: None)
    with pytest.raises(RuntimeError):
        before_commit("key", lambda: None)


def test_the_database_refuses_a_state_it_does_not_know(cast: Cast) -> None:
    assert cast.anna.company_id is not None
    with (
        tenancy.company_scope(cast.anna.company_id),
        pytest.raises(IntegrityError, match="job_status"),
        db.session.begin_nested(),
    ):
        db.session.execute(
            text(
                "INSERT INTO job (id, company_id, name, arguments, queue, status, attempts)"
                " VALUES (gen_random_uuid(), app_company(), 'x', '{}', 'ocr', 'odd', 0)"
            )
        )
