"""Import bank files, and take an import back whole.

A file is kept while a person looks at what it holds; each movement that comes from it points to it,
so that exactly its rows can be removed again. What a company says about the columns of an unknown
export is kept, so that it is asked once.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "bank_import",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("bank", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "preview",
                "imported",
                "undone",
                name="import_state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("known", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("imported_at", _MOMENT, nullable=True),
        sa.Column("undone_at", _MOMENT, nullable=True),
        *_company_keys("bank_import"),
    )
    op.create_index("ix_bank_import_company_id_created_at", "bank_import", _NEWEST)
    op.create_table(
        "csv_mapping",
        sa.Column("header_key", sa.Text(), nullable=False),
        sa.Column("columns", postgresql.JSONB(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        *_company_keys("csv_mapping"),
        sa.UniqueConstraint(
            "company_id", "header_key", name="uq_csv_mapping_company_id_header_key"
        ),
    )
    for table in ("bank_import", "csv_mapping"):
        _fence(table)
    op.add_column("bank_transaction", sa.Column("import_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_bank_transaction_company_id_import_id_bank_import",
        "bank_transaction",
        "bank_import",
        ["company_id", "import_id"],
        ["company_id", "id"],
    )
    op.create_index(
        "ix_bank_transaction_import",
        "bank_transaction",
        ["company_id", "import_id"],
        postgresql_where=sa.text("import_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_bank_transaction_import", table_name="bank_transaction")
    op.drop_constraint("fk_bank_transaction_company_id_import_id_bank_import", "bank_transaction")
    op.drop_column("bank_transaction", "import_id")
    op.drop_table("csv_mapping")
    op.drop_table("bank_import")


_MOMENT = sa.DateTime(timezone=True)
_NEWEST = ["company_id", "created_at"]


def _company_keys(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """Key and company of a business row, and the pair that links point to."""
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("company_id", "id", name=f"uq_{table}_company_id_id"),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=f"fk_{table}_company_id_company"
        ),
    )


def _fence(table: str) -> None:
    """Row-level security that binds every role, and the app role's rights."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company_only ON {table}"
        " USING (company_id = app_company()) WITH CHECK (company_id = app_company())"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO billify_app")
