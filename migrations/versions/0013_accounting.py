"""Read the accounting: its open items, its balances, and how often it was asked.

A partner counts calls by its own customer, whose books several companies may share, so that
count is no company's row and holds only a hash.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Tables of the feature, and Yuki among the partners."""
    op.create_table(
        "partner_call",
        _choice("partner", "partner", "ponto", "ponto_connect", "yuki"),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("partner", "place", "day", name=op.f("pk_partner_call")),
    )
    op.create_table(
        "accounting_balance",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("integration_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("told_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "integration_id"],
            ["integration.company_id", "integration.id"],
            name=op.f("fk_accounting_balance_company_id_integration_id_integration"),
        ),
        sa.PrimaryKeyConstraint(
            "company_id", "integration_id", "code", "day", name=op.f("pk_accounting_balance")
        ),
    )
    op.create_table(
        "accounting_item",
        sa.Column("integration_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        _choice("direction", "invoice_direction", "purchase", "sale"),
        sa.Column("kind_id", sa.Integer(), nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("contact_key", sa.Text(), nullable=False),
        sa.Column("contact_external_id", sa.Text(), nullable=False),
        sa.Column("vat_number", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("issue_date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("open_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("original_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("document_external_id", sa.Text(), nullable=False),
        sa.Column("first_seen_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "integration_id"],
            ["integration.company_id", "integration.id"],
            name=op.f("fk_accounting_item_company_id_integration_id_integration"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "invoice_id"],
            ["invoice.company_id", "invoice.id"],
            name=op.f("fk_accounting_item_company_id_invoice_id_invoice"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_accounting_item_company_id_company")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounting_item")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_accounting_item_company_id_id")),
        sa.UniqueConstraint(
            "company_id",
            "integration_id",
            "external_id",
            name=op.f("uq_accounting_item_company_id_integration_id_external_id"),
        ),
    )
    op.create_index(
        op.f("ix_accounting_item_company_id_invoice_id"),
        "accounting_item",
        ["company_id", "invoice_id"],
        unique=False,
    )
    op.create_index(
        "ix_accounting_item_open",
        "accounting_item",
        ["company_id", "integration_id", "direction", "issue_date"],
        unique=False,
        postgresql_where=sa.text("settled_on IS NULL"),
    )
    op.add_column(
        "integration", sa.Column("details", postgresql.JSONB(), server_default="{}", nullable=False)
    )
    op.add_column("integration", sa.Column("daily_cap", sa.Integer(), nullable=True))
    _allow("ponto", "ponto_connect", "yuki")
    for table in ("accounting_item", "accounting_balance"):
        _fence(table)
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON partner_call TO billify_app")


def downgrade() -> None:
    """Back to the bank as the only partner."""
    op.execute(
        "DELETE FROM sync_log USING integration WHERE integration_id = integration.id"
        " AND partner = 'yuki'"
    )
    op.drop_table("accounting_item")
    op.drop_table("accounting_balance")
    op.drop_table("partner_call")
    op.drop_column("integration", "daily_cap")
    op.drop_column("integration", "details")
    op.execute("DELETE FROM integration WHERE partner = 'yuki'")
    _allow("ponto", "ponto_connect")


def _allow(*partners: str) -> None:
    """Let a connection be to these partners only."""
    words = ", ".join(f"'{one}'" for one in partners)
    op.execute("ALTER TABLE integration DROP CONSTRAINT partner")
    op.execute(f"ALTER TABLE integration ADD CONSTRAINT partner CHECK (partner IN ({words}))")


def _choice(
    column: str, kind: str, *values: str, nullable: bool = False, server_default: str | None = None
) -> "sa.Column[str]":
    """One of some words, which the database checks."""
    kept = sa.Enum(*values, name=kind, native_enum=False, create_constraint=True, length=30)
    return sa.Column(column, kept, nullable=nullable, server_default=server_default)


def _fence(table: str, condition: str = "company_id = app_company()") -> None:
    """Row-level security that binds every role, and the app role's rights."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company_only ON {table} USING ({condition}) WITH CHECK ({condition})"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO billify_app")
