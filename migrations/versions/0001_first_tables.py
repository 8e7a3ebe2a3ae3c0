"""The first tables: companies and people, contacts, documents, invoices, bank, work.

Every company table gets its row-level policy in the same breath, forced on the owner too, so
that no statement of any role sees a row without a scope. The app role may not change or remove
what stands in the audit log.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

COMPANY_TABLES = (
    "allocation",
    "audit_event",
    "audit_head",
    "bank_account",
    "bank_transaction",
    "cash_flow_position",
    "contact",
    "contact_iban",
    "document",
    "invoice",
    "invoice_line",
    "invoice_vat",
    "number_series",
    "planned_item",
)
PEOPLE_TABLES = ("user_account", "login_session")
APPEND_ONLY = ("audit_event",)

SCOPE = """
CREATE FUNCTION app_company() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.company_id', true), '')::uuid;
CREATE FUNCTION app_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.user_id', true), '')::uuid;
CREATE FUNCTION app_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('app.system', true), '') = 'on';
"""


BELONGS = (
    "EXISTS (SELECT FROM membership"
    " WHERE membership.company_id = company.id AND membership.user_id = app_user())"
)


def upgrade() -> None:
    op.execute(SCOPE)
    _create_tables()
    for table in COMPANY_TABLES:
        _fence(table, "company_id = app_company()")
    _fence("job", "company_id = app_company()")
    _open("job", "SELECT", "app_system()")
    _open("job", "UPDATE", "app_system()")
    _open("document", "SELECT", "app_system() AND is_spooled")
    _fence("membership", "company_id = app_company()")
    _open("membership", "SELECT", "user_id = app_user()")
    _fence("company", "id = app_company()")
    _open("company", "SELECT", "app_system() OR " + BELONGS)
    for table in PEOPLE_TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO billify_app")
    op.execute("GRANT SELECT ON alembic_version TO billify_app")


def downgrade() -> None:
    op.execute("DROP POLICY open_to_select ON company")
    for table in reversed(TABLES):
        op.drop_table(table)
    for name in ("app_system", "app_user", "app_company"):
        op.execute(f"DROP FUNCTION {name}()")


def _fence(table: str, condition: str) -> None:
    """Row-level security that binds every role, and the app role's rights."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company_only ON {table} USING ({condition}) WITH CHECK ({condition})"
    )
    rights = "SELECT, INSERT" if table in APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
    op.execute(f"GRANT {rights} ON {table} TO billify_app")


def _open(table: str, command: str, condition: str) -> None:
    """A narrow opening in a fence: what a person or the clock may do before a company is chosen."""
    op.execute(
        f"CREATE POLICY open_to_{command.lower()} ON {table} FOR {command} USING ({condition})"
    )


TABLES = (
    "company",
    "user_account",
    "audit_event",
    "audit_head",
    "bank_account",
    "contact",
    "document",
    "job",
    "login_session",
    "membership",
    "number_series",
    "planned_item",
    "bank_transaction",
    "cash_flow_position",
    "contact_iban",
    "invoice",
    "allocation",
    "invoice_line",
    "invoice_vat",
)


