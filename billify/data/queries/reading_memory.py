"""What is remembered of suppliers' layouts: found by keys, and counted per supplier."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, delete, func, literal, select, update
from sqlalchemy.orm import joinedload, selectinload, undefer

from billify.data.db import db
from billify.data.models import Invoice, ReadingMemory, ReadingMemoryKey, ReadingOutcome

_MOST_OFFERED = 10
_MOST_OF_ONE = 30
_MOST_COUNTED = 500


class Outcome(NamedTuple):
    """How one document was read, and the layout it belongs to while that is remembered."""

    memory_id: UUID | None
    read: int
    corrected: int
    fields: dict[str, list[str]]
    used_at: datetime | None
    """When that layout was last read with its memory."""


def offered(keys: Collection[str]) -> Sequence[ReadingMemory]:
    """The memories that share most keys with a document, with their content."""
    if not keys:
        return []
    shared = (
        select(ReadingMemoryKey.memory_id, func.count().label("times"))
        .where(ReadingMemoryKey.key.in_(keys))
        .group_by(ReadingMemoryKey.memory_id)
        .order_by(func.count().desc(), ReadingMemoryKey.memory_id)
        .limit(_MOST_OFFERED)
        .subquery()
    )
    return db.session.scalars(
        select(ReadingMemory)
        .join(shared, shared.c.memory_id == ReadingMemory.id)
        .options(undefer(ReadingMemory.content))
        .order_by(shared.c.times.desc(), ReadingMemory.id)
        .limit(_MOST_OFFERED)
    ).all()


def get(memory_id: UUID) -> ReadingMemory | None:
    """One memory with its content."""
    return db.session.scalars(
        select(ReadingMemory)
        .where(ReadingMemory.id == memory_id)
        .options(undefer(ReadingMemory.content))
    ).one_or_none()


def lock(memory_id: UUID) -> ReadingMemory | None:
    """One memory with its content, locked until the commit and as it stands now."""
    return db.session.scalars(
        select(ReadingMemory)
        .where(ReadingMemory.id == memory_id)
        .options(undefer(ReadingMemory.content))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def lock_of_contact(contact_id: UUID) -> Sequence[ReadingMemory]:
    """The layouts of a supplier, locked, so that two documents learn one after the other."""
    return db.session.scalars(
        select(ReadingMemory)
        .where(ReadingMemory.contact_id == contact_id)
        .options(undefer(ReadingMemory.content))
        .order_by(ReadingMemory.id)
        .limit(_MOST_OF_ONE)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def name_keys(memory: ReadingMemory, keys: Collection[str]) -> None:
    """Let new documents find a memory by these keys, and by no others."""
    db.session.execute(
        delete(ReadingMemoryKey).where(
            ReadingMemoryKey.memory_id == memory.id, ReadingMemoryKey.key.not_in(keys)
        )
    )
    known = set(
        db.session.scalars(
            select(ReadingMemoryKey.key)
            .where(ReadingMemoryKey.memory_id == memory.id)
            .order_by(ReadingMemoryKey.key)
            .limit(_MOST_COUNTED)
        )
    )
    db.session.add_all(
        ReadingMemoryKey(memory_id=memory.id, key=key) for key in sorted(set(keys) - known)
    )


def note_use(memory_id: UUID, at: datetime) -> None:
    """A document was read with this memory; no reason for a form to be stale."""
    db.session.execute(
        update(ReadingMemory)
        .where(ReadingMemory.id == memory_id)
        .values(used_at=at)
        .execution_options(synchronize_session=False)
    )


def remove(memory: ReadingMemory) -> None:
    """Take a memory away. What was counted of its documents stays."""
    db.session.execute(
        update(ReadingOutcome)
        .where(ReadingOutcome.memory_id == memory.id)
        .values(memory_id=None)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(delete(ReadingMemoryKey).where(ReadingMemoryKey.memory_id == memory.id))
    db.session.delete(memory)
    db.session.flush()


def invoice_of(document_id: UUID) -> Invoice | None:
    """The invoice of a document with its contact, lines and VAT rows."""
    return db.session.scalars(
        select(Invoice)
        .where(Invoice.document_id == document_id)
        .options(
            joinedload(Invoice.contact),
            selectinload(Invoice.lines),
            selectinload(Invoice.vat_rows),
        )
        .order_by(Invoice.id)
        .limit(1)
    ).one_or_none()


def outcome_of(document_id: UUID) -> ReadingOutcome | None:
    """What was counted of a document, locked."""
    return db.session.scalars(
        select(ReadingOutcome).where(ReadingOutcome.document_id == document_id).with_for_update()
    ).one_or_none()


def outcomes(*, contact_id: UUID) -> Sequence[Outcome]:
    """The latest 500 documents of a supplier that were checked, the newest first."""
    found = db.session.execute(
        select(
            ReadingMemory.id,
            ReadingOutcome.read,
            ReadingOutcome.corrected,
            ReadingOutcome.fields,
            ReadingMemory.used_at,
        )
        .outerjoin(
            ReadingMemory,
            and_(
                ReadingMemory.id == ReadingOutcome.memory_id,
                ReadingMemory.contact_id == contact_id,
            ),
        )
        .where(ReadingOutcome.contact_id == contact_id)
        .order_by(ReadingOutcome.checked_at.desc(), ReadingOutcome.id.desc())
        .limit(_MOST_COUNTED)
    ).all()
    return [Outcome._make(row) for row in found]


def outcomes_of_layout(memory_id: UUID) -> Sequence[Outcome]:
    """The same for one layout."""
    found = db.session.execute(
        select(
            ReadingOutcome.memory_id,
            ReadingOutcome.read,
            ReadingOutcome.corrected,
            ReadingOutcome.fields,
            literal(None),
        )
        .where(ReadingOutcome.memory_id == memory_id)
        .order_by(ReadingOutcome.checked_at.desc(), ReadingOutcome.id.desc())
        .limit(_MOST_COUNTED)
    ).all()
    return [Outcome._make(row) for row in found]
