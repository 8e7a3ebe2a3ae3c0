"""What is remembered of suppliers' layouts: found by keys, and counted per supplier."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import joinedload, selectinload, undefer

from billify.data.db import db
from billify.data.models import Invoice, ReadingMemory, ReadingMemoryKey, ReadingOutcome

_MOST_OFFERED = 10
_MOST_OF_ONE = 30
_MOST_COUNTED = 200


@dataclass(frozen=True, slots=True)
class Counted:
    """How the documents of a supplier, or of one layout, were read."""

    documents: int = 0
    read: int = 0
    """Fields that were read or should have been."""
    corrected: int = 0


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


def of_contact(contact_id: UUID) -> Sequence[ReadingMemory]:
    """The layouts remembered of a supplier, the one used last first."""
    last = func.coalesce(ReadingMemory.used_at, ReadingMemory.learned_at)
    return db.session.scalars(
        select(ReadingMemory)
        .where(ReadingMemory.contact_id == contact_id)
        .options(undefer(ReadingMemory.content))
        .order_by(last.desc(), ReadingMemory.id.desc())
        .limit(_MOST_OF_ONE)
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


def note_use(memory_id: UUID, at: Any) -> None:  # Any: a moment
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


def outcomes(*, contact_id: UUID | None = None, memory_id: UUID | None = None) -> Sequence[Any]:
    """The latest documents of a supplier or a layout as rows (fields,), the newest first."""
    query = select(ReadingOutcome.fields)
    if contact_id is not None:
        query = query.where(ReadingOutcome.contact_id == contact_id)
    if memory_id is not None:
        query = query.where(ReadingOutcome.memory_id == memory_id)
    newest = (ReadingOutcome.checked_at.desc(), ReadingOutcome.id.desc())
    return db.session.scalars(query.order_by(*newest).limit(_MOST_COUNTED)).all()


def counted(*, contact_id: UUID) -> Counted:
    """How all documents of a supplier were read."""
    found = db.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(ReadingOutcome.read), 0),
            func.coalesce(func.sum(ReadingOutcome.corrected), 0),
        ).where(ReadingOutcome.contact_id == contact_id)
    ).one()
    return Counted(found[0], int(found[1]), int(found[2]))


def counted_of_layout(memory_id: UUID) -> Counted:
    """How the documents of one layout were read."""
    found = db.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(ReadingOutcome.read), 0),
            func.coalesce(func.sum(ReadingOutcome.corrected), 0),
        ).where(ReadingOutcome.memory_id == memory_id)
    ).one()
    return Counted(found[0], int(found[1]), int(found[2]))
