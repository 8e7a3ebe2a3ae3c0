"""The third lock: row-level security, the roles and the composite keys, asked of PostgreSQL."""

import psycopg
import pytest
from sqlalchemy import Connection, ForeignKeyConstraint, Table, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from billify.data import tenancy
from billify.data.db import db
from billify.data.fence import OPEN, OTHERWISE
from tests.cast import Cast
from tests.conftest import World
from tests.planting import Planter, company_tables

APPEND_ONLY = {"audit_event"}
TABLES = company_tables()
LINKS = [
    (table, key)
    for table in TABLES
    for key in table.foreign_key_constraints
    if len(key.column_keys) == 2
]


@pytest.fixture
def raw(app: object, cast: Cast) -> Connection:
    """A connection of the app role within a transaction that is undone."""
    return db.session.connection()


@pytest.fixture
def bs_rows(raw: Connection, cast: Cast) -> Planter:
    """A row of Chloé's company in every table."""
    planter = Planter(raw, cast.chloe.actor.company_id, cast.chloe.user_id)
    with tenancy.company_scope(cast.chloe.actor.company_id):
        for table in TABLES:
            if table.name not in ("membership", "audit_head"):
                planter.plant(table)
        raw.execute(
            text("INSERT INTO audit_head VALUES (:company, 1, '') ON CONFLICT DO NOTHING"),
            {"company": cast.chloe.company_id},
        )
    return planter


def test_every_table_is_fenced_or_is_named_as_global(raw: Connection) -> None:
    rows = raw.execute(
        text(
            "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,"
            " EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd = '*')"
            " FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
        )
    ).all()

    fenced = {name for name, *locks in rows if all(locks)}
    assert {name for name, *_ in rows} - fenced == set(OPEN)
    assert {table.name for table in TABLES} | set(OTHERWISE) == fenced


def test_nothing_can_look_around_the_fence(raw: Connection) -> None:
    """Views and functions that run as their owner would see every row."""
    views = raw.scalars(
        text(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind NOT IN ('r', 'i')"
        )
    ).all()
    functions = raw.scalars(
        text(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"
        )
    ).all()

    assert (views, functions) == ([], [])


def test_the_app_role_has_no_power_of_its_own(raw: Connection) -> None:
    role = raw.execute(
        text(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,"
            " (SELECT count(*) FROM pg_auth_members WHERE member = r.oid),"
            " (SELECT count(*) FROM pg_class WHERE relowner = r.oid)"
            " FROM pg_roles r WHERE rolname = current_user"
        )
    ).one()

    assert tuple(role) == ("billify_app", False, False, False, False, False, 0, 0)


def test_the_app_role_can_not_change_the_schema(raw: Connection) -> None:
    for statement in (
        "CREATE TABLE mine (id int)",
        "ALTER TABLE invoice DISABLE ROW LEVEL SECURITY",
        "DROP POLICY company_only ON invoice",
        "CREATE FUNCTION app_company() RETURNS uuid LANGUAGE sql RETURN NULL::uuid",
        "TRUNCATE contact",
        "SET ROLE billify_owner",
    ):
        assert is_refused(raw, statement), statement


def test_the_owner_is_fenced_too(world: World) -> None:
    with psycopg.connect(world.owner_url.replace("postgresql+psycopg", "postgresql")) as owner:
        for table in TABLES:
            assert owner.execute(f"SELECT count(*) FROM {table.name}").fetchone() == (0,)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_raw_sql_without_a_scope_sees_nothing(
    table: Table, raw: Connection, bs_rows: Planter
) -> None:
    assert count(raw, table) == 0


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_raw_sql_in_one_company_sees_nothing_of_another(
    table: Table, raw: Connection, bs_rows: Planter, cast: Cast
) -> None:
    with tenancy.company_scope(cast.anna.actor.company_id, cast.anna.user_id):
        seen = raw.execute(
            text(f"SELECT count(*) FROM {table.name} WHERE company_id <> app_company()")
        ).scalar_one()

    assert seen == 0
    with tenancy.company_scope(cast.chloe.actor.company_id):
        assert count(raw, table) > 0


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_raw_sql_can_not_write_into_another_company(
    table: Table, raw: Connection, bs_rows: Planter, cast: Cast
) -> None:
    with tenancy.company_scope(cast.chloe.actor.company_id):
        values = bs_rows.values(table)
    for scope in (
        tenancy.NOBODY,
        tenancy.Scope(company_id=cast.anna.company_id, user_id=cast.chloe.user_id),
        tenancy.Scope(user_id=cast.chloe.user_id),
        tenancy.Scope(is_system=True),
    ):
        tenancy.enter(scope)
        with pytest.raises(ProgrammingError, match="row-level security"), raw.begin_nested():
            raw.execute(table.insert().values(values))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_raw_sql_can_not_change_or_remove_rows_of_another_company(
    table: Table, raw: Connection, bs_rows: Planter, cast: Cast
) -> None:
    """Also a person who belongs to that company can't, before it is entered."""
    for scope in (
        tenancy.NOBODY,
        tenancy.Scope(company_id=cast.anna.company_id),
        tenancy.Scope(user_id=cast.chloe.user_id),
    ):
        tenancy.enter(scope)
        for verb in (
            f"UPDATE {table.name} SET company_id = company_id",
            f"DELETE FROM {table.name}",
        ):
            where = f"{verb} WHERE company_id = :theirs"
            if table.name not in APPEND_ONLY:
                done = raw.execute(text(where), {"theirs": cast.chloe.company_id})
                assert done.rowcount == 0, scope


