"""Passkeys of a person: adding, naming, removing, and logging in with one."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse
from wtforms import PasswordField

from billify.application import auth, passkeys
from billify.data.queries import passkeys as queries
from billify.domain import passkeys as rules
from billify.domain import passwords
from billify.domain.passkeys import Party
from billify.domain.refusal import Refusal
from billify.web import access, entering, htmx, languages, limits, proving
from billify.web.access import person, public
from billify.web.forms import Form, OptionalText, at_most, required

bp = Blueprint("passkeys", __name__)


class BeginForm(Form):
    """The password, before a new way in is made."""

    name = OptionalText(_l("Name"), [required(), at_most(rules.LONGEST_NAME)])
    password = PasswordField(_l("Your password"), [required(), at_most(passwords.LONGEST)])


class NameForm(Form):
    """What a passkey is called."""

    name = OptionalText(_l("Name"), [required(), at_most(rules.LONGEST_NAME)])


@bp.post("/log-in/passkey")
@public
@limits.limiter.limit(limits.LOGIN, exempt_when=limits.is_get)
def enter() -> BaseResponse:
    """Log in with what the device has signed."""
    wanted = request.args.get("next")
    try:
        entered = passkeys.enter(
            browser=entering.browser(),
            answer=request.form.get("answer", ""),
            party=_party(),
            address=request.remote_addr,
            device=request.headers.get("User-Agent"),
        )
    except Refusal as refusal:
        flash(languages.sentence(refusal), "bad")
        address = url_for("auth.log_in", next=entering.safe_address(wanted))
        return redirect(address, code=303)
    return entering.into(entered, wanted)


@bp.route("/account/security/passkeys/new", methods=["GET", "POST"])
@person
@limits.limiter.limit(limits.LOGIN, key_func=entering.person_key, exempt_when=limits.is_get)
def new() -> BaseResponse:
    """The password first; then the device is asked for a key."""
    form = BeginForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return htmx.page("auth/passkey_begin.html", form=form, status=status)
    try:
        asked = passkeys.adding(
            user_id=access.me().user_id, password=form.password.data, party=_party()
        )
    except Refusal as refusal:
        form.refuse(refusal, "password" if isinstance(refusal, auth.NotYourPassword) else "name")
        return htmx.page("auth/passkey_begin.html", form=form, status=422)
    return htmx.page("auth/passkey_add.html", asked=asked, name=form.name.data)


@bp.post("/account/security/passkeys")
@person
def add() -> BaseResponse:
    """Keep the key that the device has made."""
    form = NameForm()
    if not form.validate_on_submit():
        return redirect(url_for("passkeys.new"), code=303)
    try:
        passkeys.add(
            user_id=access.me().user_id,
            name=form.name.data or "",
            answer=request.form.get("answer", ""),
            party=_party(),
        )
    except Refusal as refusal:
        flash(languages.sentence(refusal), "bad")
        return redirect(url_for("passkeys.new"), code=303)
    flash(_("The passkey is added. Next time you can log in with it."), "good")
    return redirect(url_for("security.index"), code=303)


@bp.route("/account/security/passkeys/<uuid:passkey_id>", methods=["GET", "POST"])
@person
def one(passkey_id: UUID) -> BaseResponse:
    """Call a passkey something else."""
    row = queries.one(passkey_id, access.me().user_id)
    if row is None:
        raise NotFound
    form = NameForm(name=row.name)
    if not form.validate_on_submit():
        return _page(row, form)
    passkeys.rename(passkey_id=passkey_id, user_id=access.me().user_id, name=form.name.data or "")
    flash(_("Saved."), "good")
    return redirect(url_for("security.index"), code=303)


@bp.route("/account/security/passkeys/<uuid:passkey_id>/removal", methods=["GET", "POST"])
@person
@limits.limiter.limit(limits.LOGIN, key_func=entering.person_key, exempt_when=limits.is_get)
def remove(passkey_id: UUID) -> BaseResponse:
    """Forget a passkey: wants the proof that adding it wanted."""
    user_id = access.me().user_id
    row = queries.one(passkey_id, user_id)
    if row is None:
        raise NotFound
    form = proving.form()
    if not form.validate_on_submit():
        return _removal_page(row, form)
    try:
        passkeys.remove(
            passkey_id=passkey_id,
            user_id=user_id,
            password=form.password.data,
            code=proving.code(form),
        )
    except Refusal as refusal:
        proving.refuse(form, refusal)
        return _removal_page(row, form)
    flash(_("The passkey opens nothing here any more."), "good")
    return redirect(url_for("security.index"), code=303)


def _page(row: object, form: NameForm) -> Response:
    status = 422 if form.is_submitted() else 200
    return htmx.page("auth/passkey.html", passkey=row, form=form, status=status)


def _removal_page(row: object, form: proving.ProofForm) -> Response:
    status = 422 if form.is_submitted() else 200
    return htmx.page("auth/passkey_removal.html", passkey=row, form=form, status=status)


def _party() -> Party:
    party = entering.party()
    if party is None:
        raise rules.NotAnAnswer
    return party
