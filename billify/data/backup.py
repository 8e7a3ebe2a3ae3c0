"""What a backup has to know of the database: one moment of it, its rows counted, and whether it is
empty. Asked directly and not through the session, as a role that the policies don't bind."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

_TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    " AND relkind IN ('r', 'p') ORDER BY relname"
)


class BlindRole(Exception):
    """The role is bound by the policies, so it would see no row and keep none."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of the database, that lasts as long as its transaction: by this name another
    connection sees the same rows."""

    snapshot: str
    schema: str
    server: str
    rows: dict[str, int]


@contextmanager
def moment(url: str) -> Iterator[Moment]:
    """Hold one moment of the database. Raises BlindRole."""
    with psycopg.connect(plain(url)) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        if not _sees_everything(connection):
            raise BlindRole
        yield Moment(
            snapshot=_one(connection, "SELECT pg_export_snapshot()"),
            schema=_one(connection, "SELECT version_num FROM alembic_version"),
            server=_one(connection, "SHOW server_version"),
            rows=_counts(connection),
        )


def counts(url: str) -> dict[str, int]:
    """How many rows each table has. Raises BlindRole."""
    with psycopg.connect(plain(url)) as connection:
        if not _sees_everything(connection):
            raise BlindRole
        return _counts(connection)


def is_empty(url: str) -> bool:
    """Has the database no table at all?"""
    with psycopg.connect(plain(url)) as connection:
        return not _tables(connection)


def plain(url: str) -> str:
    """The address as PostgreSQL's own programs take it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _sees_everything(connection: psycopg.Connection) -> bool:
    row = connection.execute(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    return bool(row and row[0])


def _counts(connection: psycopg.Connection) -> dict[str, int]:
    found = {}
    for table in _tables(connection):
        asked = sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(table))
        row = connection.execute(asked).fetchone()
        found[table] = int(row[0]) if row else 0
    return found


def _tables(connection: psycopg.Connection) -> list[str]:
    return [name for (name,) in connection.execute(_TABLES).fetchall()]


def _one(connection: psycopg.Connection, asked: str) -> str:
    # Our own words only: see the callers above.
    row = connection.execute(asked.encode()).fetchone()
    return str(row[0]) if row else ""
