"""Contacts: found, shown with what is open, added and changed; and offered to other forms."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from billify.application import contacts, reading_memory
from billify.data.queries import contacts as queries
from billify.data.queries.contacts import Side
from billify.domain.invoices import InvoiceDirection
from billify.domain.refusal import NotFound, Refusal, Stale
from billify.domain.roles import Right
from billify.web import (
    contact_form,
    contact_list,
    htmx,
    invoice_lines,
    invoice_list,
    languages,
    reading_memory_view,
)
from billify.web.access import actor, right
from billify.web.contact_form import ContactForm

if TYPE_CHECKING:
    from billify.data.models import Contact

bp = Blueprint("contacts", __name__)
LATEST = 10


@bp.get("/contacts")
@right(Right.SEE_MONEY)
def index() -> Response:
    """The list of contacts."""
    return contact_list.index()


@bp.get("/contacts/list")
@right(Right.SEE_MONEY)
def rows() -> Response:
    """The list alone, or more of its rows."""
    return contact_list.rows()


@bp.get("/contacts/options")
@right(Right.SEE_MONEY)
def options() -> Response:
    """Contacts whose name has the words typed so far, for the picker of a form."""
    return contact_list.options()


@bp.route("/contacts/new", methods=["GET", "POST"])
@right(Right.EDIT_INVOICES)
def new() -> Response:
    """Add a contact."""
    form = ContactForm()
    if request.method != "POST":
        side = request.args.get("side")
        form.is_customer.data = side == Side.CUSTOMERS
        form.is_supplier.data = side == Side.SUPPLIERS
        return _form(form, None)
    if form.validate():
        try:
            contact = contacts.add(particulars=form.particulars(), by=actor())
        except Refusal as refusal:
            form.refused(refusal)
        else:
            return _saved(contact)
    return _form(form, None, status=422)


@bp.get("/contacts/<uuid:contact_id>")
@right(Right.SEE_MONEY)
def show(contact_id: UUID) -> Response:
    """A contact: particulars, what is open, the latest invoices."""
    contact = _find(contact_id)
    return htmx.page(
        "contacts/show.html",
        contact=contact,
        terms=contact_form.terms_in_words(contact.payment_terms),
        country=contact_form.country_name(contact.country),
        reading=reading_memory_view.shown(reading_memory.summary(contact_id=contact_id)),
        can_edit=actor().can(Right.EDIT_INVOICES),
        **_invoices(contact),
    )


@bp.get("/contacts/<uuid:contact_id>/invoices")
@right(Right.SEE_MONEY)
def latest(contact_id: UUID) -> Response:
    """What is open with a contact and the latest invoices, again after a change."""
    contact = _find(contact_id)
    return htmx.fragment("contacts/_invoices.html", contact=contact, **_invoices(contact))


@bp.route("/contacts/<uuid:contact_id>/edit", methods=["GET", "POST"])
@right(Right.EDIT_INVOICES)
def edit(contact_id: UUID) -> Response:
    """Change a contact."""
    contact = _find(contact_id)
    form = ContactForm(contact)
    if request.method != "POST":
        return _form(form, contact)
    if not form.validate():
        return _form(form, contact, status=422)
    try:
        changed = contacts.change(
            contact_id=contact_id,
            version=form.version.data or 0,
            particulars=form.particulars(),
            by=actor(),
        )
    except Stale as stale:
        return _stale(form, contact, stale)
    except Refusal as refusal:
        form.refused(refusal)
        return _form(form, contact, status=422)
    return _saved(changed)


def _find(contact_id: UUID) -> "Contact":
    contact = queries.get(contact_id)
    if contact is None:
        raise NotFound
    return contact


def _invoices(contact: "Contact") -> dict[str, Any]:  # Any: what a template is given
    """What is open, and the latest invoices of each direction the contact has a part in."""
    sums = contacts.open_with(contact_id=contact.id)
    parts = {
        InvoiceDirection.PURCHASE: contact.is_supplier or any(row.payable for row in sums),
        InvoiceDirection.SALE: contact.is_customer or any(row.receivable for row in sums),
    }
    return {
        "sums": sums,
        "latest": [
            invoice_list.latest(direction, contact_id=contact.id, size=LATEST)
            for direction, has_part in parts.items()
            if has_part
        ],
        **invoice_lines.frame(),
    }


def _form(form: ContactForm, contact: "Contact | None", *, status: int = 200) -> Response:
    return htmx.page("contacts/form.html", form=form, contact=contact, status=status)


def _stale(form: ContactForm, contact: "Contact", stale: Stale) -> Response:
    """What was typed stays; beside it what somebody else stored. A second save overwrites that."""
    differences = form.differences(contact)
    form.version.data, form.version.raw_data = contact.version, None
    return htmx.page(
        "contacts/form.html",
        form=form,
        contact=contact,
        stale=languages.sentence(stale),
        differences=differences,
        status=409,
    )


def _saved(contact: "Contact") -> Response:
    flash(_("%(name)s was saved.", name=contact.name), "good")
    return htmx.go(url_for("contacts.show", contact_id=contact.id))
