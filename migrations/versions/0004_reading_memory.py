"""Remember how a supplier's documents are laid out, and how sure a read value must be.

A company says from which confidence on a value that was read counts as sure; a document keeps the
confidences beside its reading, so that a list can count the unsure ones without loading it.
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


def downgrade() -> None:
    op.drop_column("document", "sureness")
    op.drop_constraint(op.f("ck_company_sure_percent"), "company", type_="check")
    op.drop_column("company", "sure_percent")
