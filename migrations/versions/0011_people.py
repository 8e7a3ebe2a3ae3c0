"""Let people prove who they are in more ways, join by invitation, and be written to.

Keys, codes and links are kept as hashes or sealed, so that a stolen copy opens nothing. A mail
waits in a table, written with the work that asks for it; its body is sealed until it is sent.
Rows of a person are seen by that person, and by the login, which does not know yet who it is.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Tables of the feature, and columns beside what they are about."""
    op.create_table(
        "invitation",
        sa.Column("email", sa.Text(), nullable=False),
        _choice(
            "role",
            "role",
            "owner",
            "admin",
            "bookkeeper",
            "approver",
            "employee",
            "accountant",
            "viewer",
        ),
        sa.Column("approval_limit", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("times_sent", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("accepted_at", _MOMENT, nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", _MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "octet_length(token_hash) = 32", name=op.f("ck_invitation_token_hash_is_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_invitation_company_id_company")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_invitation_company_id_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(
        op.f("ix_invitation_company_id_created_at"),
        "invitation",
        ["company_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("about_company", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        _choice("state", "mail_state", "waiting", "sent", "failed", "discarded"),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("send_at", _MOMENT, nullable=False),
        sa.Column("lease_until", _MOMENT, nullable=True),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["about_company"], ["company.id"], name=op.f("fk_mail_about_company_company")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_mail_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
    )
    op.create_index(op.f("ix_mail_about_company"), "mail", ["about_company"], unique=False)
    op.create_index(op.f("ix_mail_created_at"), "mail", ["created_at"], unique=False)
    op.create_index(
        "ix_mail_due",
        "mail",
        ["send_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(op.f("ix_mail_user_id"), "mail", ["user_id"], unique=False)
    op.create_table(
        "passkey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", postgresql.JSONB(), nullable=False),
        sa.Column("is_backed_up", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_passkey_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_user_id"), "passkey", ["user_id"], unique=False)
    op.create_table(
        "person_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        _choice("purpose", "token_purpose", "reset_password", "change_email"),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("created_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "octet_length(token_hash) = 32", name=op.f("ck_person_token_token_hash_is_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_person_token_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_person_token_token_hash")),
    )
    op.create_index(op.f("ix_person_token_user_id"), "person_token", ["user_id"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_recovery_code_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint(
            "user_id", "code_hash", name=op.f("uq_recovery_code_user_id_code_hash")
        ),
    )
    op.create_table(
        "support_access",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("staff_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _choice("state", "support_state", "asked", "allowed", "refused", "ended"),
        sa.Column("asked_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("until", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state <> 'allowed' OR until IS NOT NULL", name=op.f("ck_support_access_allowed_ends")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_support_access_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["user_account.id"], name=op.f("fk_support_access_staff_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_support_access_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_access")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_support_access_company_id_id")),
    )
    op.create_index(
        op.f("ix_support_access_company_id_asked_at"),
        "support_access",
        ["company_id", "asked_at"],
        unique=False,
    )
    op.add_column("login_session", sa.Column("looking_company", sa.Uuid(), nullable=True))
    op.add_column("login_session", sa.Column("looking_access", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_login_session_looking_company_company"),
        "login_session",
        "company",
        ["looking_company"],
        ["id"],
    )
    op.add_column("user_account", sa.Column("email_confirmed_at", _MOMENT, nullable=True))
    op.add_column(
        "user_account",
        sa.Column("failed_logins", sa.SmallInteger(), server_default="0", nullable=False),
    )
    op.add_column("user_account", sa.Column("locked_until", _MOMENT, nullable=True))
    op.add_column("user_account", sa.Column("suspended_at", _MOMENT, nullable=True))
    op.add_column("user_account", sa.Column("removed_at", _MOMENT, nullable=True))
    op.add_column("user_account", sa.Column("totp_seed", sa.LargeBinary(), nullable=True))
    op.add_column("user_account", sa.Column("totp_since", _MOMENT, nullable=True))
    op.add_column(
        "user_account", sa.Column("totp_step", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column(
        "user_account",
        _choice(
            "date_style", "date_style", "slashes", "dashes", "year_first", server_default="slashes"
        ),
    )
    op.add_column(
        "user_account",
        sa.Column("digest_hour", sa.SmallInteger(), server_default="7", nullable=False),
    )
    op.add_column("user_account", sa.Column("quiet_from", sa.SmallInteger(), nullable=True))
    op.add_column("user_account", sa.Column("quiet_until", sa.SmallInteger(), nullable=True))
    op.create_check_constraint(
        op.f("ck_user_account_hours"),
        "user_account",
        "digest_hour BETWEEN 0 AND 23 AND quiet_from BETWEEN 0 AND 23"
        " AND quiet_until BETWEEN 0 AND 23",
    )
    op.create_check_constraint(
        op.f("ck_user_account_totp_has_seed"),
        "user_account",
        "totp_since IS NULL OR totp_seed IS NOT NULL",
    )
    for table in ("invitation", "support_access"):
        _fence(table)
    for table in ("passkey", "recovery_code", "person_token"):
        _fence(table, "user_id = app_user() OR app_system()")
    _fence("mail", "app_system() OR about_company = app_company() OR user_id = app_user()")


def downgrade() -> None:
    """Back to a password alone, and people added by the operator."""
    op.drop_constraint(op.f("ck_user_account_totp_has_seed"), "user_account", type_="check")
    op.drop_constraint(op.f("ck_user_account_hours"), "user_account", type_="check")
    op.drop_table("support_access")
    op.drop_table("recovery_code")
    op.drop_table("person_token")
    op.drop_table("passkey")
    op.drop_table("mail")
    op.drop_table("invitation")
    op.drop_column("user_account", "quiet_until")
    op.drop_column("user_account", "quiet_from")
    op.drop_column("user_account", "digest_hour")
    op.drop_column("user_account", "date_style")
    op.drop_column("user_account", "totp_step")
    op.drop_column("user_account", "totp_since")
    op.drop_column("user_account", "totp_seed")
    op.drop_column("user_account", "removed_at")
    op.drop_column("user_account", "suspended_at")
    op.drop_column("user_account", "locked_until")
    op.drop_column("user_account", "failed_logins")
    op.drop_column("user_account", "email_confirmed_at")
    op.drop_column("login_session", "looking_access")
    op.drop_column("login_session", "looking_company")


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
