"""Joining a company by the link of an invitation. Who has the link needs nothing else to see it;
the company comes from the link."""

from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import PasswordField

from billify.application import invitations
from billify.domain import passwords
from billify.domain.invitations import InvitationState
from billify.domain.names import NameLeadsAway
from billify.domain.refusal import NotFound, Refusal
from billify.web import entering, htmx, languages, limits
from billify.web.access import public, signed_in
from billify.web.forms import Form, OptionalText, at_most, required
from billify.web.people import MAY, ROLES

bp = Blueprint("joining", __name__)


class JoinForm(Form):
    """Who joins, as a new person."""

    name = OptionalText(_l("Your name"), [required(), at_most(120)])
    password = PasswordField(_l("Password"), [required(), at_most(passwords.LONGEST)])


@bp.route("/invitations/<uuid:company_id>.<secret>", methods=["GET", "POST"])
@public
@limits.limiter.limit(limits.SIGN_UP, exempt_when=limits.is_get)
def join(company_id: UUID, secret: str) -> BaseResponse:
    """What the invitation is about, and the way in: as who is signed in, or as somebody new."""
    one = signed_in()
    user_id = one.user_id if one else None
    try:
        shown = invitations.show(company_id=company_id, secret=secret, user_id=user_id)
    except NotFound as refusal:
        return htmx.page("joining/ended.html", said=languages.sentence(refusal), status=404)
    if shown.state is not InvitationState.OPEN or shown.is_member:
        return _ended(shown)
    form = JoinForm()
    if one is None and request.method == "POST":
        return _join_as_new(company_id, secret, shown, form)
    if request.method == "POST" and user_id is not None:
        return _join(company_id, secret, shown, user_id)
    return _page(shown, form)


def _join(company_id: UUID, secret: str, shown: invitations.Shown, user_id: UUID) -> BaseResponse:
    try:
        slug = invitations.accept(
            company_id=company_id, secret=secret, user_id=user_id, address=request.remote_addr
        )
    except Refusal as refusal:
        return _page(shown, JoinForm(), refusal=languages.sentence(refusal), status=422)
    flash(_("Welcome to %(company)s.", company=shown.company_name), "good")
    return htmx.go(url_for("home.index", company=slug))


def _join_as_new(
    company_id: UUID, secret: str, shown: invitations.Shown, form: JoinForm
) -> BaseResponse:
    if shown.has_account:
        return htmx.go(url_for("auth.log_in", next=request.path))
    if not form.validate():
        return _page(shown, form, status=422)
    try:
        entered = invitations.accept_as_new(
            company_id=company_id,
            secret=secret,
            name=form.name.data or "",
            password=form.password.data,
            language=languages.current(),
            address=request.remote_addr,
            device=request.headers.get("User-Agent"),
        )
    except Refusal as refusal:
        form.refuse(refusal, "name" if isinstance(refusal, NameLeadsAway) else "password")
        return _page(shown, form, status=422)
    response = entering.into(entered, url_for("home.index", company=shown.slug))
    flash(_("Welcome to %(company)s.", company=shown.company_name), "good")
    return response


def _page(
    shown: invitations.Shown, form: JoinForm, *, refusal: str | None = None, status: int = 200
) -> Response:
    return htmx.page(
        "joining/join.html",
        shown=shown,
        form=form,
        person=signed_in(),
        role=ROLES[shown.role],
        may=MAY[shown.role],
        refusal=refusal,
        status=status,
    )


def _ended(shown: invitations.Shown) -> Response:
    if shown.is_member:
        said = _("You belong to %(company)s already.", company=shown.company_name)
        where = url_for("home.index", company=shown.slug)
        return htmx.page("joining/ended.html", said=said, onward=where, name=shown.company_name)
    said = languages.sentence(invitations.Ended(shown.state))
    return htmx.page("joining/ended.html", said=said, status=410)
