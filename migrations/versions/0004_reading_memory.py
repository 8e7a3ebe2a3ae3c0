"""Remember how a supplier's documents are laid out, and how sure a read value must be.

A company says from which confidence on a value that was read counts as sure; a document keeps the
confidences beside its reading, so that a list can count the unsure ones without loading it. What a
checked document teaches is kept per supplier and layout, with keys by which the next one finds it,
and for each document what was left alone and what was corrected.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column(
        "company",
        sa.Column("sure_percent", sa.SmallInteger(), server_default="95", nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_company_sure_percent"), "company", "sure_percent BETWEEN 50 AND 99"
    )
    op.add_column("document", sa.Column("sureness", postgresql.JSONB(), nullable=True))
    _memory()
    _memory_key()
    _outcome()
    for table in ("reading_memory", "reading_memory_key", "reading_outcome"):
        _fence(table)


def downgrade() -> None:
    op.drop_table("reading_outcome")
    op.drop_table("reading_memory_key")
    op.drop_table("reading_memory")
    op.drop_column("document", "sureness")
    op.drop_constraint(op.f("ck_company_sure_percent"), "company", type_="check")
    op.drop_column("company", "sure_percent")


_MOMENT = sa.DateTime(timezone=True)
_NOW = sa.text("now()")


def _memory() -> None:
    op.create_table(
        "reading_memory",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("documents", sa.BigInteger(), nullable=False),
        sa.Column("created_at", _MOMENT, server_default=_NOW, nullable=False),
        sa.Column("learned_at", _MOMENT, server_default=_NOW, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        *_company_keys("reading_memory"),
        _link("reading_memory", "contact_id", "contact"),
    )
    _index("reading_memory", "contact_id")


def _memory_key() -> None:
    op.create_table(
        "reading_memory_key",
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        *_company_keys("reading_memory_key"),
        _link("reading_memory_key", "memory_id", "reading_memory", ondelete="CASCADE"),
        sa.UniqueConstraint(
            "company_id", "key", "memory_id", name="uq_reading_memory_key_company_id_key_memory_id"
        ),
    )
    _index("reading_memory_key", "memory_id")


def _outcome() -> None:
    op.create_table(
        "reading_outcome",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("memory_id", sa.Uuid(), nullable=True),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("read", sa.BigInteger(), nullable=False),
        sa.Column("corrected", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", _MOMENT, server_default=_NOW, nullable=False),
        *_company_keys("reading_outcome"),
        _link("reading_outcome", "document_id", "document"),
        _link("reading_outcome", "contact_id", "contact"),
        _link("reading_outcome", "memory_id", "reading_memory"),
        sa.UniqueConstraint(
            "company_id", "document_id", name="uq_reading_outcome_company_id_document_id"
        ),
    )
    _index("reading_outcome", "contact_id", "checked_at")
    _index("reading_outcome", "memory_id")


def _index(table: str, *columns: str) -> None:
    name = "_".join(("ix", table, "company_id", *columns))
    op.create_index(name, table, ["company_id", *columns])


def _link(
    table: str, column: str, target: str, *, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id", column],
        [f"{target}.company_id", f"{target}.id"],
        name=f"fk_{table}_company_id_{column}_{target}",
        ondelete=ondelete,
    )


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
