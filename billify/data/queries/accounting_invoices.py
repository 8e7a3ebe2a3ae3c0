"""Open items of the accounting as invoices: which may be one, and what follows for those that
only the accounting knows."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, text, update

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import Contact
from billify.domain.accounting.items import Here
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus

Values = dict[str, Any]  # Any: column values


@dataclass(frozen=True, slots=True)
class Candidate:
    """An invoice that an item may be; `is_taken` by another item that is open."""

    here: Here
    is_taken: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """An invoice that only the accounting knows, and what is told of it."""

    id: UUID
    kind: InvoiceKind
    status: InvoiceStatus
    gross: Decimal
    open: Decimal
    has_document: bool
    allocated: Decimal
    told_gross: Decimal | None
    """Nothing when no item of it is open."""
    told_open: Decimal


class Known(NamedTuple):
    """A contact as far as finding it again needs."""

    id: UUID
    name: str
    vat_number: str | None
    enterprise_number: str | None
    payment_terms: str


def contacts() -> Iterator[Known]:
    """Every contact of the company, oldest first."""
    rows = db.session.execute(
        select(*(getattr(Contact, column) for column in Known._fields))
        .order_by(Contact.id)
        .execution_options(yield_per=1000)
    )
    return (Known._make(row) for row in rows)


def candidates(
    integration_id: UUID,
    *,
    number_keys: Collection[str],
    contact_days: Collection[tuple[UUID, date]],
) -> list[Candidate]:
    """Invoices with one of these numbers, or of one of these contacts and days."""
    rows = db.session.execute(
        _CANDIDATES,
        _company_values(integration_id)
        | {
            "number_keys": list(number_keys),
            "contacts": [one[0] for one in contact_days],
            "days": [one[1] for one in contact_days],
        },
    )
    return [
        Candidate(
            Here(
                id=row.id,
                direction=InvoiceDirection(row.direction),
                kind=InvoiceKind(row.kind),
                contact_id=row.contact_id,
                number_key=row.number_key or "",
                gross=row.gross_amount,
                issue_date=row.issue_date,
                status=InvoiceStatus(row.status),
            ),
            row.is_taken,
        )
        for row in rows
    ]


def link(pairs: Sequence[tuple[UUID, UUID]]) -> None:
    """Say which invoice each item is."""
    if pairs:
        db.session.execute(
            _LINK,
            {
                "company": _company(),
                "item": [one[0] for one in pairs],
                "invoice": [one[1] for one in pairs],
            },
        )


def note_sides(contact_ids: Collection[UUID], direction: InvoiceDirection) -> None:
    """These contacts are suppliers, or customers."""
    is_purchase = direction is InvoiceDirection.PURCHASE
    column = Contact.is_supplier if is_purchase else Contact.is_customer
    db.session.execute(
        update(Contact)
        .where(Contact.id.in_(list(contact_ids)), column.is_(False))
        .values({column: True, Contact.version: Contact.version + 1})
        .execution_options(synchronize_session=False)
    )


def straying(integration_id: UUID, source: str) -> list[UUID]:
    """Invoices that only the accounting knows and whose open amount is not what follows from
    what it tells, and from the bank lines here."""
    values = _company_values(integration_id) | {"source": source}
    return [row.id for row in db.session.execute(_STRAYING, values)]


def followed(integration_id: UUID, invoice_ids: Sequence[UUID]) -> list[Followed]:
    """These invoices, locked until the commit, and what is told of them now."""
    values = _company_values(integration_id) | {"ids": list(invoice_ids)}
    db.session.execute(_LOCK_INVOICES, values)
    return [
        Followed(
            id=row.id,
            kind=InvoiceKind(row.kind),
            status=InvoiceStatus(row.status),
            gross=row.gross_amount,
            open=row.open_amount,
            has_document=row.document_id is not None,
            allocated=row.allocated,
            told_gross=row.told_gross,
            told_open=row.told_open,
        )
        for row in db.session.execute(_FOLLOWED, values)
    ]


def change(rows: Sequence[tuple[UUID, Decimal, Decimal, InvoiceStatus]]) -> None:
    """Give invoices another total, open amount and state."""
    db.session.execute(
        _CHANGE,
        {
            "company": _company(),
            "id": [row[0] for row in rows],
            "gross": [row[1] for row in rows],
            "open": [row[2] for row in rows],
            "status": [row[3].value for row in rows],
        },
    )


def without_vat_number(integration_id: UUID) -> dict[str, UUID]:
    """Contacts of this connection's items that have no VAT number here, by the partner's key."""
    rows = db.session.execute(_WITHOUT_VAT, _company_values(integration_id))
    return {row.contact_external_id: row.contact_id for row in rows}


def _company_values(integration_id: UUID) -> Values:
    return {"company": _company(), "integration": integration_id}


def _company() -> UUID:
    company_id = tenancy.current().company_id
    if company_id is None:
        raise tenancy.NoScope("invoices belong to a company")
    return company_id


# Arrays in the place of joins below: they are looked up by index even where the planner knows
# nothing of a table yet, as in the first minutes of a company.
_CANDIDATES = text("""
    WITH found AS (
        SELECT id FROM invoice
        WHERE company_id = :company AND number_key = ANY(CAST(:number_keys AS text[]))
        UNION
        SELECT id FROM invoice
        WHERE company_id = :company AND contact_id = ANY(CAST(:contacts AS uuid[]))
          AND issue_date = ANY(CAST(:days AS date[]))
    )
    SELECT invoice.id, invoice.direction, invoice.kind, invoice.contact_id, invoice.number_key,
        invoice.gross_amount, invoice.issue_date, invoice.status,
        invoice.id IN (
            SELECT invoice_id FROM accounting_item
            WHERE company_id = :company AND integration_id = :integration
              AND settled_on IS NULL AND invoice_id IS NOT NULL
        ) AS is_taken
    FROM invoice
    WHERE invoice.company_id = :company AND invoice.id = ANY(ARRAY(SELECT id FROM found))
    ORDER BY invoice.id
