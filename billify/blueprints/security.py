"""How a person proves who they are: the password, an app's codes, recovery codes."""

from collections.abc import Sequence

from flask import Blueprint, Response, flash, redirect, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import PasswordField

from billify.application import auth, second_step
from billify.data.queries import auth as people
from billify.data.queries import passkeys as passkey_queries
from billify.domain import passwords
from billify.domain import second_step as rules
from billify.domain.refusal import Refusal
from billify.web import access, entering, htmx, limits, proving, qr
from billify.web.access import person
from billify.web.forms import Form, OptionalText, at_most, required

bp = Blueprint("security", __name__, url_prefix="/account/security")
_SETTING_UP = "setting_up"
_SET_UP_WITHIN = 15 * 60


class PasswordForm(Form):
    """A new password, and the old one."""

    old = PasswordField(_l("Current password"), [required(), at_most(passwords.LONGEST)])
    new = PasswordField(_l("New password"), [required(), at_most(passwords.LONGEST)])


class FirstCodeForm(Form):
    """The first code of a new app."""

    code = OptionalText(_l("Code of the app"), [required(), at_most(60)])


@bp.get("")
@person
def index() -> Response:
    """Every way in, and how it stands."""
    return _index(PasswordForm(formdata=None))


@bp.post("/password")
@person
@limits.limiter.limit(limits.LOGIN, key_func=entering.person_key, exempt_when=limits.is_get)
def password() -> BaseResponse:
    """Change the password; all other sessions end."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return _index(form, status=422)
    one = access.me()
    try:
        auth.change_password(
            user_id=one.user_id, session_id=one.session_id, old=form.old.data, new=form.new.data
        )
    except auth.NotYourPassword as refusal:
        form.refuse(refusal, "old")
        return _index(form, status=422)
    except Refusal as refusal:
        form.refuse(refusal, "new")
        return _index(form, status=422)
    flash(_("The password has changed. All other devices have to log in again."), "good")
    return redirect(url_for("security.index"), code=303)


@bp.route("/app", methods=["GET", "POST"])
@person
@limits.limiter.limit(limits.LOGIN, key_func=entering.person_key, exempt_when=limits.is_get)
def app() -> BaseResponse:
    """Set an app up: the password first, then its QR code."""
    user_id = access.me().user_id
    if auth.has_second_step(user_id=user_id):
        return redirect(url_for("security.index"), code=303)
    form = proving.ProofForm()
    if form.validate_on_submit():
        try:
            second_step.begin(user_id=user_id, password=form.password.data)
        except Refusal as refusal:
            form.refuse(refusal, "password")
        else:
            session[_SETTING_UP] = int(access.now().timestamp()) + _SET_UP_WITHIN
            return redirect(url_for("security.app"), code=303)
    begun = second_step.setup(user_id=user_id) if _is_setting_up() else None
    if begun is not None and not form.is_submitted():
        return _setup_page(begun, FirstCodeForm(formdata=None))
    status = 422 if form.is_submitted() else 200
    return htmx.page("auth/app_begin.html", form=form, status=status)


@bp.post("/app/confirmation")
@person
@limits.limiter.limit(limits.LOGIN, key_func=entering.person_key, exempt_when=limits.is_get)
def confirm_app() -> BaseResponse:
    """The first code of the app; the recovery codes are shown in the answer, and never again."""
    user_id = access.me().user_id
    begun = second_step.setup(user_id=user_id) if _is_setting_up() else None
    if begun is None:
        return redirect(url_for("security.app"), code=303)
    form = FirstCodeForm()
    if not form.validate_on_submit():
        return _setup_page(begun, form, status=422)
    try:
        codes = second_step.confirm(user_id=user_id, code=form.code.data or "")
    except Refusal as refusal:
        form.refuse(refusal, "code")
        return _setup_page(begun, form, status=422)
    session.pop(_SETTING_UP, None)
    return _codes_page(codes, is_first=True)


@bp.route("/app/removal", methods=["GET", "POST"])
@person
@limits.limiter.limit(limits.LOGIN, key_func=entering.person_key, exempt_when=limits.is_get)
def remove_app() -> BaseResponse:
    """Ask for no codes any more: wants both steps once more."""
    user_id = access.me().user_id
    if not auth.has_second_step(user_id=user_id):
        return redirect(url_for("security.index"), code=303)
    form = proving.BothForm()
    if form.validate_on_submit():
        try:
            second_step.remove(
                user_id=user_id, password=form.password.data, code=form.code.data or ""
            )
        except Refusal as refusal:
            proving.refuse(form, refusal)
        else:
            flash(_("From now on your password alone is asked for."), "good")
            return redirect(url_for("security.index"), code=303)
    status = 422 if form.is_submitted() else 200
    return htmx.page("auth/app_removal.html", form=form, status=status)


@bp.route("/recovery-codes", methods=["GET", "POST"])
@person
@limits.limiter.limit(limits.LOGIN, key_func=entering.person_key, exempt_when=limits.is_get)
def recovery_codes() -> BaseResponse:
    """New recovery codes: wants both steps once more."""
    user_id = access.me().user_id
    if not auth.has_second_step(user_id=user_id):
        return redirect(url_for("security.index"), code=303)
    form = proving.BothForm()
    if form.validate_on_submit():
        try:
            codes = second_step.renew_codes(
                user_id=user_id, password=form.password.data, code=form.code.data or ""
            )
        except Refusal as refusal:
            proving.refuse(form, refusal)
        else:
            return _codes_page(codes, is_first=False)
    status = 422 if form.is_submitted() else 200
    return htmx.page("auth/recovery_codes_new.html", form=form, status=status)


def _index(form: PasswordForm, *, status: int = 200) -> Response:
    user_id = access.me().user_id
    return htmx.page(
        "auth/security.html",
        form=form,
        app_since=people.second_step_since(user_id),
        codes_left=second_step.codes_left(user_id=user_id),
        codes_made=rules.RECOVERY_CODES,
        passkeys=passkey_queries.of_person(user_id),
        can_add=entering.party() is not None,
        status=status,
    )


def _setup_page(begun: second_step.Setup, form: FirstCodeForm, *, status: int = 200) -> Response:
    picture = qr.svg(begun.address, label=_("QR code for the app"))
    seed = rules.grouped(begun.seed)
    return _unkept(
        htmx.page("auth/app_setup.html", form=form, picture=picture, seed=seed, status=status)
    )


def _codes_page(codes: Sequence[str], *, is_first: bool) -> Response:
    return _unkept(htmx.page("auth/recovery_codes.html", codes=codes, is_first=is_first))


def _unkept(response: Response) -> Response:
    """No cache and no way back shows this page again."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_setting_up() -> bool:
    """Was the password given in this browser a short while ago?"""
    return _SETTING_UP in session and session[_SETTING_UP] > access.now().timestamp()
