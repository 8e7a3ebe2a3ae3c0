"""Connect to partners: sealed credentials, the accounts they lead to, and a log of each run.

A movement keeps the partner's key beside the key of a bank file, so that the same movement may be
told both ways and is one row. What the bank says an account holds is kept by day, as the proof of
the movements. The clock may see which connections are due, and nothing else of them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _create_integration()
    _create_connected_account()
    _create_told_balance()
    _create_sync_log()
    for table in TABLES:
        _fence(table)
    op.execute(
        "CREATE POLICY open_to_select ON integration FOR SELECT"
        " USING (app_system() AND state = 'active')"
    )
    op.add_column("bank_transaction", sa.Column("connection_key", sa.Text(), nullable=True))
    op.create_index(
        "uq_bank_transaction_connection",
        "bank_transaction",
        ["company_id", "account_id", "connection_key"],
        unique=True,
        postgresql_where=sa.text("connection_key IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_bank_transaction_connection", table_name="bank_transaction")
    op.drop_column("bank_transaction", "connection_key")
    for table in reversed(TABLES):
        op.drop_table(table)


TABLES = ("integration", "connected_account", "told_balance", "sync_log")
_MOMENT = sa.DateTime(timezone=True)
_TROUBLES = (
    "unreachable",
    "unreadable",
    "partner_fault",
    "limited",
    "login_refused",
    "not_allowed",
    "consent_ended",
    "stopped",
    "unexpected",
)


def _create_integration() -> None:
    op.create_table(
        "integration",
        _choice("partner", "partner", "ponto", "ponto_connect"),
        _choice(
            "state",
            "connection_state",
            "asked",
            "choosing",
            "active",
            "reconnect",
            "disconnected",
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credentials", sa.LargeBinary(), nullable=True),
        sa.Column("next_run", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("last_run", _MOMENT, nullable=True),
        sa.Column("fresh_at", _MOMENT, nullable=True),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        _choice("trouble", "trouble", *_TROUBLES, nullable=True),
        sa.Column("bank_asked_at", _MOMENT, nullable=True),
        sa.Column("last_job", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        *_company_keys("integration"),
    )
    op.create_index(
        "ix_integration_company_id_created_at", "integration", ["company_id", "created_at"]
    )
    op.create_index(
        "ix_integration_due",
        "integration",
        ["company_id", "next_run"],
        postgresql_where=sa.text("state = 'active'"),
    )


def _create_connected_account() -> None:
    op.create_table(
        "connected_account",
        sa.Column("integration_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        _choice(
            "state",
            "account_state",
            "offered",
            "followed",
            "consent_ended",
            "frozen",
            "gone",
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("iban", sa.Text(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("balance", sa.Numeric(14, 2), nullable=True),
        sa.Column("consent_ends", _MOMENT, nullable=True),
        sa.Column("fresh_at", _MOMENT, nullable=True),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("resume", sa.Text(), nullable=True),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("is_anchored", sa.Boolean(), nullable=False),
        *_company_keys("connected_account"),
        _link("connected_account", "integration_id", "integration"),
        _link("connected_account", "account_id", "bank_account"),
        sa.UniqueConstraint(
            "company_id",
            "integration_id",
            "external_id",
            name="uq_connected_account_company_id_integration_id_external_id",
        ),
    )
    op.create_index(
        "uq_connected_account_followed",
        "connected_account",
        ["company_id", "account_id"],
        unique=True,
        postgresql_where=sa.text("account_id IS NOT NULL"),
    )


def _create_told_balance() -> None:
    op.create_table(
        "told_balance",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("balance", sa.Numeric(14, 2), nullable=False),
        sa.Column("told_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "account_id", "day", name="pk_told_balance"),
        _link("told_balance", "account_id", "bank_account"),
    )


def _create_sync_log() -> None:
    counts = ("requests", "bytes", "milliseconds", "added", "changed", "known", "odd", "pending")
    op.create_table(
        "sync_log",
        sa.Column("integration_id", sa.Uuid(), nullable=False),
        _choice("cause", "cause", "clock", "person"),
        _choice("state", "run_state", "running", "done", "failed"),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("finished_at", _MOMENT, nullable=True),
        sa.Column("runs", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in counts),
        _choice("trouble", "trouble", *_TROUBLES, nullable=True),
        sa.Column("partner_code", sa.Text(), nullable=False),
        sa.Column("partner_request", sa.Text(), nullable=False),
        sa.Column("cursor_before", postgresql.JSONB(), nullable=True),
        sa.Column("cursor_after", postgresql.JSONB(), nullable=True),
        *_company_keys("sync_log"),
        _link("sync_log", "integration_id", "integration"),
    )
    op.create_index(
        "ix_sync_log_company_id_integration_id_started_at",
        "sync_log",
        ["company_id", "integration_id", "started_at"],
    )


def _choice(column: str, name: str, *values: str, nullable: bool = False) -> "sa.Column[str]":
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)
    return sa.Column(column, kind, nullable=nullable)


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


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id", column],
        [f"{target}.company_id", f"{target}.id"],
        name=f"fk_{table}_company_id_{column}_{target}",
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
