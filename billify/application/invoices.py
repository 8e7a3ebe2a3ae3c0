"""Invoices of both directions: saved, approved, issued, rejected, set aside, entered by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from billify.application import audit, intake, live
from billify.data.db import db, transaction
from billify.data.models import Contact, Document, Invoice, InvoiceLine, InvoiceVat
from billify.data.queries import contacts
from billify.data.queries import documents as document_queries
from billify.data.queries import invoices as queries
from billify.data.types import uuid7
from billify.domain import duplicates, identity, references, terms
from billify.domain import invoices as rules
from billify.domain.documents import DocumentStatus
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus, Step
from billify.domain.reading import Reading
from billify.domain.refusal import N_, NotAllowed, NotFound, Refusal, Stale
from billify.domain.roles import Actor, Right
from billify.domain.vat import VatCategory

SERIES = "sales"
_DOCUMENT_AFTER = {
    InvoiceStatus.TO_CHECK: DocumentStatus.TO_CHECK,
    InvoiceStatus.SET_ASIDE: DocumentStatus.SET_ASIDE,
}


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact that does not exist yet, as typed or read."""

    name: str
    vat_number: str | None = None


@dataclass(frozen=True, slots=True)
class VatEntry:
    """One row of the VAT summary as typed."""

    category: VatCategory
    rate: Decimal
    base: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Entry:
    """An invoice as a person filled it in. Without `totals` the lines make the sums."""

    kind: InvoiceKind
    number: str | None
    contact_id: UUID | None
    new_contact: NewContact | None
    issue_date: date
    due_date: date | None
    delivery_date: date | None
    currency: str
    net_amount: Decimal | None
    vat_amount: Decimal | None
    gross_amount: Decimal | None
    payment_reference: str | None
    payee_iban: str | None
    note: str | None
    lines: Sequence[rules.Line] = field(default_factory=tuple)
    vat_rows: Sequence[VatEntry] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Entered:
    """An invoice entered by hand; `is_new` is False when the same form came before."""

    invoice: Invoice
    is_new: bool


@dataclass(frozen=True, slots=True)
class Twin:
    """Another invoice that may be the same one."""

    invoice: Invoice
    likeness: duplicates.Likeness


def save(*, invoice_id: UUID, version: int, entry: Entry, by: Actor) -> Invoice:
    """Keep what was checked. Refuses when somebody else saved meanwhile, or it is decided."""
    _require(by, Right.EDIT_INVOICES)
    with transaction():
        invoice = _locked(invoice_id)
        if invoice.version != version:
            raise Stale
        before = intake.facts(invoice)
        invoice.status = rules.follow(invoice.status, step=Step.SAVE)
        _fill(invoice, entry)
        _settle_document(invoice)
        audit.record("invoice.saved", invoice, by=by, before=before, after=intake.facts(invoice))
        _touch(invoice)
    return invoice


def enter(
    *, direction: InvoiceDirection, entry: Entry, by: Actor, key: UUID | None = None
) -> Entered:
    """Enter an invoice by hand: a purchase waits for approval, a sale is a draft.

    The form brings the `key` of the invoice to be, so that a form sent twice enters it once.
    """
    _require(by, Right.EDIT_INVOICES)
    is_purchase = direction is InvoiceDirection.PURCHASE
    key = key or uuid7()
    with transaction() as session:
        known = queries.entered(key)
        if known is not None:
            return Entered(known, is_new=False)
        invoice = Invoice(
            id=key,
            direction=direction,
            status=InvoiceStatus.TO_APPROVE if is_purchase else InvoiceStatus.DRAFT,
            source="manual",
        )
        _fill(invoice, entry)
        session.add(invoice)
        session.flush()
        audit.record("invoice.entered", invoice, by=by, after=intake.facts(invoice))
        _touch(invoice)
    return Entered(invoice, is_new=True)


