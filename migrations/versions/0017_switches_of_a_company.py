"""Keep on the company's row what each request of its people has to know.

Which parts are switched off, and until when somebody of support asks or looks: both are read
with the company itself, so that no page pays for a question of its own. A table of switches is
not needed beside it; who switched what stands in the audit log. An announcement knows whether
it was told.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Two columns of the company in place of a table, and when an announcement was told."""
    op.drop_table("feature_switch")
    op.add_column(
        "company",
        sa.Column("switched_off", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.add_column("company", sa.Column("support_until", _MOMENT, nullable=True))
    op.add_column("announcement", sa.Column("told_at", _MOMENT, nullable=True))


def downgrade() -> None:
    """A table of switches again; nobody is told what was told before."""
    op.drop_column("announcement", "told_at")
    op.drop_column("company", "support_until")
    op.drop_column("company", "switched_off")
    op.create_table(
        "feature_switch",
        sa.Column("feature", sa.Text(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_feature_switch_company_id_company")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feature_switch")),
        sa.UniqueConstraint(
            "company_id", "feature", name=op.f("uq_feature_switch_company_id_feature")
        ),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_feature_switch_company_id_id")),
    )
    op.execute("ALTER TABLE feature_switch ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE feature_switch FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY company_only ON feature_switch"
        " USING (company_id = app_company()) WITH CHECK (company_id = app_company())"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON feature_switch TO billify_app")
