"""The smallest row any table takes, made from its columns: for proofs that must hold for every
table there is and every one to come."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Enum,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from billify.data.db import db
from billify.data.types import uuid7


class Planter:
    """Puts rows of one company, with the rows they point to; every text holds the marker."""

    def __init__(
        self, connection: Connection, company_id: UUID, user_id: UUID, marker: str = "marker"
    ) -> None:
        self.connection = connection
        self.marker = marker
        self.known = {"company": company_id, "user_account": user_id}

    def plant(self, table: Table, **given: Any) -> dict[str, Any]:  # Any: column values
        """One more row of a table; `given` columns are taken as they are."""
        values = self.values(table) | given
        self.connection.execute(table.insert().values(values))
        if "id" in table.c:
            self.known[table.name] = values["id"]
        return values

    def values(self, table: Table) -> dict[str, Any]:  # Any: column values
        """What the row would hold; the rows it points to are made."""
        made = {
            column.name: self._value(table, column) for column in table.c if not column.computed
        }
        for key in table.foreign_key_constraints:
            column, target = _pointer(key)
            if not key.parent.c[column].nullable or column not in made or made[column] is None:
                made[column] = self.key_of(target, asked_by=table)
        return {name: value for name, value in made.items() if value is not None}

    def key_of(self, table: Table, asked_by: Table) -> UUID | None:
        """The key of a row of a table, made when there is none; a table that points to itself
        is left open."""
        if table.name in self.known:
            return self.known[table.name]
        if table is asked_by:
            return None
        self.plant(table)
        return self.known[table.name]

    def _value(self, table: Table, column: Column[Any]) -> Any:
        if column.name == "company_id":
            return self.known["company"]
        if column.name == "id":
            return uuid7()
        if column.name == "sha256":
            return uuid7().hex * 2
        if column.name == "token_hash":
            return uuid7().bytes * 2
        return sample(column, self.marker)


def company_tables() -> list[Table]:
    """Every table whose rows belong to a company."""
    return [table for table in db.metadata.sorted_tables if "company_id" in table.c]


def sample(column: Column[Any], marker: str = "marker") -> Any:  # Any: a value for the column
    """A value that a column takes."""
    kind = column.type
    if isinstance(kind, Enum):
        return kind.enums[0]
    if column.name == "currency":
        return "EUR"
    if isinstance(kind, String):
        return f"{marker} {uuid7().hex[-8:]}"[-(kind.length or 100) :]
    if isinstance(kind, JSONB):
        return {"text": marker}
    for types, value in (
        ((Boolean,), False),
        ((BigInteger, Integer), 1),
        ((Numeric,), Decimal("12.00")),
        ((DateTime,), datetime(2026, 3, 2, 12, tzinfo=UTC)),
        ((Date,), date(2026, 3, 1)),
        ((LargeBinary,), b"0" * 32),
    ):
        if isinstance(kind, types):
            return value
    assert isinstance(kind, Uuid), column
    return None if column.nullable else uuid7()


def _pointer(key: ForeignKeyConstraint) -> tuple[str, Table]:
    """The column beside company_id that points, and where to."""
    columns = [name for name in key.column_keys if name != "company_id"]
    return (columns or ["company_id"])[0], key.referred_table
