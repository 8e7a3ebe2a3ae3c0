"""List files that were set aside or split without looking through all others."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """An index of those alone."""
    op.create_index(
        "ix_document_put_away",
        "document",
        ["company_id", "status", "id"],
        postgresql_where=sa.text("status IN ('set_aside', 'split')"),
    )


def downgrade() -> None:
    """Look through all."""
    op.drop_index("ix_document_put_away", "document")
