"""An invoice that only the accounting knew, a shell, and the document that arrives for it later.

A shell counts as money from the day it is told. The document's own invoice counts once it is
approved; at that moment it takes the shell's place, so that the money is there once at any time.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from billify.application import audit, intake, live
from billify.data.models import Document, Invoice
from billify.data.queries import accounting_shells as queries
from billify.data.queries import invoices
from billify.data.queries.accounting import PARTNERS
from billify.data.queries.accounting_shells import Shell
from billify.domain import duplicates
from billify.domain.accounting import items as rules
from billify.domain.accounting.items import ZERO, Here, Wanted
from billify.domain.documents import DocumentStatus
from billify.domain.invoices import InvoiceStatus
from billify.domain.reading import Reading
from billify.domain.refusal import N_, Refusal
from billify.domain.roles import Actor

_COUNTED = frozenset({InvoiceStatus.OPEN, InvoiceStatus.PAID})


def take_over(*, invoice: Invoice, by: Actor) -> Decimal:
    """Let an invoice that is being approved take the place of its shell: bank lines and items of
    the accounting move to it. Gives what was settled of it already. Refuses where bank lines have
    paid more than it comes to.

    Called within the transaction of the approval, with contact and number in place.
    """
    taken, _others = _shells_of(invoice)
    shell = invoices.lock(taken.id) if taken else None
    if shell is None:
        return ZERO
    before = intake.facts(shell) | {"source": shell.source}
    settled = queries.move(shell.id, to=invoice.id)
    gross = invoice.gross_amount or ZERO
    if settled > gross:
        raise Refusal(
            N_(
                "More was paid on this invoice at the bank than it comes to. Check its total, or"
                " undo that payment first."
            )
        )
    if shell.status is InvoiceStatus.PAID:
        # Settled there: approving its paper is no reason to pay it again.
        told = (shell.gross_amount or ZERO) - shell.open_amount
        settled = max(settled, min(told, gross))
    for name in ("expected_on", "expected_by", "note"):
        if getattr(invoice, name) is None:
            setattr(invoice, name, getattr(shell, name))
    invoice.is_disputed = invoice.is_disputed or shell.is_disputed
    invoices.remove(shell)
    after = {"number": invoice.number, "settled": settled}
    audit.record("invoice.took_over", invoice, by=by, before=before, after=after)
    live.touch("bank", "purchases", "sales")
    return settled


def open_after(*, invoice: Invoice, settled: Decimal) -> Decimal:
    """What is left open of an invoice of which so much was settled before it was approved."""
    gross = invoice.gross_amount or ZERO
    return max(gross - settled, ZERO)


def complete(*, document: Document, reading: Reading) -> bool:
    """Let a document that was fetched for an invoice in the books fill in what that lacks.

    False when the document is of no such invoice; and when both come to another total, for then
    a person checks it as any other, and its approval takes the place of what was told.
    """
    invoice = invoices.lock_of_document(document.id)
    if invoice is None or invoice.status not in _COUNTED:
        return False
    is_bare = invoice.source in PARTNERS and not invoice.lines
    before = intake.facts(invoice)
    if is_bare and not intake.is_total(invoice=invoice, reading=reading):
        invoices.let_go_of_document(invoice)
        after = {"document": document.name, "gross_amount": intake.total(reading)}
        audit.record("invoice.document_differs", invoice, by=None, before=before, after=after)
        return False
    if is_bare:
        intake.fill_in(invoice=invoice, reading=reading)
        after = intake.facts(invoice)
        audit.record("invoice.completed", invoice, by=None, before=before, after=after)
    document.status = DocumentStatus.DONE
    live.touch("documents", "purchases", "sales")
    return True


def others_like(invoice: Invoice) -> tuple[UUID | None, list[Invoice]]:
    """The shell whose place this invoice will take, and others that may be it all the same: of its
    total, and with a number of which the one is part of the other, whoever the contact is."""
    taken, others = _shells_of(invoice)
    near = [
        one
        for one in others
        if (one.kind, one.gross_amount) == (invoice.kind, invoice.gross_amount)
        and duplicates.is_part(one.number_key or "", invoice.number_key or "")
        and abs((one.issue_date - invoice.issue_date).days) < duplicates.NUMBERS_START_AGAIN
    ]
    return (taken.id if taken else None), near


def _shells_of(invoice: Invoice) -> tuple[Invoice | None, list[Invoice]]:
    """The shell that is this invoice, by the rule that finds the invoice of an item, and others.

    One whose number the accounting did not tell has a made one: contact, day and total find it.
    """
    if invoice.gross_amount is None:
        return None, []
    found = queries.shells_like(invoice)
    taken = _same(invoice, found)
    others = [one.invoice for one in found if one.invoice.id != taken]
    return next((one.invoice for one in found if one.invoice.id == taken), None), others


def _same(invoice: Invoice, found: Sequence[Shell]) -> UUID | None:
    if invoice.contact_id is None or invoice.gross_amount is None:
        return None
    wanted = Wanted(
        direction=invoice.direction,
        kind=invoice.kind,
        contact_id=invoice.contact_id,
        number_key=invoice.number_key or "",
        gross=invoice.gross_amount,
        issue_date=invoice.issue_date,
    )
    nameless = [_here(one.invoice) for one in found if not one.has_number]
    return rules.same(wanted, among=[_here(one.invoice) for one in found]) or rules.same(
        replace(wanted, number_key=""), among=nameless
    )


def _here(shell: Invoice) -> Here:
    return Here(
        id=shell.id,
        direction=shell.direction,
        kind=shell.kind,
        contact_id=shell.contact_id,
        number_key=shell.number_key or "",
        gross=shell.gross_amount,
        issue_date=shell.issue_date,
        status=shell.status,
    )
