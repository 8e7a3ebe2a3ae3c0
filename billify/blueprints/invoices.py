"""One invoice: checked, edited, entered by hand, approved, rejected, set aside."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from billify.application import invoices, issuing, printing, reading_memory
from billify.data.queries import accounting as accounting_queries
from billify.data.queries import audit as audit_queries
from billify.data.queries import documents as document_queries
from billify.data.queries import invoices as queries
from billify.domain.invoices import EDITABLE, InvoiceDirection, InvoiceStatus
from billify.domain.refusal import NotFound, Refusal
from billify.domain.roles import Right
from billify.web import (
    access,
    htmx,
    invoice_form,
    invoice_reading,
    languages,
    reading_memory_view,
    sales_paper,
    security,
    taken_words,
)
from billify.web.access import actor, right
from billify.web.accounting_words import PARTNER
from billify.web.invoice_form import InvoiceForm

if TYPE_CHECKING:
    from billify.data.models import Invoice

bp = Blueprint("invoices", __name__)
TAKE = "take:"
"""What the button of a runner-up sends as `do`, before the field's name and its place."""
_ISSUED = frozenset({InvoiceStatus.OPEN, InvoiceStatus.PAID})


@bp.get("/invoices/<uuid:invoice_id>")
@right(Right.SEE_MONEY)
def show(invoice_id: UUID) -> Response:
    """The check screen while an invoice can be edited, else all there is to know of it."""
    invoice = _find(invoice_id)
    if invoice.status in EDITABLE and actor().can(Right.EDIT_INVOICES):
        return htmx.page("invoices/check.html", **_check(invoice, invoice_form.of(invoice)))
    history = audit_queries.of_subject(invoice.id)
    return htmx.page(
        "invoices/show.html",
        invoice=invoice,
        is_issued=_is_issued(invoice),
        pages=invoice_reading.pages(invoice),
        history=history,
        allocations=queries.allocations(invoice.id),
        entries=accounting_queries.items_of(invoice.id),
        partner=PARTNER,
        today=access.today(),
    )


@bp.get("/invoices/<uuid:invoice_id>/pdf")
@right(Right.SEE_MONEY)
def pdf(invoice_id: UUID) -> Response:
    """Our own issued invoice as a PDF, in the customer's language."""
    invoice = _find(invoice_id)
    if not _is_issued(invoice):
        raise NotFound
    credited = queries.get(invoice.credited_invoice_id) if invoice.credited_invoice_id else None
    paper = sales_paper.of(
        invoice,
        issued_as=issuing.issued_as(invoice),
        credited=credited.number if credited else None,
    )
    content = printing.invoice_pdf(paper=paper, on=invoice.issue_date)
    name = f"{paper.title}-{invoice.number}.pdf".replace("/", "-")
    return security.file_answer(content, name=name, media_type="application/pdf")


@bp.post("/invoices/<uuid:invoice_id>")
@right(Right.EDIT_INVOICES)
def save(invoice_id: UUID) -> Response:
    """Keep what was filled in, and approve it when that button was pressed.

    Without script, the button of a runner-up only puts its value into the form.
    """
    invoice = _find(invoice_id)
    form = InvoiceForm.filled(invoice.direction)
    do = request.form.get("do", "")
    wants_approval = do == "approve"
    if do.startswith(TAKE):
        return _with_runner_up(invoice, form, do.removeprefix(TAKE))
    if not form.validate():
        return _again(invoice, form)
    try:
        invoices.save(
            invoice_id=invoice_id,
            version=form.version.data or 0,
            entry=form.entry(),
            by=actor(),
        )
        if wants_approval:
            invoices.approve(invoice_id=invoice_id, by=actor())
    except Refusal as refusal:
        form.refuse(refusal)
        return _again(_find(invoice_id), form, keep_version=not wants_approval)
    return _onward(invoice, _("Approved.") if wants_approval else _("Saved."))


