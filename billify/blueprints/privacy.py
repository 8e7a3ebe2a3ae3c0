"""A person's own data: the file with it, and the removal of the account."""

from uuid import UUID

from flask import Blueprint, Response, flash, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from billify.application import account_removal, personal_data
from billify.data.queries import personal_data as queries
from billify.domain import keeping
from billify.domain.refusal import Refusal
from billify.web import access, entering, htmx, limits, proving
from billify.web.access import me, now, person

bp = Blueprint("privacy", __name__, url_prefix="/account/privacy")


@bp.get("")
@person
def index() -> Response:
    """What is kept, the files one asked for, and the way out."""
    return htmx.page(
        "privacy/index.html",
        files=queries.files(me().user_id),
        now=now(),
        days=keeping.EXPORT_FOR.days,
        years=keeping.YEARS_OF_BOOKS,
    )


@bp.post("/exports")
@person
def ask() -> Response:
    """Ask for the file."""
    personal_data.ask(user_id=me().user_id)
    flash(_("The file is being made. You are told when it is ready."), "good")
    return htmx.go(url_for("privacy.index"))


@bp.get("/exports/<uuid:export_id>")
@person
def fetch(export_id: UUID) -> Response:
    """The file, for the person it is about."""
    content = personal_data.fetch(export_id=export_id, user_id=me().user_id)
    return Response(
        content,
        mimetype="application/zip",
        headers={
            "Content-Disposition": 'attachment; filename="billify-my-data.zip"',
            "Cache-Control": "no-store",
        },
    )


@bp.route("/removal", methods=["GET", "POST"])
@person
@limits.limiter.limit(limits.LOGIN, key_func=entering.person_key, exempt_when=limits.is_get)
def removal() -> BaseResponse:
    """Remove the account, for good."""
    form = proving.form()
    if not form.validate_on_submit():
        return _removal(form, status=422 if form.is_submitted() else 200)
    try:
        account_removal.remove(
            user_id=me().user_id,
            password=form.password.data,
            code=proving.code(form),
            address=request.remote_addr,
        )
    except Refusal as refusal:
        proving.refuse(form, refusal)
        return _removal(form, status=422)
    session.clear()
    flash(_("Your account was removed."), "good")
    response = htmx.go(url_for("auth.log_in"))
    access.drop_cookie(response)
    return response


def _removal(form: proving.ProofForm, *, status: int) -> Response:
    return htmx.page("privacy/removal.html", form=form, years=keeping.YEARS_OF_BOOKS, status=status)
