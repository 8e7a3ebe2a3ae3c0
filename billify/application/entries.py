"""An invoice as a person filled it in, and how its row, lines and sums follow from that."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from billify.application import intake, parties
from billify.application.parties import NewContact
from billify.data.db import db
from billify.data.models import Contact, Invoice, InvoiceLine, InvoiceVat
from billify.domain import invoices as rules
from billify.domain import references, terms
from billify.domain.invoices import InvoiceKind
from billify.domain.roles import Actor
from billify.domain.vat import VatCategory


@dataclass(frozen=True, slots=True)
class VatEntry:
    """One row of the VAT summary as typed."""

    category: VatCategory
    rate: Decimal
    base: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Entry:
    """An invoice as a person filled it in. Where it gives no sums, the lines make them."""

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
    period_start: date | None = None
    period_end: date | None = None
    order_reference: str | None = None
    discount_percent: Decimal | None = None
    discount_until: date | None = None
    credited_number: str | None = None


def fill(*, invoice: Invoice, entry: Entry, by: Actor) -> None:
    """Put what was filled in into the invoice, its lines and its VAT rows."""
    contact = parties.chosen(
        contact_id=entry.contact_id, new=entry.new_contact, direction=invoice.direction, by=by
    )
    invoice.kind = entry.kind
    invoice.number = entry.number
    invoice.contact_id = contact.id if contact else None
    invoice.party_name = contact.name if contact else ""
    invoice.issue_date = entry.issue_date
    invoice.due_date = entry.due_date or _due_date(entry.issue_date, contact)
    invoice.delivery_date = entry.delivery_date
    invoice.period_start, invoice.period_end = entry.period_start, entry.period_end
    invoice.order_reference = entry.order_reference
    invoice.discount_percent = entry.discount_percent
    invoice.discount_until = entry.discount_until
    invoice.currency = entry.currency
    invoice.payment_reference = _reference(entry.payment_reference)
    invoice.payee_iban = references.normalise_iban(entry.payee_iban) if entry.payee_iban else None
    invoice.note = entry.note
    _replace_rows(invoice, entry)
    intake.name_keys(invoice)
    _credit(invoice, entry.credited_number)
    parties.remember_iban(invoice=invoice, contact=contact, by=by)


def _credit(invoice: Invoice, number: str | None) -> None:
    """The invoice a credit note takes back; a link that was made by hand stays."""
    if invoice.kind is not InvoiceKind.CREDIT_NOTE:
        invoice.credited_number = invoice.credited_invoice_id = None
    elif number != invoice.credited_number:
        invoice.credited_number = number
        invoice.credited_invoice_id = intake.credited(invoice)


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


def _line_row(position: int, line: rules.Line) -> InvoiceLine:
    return InvoiceLine(
        position=position,
        description=line.description,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        discount=line.discount,
        vat_category=line.vat_category,
        vat_rate=line.vat_rate,
        net_amount=line.net,
    )


def _due_date(issued: date, contact: Contact | None) -> date:
    agreed = terms.parse(contact.payment_terms) if contact else terms.LEGAL
    return terms.due_date(issued, terms=agreed)


def _reference(text: str | None) -> str | None:
    return references.payment_reference(text) if text else None


def _first(given: Decimal | None, computed: Decimal | None) -> Decimal | None:
    return given if given is not None else computed