@pytest.mark.parametrize(
    "table", [t for t in TABLES if t.name not in APPEND_ONLY], ids=lambda table: table.name
)
def test_a_row_can_not_be_handed_to_another_company(
    table: Table, raw: Connection, bs_rows: Planter, cast: Cast
) -> None:
    with (
        tenancy.company_scope(cast.chloe.actor.company_id),
        pytest.raises((ProgrammingError, IntegrityError)),
        raw.begin_nested(),
    ):
        raw.execute(table.update().values(company_id=cast.anna.company_id))


@pytest.mark.parametrize(
    ("table", "key"), LINKS, ids=lambda one: getattr(one, "name", None) or str(one)
)
def test_every_link_refuses_a_row_of_another_company(
    table: Table, key: ForeignKeyConstraint, raw: Connection, bs_rows: Planter, cast: Cast
) -> None:
    column = next(name for name in key.column_keys if name != "company_id")
    foreign = bs_rows.known[key.referred_table.name]
    with tenancy.company_scope(cast.anna.actor.company_id):
        ours = Planter(raw, cast.anna.actor.company_id, cast.anna.user_id)
        values = ours.values(table) | {column: foreign}
        with pytest.raises(IntegrityError, match=str(key.name)), raw.begin_nested():
            raw.execute(table.insert().values(values))


def test_every_link_between_company_tables_names_the_company() -> None:
    loose = [
        f"{table.name}.{key.column_keys}"
        for table in TABLES
        for key in table.foreign_key_constraints
        if key.referred_table in TABLES and "company_id" not in key.column_keys
    ]

    assert loose == []


def test_every_key_of_a_company_table_that_looks_like_a_link_is_one() -> None:
    """A column named after a table without a foreign key could point anywhere."""
    names = {table.name.split("_")[-1] for table in TABLES} | {"contact", "invoice", "document"}
    open_ended = [
        f"{table.name}.{column.name}"
        for table in TABLES
        for column in table.c
        if column.name.endswith("_id")
        and column.name.removesuffix("_id").split("_")[-1] in names
        and not column.foreign_keys
    ]

    assert [one for one in open_ended if not one.endswith(".external_id")] == []


@pytest.mark.parametrize("verb", ["UPDATE audit_event SET verb = 'x'", "DELETE FROM audit_event"])
def test_the_app_role_can_not_touch_what_stands_in_the_audit_log(
    verb: str, raw: Connection, bs_rows: Planter, cast: Cast
) -> None:
    with tenancy.company_scope(cast.chloe.actor.company_id):
        assert is_refused(raw, verb)


def test_the_clock_sees_jobs_and_spooled_documents_and_nothing_else(
    raw: Connection, bs_rows: Planter, cast: Cast
) -> None:
    with tenancy.unscoped("a test of what the clock may see"):
        seen = {table.name for table in TABLES if count(raw, table)}
        changed = raw.execute(text("UPDATE job SET rung_at = now()")).rowcount
        removed = raw.execute(text("DELETE FROM job")).rowcount

    assert seen == {"job"}
    assert (changed, removed) == (1, 0)


def test_the_clock_sees_a_document_only_while_it_waits_in_a_spool(
    raw: Connection, bs_rows: Planter, cast: Cast
) -> None:
    with tenancy.company_scope(cast.chloe.actor.company_id):
        raw.execute(text("UPDATE document SET is_spooled = true"))
    with tenancy.unscoped("a test of what the clock may see"):
        seen = raw.scalars(text("SELECT id FROM document")).all()
        changed = raw.execute(text("UPDATE document SET is_spooled = false")).rowcount

    assert seen == [bs_rows.known["document"]]
    assert changed == 0


def test_a_person_sees_their_own_places_and_no_one_elses(raw: Connection, cast: Cast) -> None:
    with tenancy.user_scope(cast.bram.user_id):
        seen = raw.execute(text("SELECT user_id, company_id FROM membership")).all()
        companies = raw.scalars(text("SELECT id FROM company")).all()

    assert [tuple(row) for row in seen] == [(cast.bram.user_id, cast.bram.company_id)]
    assert companies == [cast.bram.company_id]


def test_a_person_can_not_let_themselves_in_elsewhere(raw: Connection, cast: Cast) -> None:
    with tenancy.user_scope(cast.bram.user_id):
        assert is_refused(
            raw,
            "INSERT INTO membership (id, company_id, user_id, role) VALUES"
            f" (gen_random_uuid(), '{cast.chloe.company_id}', '{cast.bram.user_id}', 'owner')",
        )
        promoted = raw.execute(text("UPDATE membership SET role = 'owner'")).rowcount
        renamed = raw.execute(text("UPDATE company SET name = 'mine'")).rowcount

    assert (promoted, renamed) == (0, 0)


def test_a_company_is_seen_by_its_own_scope_only(raw: Connection, cast: Cast) -> None:
    with tenancy.company_scope(cast.anna.actor.company_id):
        seen = raw.scalars(text("SELECT id FROM company")).all()
        changed = raw.execute(text("UPDATE company SET city = 'Gent'")).rowcount

    assert seen == [cast.anna.company_id]
    assert changed == 1
    assert raw.scalars(text("SELECT id FROM company")).all() == []


def test_a_forged_company_setting_ends_with_its_transaction(raw: Connection, cast: Cast) -> None:
    with tenancy.company_scope(cast.anna.actor.company_id):
        db.session.execute(text("SELECT 1"))
    db.session.rollback()

    assert db.session.execute(text("SELECT app_company()")).scalar_one() is None


def count(raw: Connection, table: Table) -> int:
    return raw.execute(select(func.count()).select_from(table)).scalar_one()


def is_refused(raw: Connection, statement: str) -> bool:
    """By a lack of rights, and not by a mistake in the statement."""
    try:
        with raw.begin_nested():
            raw.execute(text(statement))
    except DBAPIError as error:
        return isinstance(error.orig, psycopg.errors.InsufficientPrivilege)
    return False
