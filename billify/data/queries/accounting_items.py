"""Open items of the accounting, many at once: what is new, which invoice each is, what follows.

A list of 20,000 items is compared and written in parts by a statement each. What has not changed
is not written, so an unchanged list leaves no trace.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from billify.data import tenancy
from billify.data.db import db
from billify.data.types import uuid7
from billify.domain.accounting.items import Told
from billify.domain.invoices import InvoiceDirection

Values = dict[str, Any]  # Any: column values


class Unlinked(NamedTuple):
    """An open item that is an invoice, but none here yet."""

    id: UUID
    external_id: str
    direction: InvoiceDirection
    contact_name: str
    contact_external_id: str
    vat_number: str
    number: str
    number_key: str
    description: str
    issue_date: date
    due_date: date | None
    open_amount: Decimal
    original_amount: Decimal


@contextmanager
def alone(integration_id: UUID) -> Iterator[bool]:
    """Whether nobody else reads this connection meanwhile; it is kept so within the block.

    A lock of a connection of its own, which the database lets go when the process dies.
    """
    key = {"key": f"accounting {integration_id}"}
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as own:
        if not own.execute(_TRY_LOCK, key).scalar_one():
            yield False
            return
        try:
            yield True
        finally:
            own.execute(_UNLOCK, key)


def differing(integration_id: UUID, told: Sequence[Told]) -> dict[str, bool]:
    """Those of these items that are new (True) or say something else than is kept (False)."""
    rows = db.session.execute(_DIFFERING, _told_values(integration_id, told))
    return {row.external_id: row.is_new for row in rows}


def keep(integration_id: UUID, told: Sequence[Told], *, at: datetime) -> None:
    """Write items as they are told; one that was settled is open again."""
    values = _told_values(integration_id, told)
    db.session.execute(_KEEP, values | {"at": at, "id": [uuid7() for _ in told]})


def gone(integration_id: UUID, told: Collection[str]) -> list[UUID]:
    """Items that are open here and not among those told.

    Held against each other here: the database would compare every item with every key where it
    takes the list for a short one.
    """
    rows = db.session.execute(_OPEN, _company_values(integration_id))
    return [row.id for row in rows if row.external_id not in told]


def settle(item_ids: Sequence[UUID], *, on: date, at: datetime) -> None:
    """These items are settled since a day."""
    values = {"company": tenancy.company_id(), "ids": list(item_ids), "day": on, "at": at}
    db.session.execute(_SETTLE, values)


def unlinked(integration_id: UUID, *, after: UUID | None, size: int) -> list[Unlinked]:
    """Open invoices of the accounting that are none here, by key."""
    values = {
        "company": tenancy.company_id(),
        "integration": integration_id,
        "after": after or UUID(int=0),
        "size": size,
    }
    rows = db.session.execute(_UNLINKED, values)
    return [Unlinked(*row)._replace(direction=InvoiceDirection(row.direction)) for row in rows]


def _told_values(integration_id: UUID, told: Sequence[Told]) -> Values:
    columns: Values = {
        name: [getattr(one, name) for one in told] for name in Told.__dataclass_fields__
    }
    columns["direction"] = [one.direction.value for one in told]
    return _company_values(integration_id) | columns


def _company_values(integration_id: UUID) -> Values:
    return {"company": tenancy.company_id(), "integration": integration_id}


_TRY_LOCK = text("SELECT pg_try_advisory_lock(hashtextextended(:key, 0))")
_UNLOCK = text("SELECT pg_advisory_unlock(hashtextextended(:key, 0))")

_TOLD = """
    told AS (
        SELECT * FROM unnest(
            CAST(:external_id AS text[]), CAST(:direction AS text[]), CAST(:kind_id AS integer[]),
            CAST(:contact_name AS text[]), CAST(:contact_key AS text[]),
            CAST(:contact_external_id AS text[]), CAST(:vat_number AS text[]),
            CAST(:number AS text[]), CAST(:number_key AS text[]), CAST(:description AS text[]),
            CAST(:issue_date AS date[]), CAST(:due_date AS date[]),
            CAST(:open_amount AS numeric[]), CAST(:original_amount AS numeric[]),
            CAST(:document_external_id AS text[])
        ) AS told (external_id, direction, kind_id, contact_name, contact_key,
            contact_external_id, vat_number, number, number_key, description, issue_date,
            due_date, open_amount, original_amount, document_external_id)
    )