@bp.route("/invoices/new", methods=["GET", "POST"])
@right(Right.EDIT_INVOICES)
def new() -> Response:
    """Enter an invoice by hand."""
    direction = _direction()
    if request.method != "POST":
        form = invoice_form.blank(direction, today=access.today())
        return htmx.page("invoices/new.html", form=form, direction=direction, **_choices(form))
    form = InvoiceForm.filled(direction)
    if not form.validate():
        return _form_again(form, direction=direction, invoice=None)
    try:
        entered = invoices.enter(
            direction=direction, entry=form.entry(), key=form.key.data, by=actor()
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _form_again(form, direction=direction, invoice=None)
    if not entered.is_new:
        return htmx.go(url_for("invoices.show", invoice_id=entered.invoice.id))
    return _entered(entered.invoice)


@bp.post("/invoices/sums")
@right(Right.EDIT_INVOICES)
def sums() -> Response:
    """What the lines typed so far come to, and what does not go with the totals."""
    direction = _direction()
    form = InvoiceForm.filled(direction)
    form.validate()
    return htmx.fragment(
        "invoices/_sums_answer.html", form=form, sums=form.sums(), wrongs=form.contradictions()
    )


@bp.post("/invoices/words")
@right(Right.EDIT_INVOICES)
def take() -> Response:
    """Words picked on the page as the value of a field, or the sentence why they can't be."""
    field, text = request.form.get("field", ""), request.form.get("text", "")
    try:
        value = taken_words.value(field=field, text=text)
    except Refusal as refusal:
        return htmx.fragment("invoices/_taken.html", refusal=languages.sentence(refusal))
    return htmx.fragment("invoices/_taken.html", field=field, value=value)


@bp.post("/invoices/<uuid:invoice_id>/approval")
@right(Right.APPROVE)
def approve(invoice_id: UUID) -> Response:
    """Clear an invoice as it stands."""
    invoice = invoices.approve(invoice_id=invoice_id, by=actor())
    return _onward(invoice, _("Approved."))


@bp.post("/invoices/<uuid:invoice_id>/rejection")
@right(Right.EDIT_INVOICES)
def reject(invoice_id: UUID) -> Response:
    """Refuse an invoice, with a reason."""
    reason = request.form.get("reason", "").replace("\x00", "").strip()[:500] or None
    invoice = invoices.reject(invoice_id=invoice_id, reason=reason, by=actor())
    return _onward(invoice, _("Rejected."))


@bp.post("/invoices/<uuid:invoice_id>/setting-aside")
@right(Right.EDIT_INVOICES)
def set_aside(invoice_id: UUID) -> Response:
    """Put an invoice out of the way."""
    invoice = invoices.set_aside(invoice_id=invoice_id, by=actor())
    return _onward(invoice, _("Set aside."))


@bp.post("/invoices/<uuid:invoice_id>/reopening")
@right(Right.EDIT_INVOICES)
def reopen(invoice_id: UUID) -> Response:
    """Take up again what was rejected or set aside."""
    invoices.reopen(invoice_id=invoice_id, by=actor())
    return htmx.go(url_for("invoices.show", invoice_id=invoice_id))


def _entered(invoice: "Invoice") -> Response:
    """It is saved; a refused approval is told on its own page, where nothing is lost."""
    if request.form.get("do") != "approve":
        flash(_("Saved."), "good")
        return htmx.go(url_for("invoices.show", invoice_id=invoice.id))
    try:
        invoices.approve(invoice_id=invoice.id, by=actor())
    except Refusal as refusal:
        flash(languages.sentence(refusal), "bad")
    else:
        flash(_("Approved."), "good")
    return htmx.go(url_for("invoices.show", invoice_id=invoice.id))


def _is_issued(invoice: "Invoice") -> bool:
    """Whether it is our own and was issued here: of one from the accounting only the total is
    known, which makes no invoice."""
    is_sale = invoice.direction is InvoiceDirection.SALE and invoice.status in _ISSUED
    return is_sale and invoice.source not in accounting_queries.PARTNERS


def _find(invoice_id: UUID) -> "Invoice":
    invoice = queries.whole(invoice_id)
    if invoice is None:
        raise NotFound
    return invoice


def _direction() -> InvoiceDirection:
    is_sale = request.values.get("direction") == InvoiceDirection.SALE
    return InvoiceDirection.SALE if is_sale else InvoiceDirection.PURCHASE


def _check(
    invoice: "Invoice", form: InvoiceForm, *, checked: Sequence[str] = ()
) -> dict[str, Any]:  # Any: what a template takes
    wrongs = form.contradictions()
    return {
        "invoice": invoice,
        "form": form,
        "direction": invoice.direction,
        "pages": invoice_reading.pages(invoice, is_checked=True),
        "doubts": invoice_reading.doubts(invoice, contradictions=wrongs, checked=checked),
        "checked": checked,
        "wrongs": wrongs,
        "twins": invoices.twins(invoice),
        "memory": _known_layout(invoice),
        "turn": document_queries.turn(invoice.document_id) if invoice.document_id else None,
        **_choices(form),
    }


def _known_layout(invoice: "Invoice") -> str | None:
    """How well the layout of its document is known."""
    if invoice.document is None:
        return None
    return reading_memory_view.known_layout(
        reading_memory.of_document(kept=invoice.document.reading)
    )


def _checked(form: InvoiceForm) -> list[str]:
    """Fields that a person has said to be right since the page was opened."""
    return [name for name in request.form.getlist("checked") if name in form]


def _choices(form: InvoiceForm | None = None) -> dict[str, Any]:  # Any: what a template takes
    return {
        "vat_options": invoice_form.vat_options(form),
        "labels": invoice_form.labels(),
        "can_approve": actor().can(Right.APPROVE),
    }


def _with_runner_up(invoice: "Invoice", form: InvoiceForm, wanted: str) -> Response:
    """The form as it was filled in, with a runner-up in its field. Nothing is saved."""
    name, _mark, at = wanted.rpartition(":")
    value = invoice_reading.runner_up(invoice, name, int(at)) if at.isdecimal() else None
    if value is None:
        raise NotFound
    form.put(name, value)
    context = _check(invoice, form, checked=[*_checked(form), name])
    return htmx.page("invoices/_form.html" if htmx.is_htmx() else "invoices/check.html", **context)


def _again(invoice: "Invoice", form: InvoiceForm, *, keep_version: bool = True) -> Response:
    """The form with its mistakes. A save that went through before gives it the new version."""
    if not keep_version:
        form.version.data = invoice.version
        form.version.raw_data = None
    return _form_again(form, direction=invoice.direction, invoice=invoice)


def _form_again(
    form: InvoiceForm, *, direction: InvoiceDirection, invoice: "Invoice | None"
) -> Response:
    context = {"direction": direction, **_choices(form)}
    if invoice is not None:
        context = _check(invoice, form, checked=_checked(form))
    if htmx.is_htmx():
        return htmx.fragment("invoices/_form.html", status=422, **context | {"form": form})
    page = "invoices/check.html" if invoice else "invoices/new.html"
    return htmx.page(page, status=422, **context | {"form": form})


def _onward(invoice: "Invoice", said: str) -> Response:
    """To the next document that waits, else to the list.

    With script the next one is the answer itself, so that it stands there at once.
    """
    following = document_queries.next_to_check(invoice.document_id) if invoice.document_id else None
    if following is not None and invoice.status is not InvoiceStatus.DRAFT:
        address = url_for("invoices.show", invoice_id=following)
        upcoming = queries.whole(following) if htmx.is_htmx() else None
        if upcoming is not None and upcoming.status in EDITABLE:
            context = _check(upcoming, invoice_form.of(upcoming))
            return htmx.toast(htmx.moved("invoices/_check_page.html", address, **context), said)
    else:
        is_purchase = invoice.direction is InvoiceDirection.PURCHASE
        address = url_for("purchases.index" if is_purchase else "sales.index")
    flash(said, "good")
    return htmx.go(address)
