"""Signing up, logging in and out, the language, and the account of a person."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, session, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import PasswordField

from billify.application import auth, passkeys, second_step
from billify.data.queries import auth as queries
from billify.domain import passwords
from billify.domain.people import DateStyle
from billify.domain.refusal import Refusal
from billify.web import access, entering, htmx, languages, limits
from billify.web.access import person, public, signed_in
from billify.web.forms import ChoiceField, Form, OptionalText, at_most, chosen, required

bp = Blueprint("auth", __name__)
DATE_STYLES = (
    (DateStyle.SLASHES, "31/12/2026"),
    (DateStyle.DASHES, "31-12-2026"),
    (DateStyle.YEAR_FIRST, "2026-12-31"),
)


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


class CodeForm(Form):
    """A code of the app, or a recovery code."""

    code = OptionalText(_l("Code"), [required(), at_most(60)])


class PreferencesForm(Form):
    """How a person wants to be called, and texts and days to be written."""

    name = OptionalText(_l("Name"), [required(), at_most(120)])
    language = ChoiceField(_l("Language"), [chosen()], choices=languages.NAMES)
    date_style = ChoiceField(_l("Dates"), [chosen()], choices=DATE_STYLES)


@bp.get("/")
@public
def start() -> BaseResponse:
    """To the person's company or companies, or to the login page."""
    one = signed_in()
    if one is None:
        return redirect(url_for("auth.log_in"))
    with access.as_person(one.user_id):
        places = queries.places(one.user_id)
    return redirect(
        entering.first_page([place.company.slug for place in places], is_staff=one.is_staff)
    )


@bp.route("/log-in", methods=["GET", "POST"])
@public
@limits.limiter.limit(limits.LOGIN, exempt_when=limits.is_get)
@limits.limiter.limit(limits.LOGIN, key_func=limits.login_email, exempt_when=limits.is_get)
def log_in() -> BaseResponse:
    """The login page."""
    form = LoginForm()
    if not form.validate_on_submit():
        return _login_page(form, status=_status(form))
    wanted = request.args.get("next")
    try:
        entered = auth.log_in(email=form.email.data or "", password=form.password.data, **_device())
    except auth.SecondStepWanted as wants:
        return entering.to_second_step(wants.half, wanted)
    except Refusal as refusal:
        return _login_page(form, status=422, refusal=languages.sentence(refusal))
    return entering.into(entered, wanted)


@bp.route("/log-in/code", methods=["GET", "POST"], endpoint="second_step")
@public
@limits.limiter.limit(limits.LOGIN, exempt_when=limits.is_get)
@limits.limiter.limit(limits.LOGIN, key_func=entering.half_key, exempt_when=limits.is_get)
def second_step_page() -> BaseResponse:
    """The code that is asked for after the password."""
    half = entering.half()
    if half is None:
        return _begin_again()
    form = CodeForm()
    by_recovery = "recovery" in request.args
    if not form.validate_on_submit():
        return htmx.page(
            "auth/second_step.html", form=form, by_recovery=by_recovery, status=_status(form)
        )
    try:
        entered = second_step.finish(half=half, code=form.code.data or "", **_device())
    except second_step.HalfEnded:
        return _begin_again()
    except Refusal as refusal:
        form.refuse(refusal, "code")
        return htmx.page("auth/second_step.html", form=form, by_recovery=by_recovery, status=422)
    return entering.into(entered, request.args.get("next"))


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
        entered = auth.log_in(email=form.email.data or "", password=form.password.data, **_device())
    except Refusal as refusal:
        said = languages.sentence(refusal)
        return htmx.page("auth/sign_up.html", form=form, refusal=said, status=422)
    return entering.into(entered)


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
    response = redirect(entering.safe_address(request.form.get("next")) or url_for("auth.start"))
    if wanted in languages.LANGUAGES:
        one = signed_in()
        if one is not None:
            auth.choose_language(user_id=one.user_id, language=wanted)
        response.set_cookie(languages.COOKIE, wanted, max_age=entering.ONE_YEAR, samesite="Lax")
    return response


@bp.get("/account")
@person
def account() -> Response:
    """The person's companies, preferences and devices."""
    return htmx.page("auth/account.html", **_account(_preferences()))


@bp.post("/account")
@person
def account_preferences() -> BaseResponse:
    """How the person is called, and how texts and days are written."""
    form = PreferencesForm()
    if not form.validate_on_submit():
        return htmx.page("auth/account.html", status=422, **_account(form))
    try:
        auth.prefer(
            user_id=access.me().user_id,
            name=form.name.data or "",
            language=form.language.data,
            date_style=DateStyle(form.date_style.data),
        )
    except Refusal as refusal:
        form.refuse(refusal, "name")
        return htmx.page("auth/account.html", status=422, **_account(form))
    with force_locale(form.language.data):
        flash(_("Saved."), "good")
    response = redirect(url_for("auth.account"), code=303)
    response.set_cookie(
        languages.COOKIE, form.language.data, max_age=entering.ONE_YEAR, samesite="Lax"
    )
    return response


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
        return htmx.fragment("auth/_sessions.html", **_sessions())
    flash(_("The session has ended."), "good")
    return redirect(url_for("auth.account"), code=303)


@bp.post("/account/sessions/others/end")
@person
def end_other_sessions() -> BaseResponse:
    """End the sessions of all other devices."""
    one = access.me()
    count = auth.end_others(user_id=one.user_id, session_id=one.session_id)
    flash(_("Sessions ended: %(count)s.", count=count), "good")
    return redirect(url_for("auth.account"), code=303)


def _account(form: PreferencesForm) -> dict[str, Any]:  # Any: what a template takes
    user_id = access.me().user_id
    return {
        "form": form,
        "places": queries.places(user_id),
        "is_confirmed": auth.is_confirmed(user_id=user_id),
        **_sessions(),
    }


def _sessions() -> dict[str, Any]:  # Any: what a template takes
    one = access.me()
    return {"person": one, "sessions": queries.live_sessions(one.user_id, access.now())}


def _preferences() -> PreferencesForm:
    one = access.me()
    return PreferencesForm(name=one.name, language=one.language, date_style=str(one.date_style))


def _login_page(form: LoginForm, *, status: int, refusal: str | None = None) -> Response:
    party = entering.party()
    asked = passkeys.entering(browser=entering.browser(), party=party) if party else None
    return htmx.page("auth/login.html", form=form, asked=asked, refusal=refusal, status=status)


def _begin_again() -> BaseResponse:
    flash(_("That took too long, or something has changed. Log in again."), "warn")
    wanted = entering.safe_address(request.args.get("next"))
    return redirect(url_for("auth.log_in", next=wanted), code=303)


def _device() -> dict[str, str | None]:
    return {"address": request.remote_addr, "device": request.headers.get("User-Agent")}


def _status(form: Form) -> int:
    return 422 if form.is_submitted() else 200
