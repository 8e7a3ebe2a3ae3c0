"""What a checked purchase invoice teaches about the layout of its supplier's documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from billify.application import audit, documents, live
from billify.data.db import db, transaction
from billify.data.models import Contact, Invoice, ReadingMemory, ReadingOutcome
from billify.data.queries import contacts
from billify.data.queries import documents as document_queries
from billify.data.queries import reading_memory as queries
from billify.domain import identity
from billify.domain.invoices import InvoiceDirection, InvoiceStatus
from billify.domain.reading import How, LineItem, OwnCompany, Page, Reading, memory
from billify.domain.reading.memory import Corrected, Memory

_TEACHES = frozenset({InvoiceStatus.TO_APPROVE, InvoiceStatus.OPEN, InvoiceStatus.PAID})


@dataclass(frozen=True, slots=True)
class Checked:
    """A document with what was read of it and what a person made of it."""

    document_id: UUID
    contact_id: UUID
    reading: Reading
    used: UUID | None
    """The memory it was read with."""
    corrected: Corrected
    judged: dict[str, memory.Judged]


def learn(*, document_id: UUID) -> None:
    """Let a checked invoice teach. The same document teaches once, by what it says last."""
    with transaction():
        checked = _checked(document_id)
        document = document_queries.get(document_id)
    if checked is None or document is None:
        return
    pages = documents.page_words(document=document)
    us = documents.own_company()
    with transaction():
        contact = contacts.lock(checked.contact_id)
        if contact is not None:
            row = _taught(checked, contact, pages, us) if any(p.words for p in pages) else None
            _count(checked, row)
            live.touch("contacts")


def unlearn(*, document_id: UUID) -> None:
    """Take back what a deleted document taught, within the running transaction."""
    outcome = queries.outcome_of(document_id)
    if outcome is None:
        return
    memory_id = outcome.memory_id
    db.session.delete(outcome)
    db.session.flush()
    if memory_id is not None:
        _without(memory_id, document_id)


def _checked(document_id: UUID) -> Checked | None:
    """The document when it is one that teaches: a purchase on paper, saved or approved."""
    document = document_queries.with_reading(document_id)
    invoice = queries.invoice_of(document_id)
    if document is None or not document.reading or invoice is None or invoice.contact is None:
        return None
    if invoice.direction is not InvoiceDirection.PURCHASE or invoice.status not in _TEACHES:
        return None
    reading = Reading.from_json(document.reading)
    if any(field.how is How.STRUCTURED for field in reading.fields.values()):
        return None
    values = _values(invoice, invoice.contact) | _kind(invoice, reading)
    used = document.reading.get("memory")
    return Checked(
        document_id,
        invoice.contact.id,
        reading,
        UUID(used["id"]) if used else None,
        Corrected(
            values=values,
            vat=[(row.rate, row.category.value) for row in invoice.vat_rows],
            lines=_lines(invoice),
        ),
        memory.judgement(reading=reading, values=_as_read(values, reading)),
    )


def _values(invoice: Invoice, contact: Contact) -> dict[str, str | None]:
    """What the invoice says, by the names and in the forms of a reading."""
    values: dict[str, str | None] = {
        "supplier_name": contact.name,
        "invoice_number": invoice.number,
        "issue_date": invoice.issue_date.isoformat(),
        "due_date": invoice.due_date.isoformat(),
        "delivery_date": invoice.delivery_date.isoformat() if invoice.delivery_date else None,
        "currency": invoice.currency,
        "net_amount": _amount(invoice.net_amount),
        "vat_amount": _amount(invoice.vat_amount),
        "gross_amount": _amount(invoice.gross_amount),
        "payment_reference": invoice.payment_reference,
        "iban": invoice.payee_iban,
    }
    if contact.vat_number:
        values["supplier_vat"] = contact.vat_number
    if contact.enterprise_number:
        values["supplier_enterprise_number"] = contact.enterprise_number
    return values


def _kind(invoice: Invoice, reading: Reading) -> dict[str, str | None]:
    """Invoice or credit note; a receipt is kept as an invoice and corrects nothing."""
    is_told = reading.text("document_type") in ("invoice", "credit_note")
    return {"document_type": invoice.kind.value} if is_told else {}


def _as_read(values: dict[str, str | None], reading: Reading) -> dict[str, str | None]:
    """The values with the supplier's name as printed where that is the same supplier.

    A contact is often kept under a shorter name than its papers carry; that corrects nothing.
    """
    read, vat = reading.text("supplier_name"), reading.text("supplier_vat")
    same_vat = bool(vat) and memory.same("supplier_vat", vat, values.get("supplier_vat"))
    same_name = identity.name_key(read or "") == identity.name_key(values["supplier_name"] or "")
    return values | {"supplier_name": read} if read and (same_vat or same_name) else values


def _lines(invoice: Invoice) -> list[LineItem]:
    return [
        LineItem(
            description=line.description,
            net_amount=line.net_amount,
            quantity=line.quantity,
            unit_price=line.unit_price,
            vat_rate=line.vat_rate,
        )
        for line in invoice.lines
        if line.description
    ]


def _taught(
    checked: Checked, contact: Contact, pages: Sequence[Page], us: OwnCompany
) -> ReadingMemory:
    """The supplier's memory of this layout with one more lesson; a new one for a new layout."""
    rows = list(queries.lock_of_contact(contact.id))
    known = [Memory.from_json(row.content) for row in rows]
    at = _place(checked, rows)
    if at is None:
        at = memory.closest(pages=pages, reading=checked.reading, memories=known, us=us)
    learned = memory.learn(
        pages=pages,
        reading=checked.reading,
        corrected=checked.corrected,
        key=str(checked.document_id),
        before=known[at] if at is not None else None,
        us=us,
    )
    if at is None:
        row = ReadingMemory(contact_id=contact.id, content=learned.to_json())
        db.session.add(row)
        db.session.flush()
        audit.record("reading_memory.learned", row, by=None, after={"contact_id": contact.id})
    else:
        row = rows[at]
    row.content = learned.to_json()
    row.learned_at = datetime.now(UTC)
    queries.name_keys(row, memory.keys_of_memory(memory=learned))
    return row


