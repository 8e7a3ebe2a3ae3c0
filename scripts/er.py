"""Draw docs/er.md, the tables and how they point to each other, from the models.

`python scripts/er.py` writes it; with `check` it says whether it is up to date.
"""

import sys
from pathlib import Path

from sqlalchemy import Column, Enum, ForeignKeyConstraint, MetaData, Table
from sqlalchemy.dialects import postgresql

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "docs" / "er.md"
HEAD = """\
# The tables

Made by `make er` from `billify/data/models`; a test fails when it is out of date.

Every table with `company_id` belongs to one company and is fenced by a row-level policy
([0003](adr/0003-row-level-security-as-third-lock.md)). Its links to other such tables carry the
company too, (company_id, x_id) to (company_id, id), so they are drawn once and the link of each
table to `company` is left out.

"""
PARTS = {
    "People and companies": ("company", "user_account", "membership", "login_session"),
    "Documents and invoices": (
        "contact",
        "contact_iban",
        "document",
        "invoice",
        "invoice_line",
        "invoice_vat",
        "number_series",
    ),
    "Bank and cash flow": (
        "bank_account",
        "bank_transaction",
        "allocation",
        "cash_flow_position",
        "planned_item",
    ),
    "Work and audit": ("job", "audit_event", "audit_head"),
}
TYPES = {"VARCHAR": "text", "TEXT": "text", "BYTEA": "bytes", "TIMESTAMP": "timestamptz"}


def main(words: list[str]) -> int:
    """Write the file, or check it: 1 when it is out of date."""
    drawn = page(_metadata())
    if words == ["check"]:
        is_same = FILE.exists() and FILE.read_text() == drawn
        if not is_same:
            sys.stderr.write("docs/er.md is out of date: run `make er`.\n")
        return 0 if is_same else 1
    FILE.write_text(drawn)
    return 0


def page(metadata: MetaData) -> str:
    """The whole page. A table of no part stands in a part of its own, so none is forgotten."""
    parts = dict(PARTS)
    rest = set(metadata.tables) - {name for names in PARTS.values() for name in names}
    if rest:
        parts["Further tables"] = tuple(sorted(rest))
    drawn = [_part(title, [metadata.tables[name] for name in parts[title]]) for title in parts]
    return HEAD + "\n".join(drawn)


def _part(title: str, tables: list[Table]) -> str:
    lines = [line for table in tables for line in _entity(table)]
    links = [line for table in tables for line in _links(table)]
    return "\n".join([f"## {title}", "", "```mermaid", "erDiagram", *lines, *links, "```", ""])


def _entity(table: Table) -> list[str]:
    return [
        f"    {table.name} {{",
        *(f"        {_column(column)}" for column in sorted(table.columns, key=_keys_first)),
        "    }",
    ]


def _keys_first(column: Column[object]) -> int:
    return {"id": 0, "company_id": 1}.get(column.name, 2)


def _column(column: Column[object]) -> str:
    marks = ["PK"] if column.primary_key else []
    marks += ["FK"] if column.foreign_keys else []
    optional = ' "optional"' if column.nullable else ""
    return f"{_type(column)} {column.name}{' ' + ', '.join(marks) if marks else ''}{optional}"


def _type(column: Column[object]) -> str:
    if isinstance(column.type, Enum):
        return column.type.name or "choice"
    name = column.type.compile(dialect=postgresql.dialect()).split("(")[0].split(" ")[0]
    return TYPES.get(name, name.lower())


def _links(table: Table) -> list[str]:
    keys = sorted(table.foreign_key_constraints, key=lambda key: sorted(key.column_keys))
    return [_link(table, key) for key in keys if key.column_keys != ["company_id"]]


def _link(table: Table, key: ForeignKeyConstraint) -> str:
    column = next(name for name in key.column_keys if name != "company_id")
    end = "|o" if table.c[column].nullable else "||"
    return f"    {key.referred_table.name} {end}--o{{ {table.name} : {column}"


def _metadata() -> MetaData:
    sys.path.insert(0, str(ROOT))
    from billify.data import models
    from billify.data.db import db

    assert models.__all__
    return db.metadata


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