def approve(*, invoice_id: UUID, by: Actor, version: int | None = None) -> Invoice:
    """Clear an invoice: a purchase may be paid, a sale is issued. Refuses above the limit."""
    _require(by, Right.APPROVE)
    with transaction():
        invoice = _locked(invoice_id)
        if version is not None and invoice.version != version:
            raise Stale
        _approve(invoice, by)
    return invoice


def approve_all(*, invoice_ids: Sequence[UUID], by: Actor) -> tuple[int, list[Refusal]]:
    """Approve what can be; says how many, and why the others were not."""
    _require(by, Right.APPROVE)
    refusals: list[Refusal] = []
    done = 0
    for invoice_id in invoice_ids:
        try:
            approve(invoice_id=invoice_id, by=by)
            done += 1
        except Refusal as refusal:
            refusals.append(refusal)
    return done, refusals


def reject(*, invoice_id: UUID, reason: str | None, by: Actor) -> Invoice:
    """Refuse an invoice; the reason stays with it."""
    return _decide(invoice_id, Step.REJECT, "invoice.rejected", by, reason)


def set_aside(*, invoice_id: UUID, by: Actor) -> Invoice:
    """Put an invoice out of the way without deciding."""
    return _decide(invoice_id, Step.SET_ASIDE, "invoice.set_aside", by, None)


def reopen(*, invoice_id: UUID, by: Actor) -> Invoice:
    """Take a rejected invoice, or one set aside, up again."""
    return _decide(invoice_id, Step.REOPEN, "invoice.reopened", by, None)


def contact_named(*, name: str, chosen: UUID | None) -> UUID | None:
    """The contact a form means: the chosen one while its name stands there, else by its name.

    Refuses a chosen contact that is not the company's.
    """
    if chosen is not None:
        contact = contacts.get(chosen)
        if contact is None:
            raise Refusal(N_("Choose a contact from the list."))
        if identity.search_key(contact.name) == identity.search_key(name):
            return contact.id
    found = contacts.named(identity.search_key(name))
    return found.id if found else None


def due_date(*, issued: date, contact_id: UUID | None) -> date:
    """The due date that the contact's terms give, the legal thirty days without a contact."""
    contact = contacts.get(contact_id) if contact_id else None
    agreed = terms.parse(contact.payment_terms) if contact else terms.LEGAL
    return terms.due_date(issued, terms=agreed)


def twins(invoice: Invoice) -> list[Twin]:
    """Invoices that may be this one: same supplier and number, or same amount and day."""
    found = {
        str(other.id): other
        for other in queries.like(
            invoice_id=invoice.id,
            direction=invoice.direction,
            contact_id=invoice.contact_id,
            number_key=invoice.number_key,
            gross=invoice.gross_amount,
            issued=invoice.issue_date,
        )
    }
    likes = duplicates.find(_seen(invoice), among=[_seen(other) for other in found.values()])
    return [Twin(found[like.id], like.likeness) for like in likes]


def contradictions(invoice: Invoice) -> list[rules.Contradiction]:
    """What does not add up in an invoice."""
    return rules.cross_check(
        rules.Header(invoice.net_amount, invoice.vat_amount, invoice.gross_amount),
        lines=[_line_value(line) for line in invoice.lines],
        breakdown=[
            rules.VatAmount(row.category, row.rate, row.base, row.amount)
            for row in invoice.vat_rows
        ],
    )


def _approve(invoice: Invoice, by: Actor) -> None:
    before = intake.facts(invoice)
    status = _approved(invoice, by)
    if invoice.gross_amount is None:
        raise Refusal(N_("Fill in the total amount before you approve."))
    _complete(invoice)
    invoice.open_amount = invoice.gross_amount
    invoice.status = rules.after_payment(status, open_amount=invoice.open_amount)
    invoice.decided_by, invoice.decided_at = by.user_id, datetime.now(UTC)
    _settle_document(invoice)
    audit.record("invoice.approved", invoice, by=by, before=before, after=intake.facts(invoice))
    _touch(invoice, "cash-flow")