""")

_LINK = text("""
    UPDATE accounting_item SET invoice_id = pair.invoice
    FROM unnest(CAST(:item AS uuid[]), CAST(:invoice AS uuid[])) AS pair (item, invoice)
    WHERE accounting_item.company_id = :company AND accounting_item.id = pair.item
      AND accounting_item.id = ANY(CAST(:item AS uuid[]))
""")

# What is open of a credit note is told below zero; what was paid too much is none of it.
_TOLD_OF_INVOICE = """
    SELECT
        sum(greatest(
            CASE WHEN coalesce(nullif(item.original_amount, 0), item.open_amount) < 0
                THEN -item.open_amount ELSE item.open_amount END, 0
        )) FILTER (WHERE item.settled_on IS NULL) AS told_open,
        sum(abs(coalesce(nullif(item.original_amount, 0), item.open_amount)))
            FILTER (WHERE item.settled_on IS NULL) AS told_gross
    FROM accounting_item AS item
    WHERE item.company_id = :company AND item.integration_id = :integration
      AND item.invoice_id = invoice.id
    HAVING count(*) > 0
"""
_ALLOCATED = """
    SELECT coalesce(sum(CASE WHEN reopens THEN -1 ELSE 1 END * (amount + written_off)), 0)
        AS allocated
    FROM allocation
    WHERE company_id = :company AND invoice_id = invoice.id AND undone_at IS NULL
"""

_STRAYING = text(
    """
    SELECT invoice.id FROM invoice
    CROSS JOIN LATERAL (
    """  # noqa: S608  words of this file
    + _TOLD_OF_INVOICE
    + ") AS told CROSS JOIN LATERAL ("
    + _ALLOCATED
    + """) AS paid
    CROSS JOIN LATERAL (
        SELECT CASE WHEN invoice.document_id IS NULL
            THEN coalesce(told.told_gross, invoice.gross_amount) ELSE invoice.gross_amount END
    ) AS total (gross)
    WHERE invoice.company_id = :company AND invoice.id = ANY(ARRAY(
        SELECT invoice_id FROM accounting_item
        WHERE company_id = :company AND integration_id = :integration AND settled_on IS NULL
          AND invoice_id IS NOT NULL
        UNION
        SELECT id FROM invoice
        WHERE company_id = :company AND status = 'open' AND source = :source
      ))
      AND invoice.source = :source AND invoice.status IN ('open', 'paid')
      AND (invoice.gross_amount, invoice.open_amount) IS DISTINCT FROM (
        total.gross,
        least(coalesce(told.told_open, 0), greatest(total.gross - paid.allocated, 0)))
    ORDER BY invoice.id
    """
)

_LOCK_INVOICES = text("""
    SELECT id FROM invoice WHERE company_id = :company AND id = ANY(CAST(:ids AS uuid[]))
    ORDER BY id FOR UPDATE
""")

_FOLLOWED = text(
    """
    SELECT invoice.id, invoice.kind, invoice.status, invoice.gross_amount, invoice.open_amount,
        invoice.document_id, paid.allocated, told.told_gross,
        coalesce(told.told_open, 0) AS told_open
    FROM invoice CROSS JOIN LATERAL (
    """  # noqa: S608  words of this file
    + _TOLD_OF_INVOICE
    + ") AS told CROSS JOIN LATERAL ("
    + _ALLOCATED
    + """) AS paid
    WHERE invoice.company_id = :company AND invoice.id = ANY(CAST(:ids AS uuid[]))
      AND invoice.status IN ('open', 'paid')
    ORDER BY invoice.id
    """
)

_CHANGE = text("""
    UPDATE invoice SET gross_amount = new.gross, open_amount = new.open, status = new.status,
        version = version + 1
    FROM unnest(CAST(:id AS uuid[]), CAST(:gross AS numeric[]), CAST(:open AS numeric[]),
        CAST(:status AS text[])) AS new (id, gross, open, status)
    WHERE invoice.company_id = :company AND invoice.id = new.id
      AND invoice.id = ANY(CAST(:id AS uuid[]))
""")

_WITHOUT_VAT = text("""
    WITH told AS MATERIALIZED (
        SELECT DISTINCT ON (contact_external_id) contact_external_id, invoice_id
        FROM accounting_item
        WHERE company_id = :company AND integration_id = :integration AND settled_on IS NULL
          AND contact_external_id <> '' AND invoice_id IS NOT NULL
        ORDER BY contact_external_id, id
    )
    SELECT told.contact_external_id, contact.id AS contact_id FROM told
    CROSS JOIN LATERAL (
        SELECT contact_id FROM invoice
        WHERE company_id = :company AND id = told.invoice_id LIMIT 1
    ) AS invoice
    CROSS JOIN LATERAL (
        SELECT id FROM contact
        WHERE company_id = :company AND id = invoice.contact_id AND vat_number IS NULL LIMIT 1
    ) AS contact
    ORDER BY told.contact_external_id
""")
