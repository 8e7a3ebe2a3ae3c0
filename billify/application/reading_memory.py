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
class LayoutLine:
    """One remembered layout in the list of a supplier's."""

    id: UUID
    used_at: datetime | None
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class Summary:
    """What is known of reading a supplier's documents."""

    accuracy: Accuracy
    layouts: tuple[LayoutLine, ...]
    """The first learned first, so that a layout keeps its number."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One remembered layout with everything it holds."""

    line: LayoutLine
    number: int
    """Among the layouts of the supplier, from 1."""
    version: int
    items: tuple[memory.Item, ...]


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
    """How well a supplier's documents were read, and which layouts are remembered."""
    outcomes = queries.outcomes(contact_id=contact_id)
    by_layout: dict[UUID, list[queries.Outcome]] = {}
    for one in outcomes:
        if one.memory_id is not None:
            by_layout.setdefault(one.memory_id, []).append(one)
    return Summary(
        _accuracy(outcomes),
        tuple(
            LayoutLine(memory_id, found[0].used_at, _accuracy(found))
            for memory_id, found in sorted(by_layout.items())
        ),
    )


def layout(*, contact_id: UUID, memory_id: UUID) -> Layout:
    """One layout of a supplier. Refuses one that is not theirs, or is forgotten."""
    lines = summary(contact_id=contact_id).layouts
    number = next((at for at, one in enumerate(lines, start=1) if one.id == memory_id), None)
    row = queries.get(memory_id)
    if number is None or row is None:
        raise NotFound
    known = memory.Memory.from_json(row.content)
    return Layout(lines[number - 1], number, row.version, tuple(memory.items(memory=known)))


def of_document(*, kept: Mapping[str, Any] | None) -> Accuracy | None:
    """How well the layout is known that a document was read with; None: it was a new one.

    `kept` is the document's stored reading.
    """
    used = (kept or {}).get("memory")
    if not used:
        return None
    outcomes = queries.outcomes_of_layout(UUID(used["id"]))
    return _accuracy(outcomes) if outcomes else None


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


def _accuracy(outcomes: Sequence[queries.Outcome]) -> Accuracy:
    times = Counter(
        name for one in outcomes for name, (state, *_) in one.fields.items() if state == "corrected"
    )
    return Accuracy(
        len(outcomes),
        sum(one.read for one in outcomes),
        sum(one.corrected for one in outcomes),
        tuple(times.most_common()),
    )


def _locked(memory_id: UUID) -> ReadingMemory:
    row = queries.lock(memory_id)
    if row is None:
        raise NotFound
    return row


def _require(by: Actor) -> None:
    if not by.can(Right.EDIT_INVOICES):
        raise NotAllowed
