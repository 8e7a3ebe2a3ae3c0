"""What is remembered of reading a supplier's documents: looked at, changed, forgotten."""

from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from billify.application import reading_memory
from billify.data.queries import contacts
from billify.domain.refusal import NotFound, Refusal
from billify.domain.roles import Right
from billify.web import htmx, languages, reading_memory_view
from billify.web.access import actor, right
from billify.web.reading_memory_view import ShownLayout

bp = Blueprint("reading_memory", __name__)


@bp.get("/contacts/<uuid:contact_id>/reading/<uuid:memory_id>")
@right(Right.SEE_MONEY)
def show(contact_id: UUID, memory_id: UUID) -> Response:
    """Everything remembered of one layout."""
    return _page(contact_id, memory_id)


@bp.post("/contacts/<uuid:contact_id>/reading/<uuid:memory_id>")
@right(Right.EDIT_INVOICES)
def change(contact_id: UUID, memory_id: UUID) -> Response:
    """Fix a remembered value."""
    _find(contact_id, memory_id)
    item, value = request.form.get("item", ""), request.form.get("value", "")
    try:
        reading_memory.change(
            memory_id=memory_id,
            version=request.form.get("version", 0, type=int),
            item=item,
            value=value,
            by=actor(),
        )
    except Refusal as refusal:
        said = languages.sentence(refusal)
        return _page(contact_id, memory_id, status=422, wrong=(item, value, said))
    flash(_("Remembered."), "good")
    return htmx.go(url_for(".show", contact_id=contact_id, memory_id=memory_id))


@bp.post("/contacts/<uuid:contact_id>/reading/<uuid:memory_id>/forgotten")
@right(Right.EDIT_INVOICES)
def forget(contact_id: UUID, memory_id: UUID) -> Response:
    """Forget one item of a layout, or all of it."""
    _find(contact_id, memory_id)
    item = request.form.get("item", reading_memory.EVERYTHING)
    try:
        reading_memory.forget(memory_id=memory_id, item=item, by=actor())
    except Refusal as refusal:
        flash(languages.sentence(refusal), "warn")
    else:
        flash(_("Forgotten. The next document you check teaches it anew."), "good")
    if item == reading_memory.EVERYTHING:
        return htmx.go(url_for("contacts.show", contact_id=contact_id))
    return htmx.go(url_for(".show", contact_id=contact_id, memory_id=memory_id))


@bp.post("/contacts/<uuid:contact_id>/reading/forgotten")
@right(Right.EDIT_INVOICES)
def forget_all(contact_id: UUID) -> Response:
    """Forget every layout of a supplier."""
    reading_memory.forget_supplier(contact_id=contact_id, by=actor())
    flash(_("Forgotten. The next document you check teaches it anew."), "good")
    return htmx.go(url_for("contacts.show", contact_id=contact_id))


def _page(
    contact_id: UUID,
    memory_id: UUID,
    *,
    status: int = 200,
    wrong: tuple[str, str, str] | None = None,
) -> Response:
    """`wrong` is the item, what was typed and why it can't be."""
    contact = contacts.get(contact_id)
    if contact is None:
        raise NotFound
    return htmx.page(
        "contacts/reading.html",
        status=status,
        contact=contact,
        memory_id=memory_id,
        layout=_find(contact_id, memory_id),
        wrong=wrong,
        can_edit=actor().can(Right.EDIT_INVOICES),
    )


def _find(contact_id: UUID, memory_id: UUID) -> ShownLayout:
    found = reading_memory.layout(contact_id=contact_id, memory_id=memory_id)
    return reading_memory_view.shown_layout(found)
