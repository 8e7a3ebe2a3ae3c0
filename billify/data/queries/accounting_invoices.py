"""Open items of the accounting as invoices: which may be one, and what follows for those that
only the accounting knows."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, text, update

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import Contact, Invoice
from billify.domain import identity
from billify.domain.accounting.items import Here
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus

Values = dict[str, Any]  # Any: column values


@dataclass(frozen=True, slots=True)
class Candidate:
    """An invoice that an item may be; `is_taken` by another item that is open."""

    here: Here
    is_taken: bool
    external_id: str = ""
    """The item that it was made from, when it was."""


class Known(NamedTuple):
    """A contact as far as finding it again needs."""

    id: UUID
    name: str
    vat_number: str | None
    enterprise_number: str | None
    payment_terms: str
    is_supplier: bool
    is_customer: bool


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
    source: str,
    external_ids: Collection[str],
    number_keys: Collection[str],
    contact_days: Collection[tuple[UUID, date]],
) -> list[Candidate]:
    """Invoices made from one of these items, with one of these numbers, or of one of these
    contacts and days."""
    rows = db.session.execute(
        _CANDIDATES,
        _company_values(integration_id)
        | {
            "source": source,
            "external_ids": list(external_ids),
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
                name_key=identity.name_key(row.party_name),
                is_settled=row.status == InvoiceStatus.PAID,
            ),
            row.is_taken,
            row.made_from,
        )
        for row in rows
    ]


def sale_numbers(number_keys: Collection[str]) -> set[str]:
    """Those of these numbers that an issued sale has, which no other may have."""
    found = db.session.scalars(
        select(Invoice.number_key).where(
            Invoice.number_key.in_(list(number_keys)),
            Invoice.direction == InvoiceDirection.SALE,
            Invoice.status.in_([InvoiceStatus.OPEN, InvoiceStatus.PAID]),
        )
    )
    return {one for one in found if one}


def link(pairs: Sequence[tuple[UUID, UUID]]) -> None:
    """Say which invoice each item is."""
    if pairs:
        db.session.execute(
            _LINK,
            {
                "company": tenancy.company_id(),
                "item": [one[0] for one in pairs],
                "invoice": [one[1] for one in pairs],
            },
        )


def part(integration_id: UUID) -> int:
    """Let an entry that came back beside its successor be none of their invoice: one invoice is
    one open item's. Gives how many there were."""
    return len(db.session.execute(_PART, _company_values(integration_id)).all())


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


def without_vat_number(integration_id: UUID) -> dict[str, UUID]:
    """Contacts of this connection's items that have no VAT number here, by the partner's key."""
    rows = db.session.execute(_WITHOUT_VAT, _company_values(integration_id))
    return {row.contact_external_id: row.contact_id for row in rows}


def _company_values(integration_id: UUID) -> Values:
    return {"company": tenancy.company_id(), "integration": integration_id}


# Arrays in the place of joins below: they are looked up by index even where the planner knows
# nothing of a table yet, as in the first minutes of a company.
_CANDIDATES = text("""
    WITH found AS (
        SELECT id FROM invoice
        WHERE company_id = :company AND external_id = ANY(CAST(:external_ids AS text[]))
          AND source = :source
        UNION
        SELECT id FROM invoice
        WHERE company_id = :company AND number_key = ANY(CAST(:number_keys AS text[]))
        UNION
        SELECT id FROM invoice
        WHERE company_id = :company AND contact_id = ANY(CAST(:contacts AS uuid[]))
          AND issue_date = ANY(CAST(:days AS date[]))
    )
    SELECT invoice.id, invoice.direction, invoice.kind, invoice.contact_id, invoice.number_key,
        invoice.gross_amount, invoice.issue_date, invoice.status, invoice.party_name,
        CASE WHEN invoice.source = :source THEN coalesce(invoice.external_id, '') ELSE '' END
            AS made_from,
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

_PART = text("""
    UPDATE accounting_item SET invoice_id = NULL, weighed_at = NULL
    WHERE company_id = :company AND id = ANY(ARRAY(
        SELECT id FROM (
            SELECT id, row_number() OVER (
                PARTITION BY invoice_id ORDER BY first_seen_at DESC, id DESC
            ) AS place
            FROM accounting_item
            WHERE company_id = :company AND integration_id = :integration
              AND settled_on IS NULL AND invoice_id IS NOT NULL
        ) AS one
        WHERE place > 1
    ))
    RETURNING id
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
