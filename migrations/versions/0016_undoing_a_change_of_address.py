"""Let a person take back a change of their address from the mail that told them of it.

Who has got into an account changes its address first. The old address is told, with a link that
is good for a week; a purpose of its own says that it also ends every session.
"""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """One more purpose of a link."""
    _purposes("reset_password", "change_email", "undo_email")


def downgrade() -> None:
    """Links of that purpose are good for nothing any more."""
    op.execute("DELETE FROM person_token WHERE purpose = 'undo_email'")
    _purposes("reset_password", "change_email")


def _purposes(*names: str) -> None:
    listed = ", ".join(f"'{name}'" for name in names)
    op.drop_constraint(op.f("token_purpose"), "person_token", type_="check")
    op.create_check_constraint(op.f("token_purpose"), "person_token", f"purpose IN ({listed})")