def _approved(invoice: Invoice, by: Actor) -> InvoiceStatus:
    """The state after approval; a draft of our own is issued instead."""
    if invoice.status is InvoiceStatus.DRAFT:
        return rules.follow(invoice.status, step=Step.ISSUE)
    return rules.approve(invoice.status, total=invoice.gross_amount, limit=by.approval_limit)


def _complete(invoice: Invoice) -> None:
    """What an open invoice can't lack: its contact, and its number."""
    if invoice.contact_id is None:
        if not invoice.party_name:
            raise Refusal(N_("Say who this invoice is from or for before you approve."))
        invoice.contact_id = _party_contact(invoice).id
    if invoice.number is None and invoice.direction is InvoiceDirection.SALE:
        number = _next_number(invoice.issue_date.year)
        invoice.number = f"{invoice.issue_date.year}-{number:04d}"
        invoice.payment_reference = invoice.payment_reference or references.make_structured(
            invoice.issue_date.year % 100 * 10**6 + number
        )
    if invoice.number is None:
        raise Refusal(N_("Fill in the invoice number before you approve."))
    intake.name_keys(invoice)


def _next_number(year: int) -> int:
    """The next number of our series that no invoice made elsewhere, and read in, has already."""
    while True:
        number = queries.next_number(SERIES, year)
        if not queries.is_sale_numbered(duplicates.number_key(f"{year}-{number:04d}")):
            return number


def _decide(invoice_id: UUID, step: Step, verb: str, by: Actor, reason: str | None) -> Invoice:
    _require(by, Right.EDIT_INVOICES)
    with transaction():
        invoice = _locked(invoice_id)
        before = intake.facts(invoice)
        invoice.status = rules.follow(invoice.status, step=step)
        invoice.reject_reason = reason if step is Step.REJECT else None
        invoice.decided_by, invoice.decided_at = by.user_id, datetime.now(UTC)
        _settle_document(invoice)
        after = intake.facts(invoice) | ({"reason": reason} if reason else {})
        audit.record(verb, invoice, by=by, before=before, after=after)
        _touch(invoice)
    return invoice


def _fill(invoice: Invoice, entry: Entry) -> None:
    contact = _chosen_contact(entry, invoice.direction)
    invoice.kind = entry.kind
    invoice.number = entry.number
    invoice.contact_id = contact.id if contact else None
    invoice.party_name = contact.name if contact else ""
    invoice.issue_date = entry.issue_date
    invoice.due_date = entry.due_date or _due_date(entry.issue_date, contact)
    invoice.delivery_date = entry.delivery_date
    invoice.currency = entry.currency
    invoice.payment_reference = _reference(entry.payment_reference)
    invoice.payee_iban = references.normalise_iban(entry.payee_iban) if entry.payee_iban else None
    invoice.note = entry.note
    _replace_rows(invoice, entry)
    intake.name_keys(invoice)
    _remember_iban(invoice, contact)


def _replace_rows(invoice: Invoice, entry: Entry) -> None:
    """Lines and sums anew. One computation makes the sums wherever the document gives none."""
    sums = rules.totals(entry.lines)
    if invoice.id is not None:
        invoice.lines = []
        invoice.vat_rows = []
        db.session.flush()
    invoice.lines = [_line_row(at, line) for at, line in enumerate(entry.lines, start=1)]
    vat = entry.vat_rows or [VatEntry(v.category, v.rate, v.base, v.vat) for v in sums.by_rate]
    invoice.vat_rows = [
        InvoiceVat(
            position=at, category=row.category, rate=row.rate, base=row.base, amount=row.amount
        )
        for at, row in enumerate(vat, start=1)
    ]
    has_lines = bool(entry.lines)
    invoice.net_amount = _first(entry.net_amount, sums.net if has_lines else None)
    invoice.vat_amount = _first(entry.vat_amount, sums.vat if has_lines else None)
    invoice.gross_amount = _first(entry.gross_amount, sums.gross if has_lines else None)
    invoice.open_amount = invoice.gross_amount or Decimal("0.00")


