"""Allocations with their evidence, rules and categories of bank lines."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Tables follow with the feature."""
