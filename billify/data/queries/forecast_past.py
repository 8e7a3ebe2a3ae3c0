"""How things stood on a day in the past: what was open then, and what the accounts held.

Text of SQL, which the second lock can't look through: the company stands in each statement, and
row-level security is behind it.
"""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from billify.data import tenancy
from billify.data.db import db
from billify.domain.forecast.known import OpenInvoice
from billify.domain.invoices import InvoiceDirection, InvoiceKind


class Held(NamedTuple):
    """What an account held at the end of a day."""

    id: UUID
    name: str
    currency: str
    balance: Decimal


def open_invoices(*, day: date) -> tuple[OpenInvoice, ...]:
    """Invoices that had been issued by a day and were not settled at its end.

    What is open now, and what was paid with a bank line after that day, as far as it was then.
    """
    return tuple(
        OpenInvoice(
            id=str(row.id),
            direction=InvoiceDirection(row.direction),
            kind=InvoiceKind(row.kind),
            contact=str(row.contact_id or ""),
            name=row.party_name,
            issued=row.issue_date,
            due=row.due_date,
            amount=row.left_open,
            gross=row.gross_amount or row.left_open,
            currency=row.currency,
        )
        for row in _run(_OPEN, day)
        if row.left_open > 0
    )


def held(*, day: date) -> list[Held]:
    """Every account that was known at the end of a day, with what it held."""
    return [Held(*row) for row in _run(_HELD, day)]


def _run(statement: Any, day: date) -> Any:  # Any: a text and its rows
    return db.session.execute(statement, {"company": tenancy.company_id(), "day": day})


_OPEN = text("""
    WITH later AS (
        SELECT allocation.invoice_id, sum(
            CASE WHEN allocation.reopens THEN -1 ELSE 1 END
            * (allocation.amount + allocation.written_off)) AS amount
        FROM allocation JOIN bank_transaction AS moved
            ON moved.id = allocation.transaction_id AND moved.company_id = :company
        WHERE allocation.company_id = :company AND allocation.undone_at IS NULL
          AND moved.booked_on > :day
        GROUP BY allocation.invoice_id
    )
    SELECT invoice.id, invoice.direction, invoice.kind, invoice.contact_id, invoice.party_name,
           invoice.issue_date, invoice.due_date, invoice.gross_amount, invoice.currency,
           invoice.open_amount + coalesce(later.amount, 0) AS left_open
    FROM invoice LEFT JOIN later ON later.invoice_id = invoice.id
    WHERE invoice.company_id = :company AND invoice.issue_date <= :day
      AND (invoice.status = 'open' OR (invoice.status = 'paid' AND later.amount > 0))
    ORDER BY invoice.due_date, invoice.id
""")

_HELD = text("""
    SELECT bank_account.id, bank_account.name, bank_account.currency, last.balance
    FROM bank_account CROSS JOIN LATERAL (
        SELECT balance FROM cash_flow_position
        WHERE company_id = :company AND account_id = bank_account.id AND day <= :day
        ORDER BY day DESC LIMIT 1
    ) AS last
    WHERE bank_account.company_id = :company
    ORDER BY bank_account.name, bank_account.id
""")