def _chosen_contact(entry: Entry, direction: InvoiceDirection) -> Contact | None:
    if entry.contact_id is not None:
        contact = contacts.get(entry.contact_id)
        if contact is None:
            raise Refusal(N_("Choose a contact from the list."))
    elif entry.new_contact is not None:
        contact = _add_contact(entry.new_contact, None)
    else:
        return None
    _note_direction(contact, direction)
    return contact


def _party_contact(invoice: Invoice) -> Contact:
    """The contact of a draft whose party was read but not known: found again, else made."""
    party = intake.Party(invoice.party_name, None, None, invoice.payee_iban)
    if invoice.document_id is not None:
        document = document_queries.with_reading(invoice.document_id)
        if document is not None and document.reading:
            party = intake.party_of(Reading.from_json(document.reading))
    contact = intake.find_contact(party) or _add_contact(
        NewContact(invoice.party_name, party.vat_number), party.iban
    )
    _note_direction(contact, invoice.direction)
    return contact


def _add_contact(new: NewContact, iban: str | None) -> Contact:
    vat = references.normalise_vat(new.vat_number) if new.vat_number else None
    if vat is not None:
        known = contacts.candidates(
            vat_number=vat, enterprise_number=None, iban=None, name_start=""
        )
        if known:
            return known[0]
    contact = Contact(
        name=new.name,
        search_key=identity.search_key(new.name),
        vat_number=vat,
        enterprise_number=references.enterprise_of(vat) if vat else None,
        iban=iban,
        country=vat[:2] if vat else "BE",
        payment_terms=str(terms.LEGAL),
    )
    db.session.add(contact)
    db.session.flush()
    live.touch("contacts")
    return contact


def _note_direction(contact: Contact, direction: InvoiceDirection) -> None:
    if direction is InvoiceDirection.PURCHASE:
        contact.is_supplier = True
    else:
        contact.is_customer = True


def _remember_iban(invoice: Invoice, contact: Contact | None) -> None:
    if contact and invoice.payee_iban and not contact.iban:
        contact.iban = invoice.payee_iban


def _settle_document(invoice: Invoice) -> None:
    """The document follows its invoice: decided ones leave the inbox."""
    if invoice.document_id is None:
        return
    document: Document | None = document_queries.lock(invoice.document_id)
    if document is not None and document.status is not DocumentStatus.DELETED:
        document.status = _DOCUMENT_AFTER.get(invoice.status, DocumentStatus.DONE)
        live.touch("documents")


def _touch(invoice: Invoice, *more: str) -> None:
    desk = "purchases" if invoice.direction is InvoiceDirection.PURCHASE else "sales"
    live.touch(desk, *more)


def _locked(invoice_id: UUID) -> Invoice:
    invoice = queries.lock(invoice_id)
    if invoice is None:
        raise NotFound
    return invoice


def _require(by: Actor, right: Right) -> None:
    if not by.can(right):
        raise NotAllowed


def _due_date(issued: date, contact: Contact | None) -> date:
    agreed = terms.parse(contact.payment_terms) if contact else terms.LEGAL
    return terms.due_date(issued, terms=agreed)


def _reference(text: str | None) -> str | None:
    return references.payment_reference(text) if text else None


def _first(given: Decimal | None, computed: Decimal | None) -> Decimal | None:
    return given if given is not None else computed


def _line_row(position: int, line: rules.Line) -> InvoiceLine:
    return InvoiceLine(
        position=position,
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount=line.discount,
        vat_category=line.vat_category,
        vat_rate=line.vat_rate,
        net_amount=line.net,
    )


def _line_value(line: InvoiceLine) -> rules.Line:
    return rules.Line(
        quantity=line.quantity,
        unit_price=line.unit_price,
        vat_category=line.vat_category,
        vat_rate=line.vat_rate,
        discount=line.discount,
        description=line.description,
    )


def _seen(invoice: Invoice) -> duplicates.Seen:
    return duplicates.Seen(
        id=str(invoice.id),
        supplier=str(invoice.contact_id) if invoice.contact_id else None,
        number=invoice.number,
        gross=invoice.gross_amount,
        issue_date=invoice.issue_date,
        kind=invoice.kind,
    )
