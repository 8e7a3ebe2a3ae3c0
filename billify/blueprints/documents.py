"""Documents: handed in, watched while they are read, shown, tried again, deleted."""

import os
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from billify.application import documents, splitting
from billify.data.queries import documents as queries
from billify.domain.documents import BUSY, DocumentStatus, limited_to
from billify.domain.refusal import NotFound, Refusal
from billify.domain.roles import Right
from billify.web import document_page, htmx, keyset, languages, limits, security, taken_words
from billify.web.access import actor, member, right

bp = Blueprint("documents", __name__)
MOST_AT_ONCE = 100
MOST_TOLD = 3
"""How many refusals a toast holds; each stands in its row too."""


@bp.get("/inbox")
@right(Right.UPLOAD)
def inbox() -> Response:
    """What waits to be read or checked."""
    return htmx.fragment("documents/_inbox.html", inbox=queries.inbox(limited_to(actor())))


@bp.get("/documents")
@right(Right.UPLOAD)
def index() -> Response:
    """Files that stand in no inbox any more: set aside, or split into others."""
    view = request.args.get("view")
    status = DocumentStatus.SPLIT if view == "split" else DocumentStatus.SET_ASIDE
    found = queries.put_away(status, of=limited_to(actor()), before=keyset.row_id("before"))
    shown, parts = found[: queries.PAGE], {"view": "split"} if view == "split" else {}
    more_url = None
    if len(found) > queries.PAGE:
        more_url = url_for("documents.index", **parts, before=shown[-1].id)  # type: ignore[arg-type]  # no flags of url_for among them
    is_part = request.headers.get("HX-Request-Type") == "partial"
    return htmx.page(
        "documents/_more.html" if is_part else "documents/index.html",
        documents=shown,
        is_split=status is DocumentStatus.SPLIT,
        more_url=more_url,
    )


@bp.post("/documents")
@right(Right.UPLOAD)
@limits.limiter.limit(limits.UPLOAD)
def receive() -> Response:
    """Take in one file or several; a bad one does not stop the others."""
    files = [file for file in request.files.getlist("files") if file.filename]
    taken = [_take(file) for file in files[:MOST_AT_ONCE]]
    taken += [_left_out(file) for file in files[MOST_AT_ONCE:]]
    if htmx.is_htmx():
        return _received(taken)
    if not files:
        flash(_("Choose one or more files first."), "bad")
    for row in taken:
        if "refusal" in row:
            flash(f"{row['name']}: {row['refusal']}", "bad")
        elif not row["is_new"]:
            flash(_("%(name)s was already here.", name=row["name"]), "warn")
    return make_response("", 303, {"Location": url_for("purchases.index")})


@bp.get("/documents/<uuid:document_id>/row")
@right(Right.UPLOAD)
def row(document_id: UUID) -> Response:
    """The row of one document: asked every two seconds while it is read."""
    found = queries.inbox_row(document_id, limited_to(actor()))
    if found is None:
        raise NotFound
    return htmx.fragment("documents/_row.html", entry=found)


@bp.get("/documents/<uuid:document_id>")
@member
def show(document_id: UUID) -> Response:
    """One file: its pages, what it was taken for, the documents it became."""
    document = documents.shown(document_id=document_id, by=actor())
    return htmx.page("documents/show.html", **document_page.context(document, by=actor()))


@bp.get("/documents/<uuid:document_id>/original")
@member
def original(document_id: UUID) -> Response:
    """The file as it came in; who sees no money sees their own only."""
    document, content = documents.original(document_id=document_id, by=actor())
    return security.file_answer(content, name=document.name, media_type=document.media_type)


@bp.get("/documents/<uuid:document_id>/pages/<int:page>")
@member
def page(document_id: UUID, page: int) -> Response:
    """The picture of one page; who sees no money sees their own only."""
    content = documents.preview(document_id=document_id, page=page, by=actor())
    return security.file_answer(
        content, name=f"page-{page}.jpg", media_type="image/jpeg", is_shown=True
    )


@bp.get("/documents/<uuid:document_id>/pages/<int:page>/words")
@member
def words(document_id: UUID, page: int) -> Response:
    """The words of one page to click on; who sees no money sees their own only."""
    found = documents.words_of_page(document_id=document_id, page=page, by=actor())
    if found is None:
        return Response(status=204)
    response = htmx.fragment("documents/_words.html", page=taken_words.placed(found))
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@bp.post("/documents/<uuid:document_id>/retry")
@right(Right.UPLOAD)
def retry(document_id: UUID) -> Response:
    """Read a failed document once more."""
    document = documents.retry(document_id=document_id, by=actor())
    if htmx.is_htmx():
        return htmx.fragment("documents/_row.html", entry=queries.InboxRow(document))
    return htmx.go(url_for("purchases.index"))


