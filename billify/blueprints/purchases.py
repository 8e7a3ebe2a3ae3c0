"""Purchases: the desk where suppliers' invoices come in, are checked, approved and paid."""

from flask import Blueprint, Response

from billify.data.queries import documents
from billify.data.queries.lists import View
from billify.domain.documents import limited_to
from billify.domain.invoices import InvoiceDirection
from billify.domain.roles import Right
from billify.web import htmx, invoice_list
from billify.web.access import actor, member, right

bp = Blueprint("purchases", __name__)
WAITING = (View.TO_CHECK, View.TO_APPROVE, View.OVERDUE)
DESK = invoice_list.Desk(
    "purchases",
    InvoiceDirection.PURCHASE,
    views=(View.ALL, View.TO_CHECK, View.TO_APPROVE, View.OPEN, View.OVERDUE, View.PAID, View.LEFT),
    counted=WAITING,
)


@bp.get("/purchases")
@member
def index() -> Response:
    """The inbox and the list; who may only hand in documents sees no amounts."""
    inbox = documents.inbox(limited_to(actor())) if actor().can(Right.UPLOAD) else ()
    if not actor().can(Right.SEE_MONEY):
        return htmx.page("purchases/inbox.html", inbox=inbox)
    return invoice_list.index(DESK, inbox=inbox)


@bp.get("/purchases/list")
@right(Right.SEE_MONEY)
def rows() -> Response:
    """The list alone, or more of its rows."""
    return invoice_list.rows(DESK)


@bp.get("/purchases/contacts")
@right(Right.SEE_MONEY)
def contact_links() -> Response:
    """Suppliers to narrow the list to."""
    return invoice_list.contact_links(DESK)


@bp.post("/purchases/approvals")
@right(Right.APPROVE)
def approve() -> Response:
    """Approve what is marked."""
    return invoice_list.approve(DESK)


@bp.post("/purchases/exports")
@right(Right.EXPORT)
def export() -> Response:
    """The filtered list as CSV or XLSX."""
    return invoice_list.export(DESK)
