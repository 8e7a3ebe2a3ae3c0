"""Let a document come from the archive of the accounting."""

from alembic import op

revision = "0018"
down_revision = "0017"

_BEFORE = ("upload", "demo", "split")


def upgrade() -> None:
    """One more word."""
    _allow(*_BEFORE, "yuki")


def downgrade() -> None:
    """What came from there counts as uploaded."""
    op.execute("UPDATE document SET source = 'upload' WHERE source = 'yuki'")
    _allow(*_BEFORE)


def _allow(*sources: str) -> None:
    words = ", ".join(f"'{one}'" for one in sources)
    op.execute("ALTER TABLE document DROP CONSTRAINT document_source")
    op.execute(f"ALTER TABLE document ADD CONSTRAINT document_source CHECK (source IN ({words}))")