@bp.post("/documents/<uuid:document_id>/deletion")
@right(Right.EDIT_INVOICES)
def delete(document_id: UUID) -> Response:
    """Remove a wrong upload."""
    document = documents.delete(document_id=document_id, by=actor())
    said = _("%(name)s was deleted.", name=document.name)
    if htmx.is_htmx() and request.headers.get("HX-Target", "").startswith("tr#document-"):
        return htmx.toast(make_response("", 200), said)
    flash(said, "good")
    return htmx.go(url_for("purchases.index"))


@bp.post("/documents/<uuid:document_id>/splitting")
@right(Right.EDIT_INVOICES)
def split(document_id: UUID) -> Response:
    """Split a file on the pages where a person says that a new invoice starts."""
    starts = [int(page) for page in request.form.getlist("start")[:200] if page.isdecimal()]
    try:
        splitting.split(document_id=document_id, starts=starts, by=actor())
    except NotFound:
        raise
    except Refusal as refusal:
        return _not_so(document_id, refusal)
    return _to_inbox(_("The file is being split."))


@bp.post("/documents/<uuid:document_id>/joining")
@right(Right.EDIT_INVOICES)
def join(document_id: UUID) -> Response:
    """Say that a file is one invoice; when it was split its parts go."""
    try:
        document = splitting.join(document_id=document_id, by=actor())
    except NotFound:
        raise
    except Refusal as refusal:
        return _not_so(document_id, refusal)
    is_busy = document.status in BUSY
    return _to_inbox(_("The file is read as one invoice.") if is_busy else _("Noted."))


@bp.post("/documents/<uuid:document_id>/drafting")
@right(Right.EDIT_INVOICES)
def draft(document_id: UUID) -> Response:
    """It is an invoice after all."""
    try:
        invoice = splitting.draft(document_id=document_id, by=actor())
    except NotFound:
        raise
    except Refusal as refusal:
        return _not_so(document_id, refusal)
    return htmx.go(url_for("invoices.show", invoice_id=invoice.id))


@bp.post("/documents/<uuid:document_id>/setting-aside")
@right(Right.EDIT_INVOICES)
def set_aside(document_id: UUID) -> Response:
    """Put a paper that is no invoice out of the inbox."""
    try:
        document = splitting.set_aside(document_id=document_id, by=actor())
    except NotFound:
        raise
    except Refusal as refusal:
        return _not_so(document_id, refusal)
    return _to_inbox(_("%(name)s was set aside.", name=document.name))


def _to_inbox(said: str) -> Response:
    flash(said, "good")
    return htmx.go(url_for("purchases.index"))


def _not_so(document_id: UUID, refusal: Refusal) -> Response:
    """The file's own page with the sentence why not."""
    document = documents.shown(document_id=document_id, by=actor())
    context = document_page.context(document, by=actor())
    said = languages.sentence(refusal)
    return htmx.page("documents/show.html", status=422, refusal=said, **context)


def _received(taken: list[dict[str, object]]) -> Response:
    """The rows for the page; when nothing was taken, the sentence for the file that was sent."""
    refused = [str(row["refusal"]) for row in taken if "refusal" in row]
    is_any = len(refused) < len(taken)
    response = htmx.fragment("documents/_received.html", rows=taken, status=201 if is_any else 422)
    if not is_any:
        htmx.toast(
            response, " ".join(refused[:MOST_TOLD]) or _("Choose one or more files first."), "bad"
        )
    return response


def _take(file: FileStorage) -> dict[str, object]:
    """One file: its row, or the sentence why it was refused."""
    name = file.filename or _("document")
    try:
        documents.check_size(size=file.stream.seek(0, os.SEEK_END))
        file.stream.seek(0)
        received = documents.receive(content=file.stream.read(), name=name, by=actor())
    except Refusal as refusal:
        return {"name": name[:200], "refusal": languages.sentence(refusal)}
    entry = queries.inbox_row(received.document.id)
    return {"name": name[:200], "entry": entry, "is_new": received.is_new}


def _left_out(file: FileStorage) -> dict[str, object]:
    said = _("At most %(most)s files at once: send this one again.", most=MOST_AT_ONCE)
    return {"name": (file.filename or "")[:200], "refusal": said}
