"""Keep what an invoice says beside its head, and split a file of several invoices.

Early-payment discount, period, order and the number a credit note takes back are what matching and
the forecast go by. A file that holds several invoices becomes a document for each: these point to
it, and it is kept as it came.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

STATUSES = ["waiting", "reading", "to_check", "failed", "done", "set_aside", "deleted"]
SOURCES = ["upload", "demo"]


def upgrade() -> None:
    _allow("document_status", "status", [*STATUSES, "split"])
    _allow("document_source", "source", [*SOURCES, "split"])
    op.add_column("document", sa.Column("starts", postgresql.JSONB(), nullable=True))
    op.add_column("document", sa.Column("proposed_starts", postgresql.JSONB(), nullable=True))
    op.add_column("document", sa.Column("split_from_id", sa.Uuid(), nullable=True))
    op.add_column("document", sa.Column("first_page", sa.Integer(), nullable=True))
    op.create_foreign_key(
        "fk_document_company_id_split_from_id_document",
        "document",
        "document",
        ["company_id", "split_from_id"],
        ["company_id", "id"],
    )
    op.create_index(
        "uq_document_part",
        "document",
        ["company_id", "split_from_id", "first_page"],
        unique=True,
        postgresql_where=sa.text("split_from_id IS NOT NULL AND status <> 'deleted'"),
    )
    op.add_column("invoice", sa.Column("discount_percent", sa.Numeric(5, 2), nullable=True))
    op.add_column("invoice", sa.Column("discount_until", sa.Date(), nullable=True))
    op.add_column("invoice", sa.Column("period_start", sa.Date(), nullable=True))
    op.add_column("invoice", sa.Column("period_end", sa.Date(), nullable=True))
    op.add_column("invoice", sa.Column("order_reference", sa.Text(), nullable=True))
    op.add_column("invoice", sa.Column("credited_number", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_invoice_discount_is_a_share"), "invoice", "discount_percent BETWEEN 0 AND 100"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_invoice_discount_is_a_share"), "invoice", type_="check")
    for column in (
        "credited_number",
        "order_reference",
        "period_end",
        "period_start",
        "discount_until",
        "discount_percent",
    ):
        op.drop_column("invoice", column)
    op.drop_index("uq_document_part", table_name="document")
    op.drop_constraint(
        "fk_document_company_id_split_from_id_document", "document", type_="foreignkey"
    )
    # What a split made of a file is no state of before: the file and its parts are set aside.
    op.execute("UPDATE document SET status = 'set_aside' WHERE status = 'split'")
    op.execute("UPDATE document SET source = 'upload' WHERE source = 'split'")
    for column in ("first_page", "split_from_id", "proposed_starts", "starts"):
        op.drop_column("document", column)
    _allow("document_source", "source", SOURCES)
    _allow("document_status", "status", STATUSES)


def _allow(name: str, column: str, values: list[str]) -> None:
    """The states that a column may hold, under the name that the first migration gave them."""
    op.drop_constraint(op.f(name), "document", type_="check")
    listed = ", ".join(f"'{value}'" for value in values)
    op.create_check_constraint(op.f(name), "document", f"{column} IN ({listed})")
