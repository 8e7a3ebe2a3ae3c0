"""Memory of suppliers' layouts: used when a document is read, shown, changed and forgotten."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from billify.application import audit, jobs, live
from billify.data.db import transaction
from billify.data.models import Invoice, ReadingMemory
from billify.data.queries import contacts
from billify.data.queries import reading_memory as queries
from billify.domain.invoices import InvoiceDirection
from billify.domain.reading import OwnCompany, Page, Reading, memory
from billify.domain.refusal import N_, NotAllowed, NotFound, Refusal, Stale
from billify.domain.roles import Actor, Right

EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Recalled:
    """A reading after memory, and the memory that was used."""

    reading: Reading
    memory_id: UUID | None = None
    probability: float = 0.0

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """What is kept beside the reading of a document; empty when no memory was used."""
        if self.memory_id is None:
            return {}
        return {"memory": {"id": str(self.memory_id), "probability": round(self.probability, 3)}}


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How documents were read: how many, and of how many fields how many were corrected."""

    documents: int
    read: int
    corrected: int
    by_field: tuple[tuple[str, int], ...] = ()
    """(field, times corrected), the most often corrected first."""

    @property
    def kept(self) -> int:
        """Fields that were right as read."""
        return self.read - self.corrected


@dataclass(frozen=True, slots=True)
class Layout:
    """One remembered layout as it is shown."""

    row: ReadingMemory
    items: tuple[memory.Item, ...]
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class Summary:
    """What is known of reading a supplier's documents."""

    accuracy: Accuracy
    layouts: tuple[Layout, ...]


def recalled(*, pages: Sequence[Page], reading: Reading, us: OwnCompany | None) -> Recalled:
    """A reading set right by the memory that fits, outside any transaction; else as it was."""
    if not any(page.words for page in pages):
        return Recalled(reading)
    keys = memory.keys_of_pages(pages=pages, reading=reading, us=us)
    with transaction():
        rows = [(row.id, row.content) for row in queries.offered(keys)]
    if not rows:
        return Recalled(reading)
    known = [memory.Memory.from_json(content) for _, content in rows]
    done = memory.apply(pages=pages, reading=reading, memories=known, us=us)
    if done.at is None:
        return Recalled(reading)
    return Recalled(done.reading, rows[done.at][0], done.probability)


def note_use(*, memory_id: UUID | None) -> None:
    """A document was read with a memory, within the running transaction."""
    if memory_id is not None:
        queries.note_use(memory_id, datetime.now(UTC))


def ask_to_learn(*, invoice: Invoice) -> None:
    """Have a checked purchase invoice teach, within the running transaction."""
    is_purchase = invoice.direction is InvoiceDirection.PURCHASE
    if is_purchase and invoice.document_id is not None and invoice.contact_id is not None:
        jobs.later("reading_memory.learn", document_id=invoice.document_id)


def summary(*, contact_id: UUID) -> Summary:
    """What is remembered of a supplier, and how well their documents were read."""
    rows = queries.of_contact(contact_id)
    return Summary(
        accuracy=_accuracy(queries.counted(contact_id=contact_id), contact_id=contact_id),
        layouts=tuple(_layout(row) for row in rows),
    )


def of_document(*, kept: Mapping[str, Any] | None) -> Accuracy | None:
    """How well the layout is known that a document was read with; None: it was a new one.

    `kept` is the document's stored reading.
    """
    used = (kept or {}).get("memory")
    if not used:
        return None
    memory_id = UUID(used["id"])
    if queries.get(memory_id) is None:
        return None
    return _accuracy(queries.counted_of_layout(memory_id), memory_id=memory_id)


def change(*, memory_id: UUID, version: int, item: str, value: str, by: Actor) -> None:
    """Fix a remembered value. Refuses what can't be typed, and when somebody was faster."""
    _require(by)
    with transaction():
        row = _locked(memory_id)
        if row.version != version:
            raise Stale
        known = memory.Memory.from_json(row.content)
        before = {item: memory.shown_value(memory=known, item=item)}
        changed = memory.fixed(known, item=item, value=memory.checked(item=item, value=value))
        row.content = changed.to_json()
        after = {item: memory.shown_value(memory=changed, item=item)}
        audit.record("reading_memory.changed", row, by=by, before=before, after=after)
        live.touch("contacts")


def forget(*, memory_id: UUID, item: str, by: Actor) -> None:
    """Forget one item of a layout, or the layout as a whole."""
    _require(by)
    with transaction():
        row = _locked(memory_id)
        if item == EVERYTHING:
            audit.record("reading_memory.forgotten", row, by=by, before={"item": item})
            queries.remove(row)
        else:
            known = memory.Memory.from_json(row.content)
            if item not in {one.name for one in memory.items(memory=known)}:
                raise Refusal(N_("This was forgotten already."))
            row.content = memory.forget(known, item=item).to_json()
            audit.record("reading_memory.forgotten", row, by=by, before={"item": item})
        live.touch("contacts")


def forget_supplier(*, contact_id: UUID, by: Actor) -> None:
    """Forget every layout of a supplier. What was counted stays."""
    _require(by)
    with transaction():
        contact = contacts.lock(contact_id)
        if contact is None:
            raise NotFound
        rows = queries.lock_of_contact(contact_id)
        for row in rows:
            queries.remove(row)
        audit.record("reading_memory.forgotten", contact, by=by, before={"layouts": len(rows)})
        live.touch("contacts")


def _layout(row: ReadingMemory) -> Layout:
    known = memory.Memory.from_json(row.content)
    return Layout(
        row,
        tuple(memory.items(memory=known)),
        _accuracy(queries.counted_of_layout(row.id), memory_id=row.id),
    )


def _accuracy(counted: queries.Counted, **of: UUID) -> Accuracy:
    times: Counter[str] = Counter()
    if counted.corrected:
        for fields in queries.outcomes(**of):
            times.update(name for name, (state, _) in fields.items() if state == "corrected")
    return Accuracy(counted.documents, counted.read, counted.corrected, tuple(times.most_common()))


def _locked(memory_id: UUID) -> ReadingMemory:
    row = queries.lock(memory_id)
    if row is None:
        raise NotFound
    return row


def _require(by: Actor) -> None:
    if not by.can(Right.EDIT_INVOICES):
        raise NotAllowed
