"""From what was read to a draft invoice that a person can check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from billify.application import audit, live, news
from billify.data.db import db
from billify.data.models import Contact, Document, Invoice, InvoiceLine, InvoiceVat
from billify.data.queries import contacts, invoices
from billify.domain import duplicates, identity, money, references, terms
from billify.domain.documents import DocumentSource
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.domain.reading import Direction, DocumentType, LineItem, Reading
from billify.domain.refusal import Refusal
from billify.domain.vat import ZERO_RATE, VatCategory

LARGEST = Decimal(10) ** 11
MOST_LINES = 200
MILLIONTH = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Party:
    """The other side of a document as it was read; numbers are normalised or left out."""

    name: str
    vat_number: str | None
    enterprise_number: str | None
    iban: str | None


def draft(*, document: Document, reading: Reading) -> Invoice:
    """Draft the invoice of a document that was just read, within the running transaction.

    A document whose seller is our own company becomes a sales invoice.
    """
    direction = InvoiceDirection(reading.direction.value)
    party = party_of(reading)
    contact = find_contact(party)
    issued = _likely(reading.day("issue_date")) or document.created_at.date()
    agreed = terms.parse(contact.payment_terms) if contact else terms.LEGAL
    gross = _fitting(reading.amount("gross_amount"))
    invoice = Invoice(
        direction=direction,
        kind=_kind(reading),
        status=InvoiceStatus.TO_CHECK,
        number=_short(reading.text("invoice_number"), 60),
        contact_id=contact.id if contact else None,
        party_name=_short(contact.name if contact else party.name, 200) or "",
        issue_date=issued,
        due_date=_likely(reading.day("due_date")) or terms.due_date(issued, terms=agreed),
        currency=_currency(reading),
        gross_amount=gross,
        open_amount=gross or Decimal("0.00"),
        document_id=document.id,
        source=_source(document.source),
    )
    name_keys(invoice)
    fill_in(invoice=invoice, reading=reading)
    _credit(invoice, reading)
    db.session.add(invoice)
    db.session.flush()
    audit.record("invoice.drafted", invoice, by=None, after=facts(invoice))
    news.invoice_waits(invoice=invoice, uploaded_by=document.uploaded_by)
    live.touch("documents", "purchases" if direction is InvoiceDirection.PURCHASE else "sales")
    return invoice


def fill_in(*, invoice: Invoice, reading: Reading) -> None:
    """What a document says beyond what an invoice is known by: sums, lines, and how to pay."""
    is_purchase = invoice.direction is InvoiceDirection.PURCHASE
    invoice.delivery_date = _likely(reading.day("delivery_date"))
    invoice.order_reference = _short(reading.text("order_reference"), 60)
    for name, value in (_period(reading) | _early_payment(reading, invoice.issue_date)).items():
        setattr(invoice, name, value)
    invoice.net_amount = _fitting(reading.amount("net_amount"))
    invoice.vat_amount = _fitting(reading.amount("vat_amount"))
    invoice.payment_reference = _reference(reading)
    invoice.payee_iban = party_of(reading).iban if is_purchase else None
    invoice.vat_rows = _vat_rows(reading)
    invoice.lines = _lines(reading, invoice)


def is_total(*, invoice: Invoice, reading: Reading) -> bool:
    """Whether a document comes to what an invoice is known to come to."""
    return total(reading) == invoice.gross_amount


def total(reading: Reading) -> Decimal | None:
    """What a document comes to, where that was read."""
    return _fitting(reading.amount("gross_amount"))


def name_keys(invoice: Invoice) -> None:
    """Keep the columns that searching and sorting use true to what they come from."""
    invoice.party_key = identity.search_key(invoice.party_name)
    invoice.number_key = duplicates.number_key(invoice.number) if invoice.number else None


def party_of(reading: Reading) -> Party:
    """The other side: the supplier of a purchase, the buyer of a sale."""
    if reading.direction is Direction.SALE:
        return Party(
            name=reading.text("buyer_name") or "",
            vat_number=_vat(reading.text("buyer_vat")),
            enterprise_number=None,
            iban=None,
        )
    vat = _vat(reading.text("supplier_vat"))
    return Party(
        name=reading.text("supplier_name") or "",
        vat_number=vat,
        enterprise_number=_enterprise(reading.text("supplier_enterprise_number"))
        or (references.enterprise_of(vat) if vat else None),
        iban=_iban(reading.text("iban")),
    )


def find_contact(party: Party) -> Contact | None:
    """The known contact a read party is, by number, IBAN or the same name; else None."""
    candidates = contacts.candidates(
        vat_number=party.vat_number,
        enterprise_number=party.enterprise_number,
        iban=party.iban,
        name_start=identity.name_key(party.name)[:4],
    )
    known = [
        identity.Known(
            id=str(contact.id),
            name=contact.name,
            vat_number=contact.vat_number,
            enterprise_number=contact.enterprise_number,
            ibans=(contact.iban,) if contact.iban else (),
        )
        for contact in candidates
    ]
    read = identity.Read(
        name=party.name or None,
        vat_number=party.vat_number,
        enterprise_number=party.enterprise_number,
        iban=party.iban,
    )
    match = identity.match(read, known=known)
    if match is None or not match.is_certain:
        return None
    return next(contact for contact in candidates if contact.id == UUID(match.id))


def facts(invoice: Invoice) -> dict[str, Any]:  # Any: JSON
    """What the audit log keeps of an invoice."""
    return {
        "direction": invoice.direction,
        "kind": invoice.kind,
        "status": invoice.status,
        "number": invoice.number,
        "contact_id": invoice.contact_id,
        "party": invoice.party_name,
        "issue_date": invoice.issue_date,
        "due_date": invoice.due_date,
        "currency": invoice.currency,
        "net_amount": invoice.net_amount,
        "vat_amount": invoice.vat_amount,
        "gross_amount": invoice.gross_amount,
        "payment_reference": invoice.payment_reference,
        "payee_iban": invoice.payee_iban,
        "lines": [_line_facts(line) for line in invoice.lines],
    }


def _line_facts(line: InvoiceLine) -> list[str]:
    """Description, quantity, unit price, discount, VAT and net; equal numbers look equal."""
    numbers = (line.quantity, line.unit_price, line.discount, line.vat_rate, line.net_amount)
    quantity, price, discount, rate, net = (f"{each.normalize():f}" for each in numbers)
    return [line.description, quantity, line.unit, price, discount, line.vat_category, rate, net]


def _source(source: DocumentSource) -> str:
    """A draft comes from its paper, also where the accounting's archive kept that: what has the
    accounting as its source is followed there."""
    return (DocumentSource.UPLOAD if source is DocumentSource.YUKI else source).value


def _kind(reading: Reading) -> InvoiceKind:
    is_credit = reading.text("document_type") == DocumentType.CREDIT_NOTE
    return InvoiceKind.CREDIT_NOTE if is_credit else InvoiceKind.INVOICE


def _period(reading: Reading) -> dict[str, date | None]:
    """The days an invoice is for; none when they are the wrong way round."""
    start, end = (_likely(reading.day(name)) for name in ("period_start", "period_end"))
    if start is None or end is None or end < start:
        return {}
    return {"period_start": start, "period_end": end}


def _early_payment(reading: Reading, issued: date) -> dict[str, Any]:  # Any: a share and a day
    """The share that may be kept and until when; only both together say something."""
    share, until = reading.amount("discount_percent"), _likely(reading.day("discount_until"))
    if share is None or until is None or not 0 < share < 100 or until < issued:
        return {}
    return {"discount_percent": share.quantize(Decimal("0.01")), "discount_until": until}


def _credit(invoice: Invoice, reading: Reading) -> None:
    """The invoice that a credit note takes back, when it is here."""
    if invoice.kind is not InvoiceKind.CREDIT_NOTE:
        return
    invoice.credited_number = _short(reading.text("credited_invoice_number"), 60)
    invoice.credited_invoice_id = credited(invoice)


def credited(invoice: Invoice) -> UUID | None:
    """The one invoice of the same contact and direction with the number a credit note names."""
    if not invoice.credited_number or invoice.contact_id is None:
        return None
    return invoices.numbered(
        direction=invoice.direction,
        contact_id=invoice.contact_id,
        number_key=duplicates.number_key(invoice.credited_number),
    )


def _currency(reading: Reading) -> str:
    found = reading.text("currency") or ""
    return found if len(found) == 3 and found.isalpha() and found.isascii() else "EUR"


def _vat_rows(reading: Reading) -> list[InvoiceVat]:
    mention = _mentioned(reading)
    rows = [
        (row.rate, _fitting(row.base), _fitting(row.amount), row.category)
        for row in reading.vat_breakdown
        if 0 <= row.rate < 100
    ]
    net, vat = _fitting(reading.amount("net_amount")), _fitting(reading.amount("vat_amount"))
    if not rows and net and vat is not None:
        rows = [(_rate_of(net, vat), net, vat, None)]
    if len(rows) == 1:
        rate, base, amount, category = rows[0]
        base, amount = base if base is not None else net, amount if amount is not None else vat
        rows = [(rate, base, amount, category)]
    return [
        InvoiceVat(
            position=position,
            category=category or (mention if not rate else None) or _usual_category(rate),
            rate=rate,
            base=base or Decimal("0.00"),
            amount=amount or Decimal("0.00"),
        )
        for position, (rate, base, amount, category) in enumerate(rows, start=1)
    ]


def _mentioned(reading: Reading) -> VatCategory | None:
    """Why no VAT is charged, as the document says."""
    found = reading.text("vat_category")
    return VatCategory(found) if found and found in VatCategory.__members__.values() else None


def _usual_category(rate: Decimal) -> VatCategory:
    """What a rate stands for where the document does not say."""
    return VatCategory.STANDARD if rate else VatCategory.ZERO


def _rate_of(net: Decimal, vat: Decimal) -> Decimal:
    """The rate two amounts stand for: the nearest whole or half per cent."""
    doubled = (vat * 200 / net).quantize(Decimal(1))
    return min(max(doubled / 2, ZERO_RATE), Decimal(99)).quantize(Decimal("0.01"))


def _lines(reading: Reading, invoice: Invoice) -> list[InvoiceLine]:
    items = [item for item in reading.line_items if _fitting(item.net_amount)]
    usual = (
        max(invoice.vat_rows, key=lambda row: row.base).rate if invoice.vat_rows else Decimal(21)
    )
    without = {row.rate: row.category for row in invoice.vat_rows if not row.rate}
    if 0 < len(items) <= MOST_LINES:  # what no form can hold is drafted by rate
        bare = _without_vat(items, invoice)
        return [_line(at, item, usual, without) for at, item in enumerate(bare, start=1)]
    return [_plain_line(row.position, row.base, row.category, row.rate) for row in invoice.vat_rows]


def _without_vat(items: Sequence[LineItem], invoice: Invoice) -> Sequence[LineItem]:
    """Lines that are printed with VAT (shops do) brought back to their net amounts.

    Only where they sum to the total with VAT and one rate holds for all, so nothing is guessed.
    """
    net, gross = invoice.net_amount, invoice.gross_amount
    if net is None or net == gross or len(invoice.vat_rows) != 1:
        return items
    printed = [item.net_amount for item in items]
    if sum(printed) != gross or min(printed) < 0:
        return items
    return [
        replace(
            item,
            net_amount=part,
            unit_price=(part / item.quantity).quantize(MILLIONTH) if item.quantity else None,
        )
        for item, part in zip(items, money.allocate(net, weights=printed), strict=True)
    ]


def _line(
    position: int,
    item: LineItem,
    usual_rate: Decimal,
    without: Mapping[Decimal, VatCategory],
) -> InvoiceLine:
    net = item.net_amount.quantize(Decimal("0.01"))
    rate = item.vat_rate if item.vat_rate is not None and 0 <= item.vat_rate < 100 else usual_rate
    category = item.vat_category or without.get(rate) or _usual_category(rate)
    line = _plain_line(position, net, category, rate)
    line.description = " ".join(item.description.split())[:500]
    line.unit = item.unit[:20]
    quantity, price, share = item.quantity, item.unit_price, item.discount or Decimal(0)
    if not quantity or price is None or not 0 <= share < 100:
        return line
    share = share.quantize(Decimal("0.01"))
    if abs(quantity * price * (1 - share / 100) - net) < Decimal("0.02"):
        line.quantity, line.unit_price, line.discount = quantity, price, share
    return line


def _plain_line(position: int, net: Decimal, category: VatCategory, rate: Decimal) -> InvoiceLine:
    return InvoiceLine(
        position=position,
        description="",
        quantity=Decimal(1),
        unit_price=net,
        discount=Decimal(0),
        vat_category=category,
        vat_rate=rate,
        net_amount=net,
    )


def _likely(day: date | None) -> date | None:
    return day if day is not None and date(1970, 1, 1) <= day <= date(2099, 12, 31) else None


def _fitting(amount: Decimal | None) -> Decimal | None:
    """An amount as a row keeps it: positive, in cents, of a size that money has."""
    if amount is None or abs(amount) >= LARGEST:
        return None
    return abs(amount).quantize(Decimal("0.01"))


def _short(text: str | None, most: int) -> str | None:
    bare = " ".join((text or "").replace("\x00", "").split())
    return bare[:most] or None


def _reference(reading: Reading) -> str | None:
    found = _short(reading.text("payment_reference"), 140)
    return references.payment_reference(found) if found else None


def _vat(text: str | None) -> str | None:
    try:
        return references.normalise_vat(text) if text else None
    except Refusal:
        return None


def _enterprise(text: str | None) -> str | None:
    try:
        return references.normalise_enterprise(text) if text else None
    except Refusal:
        return None


def _iban(text: str | None) -> str | None:
    try:
        return references.normalise_iban(text) if text else None
    except Refusal:
        return None