def _place(checked: Checked, rows: Sequence[ReadingMemory]) -> int | None:
    """Where the memory stands that this document taught before, or was read with."""
    before = queries.outcome_of(checked.document_id)
    ids = [row.id for row in rows]
    if before is not None and before.memory_id is not None and before.memory_id not in ids:
        _without(before.memory_id, checked.document_id)
    for wanted in (before.memory_id if before is not None else None, checked.used):
        if wanted in ids:
            return ids.index(wanted)
    return None


def _count(checked: Checked, row: ReadingMemory | None) -> None:
    outcome = queries.outcome_of(checked.document_id)
    if outcome is None:
        outcome = ReadingOutcome(document_id=checked.document_id)
        db.session.add(outcome)
    outcome.contact_id = checked.contact_id
    outcome.memory_id = row.id if row is not None else None
    outcome.fields = {
        name: ["kept" if one.is_kept else "corrected", "memory" if one.is_memory else "read"]
        for name, one in checked.judged.items()
    }
    outcome.read = len(checked.judged)
    outcome.corrected = sum(not one.is_kept for one in checked.judged.values())
    outcome.checked_at = datetime.now(UTC)
    db.session.flush()
    if row is not None:
        _proven(row)


def _proven(row: ReadingMemory) -> None:
    """Count anew how often each field was right by this memory: trust rises and falls with it."""
    outcomes = queries.outcomes_of_layout(row.id)
    row.content = memory.proven(
        Memory.from_json(row.content),
        outcomes=[
            {name: state == "kept" for name, (state, how) in one.fields.items() if how == "memory"}
            for one in outcomes
        ],
    ).to_json()
    row.documents = len(outcomes)


def _without(memory_id: UUID, document_id: UUID) -> None:
    row = queries.lock(memory_id)
    if row is None:
        return
    left = memory.without_lesson(Memory.from_json(row.content), key=str(document_id))
    if not left.lessons:
        queries.remove(row)
        return
    row.content = left.to_json()
    queries.name_keys(row, memory.keys_of_memory(memory=left))


def _amount(amount: object) -> str | None:
    return None if amount is None else format(amount, "f")
