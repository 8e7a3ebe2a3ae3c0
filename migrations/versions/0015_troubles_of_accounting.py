"""Let a run end because the day's calls are spent, or because a person has to act there.

Both come with accounting, which counts calls by the day and has rights of its own.
"""

from alembic import op

revision = "0015"
down_revision = "0014"

_BEFORE = (
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
_NEW = ("calls_spent", "action_needed")
_TABLES = ("integration", "sync_log")


def upgrade() -> None:
    """Two more words."""
    for table in _TABLES:
        _allow(table, *_BEFORE, *_NEW)


def downgrade() -> None:
    """What is told of the two becomes what was nearest to them before."""
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        for word, before in (("calls_spent", "limited"), ("action_needed", "not_allowed")):
            told = f"UPDATE {table} SET trouble = '{before}' WHERE trouble = '{word}'"  # noqa: S608  words of this file
            op.execute(told)
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        _allow(table, *_BEFORE)


def _allow(table: str, *troubles: str) -> None:
    words = ", ".join(f"'{one}'" for one in troubles)
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT trouble")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT trouble CHECK (trouble IN ({words}))")
