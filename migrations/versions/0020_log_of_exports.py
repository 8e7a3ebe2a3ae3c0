"""Find who took data out without reading a company's whole log."""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """An index of those rows alone."""
    op.execute(
        "CREATE INDEX ix_audit_event_exports ON audit_event (company_id, seq)"
        " WHERE verb LIKE '%.exported'"
    )


def downgrade() -> None:
    """The log is read whole."""
    op.execute("DROP INDEX ix_audit_event_exports")
