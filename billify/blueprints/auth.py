"""Signing up, logging in and out, the language, and the devices of a person."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import PasswordField

from billify.application import auth
from billify.data.queries import auth as queries
from billify.domain import passwords
from billify.domain.refusal import Refusal
from billify.web import access, htmx, languages, limits
from billify.web.access import person, public, signed_in
from billify.web.forms import Form, OptionalText, at_most, required

bp = Blueprint("auth", __name__)


class LoginForm(Form):
    """Who are you."""

    email = OptionalText(_l("E-mail"), [required(), at_most(200)])
    password = PasswordField(_l("Password"), [required(), at_most(passwords.LONGEST)])


class SignUpForm(Form):
    """A company and its first owner."""

    company_name = OptionalText(_l("Company"), [required(), at_most(120)])
    vat_number = OptionalText(_l("VAT number"), [at_most(30)])
    name = OptionalText(_l("Your name"), [required(), at_most(120)])
    email = OptionalText(_l("E-mail"), [required(), at_most(200)])
    password = PasswordField(_l("Password"), [required(), at_most(passwords.LONGEST)])


@bp.get("/")
@public
def start() -> BaseResponse:
    """To the person's company or companies, or to the login page."""
    one = signed_in()
    if one is None:
        return redirect(url_for("auth.log_in"))
    with access.as_person(one.user_id):
        places = queries.places(one.user_id)
    return redirect(_first_page([place.company.slug for place in places]))


@bp.route("/log-in", methods=["GET", "POST"])
@public
@limits.limiter.limit(limits.LOGIN, exempt_when=limits.is_get)
@limits.limiter.limit(limits.LOGIN, key_func=limits.login_email, exempt_when=limits.is_get)
def log_in() -> BaseResponse:
    """The login page."""
    form = LoginForm()
    if not form.validate_on_submit():
        return htmx.page("auth/login.html", form=form, status=_status(form))
    try:
        entered = auth.log_in(
            email=form.email.data or "",
            password=form.password.data,
            address=request.remote_addr,
            device=request.headers.get("User-Agent"),
        )
    except Refusal as refusal:
        said = languages.sentence(refusal)
        return htmx.page("auth/login.html", form=form, refusal=said, status=422)
    wanted = _safe_address(request.args.get("next"))
    return _enter(entered, wanted)


@bp.route("/sign-up", methods=["GET", "POST"])
@public
@limits.limiter.limit(limits.SIGN_UP, exempt_when=limits.is_get)
def sign_up() -> BaseResponse:
    """A new company with its first owner."""
    form = SignUpForm()
    if not form.validate_on_submit():
        return htmx.page("auth/sign_up.html", form=form, status=_status(form))
    try:
        auth.sign_up(
            company_name=form.company_name.data or "",
            vat_number=form.vat_number.data,
            name=form.name.data or "",
            email=form.email.data or "",
            password=form.password.data,
            language=languages.current(),
        )
        entered = auth.log_in(
            email=form.email.data or "",
            password=form.password.data,
            address=request.remote_addr,
            device=request.headers.get("User-Agent"),
        )
    except Refusal as refusal:
        said = languages.sentence(refusal)
        return htmx.page("auth/sign_up.html", form=form, refusal=said, status=422)
    return _enter(entered, None)


@bp.post("/log-out")
@person
def log_out() -> BaseResponse:
    """End this device's session."""
    one = signed_in()
    if one is not None:
        auth.log_out(session_id=one.session_id, user_id=one.user_id)
    session.clear()
    response = redirect(url_for("auth.log_in"))
    access.drop_cookie(response)
    return response


@bp.post("/language")
@public
def language() -> BaseResponse:
    """Choose a language: kept with the person, and on the device."""
    wanted = request.form.get("locale", "")
    response = redirect(_safe_address(request.form.get("next")) or url_for("auth.start"))
    if wanted in languages.LANGUAGES:
        one = signed_in()
        if one is not None:
            auth.choose_language(user_id=one.user_id, language=wanted)
        response.set_cookie(languages.COOKIE, wanted, max_age=31_536_000, samesite="Lax")
    return response


@bp.get("/account")
@person
def account() -> Response:
    """The person's companies and devices."""
    return htmx.page("auth/account.html", **_account())


@bp.post("/account/sessions/<uuid:session_id>/end")
@person
def end_session(session_id: UUID) -> BaseResponse:
    """End the session of one of the person's devices."""
    one = access.me()
    auth.revoke(session_id=session_id, user_id=one.user_id)
    if session_id == one.session_id:
        response = htmx.go(url_for("auth.log_in"))
        access.drop_cookie(response)
        return response
    if htmx.is_htmx():
        return htmx.fragment("auth/_sessions.html", **_account())
    flash(_("The session has ended."), "good")
    return redirect(url_for("auth.account"))


def _account() -> dict[str, Any]:  # Any: what a template takes
    one = access.me()
    return {
        "person": one,
        "places": queries.places(one.user_id),
        "sessions": queries.live_sessions(one.user_id, access.now()),
    }


def _enter(entered: auth.SignedIn, wanted: str | None) -> BaseResponse:
    session.clear()
    response = redirect(wanted or _first_page(entered.slugs), code=303)
    access.set_cookie(response, entered.token)
    response.set_cookie(languages.COOKIE, entered.user.language, max_age=31_536_000, samesite="Lax")
    return response


def _first_page(slugs: Sequence[str]) -> str:
    """The company of who has one, the board of who has several."""
    if not slugs:
        return url_for("auth.account")
    return url_for("board.index") if len(slugs) > 1 else url_for("home.index", company=slugs[0])


def _safe_address(wanted: str | None) -> str | None:
    """An address on this site, or nothing: a link must not lead a person elsewhere."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return None
    parts = urlsplit(wanted)
    return None if parts.scheme or parts.netloc else wanted


def _status(form: Form) -> int:
    return 422 if form.is_submitted() else 200
