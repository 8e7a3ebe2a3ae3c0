"""Keep what the accounting settled of an invoice that no bank line here did."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Three columns, and an index by which the invoice made from an item is found again."""
    op.execute(
        "ALTER TABLE accounting_item ADD COLUMN settled_elsewhere numeric(14, 2),"
        " ADD COLUMN weighed_settled numeric(14, 2), ADD COLUMN weighed_at timestamptz"
    )
    op.execute(
        "CREATE INDEX ix_invoice_external ON invoice (company_id, external_id)"
        " WHERE external_id IS NOT NULL"
    )


def downgrade() -> None:
    """What is open follows from the least of both sides again."""
    op.execute("DROP INDEX ix_invoice_external")
    op.execute(
        "ALTER TABLE accounting_item DROP COLUMN settled_elsewhere,"
        " DROP COLUMN weighed_settled, DROP COLUMN weighed_at"
    )