def _create_tables() -> None:
    op.create_table(
        "company",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("vat_number", sa.Text(), nullable=True),
        sa.Column("enterprise_number", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("postcode", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("floor_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_company"),
        sa.UniqueConstraint("slug", name="uq_company_slug"),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("is_staff", sa.Boolean(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_user_account"),
        sa.UniqueConstraint("email", name="uq_user_account_email"),
    )
    op.create_table(
        "audit_event",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("before", JSONB(), nullable=True),
        sa.Column("after", JSONB(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name="fk_audit_event_company_id_company"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
        sa.UniqueConstraint("company_id", "id", name="uq_audit_event_company_id_id"),
        sa.UniqueConstraint("company_id", "seq", name="uq_audit_event_company_id_seq"),
    )
    op.create_index(
        "ix_audit_event_company_id_subject_id",
        "audit_event",
        ["company_id", "subject_id"],
        unique=False,
    )
    op.create_table(
        "audit_head",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name="fk_audit_head_company_id_company"
        ),
        sa.PrimaryKeyConstraint("company_id", name="pk_audit_head"),
    )
    op.create_table(
        "bank_account",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("iban", sa.Text(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "current",
                "savings",
                "cash",
                name="account_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("balance", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name="fk_bank_account_company_id_company"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bank_account"),
        sa.UniqueConstraint("company_id", "iban", name="uq_bank_account_company_id_iban"),
        sa.UniqueConstraint("company_id", "id", name="uq_bank_account_company_id_id"),
    )
    op.create_table(
        "contact",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("is_customer", sa.Boolean(), nullable=False),
        sa.Column("is_supplier", sa.Boolean(), nullable=False),
        sa.Column("vat_number", sa.Text(), nullable=True),
        sa.Column("enterprise_number", sa.Text(), nullable=True),
        sa.Column("iban", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("postcode", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("payment_terms", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name="fk_contact_company_id_company"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
        sa.UniqueConstraint("company_id", "id", name="uq_contact_company_id_id"),
        sa.UniqueConstraint("company_id", "vat_number", name="uq_contact_company_id_vat_number"),
    )
    op.create_index(
        "ix_contact_company_id_enterprise_number",
        "contact",
        ["company_id", "enterprise_number"],
        unique=False,
    )
    op.create_index(
        "ix_contact_company_id_search_key_id",
        "contact",
        ["company_id", "search_key", "id"],
        unique=False,
    )
    op.create_table(
        "document",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("pages", sa.BigInteger(), nullable=False),
        sa.Column("pages_read", sa.BigInteger(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "upload",
                "demo",
                name="document_source",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "reading",
                "to_check",
                "failed",
                "done",
                "set_aside",
                "deleted",
                name="document_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("is_spooled", sa.Boolean(), nullable=False),
        sa.Column("reading", JSONB(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reason_params", JSONB(), nullable=True),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name="fk_document_company_id_company"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
        sa.UniqueConstraint("company_id", "id", name="uq_document_company_id_id"),
    )
    op.create_index(
        "ix_document_inbox",
        "document",
        ["company_id", "id"],
        unique=False,
        postgresql_where=sa.text("status IN ('waiting', 'reading', 'to_check', 'failed')"),
    )
    op.create_index(
        "uq_document_company_id_sha256",
        "document",
        ["company_id", "sha256"],
        unique=True,
        postgresql_where=sa.text("status <> 'deleted'"),
    )
    op.create_table(
        "job",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("arguments", JSONB(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "dead",
                "discarded",
                name="job_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column(
            "run_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "rung_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("stack", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_job_company_id_company"),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        sa.UniqueConstraint("company_id", "id", name="uq_job_company_id_id"),
    )
    op.create_index(
        "ix_job_dead",
        "job",
        ["company_id", "created_at"],
        unique=False,
        postgresql_where=sa.text("status = 'dead'"),
    )
    op.create_index(
        "ix_job_due",
        "job",
        ["run_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('waiting', 'running')"),
    )
    op.create_table(
        "login_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "octet_length(token_hash) = 32", name="ck_login_session_token_hash_is_sha256"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_login_session_user_id_user_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_login_session"),
        sa.UniqueConstraint("token_hash", name="uq_login_session_token_hash"),
    )
    op.create_index("ix_login_session_user_id", "login_session", ["user_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "owner",
                "admin",
                "bookkeeper",
                "approver",
                "employee",
                "accountant",
                "viewer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("approval_limit", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name="fk_membership_company_id_company"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_membership_user_id_user_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.UniqueConstraint("company_id", "id", name="uq_membership_company_id_id"),
        sa.UniqueConstraint("company_id", "user_id", name="uq_membership_company_id_user_id"),
    )
    op.create_index("ix_membership_user_id", "membership", ["user_id"], unique=False)
    op.create_table(
        "number_series",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name="fk_number_series_company_id_company"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_number_series"),
        sa.UniqueConstraint("company_id", "id", name="uq_number_series_company_id_id"),
        sa.UniqueConstraint(
            "company_id", "series", "year", name="uq_number_series_company_id_series_year"
        ),
    )
    op.create_table(
        "planned_item",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column(
            "rhythm",
            sa.Enum(
                "once",
                "weekly",
                "monthly",
                "monthly_last_working_day",
                "quarterly",
                "yearly",
                name="rhythm",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column(
            "shift",
            sa.Enum(
                "none",
                "next",
                "previous",
                name="shift",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "manual",
                "detected",
                "tax",
                name="planned_source",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name="fk_planned_item_company_id_company"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_planned_item"),
        sa.UniqueConstraint("company_id", "id", name="uq_planned_item_company_id_id"),
    )
    op.create_index(
        "ix_planned_item_company_id_starts_on",
        "planned_item",
        ["company_id", "starts_on"],
        unique=False,
    )
    op.create_table(
        "bank_transaction",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("value_date", sa.Date(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("counterparty_name", sa.Text(), nullable=False),
        sa.Column("counterparty_iban", sa.Text(), nullable=True),
        sa.Column("remittance_information", sa.Text(), nullable=False),
        sa.Column("structured_communication", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "booked",
                name="movement_state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "account_id"],
            ["bank_account.company_id", "bank_account.id"],
            name="fk_bank_transaction_company_id_account_id_bank_account",
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name="fk_bank_transaction_company_id_company"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bank_transaction"),
        sa.UniqueConstraint("company_id", "id", name="uq_bank_transaction_company_id_id"),
    )
    op.create_index(
        "ix_bank_transaction_account",
        "bank_transaction",
        ["company_id", "account_id", "booked_on", "id"],
        unique=False,
    )
    op.create_index(
        "ix_bank_transaction_newest",
        "bank_transaction",
        ["company_id", "booked_on", "id"],
        unique=False,
    )
    op.create_index(
        "uq_bank_transaction_external",
        "bank_transaction",
        ["company_id", "account_id", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_table(
        "cash_flow_position",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("balance", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "account_id"],
            ["bank_account.company_id", "bank_account.id"],
            name="fk_cash_flow_position_company_id_account_id_bank_account",
        ),
        sa.PrimaryKeyConstraint("company_id", "account_id", "day", name="pk_cash_flow_position"),
    )
    op.create_index(
        "ix_cash_flow_position_day", "cash_flow_position", ["company_id", "day"], unique=False
    )
    op.create_table(
        "contact_iban",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("iban", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.Date(), nullable=False),
        sa.Column("times_paid", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "contact_id"],
            ["contact.company_id", "contact.id"],
            name="fk_contact_iban_company_id_contact_id_contact",
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name="fk_contact_iban_company_id_company"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contact_iban"),
        sa.UniqueConstraint(
            "company_id", "iban", "contact_id", name="uq_contact_iban_company_id_iban_contact_id"
        ),
        sa.UniqueConstraint("company_id", "id", name="uq_contact_iban_company_id_id"),
    )
    op.create_table(
        "invoice",
        sa.Column(
            "direction",
            sa.Enum(
                "purchase",
                "sale",
                name="invoice_direction",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "invoice",
                "credit_note",
                name="invoice_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "to_check",
                "to_approve",
                "open",
                "paid",
                "rejected",
                "set_aside",
                name="invoice_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("number_key", sa.Text(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("party_name", sa.Text(), nullable=False),
        sa.Column("party_key", sa.Text(), nullable=False),
        sa.Column("issue_date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("delivery_date", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("net_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("vat_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("gross_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("open_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("payment_reference", sa.Text(), nullable=True),
        sa.Column("payee_iban", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("reject_reason", sa.Text(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("credited_invoice_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "status NOT IN ('open', 'paid') OR (gross_amount IS NOT NULL"
            " AND contact_id IS NOT NULL AND number IS NOT NULL)",
            name="ck_invoice_open_is_complete",
        ),
        sa.CheckConstraint("open_amount >= 0", name="ck_invoice_open_amount_is_positive"),
        sa.ForeignKeyConstraint(
            ["company_id", "contact_id"],
            ["contact.company_id", "contact.id"],
            name="fk_invoice_company_id_contact_id_contact",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "credited_invoice_id"],
            ["invoice.company_id", "invoice.id"],
            name="fk_invoice_company_id_credited_invoice_id_invoice",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "document_id"],
            ["document.company_id", "document.id"],
            name="fk_invoice_company_id_document_id_document",
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name="fk_invoice_company_id_company"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invoice"),
        sa.UniqueConstraint("company_id", "id", name="uq_invoice_company_id_id"),
    )
    op.create_index(
        "ix_invoice_company_id_document_id",
        "invoice",
        ["company_id", "document_id"],
        unique=False,
    )
    op.create_index(
        "ix_invoice_contact",
        "invoice",
        ["company_id", "contact_id", "direction", "issue_date", "id"],
        unique=False,
    )
    op.create_index(
        "ix_invoice_due", "invoice", ["company_id", "direction", "due_date", "id"], unique=False
    )
    op.create_index(
        "ix_invoice_gross",
        "invoice",
        ["company_id", "direction", sa.literal_column("coalesce(gross_amount, 0)"), "id"],
        unique=False,
    )
    op.create_index(
        "ix_invoice_newest",
        "invoice",
        ["company_id", "direction", "issue_date", "id"],
        unique=False,
    )
    op.create_index(
        "ix_invoice_number",
        "invoice",
        ["company_id", "number_key"],
        unique=False,
        postgresql_ops={"number_key": "text_pattern_ops"},
    )
    op.create_index(
        "ix_invoice_open",
        "invoice",
        ["company_id", "direction", "due_date"],
        unique=False,
        postgresql_include=["kind", "currency", "open_amount"],
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_invoice_party", "invoice", ["company_id", "direction", "party_key", "id"], unique=False
    )
    op.create_index(
        "ix_invoice_status",
        "invoice",
        ["company_id", "direction", "status", "issue_date", "id"],
        unique=False,
    )
    op.create_index(
        "uq_invoice_sale_number",
        "invoice",
        ["company_id", "number_key"],
        unique=True,
        postgresql_where=sa.text("direction = 'sale' AND status IN ('open', 'paid')"),
    )
    op.create_table(
        "allocation",
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("evidence", JSONB(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount > 0", name="ck_allocation_amount_is_positive"),
        sa.ForeignKeyConstraint(
            ["company_id", "invoice_id"],
            ["invoice.company_id", "invoice.id"],
            name="fk_allocation_company_id_invoice_id_invoice",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "transaction_id"],
            ["bank_transaction.company_id", "bank_transaction.id"],
            name="fk_allocation_company_id_transaction_id_bank_transaction",
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name="fk_allocation_company_id_company"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_allocation"),
        sa.UniqueConstraint("company_id", "id", name="uq_allocation_company_id_id"),
    )
    op.create_index(
        "ix_allocation_company_id_invoice_id",
        "allocation",
        ["company_id", "invoice_id"],
        unique=False,
    )
    op.create_index(
        "ix_allocation_company_id_transaction_id",
        "allocation",
        ["company_id", "transaction_id"],
        unique=False,
    )
    op.create_table(
        "invoice_line",
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("discount", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column(
            "vat_category",
            sa.Enum(
                "S",
                "Z",
                "E",
                "AE",
                "K",
                "G",
                "O",
                name="vat_category",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("vat_rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("net_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "invoice_id"],
            ["invoice.company_id", "invoice.id"],
            name="fk_invoice_line_company_id_invoice_id_invoice",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name="fk_invoice_line_company_id_company"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invoice_line"),
        sa.UniqueConstraint("company_id", "id", name="uq_invoice_line_company_id_id"),
        sa.UniqueConstraint(
            "company_id",
            "invoice_id",
            "position",
            name="uq_invoice_line_company_id_invoice_id_position",
        ),
    )
    op.create_table(
        "invoice_vat",
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "S",
                "Z",
                "E",
                "AE",
                "K",
                "G",
                "O",
                name="vat_category",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("base", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "invoice_id"],
            ["invoice.company_id", "invoice.id"],
            name="fk_invoice_vat_company_id_invoice_id_invoice",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name="fk_invoice_vat_company_id_company"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invoice_vat"),
        sa.UniqueConstraint("company_id", "id", name="uq_invoice_vat_company_id_id"),
        sa.UniqueConstraint(
            "company_id",
            "invoice_id",
            "position",
            name="uq_invoice_vat_company_id_invoice_id_position",
        ),
    )