"""

_DIFFERING = text(
    "WITH "  # noqa: S608  words of this file
    + _TOLD
    + """
    SELECT told.external_id, item.id IS NULL AS is_new
    FROM told LEFT JOIN accounting_item AS item
        ON item.company_id = :company AND item.integration_id = :integration
        AND item.external_id = told.external_id
    WHERE item.id IS NULL OR item.settled_on IS NOT NULL OR (
        item.direction, item.kind_id, item.contact_name, item.contact_external_id,
        item.vat_number, item.number, item.description, item.issue_date, item.due_date,
        item.open_amount, item.original_amount, item.document_external_id
    ) IS DISTINCT FROM (
        told.direction, told.kind_id, told.contact_name, told.contact_external_id,
        told.vat_number, told.number, told.description, told.issue_date, told.due_date,
        told.open_amount, told.original_amount, told.document_external_id
    )
    """
)

_KEEP = text(
    "WITH "  # noqa: S608  words of this file
    + _TOLD
    + """
    INSERT INTO accounting_item (id, company_id, integration_id, external_id, direction, kind_id,
        contact_name, contact_key, contact_external_id, vat_number, number, number_key,
        description, issue_date, due_date, open_amount, original_amount, document_external_id,
        first_seen_at, seen_at)
    SELECT keyed.id, :company, :integration, external_id, direction, kind_id, contact_name,
        contact_key, contact_external_id, vat_number, number, number_key, description, issue_date,
        due_date, open_amount, original_amount, document_external_id, :at, :at
    FROM (
        SELECT told.*, row_number() OVER () AS at FROM told
    ) AS numbered
    JOIN unnest(CAST(:id AS uuid[])) WITH ORDINALITY AS keyed (id, place) ON keyed.place = at
    ON CONFLICT (company_id, integration_id, external_id) DO UPDATE SET
        direction = excluded.direction, kind_id = excluded.kind_id,
        contact_name = excluded.contact_name, contact_key = excluded.contact_key,
        contact_external_id = excluded.contact_external_id, vat_number = excluded.vat_number,
        number = excluded.number, number_key = excluded.number_key,
        description = excluded.description, issue_date = excluded.issue_date,
        due_date = excluded.due_date, open_amount = excluded.open_amount,
        original_amount = excluded.original_amount,
        document_external_id = excluded.document_external_id,
        seen_at = excluded.seen_at, settled_on = NULL
    """
)

_OPEN = text("""
    SELECT id, external_id FROM accounting_item
    WHERE company_id = :company AND integration_id = :integration AND settled_on IS NULL
""")

_SETTLE = text("""
    UPDATE accounting_item SET settled_on = :day, seen_at = :at
    WHERE company_id = :company AND id = ANY(CAST(:ids AS uuid[]))
""")

_UNLINKED = text("""
    SELECT id, external_id, direction, contact_name, contact_external_id, vat_number, number,
        number_key, description, issue_date, due_date, open_amount, original_amount
    FROM accounting_item
    WHERE company_id = :company AND integration_id = :integration AND settled_on IS NULL
      AND invoice_id IS NULL AND id > :after
      AND (direction, kind_id) IN (('sale', 6), ('purchase', 2))
      AND (contact_key <> '' OR vat_number <> '')
      AND (open_amount <> 0 OR original_amount <> 0)
    ORDER BY id LIMIT :size
""")
