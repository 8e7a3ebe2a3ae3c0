"""One invoice: checked, edited, entered by hand, approved, rejected, set aside."""

from uuid import UUID

from flask import Blueprint, Response

from billify.data.queries import invoices as queries
from billify.domain.refusal import NotFound
from billify.domain.roles import Right
from billify.web import htmx
from billify.web.access import right

bp = Blueprint("invoices", __name__)


@bp.get("/invoices/<uuid:invoice_id>")
@right(Right.SEE_MONEY)
def show(invoice_id: UUID) -> Response:
    """The check screen of an invoice."""
    invoice = queries.whole(invoice_id)
    if invoice is None:
        raise NotFound
    return htmx.page("invoices/show.html", invoice=invoice)
