"""Keep who stood on a sales invoice when it was issued.

A contact that moves or is renamed, and a company that changes its account, must not change the
paper of an invoice that has been sent.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """A column beside the invoice."""
    op.add_column("invoice", sa.Column("issued_as", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    """Back to today's particulars."""
    op.drop_column("invoice", "issued_as")
