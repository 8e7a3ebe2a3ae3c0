"""What follows for invoices that only the accounting knows when it tells something else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from billify.data import tenancy
from billify.data.db import db
from billify.domain.accounting.items import Weighed
from billify.domain.invoices import InvoiceDirection, InvoiceStatus

Values = dict[str, Any]  # Any: column values


@dataclass(frozen=True, slots=True)
class Followed:
    """An invoice that only the accounting knows, and what is told of it."""

    id: UUID
    direction: InvoiceDirection
    status: InvoiceStatus
    gross: Decimal
    open: Decimal
    number: str
    number_key: str
    issue_date: date
    due_date: date
    has_document: bool
    allocated: Decimal
    late: Decimal
    """What came in after it was weighed, of days that were told already."""
    item_id: UUID
    external_id: str
    is_open: bool
    told_gross: Decimal
    told_open: Decimal
    told_settled: Decimal
    told_number: str
    told_day: date
    told_due: date | None
    weighed: Weighed | None


class Changed(NamedTuple):
    """An invoice as it becomes."""

    id: UUID
    gross: Decimal
    open: Decimal
    status: InvoiceStatus
    number: str
    number_key: str
    issue_date: date
    due_date: date


class Weight(NamedTuple):
    """An item held against the bank lines of its invoice."""

    item_id: UUID
    elsewhere: Decimal
    settled: Decimal


def straying(integration_id: UUID, source: str, *, gone: Sequence[UUID]) -> list[UUID]:
    """Invoices that only the accounting knows and whose open amount is not what follows from
    what it tells, and from the bank lines here."""
    values = _company_values(integration_id) | {"source": source, "gone": list(gone)}
    return [row.id for row in db.session.execute(_STRAYING, values)]


def followed(integration_id: UUID, invoice_ids: Sequence[UUID]) -> list[Followed]:
    """These invoices, locked until the commit, and what is told of them now."""
    values = _company_values(integration_id) | {"ids": list(invoice_ids)}
    db.session.execute(_LOCK_INVOICES, values)
    return [
        Followed(
            id=row.id,
            direction=InvoiceDirection(row.direction),
            status=InvoiceStatus(row.status),
            gross=row.gross_amount,
            open=row.open_amount,
            number=row.number or "",
            number_key=row.number_key or "",
            issue_date=row.issue_date,
            due_date=row.due_date,
            has_document=row.is_read,
            allocated=row.allocated,
            late=row.late,
            item_id=row.item_id,
            external_id=row.item_external_id,
            is_open=row.settled_on is None,
            told_gross=row.told_gross,
            told_open=row.told_open,
            told_settled=row.told_settled,
            told_number=row.told_number,
            told_day=row.told_day,
            told_due=row.told_due,
            weighed=None if row.weighed_at is None else Weighed(row.elsewhere, row.weighed_settled),
        )
        for row in db.session.execute(_FOLLOWED, values)
    ]


def change(rows: Sequence[Changed]) -> None:
    """Give invoices what follows from what is told."""
    values: Values = {name: [getattr(row, name) for row in rows] for name in Changed._fields}
    values["status"] = [row.status.value for row in rows]
    db.session.execute(_CHANGE, values | {"company": tenancy.company_id()})


def integration_of(invoice_id: UUID) -> UUID | None:
    """The connection that told of an invoice last."""
    values = {"company": tenancy.company_id(), "invoice": invoice_id}
    found: UUID | None = db.session.execute(_INTEGRATION, values).scalar_one_or_none()
    return found


def weigh(rows: Sequence[Weight], *, at: datetime) -> None:
    """Keep what was settled elsewhere, and of what that follows."""
    if rows:
        db.session.execute(
            _WEIGH,
            {
                "company": tenancy.company_id(),
                "at": at,
                "item": [row.item_id for row in rows],
                "elsewhere": [row.elsewhere for row in rows],
                "settled": [row.settled for row in rows],
            },
        )


def _company_values(integration_id: UUID) -> Values:
    return {"company": tenancy.company_id(), "integration": integration_id}


_WEIGH = text("""
    UPDATE accounting_item SET settled_elsewhere = new.elsewhere, weighed_settled = new.settled,
        weighed_at = :at
    FROM unnest(CAST(:item AS uuid[]), CAST(:elsewhere AS numeric[]), CAST(:settled AS numeric[]))
        AS new (item, elsewhere, settled)
    WHERE accounting_item.company_id = :company AND accounting_item.id = new.item
      AND accounting_item.id = ANY(CAST(:item AS uuid[]))
