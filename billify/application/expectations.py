"""What a person says of when an open invoice will be paid: a day of their own, or a dispute."""

from datetime import date, timedelta
from uuid import UUID

from billify.application import audit, live
from billify.data.db import transaction
from billify.data.models import Invoice
from billify.data.queries import invoices as queries
from billify.domain.forecast.shapes import MONTHS_AHEAD
from billify.domain.invoices import InvoiceDirection, InvoiceStatus
from billify.domain.refusal import N_, NotAllowed, NotFound, Refusal
from billify.domain.roles import Actor, Right

FURTHEST = timedelta(days=MONTHS_AHEAD * 30)
"""The forecast looks no further, so a day behind it would only hide the invoice."""


def expect(*, invoice_id: UUID, on: date, today: date, by: Actor) -> Invoice:
    """Say on which day an open invoice will be paid. Refuses a day that is over or too far."""
    if on < today:
        raise Refusal(N_("This day is over. Choose today or a later day."))
    if on > today + FURTHEST:
        raise Refusal(N_("Choose a day within three years."))
    return _change(invoice_id, by, "invoice.expected", expected_on=on, expected_by=by.user_id)


def forget_day(*, invoice_id: UUID, by: Actor) -> Invoice:
    """Take the day back, so that the forecast works it out again."""
    return _change(invoice_id, by, "invoice.expected", expected_on=None, expected_by=None)


def dispute(*, invoice_id: UUID, by: Actor) -> Invoice:
    """Say that an open invoice is in dispute: the forecast does not count on it."""
    return _change(invoice_id, by, "invoice.disputed", is_disputed=True)


def end_dispute(*, invoice_id: UUID, by: Actor) -> Invoice:
    """Say that the dispute is over: the forecast counts the invoice again."""
    return _change(invoice_id, by, "invoice.dispute_ended", is_disputed=False)


def _change(invoice_id: UUID, by: Actor, verb: str, **values: object) -> Invoice:
    """Set columns of an open invoice; when they stand so already nothing is written."""
    if not by.can(Right.EDIT_INVOICES):
        raise NotAllowed
    with transaction():
        invoice = queries.lock(invoice_id)
        if invoice is None:
            raise NotFound
        if invoice.status is not InvoiceStatus.OPEN:
            raise Refusal(N_("Only of an open invoice can you say when it will be paid."))
        if all(getattr(invoice, name) == value for name, value in values.items()):
            return invoice
        before = _facts(invoice)
        for name, value in values.items():
            setattr(invoice, name, value)
        audit.record(verb, invoice, by=by, before=before, after=_facts(invoice))
        is_sale = invoice.direction is InvoiceDirection.SALE
        live.touch("sales" if is_sale else "purchases", "cash-flow")
    return invoice


def _facts(invoice: Invoice) -> dict[str, object]:
    return {"expected_on": invoice.expected_on, "is_disputed": invoice.is_disputed}
