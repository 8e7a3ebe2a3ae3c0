"""Sales: the desk where our own invoices are drafted, issued and paid."""

from flask import Blueprint, Response

from billify.data.queries.lists import View
from billify.domain.invoices import InvoiceDirection
from billify.domain.roles import Right
from billify.web import invoice_list
from billify.web.access import right

bp = Blueprint("sales", __name__)
WAITING = (View.DRAFT, View.TO_CHECK, View.TO_APPROVE, View.OVERDUE)
DESK = invoice_list.Desk("sales", InvoiceDirection.SALE, views=tuple(View), counted=WAITING)


@bp.get("/sales")
@right(Right.SEE_MONEY)
def index() -> Response:
    """The list of sales invoices."""
    return invoice_list.index(DESK)


@bp.get("/sales/list")
@right(Right.SEE_MONEY)
def rows() -> Response:
    """The list alone, or more of its rows."""
    return invoice_list.rows(DESK)


@bp.get("/sales/contacts")
@right(Right.SEE_MONEY)
def contact_links() -> Response:
    """Customers to narrow the list to."""
    return invoice_list.contact_links(DESK)


@bp.post("/sales/approvals")
@right(Right.APPROVE)
def approve() -> Response:
    """Approve what is marked; drafts are issued."""
    return invoice_list.approve(DESK)


@bp.post("/sales/exports")
@right(Right.EXPORT)
def export() -> Response:
    """The filtered list as CSV or XLSX."""
    return invoice_list.export(DESK)