""")

# An invoice that only the accounting knows, the item that tells of it now, how it was weighed
# last, and the bank lines here. What is open of a credit note is told below zero; what was paid
# too much is none of it. Where no first amount is told, the invoice's own total stands for it.
_STATE = """
    FROM invoice
    CROSS JOIN LATERAL (
        SELECT * FROM accounting_item
        WHERE company_id = :company AND invoice_id = invoice.id
          -- Said so that no index of connections is taken, where the planner knows nothing yet.
          AND integration_id IS NOT DISTINCT FROM :integration
        ORDER BY settled_on IS NOT NULL, seen_at DESC, id DESC LIMIT 1
    ) AS item
    LEFT JOIN LATERAL (
        SELECT settled_elsewhere AS elsewhere, weighed_settled, weighed_at FROM accounting_item
        WHERE company_id = :company AND invoice_id = invoice.id AND weighed_at IS NOT NULL
        ORDER BY weighed_at DESC, seen_at DESC, id DESC LIMIT 1
    ) AS weighed ON true
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(part.signed), 0) AS allocated,
            coalesce(sum(part.signed) FILTER (WHERE part.is_late
                AND part.signed BETWEEN 0 AND weighed.elsewhere), 0) AS late
        FROM (
            SELECT CASE WHEN reopens THEN -1 ELSE 1 END * (allocation.amount + written_off)
                    AS signed,
                allocation.created_at > weighed.weighed_at AND line.booked_on
                    <= (weighed.weighed_at AT TIME ZONE 'Europe/Brussels')::date AS is_late
            FROM allocation
            JOIN bank_transaction AS line ON line.company_id = :company
                AND line.id = allocation.transaction_id
            WHERE allocation.company_id = :company AND allocation.invoice_id = invoice.id
              AND allocation.undone_at IS NULL
        ) AS part
    ) AS paid
    CROSS JOIN LATERAL (
        SELECT EXISTS (
            SELECT FROM document
            WHERE company_id = :company AND id = invoice.document_id AND status = 'done'
        ) AS is_read
    ) AS paper
    CROSS JOIN LATERAL (
        SELECT CASE WHEN item.settled_on IS NOT NULL THEN invoice.gross_amount
                WHEN item.original_amount <> 0 THEN abs(item.original_amount)
                ELSE greatest(abs(item.open_amount), invoice.gross_amount) END AS told_gross,
            CASE WHEN item.settled_on IS NOT NULL THEN 0
                WHEN coalesce(nullif(item.original_amount, 0), item.open_amount) < 0
                THEN greatest(-item.open_amount, 0)
                ELSE greatest(item.open_amount, 0) END AS told_open
    ) AS told
    CROSS JOIN LATERAL (
        SELECT greatest(told.told_gross - told.told_open, 0) AS told_settled,
            CASE WHEN paper.is_read THEN invoice.gross_amount
                ELSE told.told_gross END AS gross
    ) AS total
"""
# The rule of domain.accounting.items.elsewhere, so that what stays as it is needs no row read.
_ELSEWHERE = """
    greatest(
        coalesce(greatest(weighed.elsewhere - paid.late, 0)
            - greatest(weighed.weighed_settled - total.told_settled, 0), 0),
        total.told_settled - paid.allocated, 0)
"""

_INTEGRATION = text("""
    SELECT integration_id FROM accounting_item
    WHERE company_id = :company AND invoice_id = :invoice
    ORDER BY settled_on IS NOT NULL, seen_at DESC, id DESC LIMIT 1
""")

_STRAYING = text(
    "SELECT invoice.id "  # noqa: S608  words of this file
    + _STATE
    + """
    WHERE invoice.company_id = :company AND invoice.id = ANY(ARRAY(
        SELECT invoice_id FROM accounting_item
        WHERE company_id = :company AND integration_id = :integration AND settled_on IS NULL
          AND invoice_id IS NOT NULL
        UNION
        SELECT invoice_id FROM accounting_item
        WHERE company_id = :company AND id = ANY(CAST(:gone AS uuid[])) AND invoice_id IS NOT NULL
        UNION
        SELECT id FROM invoice
        WHERE company_id = :company AND status = 'open' AND source = :source
      ))
      AND invoice.source = :source AND invoice.status IN ('open', 'paid')
      AND (
        weighed.weighed_settled IS DISTINCT FROM total.told_settled
        OR (invoice.gross_amount, invoice.open_amount) IS DISTINCT FROM (
            total.gross,
            least(told.told_open, greatest(total.gross - paid.allocated - """
    + _ELSEWHERE
    + """, 0)))
        OR (item.settled_on IS NULL AND NOT paper.is_read AND (
            invoice.issue_date <> item.issue_date OR invoice.due_date <> item.due_date
            OR NOT starts_with(coalesce(invoice.number_key, ''), left(item.number_key, 40))))
      )
    ORDER BY invoice.id
    """
)

_LOCK_INVOICES = text("""
    SELECT id FROM invoice WHERE company_id = :company AND id = ANY(CAST(:ids AS uuid[]))
    ORDER BY id FOR UPDATE
""")

_FOLLOWED = text(
    """
    SELECT invoice.id, invoice.direction, invoice.status, invoice.gross_amount,
        invoice.open_amount, invoice.number, invoice.number_key, invoice.issue_date,
        invoice.due_date, paper.is_read, paid.allocated, paid.late, item.id AS item_id,
        item.external_id AS item_external_id, item.settled_on, told.told_gross, told.told_open,
        total.told_settled, item.number AS told_number, item.issue_date AS told_day,
        item.due_date AS told_due, weighed.elsewhere, weighed.weighed_settled, weighed.weighed_at
    """
    + _STATE
    + """
    WHERE invoice.company_id = :company AND invoice.id = ANY(CAST(:ids AS uuid[]))
      AND invoice.status IN ('open', 'paid')
    ORDER BY invoice.id
    """
)

_CHANGE = text("""
    UPDATE invoice SET gross_amount = new.gross, open_amount = new.open, status = new.status,
        number = new.number, number_key = new.number_key, issue_date = new.issued,
        due_date = new.due, version = version + 1
    FROM unnest(CAST(:id AS uuid[]), CAST(:gross AS numeric[]), CAST(:open AS numeric[]),
        CAST(:status AS text[]), CAST(:number AS text[]), CAST(:number_key AS text[]),
        CAST(:issue_date AS date[]), CAST(:due_date AS date[]))
        AS new (id, gross, open, status, number, number_key, issued, due)
    WHERE invoice.company_id = :company AND invoice.id = new.id
      AND invoice.id = ANY(CAST(:id AS uuid[]))
""")
