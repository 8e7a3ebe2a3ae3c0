"""Remember how a supplier's documents are laid out."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Tables follow with the feature."""
