"""Let a person fetch what is kept about them: a file that is made, kept for a week and removed.

The row is the person's own, and of no company: who belongs to none has a right to it too.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """The table, seen by its person and by the clock that makes the file."""
    op.create_table(
        "person_export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("lease_until", _MOMENT, nullable=True),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=True),
        sa.Column("gone_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "made_at IS NULL OR (sha256 IS NOT NULL AND expires_at IS NOT NULL)",
            name=op.f("ck_person_export_made_has_file"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_person_export_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_export")),
    )
    op.create_index(op.f("ix_person_export_user_id"), "person_export", ["user_id"], unique=False)
    op.create_index(
        "ix_person_export_open",
        "person_export",
        ["asked_at"],
        unique=False,
        postgresql_where=sa.text("gone_at IS NULL"),
    )
    condition = "user_id = app_user() OR app_system()"
    op.execute("ALTER TABLE person_export ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE person_export FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company_only ON person_export USING ({condition}) WITH CHECK ({condition})"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON person_export TO billify_app")


def downgrade() -> None:
    """Nobody fetches what is kept about them; files that were made stay in the store."""
    op.drop_table("person_export")
