"""Invoices of both directions: saved, approved, issued, rejected, set aside, entered by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from billify.application import (
    accounting_leaving,
    accounting_shells,
    audit,
    entries,
    intake,
    issuing,
    live,
    matching,
    news,
    parties,
    reading_memory,
)
from billify.data.db import transaction
from billify.data.models import Document, Invoice
from billify.data.queries import documents as document_queries
from billify.data.queries import invoices as queries
from billify.data.types import uuid7
from billify.domain import duplicates, references
from billify.domain import invoices as rules
from billify.domain.documents import DocumentStatus
from billify.domain.invoices import InvoiceDirection, InvoiceStatus, Step
from billify.domain.refusal import N_, NotAllowed, NotFound, Refusal, Stale
from billify.domain.roles import Actor, Right

SERIES = "sales"
_DOCUMENT_AFTER = {
    InvoiceStatus.TO_CHECK: DocumentStatus.TO_CHECK,
    InvoiceStatus.SET_ASIDE: DocumentStatus.SET_ASIDE,
}


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


def save(*, invoice_id: UUID, version: int, entry: entries.Entry, by: Actor) -> Invoice:
    """Keep what was checked. Refuses when somebody else saved meanwhile, or it is decided."""
    _require(by, Right.EDIT_INVOICES)
    with transaction():
        invoice = _locked(invoice_id)
        if invoice.version != version:
            raise Stale
        before = intake.facts(invoice)
        invoice.status = rules.follow(invoice.status, step=Step.SAVE)
        entries.fill(invoice=invoice, entry=entry, by=by)
        _settle_document(invoice)
        audit.record("invoice.saved", invoice, by=by, before=before, after=intake.facts(invoice))
        if before["status"] is InvoiceStatus.TO_CHECK:
            news.invoice_waits(invoice=invoice)
        reading_memory.ask_to_learn(invoice=invoice)
        _touch(invoice)
    return invoice


def enter(
    *, direction: InvoiceDirection, entry: entries.Entry, by: Actor, key: UUID | None = None
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
        entries.fill(invoice=invoice, entry=entry, by=by)
        session.add(invoice)
        session.flush()
        audit.record("invoice.entered", invoice, by=by, after=intake.facts(invoice))
        if is_purchase:
            news.invoice_waits(invoice=invoice)
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


def twins(invoice: Invoice) -> list[Twin]:
    """Invoices that may be this one: same supplier and number, or same amount and day.

    The one that only the accounting knows, and whose place is taken with the approval, is no twin;
    others that it knows are, also those of the same total that are alike in number alone.
    """
    taken, shells = accounting_shells.others_like(invoice)
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
        if other.id != taken
    }
    likes = duplicates.find(_seen(invoice), among=[_seen(other) for other in found.values()])
    twins = [Twin(found[like.id], like.likeness) for like in likes]
    known = {twin.invoice.id for twin in twins}
    near = duplicates.Likeness.NEAR
    return twins + [Twin(shell, near) for shell in shells if shell.id not in known]


def _approve(invoice: Invoice, by: Actor) -> None:
    before = intake.facts(invoice)
    status = _approved(invoice, by)
    if invoice.gross_amount is None:
        raise Refusal(N_("Fill in the total amount before you approve."))
    is_issued = invoice.status is InvoiceStatus.DRAFT
    _complete(invoice, by)
    if is_issued:
        issuing.keep(invoice=invoice)
    settled = accounting_shells.take_over(invoice=invoice, by=by)
    invoice.open_amount = accounting_shells.open_after(invoice=invoice, settled=settled)
    invoice.status = rules.after_payment(status, open_amount=invoice.open_amount)
    invoice.decided_by, invoice.decided_at = by.user_id, datetime.now(UTC)
    _settle_document(invoice)
    audit.record("invoice.approved", invoice, by=by, before=before, after=intake.facts(invoice))
    reading_memory.ask_to_learn(invoice=invoice)
    matching.ask()
    _touch(invoice, "cash-flow")


def _approved(invoice: Invoice, by: Actor) -> InvoiceStatus:
    """The state after approval; a draft of our own is issued instead."""
    if invoice.status is InvoiceStatus.DRAFT:
        return rules.follow(invoice.status, step=Step.ISSUE)
    return rules.approve(invoice.status, total=invoice.gross_amount, limit=by.approval_limit)


def _complete(invoice: Invoice, by: Actor) -> None:
    """What an open invoice can't lack: its contact, and its number."""
    if invoice.contact_id is None:
        if not invoice.party_name:
            raise Refusal(N_("Say who this invoice is from or for before you approve."))
        invoice.contact_id = parties.of_draft(invoice=invoice, by=by).id
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
        invoice.status = accounting_leaving.follow(invoice, step=step)
        invoice.reject_reason = reason if step is Step.REJECT else None
        invoice.decided_by, invoice.decided_at = by.user_id, datetime.now(UTC)
        _settle_document(invoice)
        after = intake.facts(invoice) | ({"reason": reason} if reason else {})
        audit.record(verb, invoice, by=by, before=before, after=after)
        _touch(invoice)
    return invoice


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


def _seen(invoice: Invoice) -> duplicates.Seen:
    return duplicates.Seen(
        id=str(invoice.id),
        supplier=str(invoice.contact_id) if invoice.contact_id else None,
        number=invoice.number,
        gross=invoice.gross_amount,
        issue_date=invoice.issue_date,
        kind=invoice.kind,
    )
