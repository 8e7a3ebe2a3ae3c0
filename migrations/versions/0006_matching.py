"""Match bank lines with invoices: where each line stands, what is proposed, what was refused.

An allocation may write off a small difference, and a payment that comes back opens its invoice
again. Lines that settle no invoice get a category, by hand or by a rule whose runs can be undone.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

_MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "category",
    "bank_rule",
    "bank_rule_run",
    "match_proposal",
    "match_rejection",
    "own_transfer",
)


def upgrade() -> None:
    """Tables of the feature, and where a line stands."""
    _create_category()
    _create_rules()
    _create_matches()
    for table in TABLES:
        _fence(table)
    _change_transaction()
    op.add_column("allocation", _amount("written_off", default="0"))
    op.add_column(
        "allocation",
        sa.Column("reopens", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_allocation_written_off_is_positive"), "allocation", "written_off >= 0"
    )


def downgrade() -> None:
    """Back to allocations alone."""
    op.drop_constraint(op.f("ck_allocation_written_off_is_positive"), "allocation")
    op.drop_column("allocation", "reopens")
    op.drop_column("allocation", "written_off")
    op.drop_index("ix_bank_transaction_match", table_name="bank_transaction")
    op.drop_constraint("fk_bank_transaction_company_id_category_id_category", "bank_transaction")
    op.drop_constraint(
        "fk_bank_transaction_company_id_rule_run_id_bank_rule_run", "bank_transaction"
    )
    for column in ("rule_run_id", "category_id", "match_state"):
        op.drop_column("bank_transaction", column)
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_category() -> None:
    op.create_table(
        "category",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        *_company_keys("category"),
        sa.UniqueConstraint("company_id", "code", name="uq_category_company_id_code"),
    )


def _create_rules() -> None:
    op.create_table(
        "bank_rule",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _choice("flow", "flow", "any", "in", "out"),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("needs_invoice", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        *_company_keys("bank_rule"),
        _link("bank_rule", "account_id", "bank_account"),
        _link("bank_rule", "category_id", "category"),
    )
    op.create_index("ix_bank_rule_company_id_position", "bank_rule", ["company_id", "position"])
    op.create_table(
        "bank_rule_run",
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("undone_at", _MOMENT, nullable=True),
        *_company_keys("bank_rule_run"),
        _link("bank_rule_run", "rule_id", "bank_rule"),
    )


def _create_matches() -> None:
    op.create_table(
        "match_proposal",
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("probability", sa.Numeric(6, 4), nullable=False),
        sa.Column("links", postgresql.JSONB(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        *_company_keys("match_proposal"),
        _link("match_proposal", "transaction_id", "bank_transaction", ondelete="CASCADE"),
        sa.UniqueConstraint(
            "company_id",
            "transaction_id",
            "rank",
            name="uq_match_proposal_company_id_transaction_id_rank",
        ),
    )
    op.create_table(
        "match_rejection",
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        *_company_keys("match_rejection"),
        _link("match_rejection", "transaction_id", "bank_transaction", ondelete="CASCADE"),
        _link("match_rejection", "invoice_id", "invoice", ondelete="CASCADE"),
        sa.UniqueConstraint(
            "company_id",
            "transaction_id",
            "invoice_id",
            name="uq_match_rejection_company_id_transaction_id_invoice_id",
        ),
    )
    op.create_table(
        "own_transfer",
        sa.Column("out_id", sa.Uuid(), nullable=False),
        sa.Column("in_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        *_company_keys("own_transfer"),
        _link("own_transfer", "out_id", "bank_transaction", ondelete="CASCADE"),
        _link("own_transfer", "in_id", "bank_transaction", ondelete="CASCADE"),
        sa.UniqueConstraint("company_id", "out_id", name="uq_own_transfer_company_id_out_id"),
        sa.UniqueConstraint("company_id", "in_id", name="uq_own_transfer_company_id_in_id"),
    )


def _change_transaction() -> None:
    states = ("new", "unmatched", "proposed", "matched", "transfer", "set_aside")
    op.add_column("bank_transaction", _choice("match_state", "match_state", *states, default="new"))
    op.add_column("bank_transaction", sa.Column("category_id", sa.Uuid(), nullable=True))
    op.add_column("bank_transaction", sa.Column("rule_run_id", sa.Uuid(), nullable=True))
    for column, target in (("category_id", "category"), ("rule_run_id", "bank_rule_run")):
        op.create_foreign_key(
            f"fk_bank_transaction_company_id_{column}_{target}",
            "bank_transaction",
            target,
            ["company_id", column],
            ["company_id", "id"],
        )
    op.create_index(
        "ix_bank_transaction_match",
        "bank_transaction",
        ["company_id", "match_state", "booked_on", "id"],
    )


def _amount(column: str, *, default: str) -> "sa.Column[object]":
    return sa.Column(column, sa.Numeric(14, 2), server_default=sa.text(default), nullable=False)


def _choice(column: str, name: str, *values: str, default: str | None = None) -> "sa.Column[str]":
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)
    return sa.Column(column, kind, server_default=default, nullable=False)


def _company_keys(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """Key and company of a business row, and the pair that links point to."""
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("company_id", "id", name=f"uq_{table}_company_id_id"),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=f"fk_{table}_company_id_company"
        ),
    )


def _link(
    table: str, column: str, target: str, *, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id", column],
        [f"{target}.company_id", f"{target}.id"],
        name=f"fk_{table}_company_id_{column}_{target}",
        ondelete=ondelete,
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
