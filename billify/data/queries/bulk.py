"""Many rows at once: set-wise inserts, and COPY by way of a temporary table.

COPY into a table under row-level security is refused, so rows are copied into a temporary table
of the same columns and inserted from there, which the policies check like any insert.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from itertools import islice
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy import Column, Enum, Table, Text, bindparam, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY, Insert
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from billify.data import tenancy
from billify.data.db import Base, db
from billify.data.models import Invoice
from billify.data.types import uuid7

AT_ONCE = 50_000
"""Rows copied before they are inserted: large enough to be fast, small enough for memory."""


def add(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:  # Any: column values
    """Insert rows of one table into the scope's company; those without a key get one."""
    if rows:
        company_id = tenancy.company_id()
        made = [{"id": uuid7(), "company_id": company_id} | dict(row) for row in rows]
        db.session.execute(insert(model), made)


def add_at_once(
    model: type[Base],
    rows: Sequence[Mapping[str, Any]],  # Any: column values
) -> None:
    """Insert rows of one table into the scope's company by one statement for any number of them.

    All rows name the same columns; a column that is left out takes its default.
    """
    if rows:
        db.session.execute(_at_once(model, rows))


def add_unknown(
    model: type[Base],
    rows: Sequence[Mapping[str, Any]],  # Any: column values
    *,
    key: str,
    unique: Sequence[str],
) -> set[str]:
    """The same, but a row whose key is there already is left out; gives the keys left out.

    `unique` are the columns of an index over rows that have a key; others always go in.
    """
    if not rows:
        return set()
    column = model.__table__.c[key]
    statement = _at_once(model, rows).on_conflict_do_nothing(
        index_elements=list(unique), index_where=column.is_not(None)
    )
    added = set(db.session.scalars(statement.returning(column)))
    return {row[key] for row in rows if row.get(key)} - added


def _at_once(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> Insert:  # Any: column values
    company_id = tenancy.company_id()
    table = cast(Table, model.__table__)
    columns = [column for column in table.c if column.name in _GIVEN | rows[0].keys()]
    columns += [c for c in table.c if c not in columns and _default(c) is not None]
    given = {
        column.name: bindparam(None, _values(column, rows, company_id), ARRAY(_plain_type(column)))
        for column in columns
    }
    arrays = func.unnest(*given.values()).table_valued(*given).render_derived()
    return insert_or(table).from_select(list(given), select(arrays))


_GIVEN = {"id", "company_id"}


def _values(
    column: Column[Any], rows: Sequence[Mapping[str, Any]], company_id: UUID
) -> list[Any]:  # Any: values
    if column.name == "id":
        return [row.get("id") or uuid7() for row in rows]
    if column.name == "company_id":
        return [company_id] * len(rows)
    default = _default(column)
    found = [row.get(column.name, default) for row in rows]
    return [one.value for one in found] if isinstance(found[0], StrEnum) else found


def _default(column: Column[Any]) -> Any:  # Any: a value
    """A default that is one value; others are the database's own."""
    default = column.default
    return default.arg if isinstance(default, ScalarElementColumnDefault) else None


def _plain_type(column: Column[Any]) -> Any:  # Any: a type of SQLAlchemy
    """A state is text with a check constraint."""
    return Text() if isinstance(column.type, Enum) else column.type


def copy(
    model: type[Base],
    columns: Sequence[str],
    rows: Iterable[tuple[Any, ...]],  # Any: values
) -> Iterator[int]:
    """Copy a stream of rows into a table of the scope's company; gives the count after each part.

    Columns that are not named take their default in the database.
    """
    names = ("company_id", *columns)
    company_id = str(tenancy.company_id())
    count = 0
    with _raw().cursor() as cursor:
        table = _make_temporary(cursor, model.__tablename__, names)
        for part in _parts(rows):
            with cursor.copy(_copy_into(table, names)) as sink:
                for row in part:
                    sink.write_row((company_id, *row))
            cursor.execute(_insert_from(table, model.__tablename__, names))
            cursor.execute(sql.SQL("TRUNCATE {}").format(table))
            count += len(part)
            yield count
        cursor.execute(sql.SQL("DROP TABLE {}").format(table))


FILLED = (
    "contact",
    "invoice",
    "invoice_line",
    "invoice_vat",
    "bank_account",
    "bank_transaction",
    "allocation",
    "accounting_item",
    "cash_flow_position",
)
"""The tables that get many rows. One that another session holds is left to autovacuum."""


def tidy(owner_url: str) -> None:
    """Let the planner know the tables as they are now; only their owner may."""
    address = owner_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"VACUUM (ANALYZE, SKIP_LOCKED, TRUNCATE false) {', '.join(FILLED)}")


def has_rows_from(source: str) -> bool:
    """Does the company have invoices that came in this way?"""
    found: UUID | None = db.session.scalar(
        select(Invoice.id).where(Invoice.source == source).limit(1)
    )
    return found is not None


def _parts(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:  # Any: values
    """The rows in parts; the next one is made while the database is busy with the last."""
    stream = iter(rows)

    def following() -> list[tuple[Any, ...]]:  # Any: values
        return list(islice(stream, AT_ONCE))

    with ThreadPoolExecutor(max_workers=1) as beside:
        coming = beside.submit(following)
        while part := coming.result():
            coming = beside.submit(following)
            yield part


def _raw() -> "psycopg.Connection[Any]":  # Any: rows as tuples
    """The driver's own connection of the running transaction; only it can copy."""
    raw = db.session.connection().connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    return raw


def _make_temporary(
    cursor: "psycopg.Cursor[Any]", table: str, names: Sequence[str]
) -> sql.Identifier:
    temporary = sql.Identifier(f"coming_{table}")
    cursor.execute(
        sql.SQL(
            "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA"
        ).format(temporary, _listed(names), sql.Identifier(table))
    )
    return temporary


def _copy_into(table: sql.Identifier, names: Sequence[str]) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN").format(table, _listed(names))


def _insert_from(table: sql.Identifier, target: str, names: Sequence[str]) -> sql.Composed:
    return sql.SQL("INSERT INTO {} ({columns}) SELECT {columns} FROM {}").format(
        sql.Identifier(target), table, columns=_listed(names)
    )


def _listed(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
