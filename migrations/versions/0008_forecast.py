"""Keep the forecast, what it is made from, and what people decide about it.

A worker makes the forecast and the web only reads it; each night's is kept, so that a track record
can be shown. What a person says of a recurring movement, of a tax or of an expected day holds
against what was worked out.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

_MOMENT = sa.DateTime(timezone=True)
KEPT = ("forecast", "forecast_profile", "forecast_snapshot")
OWNED = ("recurrence_choice", "obligation_choice", "scenario", "budget", "alert")
RHYTHMS = ("once", "weekly", "monthly", "monthly_last_working_day", "quarterly", "yearly")


def upgrade() -> None:
    """Tables of the feature, and columns beside what they are about."""
    _create_kept()
    _create_choices()
    _create_budget_and_alerts()
    for table in (*KEPT, *OWNED):
        _fence(table)
    op.add_column("planned_item", sa.Column("category_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_planned_item_company_id_category_id_category",
        "planned_item",
        "category",
        ["company_id", "category_id"],
        ["company_id", "id"],
    )
    op.add_column("invoice", sa.Column("expected_on", sa.Date(), nullable=True))
    op.add_column("invoice", sa.Column("expected_by", sa.Uuid(), nullable=True))
    op.add_column("invoice", _flag("is_disputed"))
    _change_company()


def downgrade() -> None:
    """Back to due dates and planned items alone."""
    op.drop_constraint(op.f("ck_company_alert_days"), "company", type_="check")
    for column in ("counts_budget", "withholding_every", "vat_every", "alert_days"):
        op.drop_column("company", column)
    for column in ("is_disputed", "expected_by", "expected_on"):
        op.drop_column("invoice", column)
    op.drop_constraint("fk_planned_item_company_id_category_id_category", "planned_item")
    op.drop_column("planned_item", "category_id")
    for table in reversed((*KEPT, *OWNED)):
        op.drop_table(table)


def _create_kept() -> None:
    op.create_table(
        "forecast",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("shape", sa.SmallInteger(), nullable=False),
        sa.Column("seconds", sa.Numeric(8, 3), nullable=False),
        sa.Column("summary", postgresql.JSONB(), nullable=False),
        sa.Column("flows", postgresql.JSONB(), nullable=False),
        sa.Column("recurrences", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", name="pk_forecast"),
        _company("forecast"),
    )
    op.create_table(
        "forecast_profile",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("shape", sa.SmallInteger(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", name="pk_forecast_profile"),
        _company("forecast_profile"),
    )
    op.create_table(
        "forecast_snapshot",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("balance", sa.Numeric(14, 2), nullable=False),
        sa.Column("days", postgresql.JSONB(), nullable=False),
        _flag("made_afterwards"),
        sa.PrimaryKeyConstraint("company_id", "made_on", name="pk_forecast_snapshot"),
        _company("forecast_snapshot"),
    )


def _create_choices() -> None:
    op.create_table(
        "recurrence_choice",
        sa.Column("key", sa.Text(), nullable=False),
        _choice("verdict", "verdict", "confirmed", "changed", "refused"),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("amount", sa.Numeric(14, 2), nullable=True),
        _choice("rhythm", "rhythm", *RHYTHMS, nullable=True),
        sa.Column("day", sa.SmallInteger(), nullable=True),
        _choice("shift", "shift", "none", "next", "previous", nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        *_company_keys("recurrence_choice"),
        sa.UniqueConstraint("company_id", "key", name="uq_recurrence_choice_company_id_key"),
    )
    op.create_table(
        "obligation_choice",
        sa.Column("tax", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2), nullable=True),
        sa.Column("pay_on", sa.Date(), nullable=True),
        sa.Column("is_left_out", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        *_company_keys("obligation_choice"),
        sa.UniqueConstraint(
            "company_id", "tax", "period", name="uq_obligation_choice_company_id_tax_period"
        ),
    )
    op.create_table(
        "scenario",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        *_company_keys("scenario"),
        sa.UniqueConstraint("company_id", "name", name="uq_scenario_company_id_name"),
    )


def _create_budget_and_alerts() -> None:
    op.create_table(
        "budget",
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2), nullable=False),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("ck_budget_month_is_a_first")),
        *_company_keys("budget"),
        sa.ForeignKeyConstraint(
            ["company_id", "category_id"],
            ["category.company_id", "category.id"],
            name="fk_budget_company_id_category_id_category",
        ),
        sa.UniqueConstraint(
            "company_id", "category_id", "month", name="uq_budget_company_id_category_id_month"
        ),
    )
    op.create_table(
        "alert",
        _choice("kind", "alert_kind", "below_floor", "large_outflow", "customer_slower"),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("raised_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("dismissed_at", _MOMENT, nullable=True),
        sa.Column("dismissed_by", sa.Uuid(), nullable=True),
        *_company_keys("alert"),
    )
    op.create_index("ix_alert_company_id_raised_at", "alert", ["company_id", "raised_at"])
    op.create_index(
        "uq_alert_running",
        "alert",
        ["company_id", "kind", "key"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _change_company() -> None:
    op.add_column(
        "company",
        sa.Column("alert_days", sa.SmallInteger(), server_default=sa.text("14"), nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_company_alert_days"), "company", "alert_days BETWEEN 1 AND 90"
    )
    periods = ("month", "quarter")
    op.add_column(
        "company", _choice("vat_every", "vat_every", *periods, nullable=True, default="quarter")
    )
    op.add_column(
        "company", _choice("withholding_every", "withholding_every", *periods, nullable=True)
    )
    op.add_column("company", _flag("counts_budget"))


def _flag(column: str) -> "sa.Column[bool]":
    return sa.Column(column, sa.Boolean(), server_default=sa.text("false"), nullable=False)


def _choice(
    column: str, name: str, *values: str, nullable: bool = False, default: str | None = None
) -> "sa.Column[str]":
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)
    return sa.Column(column, kind, nullable=nullable, server_default=default)


def _company(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id"], ["company.id"], name=f"fk_{table}_company_id_company"
    )


def _company_keys(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """Key and company of a business row, and the pair that links point to."""
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("company_id", "id", name=f"uq_{table}_company_id_id"),
        _company(table),
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
