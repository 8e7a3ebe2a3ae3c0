"""Let nobody but a company itself, the clock and the back office write a mail about that company.

A person wrote under their own name; the row could still say it was about a company they had not
entered, which reads and keeps what is about it.
"""

from alembic import op

revision = "0022"
down_revision = "0021"

_SEEN = "app_system() OR about_company = app_company() OR user_id = app_user()"
_WRITTEN = (
    "app_system() OR about_company = app_company()"
    " OR (about_company IS NULL AND user_id = app_user())"
)


def upgrade() -> None:
    """What is seen stays; what is written is about the company entered, or about none."""
    op.execute(f"ALTER POLICY company_only ON mail USING ({_SEEN}) WITH CHECK ({_WRITTEN})")


def downgrade() -> None:
    """What is seen may be written."""
    op.execute(f"ALTER POLICY company_only ON mail USING ({_SEEN}) WITH CHECK ({_SEEN})")
