"""Connections to partners, and the log of what they brought."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Tables follow with the feature."""
