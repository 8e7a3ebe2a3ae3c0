"""`er.py [check]`: write docs/er.md, the tables and their links, from the models."""

import sys
from pathlib import Path

from sqlalchemy import Column, ForeignKeyConstraint, Table

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from billify.data import models  # noqa: E402, F401  (fills the metadata)
from billify.data.db import db  # noqa: E402

FILE = HERE / "docs" / "er.md"
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
HEAD = """# The tables

Made from the models by `scripts/er.py`; a test says when it is out of date. Every table but
`company`, `user_account` and `login_session` carries `company_id`, and every link between such
tables is composite, (company_id, x_id), so it can't leave the company: the links to `company`
itself are left out here.
"""
KINDS = {
    "Uuid": "uuid",
    "Text": "text",
    "String": "text",
    "BigInteger": "bigint",
    "Integer": "int",
    "Numeric": "numeric",
    "Boolean": "boolean",
    "DateTime": "timestamp",
    "Date": "date",
    "JSONB": "jsonb",
    "LargeBinary": "bytes",
    "Enum": "choice",
}


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is true."""
    if arguments == ["check"]:
        is_true = FILE.exists() and FILE.read_text() == page()
        if not is_true:
            sys.stderr.write("docs/er.md is out of date: run scripts/er.py.\n")
        return 0 if is_true else 1
    FILE.write_text(page())
    return 0


def page() -> str:
    """The whole page. A table of no part stands in a part of its own, so none is forgotten."""
    tables = db.metadata.tables
    parts = dict(PARTS)
    rest = tuple(sorted(set(tables) - {name for names in PARTS.values() for name in names}))
    if rest:
        parts["Further tables"] = rest
    return HEAD + "".join(
        _part(title, [tables[name] for name in names]) for title, names in parts.items()
    )


def _part(title: str, tables: list[Table]) -> str:
    links = [line for table in tables for line in _links(table)]
    boxes = [line for table in tables for line in _box(table)]
    body = "\n".join(f"    {line}" for line in links + boxes)
    return f"\n## {title}\n\n```mermaid\nerDiagram\n{body}\n```\n"


def _links(table: Table) -> list[str]:
    found = set()
    for link in table.constraints:
        if not isinstance(link, ForeignKeyConstraint) or link.referred_table.name == "company":
            continue
        name = next(key for key in link.column_keys if key != "company_id")
        may_lack = "|o" if table.c[name].nullable else "||"
        found.add(f"{link.referred_table.name} {may_lack}--o{{ {table.name} : {name}")
    return sorted(found)


def _box(table: Table) -> list[str]:
    return [f"{table.name} {{", *(f"    {_column(column)}" for column in table.columns), "}"]


def _column(column: "Column[object]") -> str:
    kind = KINDS.get(type(column.type).__name__, "text")
    marks = [
        mark for mark, holds in (("PK", column.primary_key), ("FK", column.foreign_keys)) if holds
    ]
    return " ".join(part for part in (kind, column.name, ", ".join(marks)) if part)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
