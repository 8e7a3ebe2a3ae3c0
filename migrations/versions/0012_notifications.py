"""Tell people what happened, and give staff what they need to help.

Faults of our own are counted by kind and place, without their messages. A company may be
suspended, have parts switched off, and says how long what is not bookkeeping is kept.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Tables of the feature, and columns beside what they are about."""
    op.create_table(
        "app_error",
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("during", sa.Text(), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.Column("first_at", _MOMENT, nullable=False),
        sa.Column("last_at", _MOMENT, nullable=False),
        sa.Column("last_request", sa.Text(), nullable=True),
        sa.Column("last_company", sa.Uuid(), nullable=True),
        sa.Column("stack", sa.Text(), nullable=False),
        sa.Column("put_away_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_app_error")),
    )
    op.create_index(op.f("ix_app_error_last_at"), "app_error", ["last_at"], unique=False)
    op.create_table(
        "announcement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("words", postgresql.JSONB(), nullable=False),
        sa.Column("is_warning", sa.Boolean(), nullable=False),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_announcement_made_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
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
    op.create_table(
        "notification",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        _choice(
            "kind",
            "notification_kind",
            "to_approve",
            "read_failed",
            "consent_ending",
            "sync_failing",
            "below_floor",
            "customer_slower",
            "payment_received",
            "export_ready",
            "announcement",
            "support_asks",
        ),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("read_at", _MOMENT, nullable=True),
        _choice("mail", "mail_wish", "none", "instant", "digest"),
        sa.Column("mail_due", _MOMENT, nullable=True),
        sa.Column("mailed_at", _MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_notification_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_notification_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_notification_company_id_id")),
        sa.UniqueConstraint(
            "company_id",
            "user_id",
            "kind",
            "key",
            name=op.f("uq_notification_company_id_user_id_kind_key"),
        ),
    )
    op.create_index(
        op.f("ix_notification_company_id_user_id_created_at"),
        "notification",
        ["company_id", "user_id", "created_at"],
        unique=False,
    )
    op.create_index(
        "ix_notification_mail_due",
        "notification",
        ["company_id", "mail_due"],
        unique=False,
        postgresql_where=sa.text("mail_due IS NOT NULL AND mailed_at IS NULL"),
    )
    op.create_table(
        "notification_choice",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        _choice(
            "kind",
            "notification_kind",
            "to_approve",
            "read_failed",
            "consent_ending",
            "sync_failing",
            "below_floor",
            "customer_slower",
            "payment_received",
            "export_ready",
            "announcement",
            "support_asks",
        ),
        sa.Column("in_app", sa.Boolean(), nullable=False),
        _choice("mail", "mail_wish", "none", "instant", "digest"),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_notification_choice_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_notification_choice")),
    )
    op.add_column(
        "company",
        sa.Column("asks_slower", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    op.add_column(
        "company",
        sa.Column("keep_logs_days", sa.SmallInteger(), server_default="90", nullable=False),
    )
    op.add_column(
        "company",
        sa.Column("keep_told_days", sa.SmallInteger(), server_default="180", nullable=False),
    )
    op.add_column("company", sa.Column("keep_put_away_days", sa.SmallInteger(), nullable=True))
    op.add_column("company", sa.Column("suspended_at", _MOMENT, nullable=True))
    op.add_column("company", sa.Column("suspended_reason", sa.Text(), nullable=True))
    op.add_column("job", sa.Column("note", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_company_keeping"),
        "company",
        "keep_logs_days BETWEEN 30 AND 3650 AND keep_told_days BETWEEN 30 AND 3650"
        " AND keep_put_away_days BETWEEN 30 AND 3650",
    )
    for table in ("notification", "feature_switch"):
        _fence(table)
    op.execute(
        "CREATE POLICY open_to_select ON notification FOR SELECT"
        " USING (app_system() AND mail_due IS NOT NULL AND mailed_at IS NULL)"
    )
    _fence("notification_choice", "user_id = app_user() OR app_system()")
    _fence("app_error", "app_system()")
    _fence("announcement", "app_system()")
    op.execute("CREATE POLICY open_to_select ON announcement FOR SELECT USING (true)")


def downgrade() -> None:
    """Nobody is told, and staff have no tables of their own."""
    op.drop_constraint(op.f("ck_company_keeping"), "company", type_="check")
    op.drop_table("notification_choice")
    op.drop_table("notification")
    op.drop_table("feature_switch")
    op.drop_table("announcement")
    op.drop_table("app_error")
    op.drop_column("job", "note")
    op.drop_column("company", "suspended_reason")
    op.drop_column("company", "suspended_at")
    op.drop_column("company", "keep_put_away_days")
    op.drop_column("company", "keep_told_days")
    op.drop_column("company", "keep_logs_days")
    op.drop_column("company", "asks_slower")


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
