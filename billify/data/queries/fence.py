"""The fence as PostgreSQL keeps it: tables, their policies, and what our role may do; and a probe
that asks each table of companies for rows that are not to be seen."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Table, func, select, text
from sqlalchemy.exc import OperationalError

from billify.data.db import db

_RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")


class Policy(NamedTuple):
    """One policy: for which command and roles, which rows are seen and which may be written."""

    table: str
    name: str
    command: str
    is_permissive: bool
    roles: tuple[str, ...]
    sees: str | None
    writes: str | None


class Locks(NamedTuple):
    """How a table is locked, and what our own role may do with it."""

    table: str
    is_on: bool
    is_forced: bool
    rights: tuple[str, ...]


class Role(NamedTuple):
    """The role this process works as."""

    name: str
    is_super: bool
    looks_around: bool
    owns: int


@dataclass(frozen=True, slots=True)
class Probed:
    """What a table shows within a company: its rows and those of others, which must be none.
    None when it took too long to count."""

    table: str
    own: int | None
    foreign: int | None


def tables() -> list[Locks]:
    """Every table, by name."""
    rows = db.session.connection().execute(
        text(
            "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,"
            " ARRAY(SELECT r FROM unnest(CAST(:rights AS text[])) WITH ORDINALITY AS rights (r, n)"
            " WHERE has_table_privilege(current_user, c.oid, r) ORDER BY n)"
            " FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
            " AND c.relkind IN ('r', 'p') ORDER BY c.relname"
        ),
        {"rights": list(_RIGHTS)},
    )
    return [Locks(name, on, forced, tuple(rights)) for name, on, forced, rights in rows]


def policies() -> list[Policy]:
    """Every policy, by table and name."""
    rows = db.session.connection().execute(
        text(
            "SELECT tablename, policyname, cmd, permissive = 'PERMISSIVE', roles, qual, with_check"
            " FROM pg_policies WHERE schemaname = 'public' ORDER BY tablename, policyname"
        )
    )
    return [
        Policy(table, name, command, permissive, tuple(roles), sees, writes)
        for table, name, command, permissive, roles, sees, writes in rows
    ]


def role() -> Role:
    """The role of this process."""
    row = db.session.connection().execute(
        text(
            "SELECT rolname, rolsuper, rolbypassrls,"
            " (SELECT count(*) FROM pg_class WHERE relowner = r.oid)"
            " FROM pg_roles r WHERE rolname = current_user"
        )
    )
    return Role._make(row.one())


def company_tables() -> list[Table]:
    """Every table whose rows belong to a company, by name."""
    found = [table for table in db.metadata.sorted_tables if "company_id" in table.c]
    return sorted(found, key=lambda table: table.name)


def probe(table: Table, *, most_ms: int) -> Probed:
    """Count a table's rows in the scope that is entered, its own and those of others.

    Asked below the ORM, which would name the company itself: here the database alone has to
    hold. Counting ends after `most_ms` milliseconds.
    """
    is_foreign = table.c.company_id.is_distinct_from(func.app_company())
    asked = select(func.count(), func.count().filter(is_foreign)).select_from(table)
    connection = db.session.connection()
    try:
        with connection.begin_nested():
            connection.execute(select(func.set_config("statement_timeout", str(most_ms), True)))
            seen, foreign = connection.execute(asked).one()
            connection.execute(select(func.set_config("statement_timeout", "0", True)))
    except OperationalError:
        return Probed(table.name, None, None)
    return Probed(table.name, seen - foreign, foreign)
