"""Sort lists by amount from an index.

PostgreSQL does not trust the comparison of numerics below row-level security (it isn't
leakproof), so an index on gross_amount can't be walked from a given place: each "more" would
start at the top again. Whole cents as bigint can. The old index served nothing else.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

SIGNED_CENTS = (
    "(CASE WHEN kind = 'credit_note' THEN -100 ELSE 100 END * coalesce(gross_amount, 0))::bigint"
)


def upgrade() -> None:
    op.drop_index("ix_invoice_gross", table_name="invoice")
    op.add_column(
        "invoice",
        sa.Column(
            "signed_cents",
            sa.BigInteger(),
            sa.Computed(SIGNED_CENTS, persisted=True),
            nullable=False,
        ),
    )
    op.create_index(
        "ix_invoice_amount", "invoice", ["company_id", "direction", "signed_cents", "id"]
    )


def downgrade() -> None:
    op.drop_index("ix_invoice_amount", table_name="invoice")
    op.drop_column("invoice", "signed_cents")
    op.create_index(
        "ix_invoice_gross",
        "invoice",
        ["company_id", "direction", sa.literal_column("coalesce(gross_amount, 0)"), "id"],
    )
