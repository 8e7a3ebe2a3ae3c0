"""Invoices that only the accounting knows, its shells, when nobody tells of them any longer."""

from collections import Counter
from decimal import Decimal

from billify.application import audit
from billify.application.accounting_contacts import Subject
from billify.data.models import Integration, Invoice
from billify.data.queries import accounting_leaving as queries
from billify.data.queries import invoices
from billify.data.queries.accounting import PARTNERS
from billify.domain import invoices as rules
from billify.domain.invoices import InvoiceDirection, InvoiceStatus, Step
from billify.domain.refusal import N_, Refusal

BOOKS = "administration_id"
"""Where a connection's details say which books it reads."""


def go_on(*, row: Integration) -> dict[str, int]:
    """Begin where earlier connections ended, now that the books of this one are chosen.

    Those of the same books hand over their items, so that what was settled meanwhile is settled by
    the first reading. What only other books know is left. Gives how many, for the audit log.
    """
    left: Counter[str] = Counter()
    for one in queries.ended(row):
        if one.details.get(BOOKS) == row.details[BOOKS]:
            queries.bring_over(one.id, to=row.id)
        else:
            left.update(leave(row=one))
    queries.take_up(row.id)
    return dict(left)


def leave(*, row: Integration) -> dict[str, int]:
    """Let nothing be open that only the books of this connection know: it is set aside, or closed
    where bank lines have settled part of it. Gives how many of each, for the audit log."""
    left = Counter(set_aside=queries.set_aside(row.id))
    for invoice_id, was_open in queries.close(row.id):
        left["closed"] += 1
        audit.record(
            "invoice.followed_accounting",
            Subject("invoice", invoice_id),
            by=None,
            before={"open_amount": was_open, "status": InvoiceStatus.OPEN},
            after={"open_amount": Decimal(0), "status": InvoiceStatus.PAID},
        )
    return dict(+left)


def follow(invoice: Invoice, *, step: Step) -> InvoiceStatus:
    """The state of an invoice after a step. A shell has no draft to go back to: it is set aside
    while it is open, as long as no bank line has touched it, and open again after that."""
    is_shell = invoice.source in PARTNERS and invoice.document_id is None
    if is_shell and (invoice.status, step) == (InvoiceStatus.OPEN, Step.SET_ASIDE):
        if queries.is_touched(invoice.id):
            raise Refusal(N_("Undo what bank lines settle of this invoice first."))
        return InvoiceStatus.SET_ASIDE
    if is_shell and (invoice.status, step) == (InvoiceStatus.SET_ASIDE, Step.REOPEN):
        is_sale = invoice.direction is InvoiceDirection.SALE
        if is_sale and invoices.is_sale_numbered(invoice.number_key or ""):
            raise Refusal(N_("Another sales invoice has this number by now."))
        return InvoiceStatus.OPEN
    return rules.follow(invoice.status, step=step)
