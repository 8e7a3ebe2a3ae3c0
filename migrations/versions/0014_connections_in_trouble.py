"""Let the back office see connections that want a new login, beside those that work.

Until now only the clock looked across companies, and it asks working ones alone. Connections
that are being made or were ended stay with their company.
"""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Working ones and those in trouble."""
    _open("app_system() AND state IN ('active', 'reconnect')")


def downgrade() -> None:
    """Working ones alone."""
    _open("app_system() AND state = 'active'")


def _open(condition: str) -> None:
    op.execute(f"ALTER POLICY open_to_select ON integration USING ({condition})")
