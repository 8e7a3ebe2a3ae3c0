"""An invoice that only the accounting knew, a shell, and the document that arrives for it later.

A shell counts as money from the day it is told. The document's own invoice counts once it is
approved; at that moment it takes the shell's place, so that the money is there once at any time.
"""

from decimal import Decimal

from billify.application import audit, intake, live
from billify.data.models import Document, Invoice
from billify.data.queries import accounting_shells as queries
from billify.data.queries import invoices
from billify.data.queries.accounting import PARTNERS
from billify.domain.accounting import items as rules
from billify.domain.accounting.items import ZERO, Here, Wanted
from billify.domain.documents import DocumentStatus
from billify.domain.invoices import InvoiceStatus
from billify.domain.reading import Reading
from billify.domain.roles import Actor

_COUNTED = frozenset({InvoiceStatus.OPEN, InvoiceStatus.PAID})


def take_over(*, invoice: Invoice, by: Actor) -> Decimal:
    """Let an invoice that is being approved take the place of its shell: bank lines and items of
    the accounting move to it. Gives what was settled of it already.

    Called within the transaction of the approval, with contact and number in place.
    """
    shell = _shell_of(invoice)
    if shell is None:
        return ZERO
    before = intake.facts(shell) | {"source": shell.source}
    settled = queries.move(shell.id, to=invoice.id)
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
    """Let a document that was fetched for an invoice in the books fill in what that lacks, when
    both come to the same total. False when the document is of no such invoice."""
    invoice = invoices.lock_of_document(document.id)
    if invoice is None or invoice.status not in _COUNTED:
        return False
    is_bare = invoice.source in PARTNERS and not invoice.lines
    if is_bare and intake.is_total(invoice=invoice, reading=reading):
        before = intake.facts(invoice)
        intake.fill_in(invoice=invoice, reading=reading)
        after = intake.facts(invoice)
        audit.record("invoice.completed", invoice, by=None, before=before, after=after)
    document.status = DocumentStatus.DONE
    live.touch("documents", "purchases", "sales")
    return True


def is_shell(invoice: Invoice) -> bool:
    """Whether only the accounting knows of this invoice."""
    return invoice.source in PARTNERS and invoice.document_id is None


def _shell_of(invoice: Invoice) -> Invoice | None:
    """The shell that is this invoice, by the rule that finds the invoice of an item."""
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
    found = rules.same(wanted, among=[_here(one) for one in queries.shells_like(invoice)])
    return invoices.lock(found) if found else None


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
