"""Bank files: hand in, look, import, take back; and explaining the columns of an unknown export."""

from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from billify.application import bank_files
from billify.application.bank_files import Preview
from billify.data.queries import bank_files as queries
from billify.domain.bank_files import UnknownColumns, key
from billify.domain.refusal import Refusal
from billify.domain.roles import Right
from billify.web import bank_file_forms as forms
from billify.web import htmx, languages, limits
from billify.web.access import actor, right, today

bp = Blueprint("bank_files", __name__)
SHOWN = 100
"""Movements of a part that the preview lists."""


@bp.route("/bank/imports", methods=["GET", "POST"])
@right(Right.EDIT_INVOICES)
@limits.limiter.limit(limits.UPLOAD, exempt_when=limits.is_get)
def index() -> Response:
    """Hand in a bank file, and see those of before."""
    if request.method != "POST":
        return _index(None)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _index(_("Choose a file first."))
    content = file.stream.read(bank_files.LARGEST + 1)
    try:
        row = bank_files.receive(content=content, name=file.filename, by=actor())
    except Refusal as refusal:
        return _index(f"{file.filename}: {languages.sentence(refusal)}")
    return htmx.go(url_for("bank_files.show", import_id=row.id))


@bp.route("/bank/imports/<uuid:import_id>", methods=["GET", "POST"])
@right(Right.EDIT_INVOICES)
def show(import_id: UUID) -> Response:
    """What a file holds, before and after it is imported; sending it imports."""
    try:
        found = bank_files.preview(import_id=import_id, chosen=forms.accounts(request.form) or None)
    except UnknownColumns:
        return htmx.go(url_for("bank_files.columns", import_id=import_id))
    if found.file is None:
        return htmx.page("banking/import_done.html", row=found.row)
    if request.method != "POST" or "again" in request.form:
        return _preview(found, None)
    try:
        done = bank_files.book(
            import_id=import_id,
            choices=forms.choices(request.form, found.seen),
            today=today(),
            by=actor(),
        )
    except Refusal as refusal:
        return _preview(found, languages.sentence(refusal))
    flash(
        _(
            "Movements added: %(added)d. Known already: %(known)d.",
            added=done.added,
            known=done.known,
        ),
        "good",
    )
    return htmx.go(url_for("banking.index"))


@bp.route("/bank/imports/<uuid:import_id>/columns", methods=["GET", "POST"])
@right(Right.EDIT_INVOICES)
def columns(import_id: UUID) -> Response:
    """Say what the columns of an export mean; it is kept for the next one."""
    row, shown, said = bank_files.columns_of(import_id=import_id)
    fault = None
    if request.method == "POST":
        said = request.form.to_dict()
        try:
            wanted = forms.columns(said)
            bank_files.explain_columns(import_id=import_id, columns=wanted, by=actor())
        except Refusal as refusal:
            fault = languages.sentence(refusal)
        else:
            return htmx.go(url_for("bank_files.show", import_id=import_id))
    return htmx.page(
        "banking/import_columns.html",
        status=422 if fault else 200,
        row=row,
        shown=shown,
        said=said,
        fault=fault,
        roles=forms.ROLES,
        names=[("", "–"), *((key(name), name) for name in shown.header if key(name))],
    )


@bp.post("/bank/imports/<uuid:import_id>/undoing")
@right(Right.EDIT_INVOICES)
def undo(import_id: UUID) -> Response:
    """Take an import back whole."""
    row = bank_files.undo(import_id=import_id, by=actor())
    flash(_("%(name)s was taken back.", name=row.name), "good")
    return htmx.go(url_for("bank_files.index"))


@bp.post("/bank/imports/<uuid:import_id>/deletion")
@right(Right.EDIT_INVOICES)
def throw_away(import_id: UUID) -> Response:
    """Leave a file that was only looked at."""
    bank_files.throw_away(import_id=import_id, by=actor())
    return htmx.go(url_for("bank_files.index"))


def _index(fault: str | None) -> Response:
    rows = queries.imports()
    return htmx.page("banking/imports.html", status=422 if fault else 200, rows=rows, fault=fault)


def _preview(found: Preview, fault: str | None) -> Response:
    parts = [
        (one, forms.targets(one, found.accounts), request.form.get(f"account-{one.part.key}"))
        for one in found.seen
    ]
    return htmx.page(
        "banking/import.html",
        status=422 if fault else 200,
        preview=found,
        parts=[(one, options, chosen or forms.suggested(one)) for one, options, chosen in parts],
        has_choice=not all(forms.is_settled(one) for one in found.seen),
        fault=fault,
        shown=SHOWN,
    )
