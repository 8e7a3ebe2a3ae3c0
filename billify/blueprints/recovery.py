"""A new password for who has forgotten theirs: a link by mail, good for an hour, once."""

import time

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import PasswordField

from billify.application import recovery
from billify.domain import passwords
from billify.domain.refusal import Refusal
from billify.web import htmx, languages, limits
from billify.web.access import public
from billify.web.forms import Form, OptionalText, at_most, required

bp = Blueprint("recovery", __name__)
ANSWERS_AFTER_SECONDS = 0.4
"""More than it takes to write a mail, so that the time doesn't tell who has an account."""


class AddressForm(Form):
    """Whose password is forgotten."""

    email = OptionalText(_l("E-mail"), [required(), at_most(200)])


class PasswordForm(Form):
    """The new one."""

    password = PasswordField(_l("New password"), [required(), at_most(passwords.LONGEST)])


@bp.route("/forgot-password", methods=["GET", "POST"])
@public
@limits.limiter.limit(limits.RECOVERY, exempt_when=limits.is_get)
def ask() -> BaseResponse:
    """Ask for a link. The answer is the same for an address that nobody has."""
    form = AddressForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return htmx.page("recovery/ask.html", form=form, status=status)
    answer_at = time.monotonic() + ANSWERS_AFTER_SECONDS
    recovery.ask_for_password(email=form.email.data or "")
    time.sleep(max(0.0, answer_at - time.monotonic()))
    return htmx.page("recovery/asked.html", email=form.email.data)


@bp.route("/reset-password/<secret>", methods=["GET", "POST"])
@public
@limits.limiter.limit(limits.RECOVERY, exempt_when=limits.is_get)
def reset(secret: str) -> BaseResponse:
    """Choose a new password with the link."""
    form = PasswordForm()
    try:
        email = recovery.check_reset(secret=secret)
    except recovery.LinkEnded as refusal:
        return htmx.page("recovery/ended.html", said=languages.sentence(refusal), status=404)
    if form.validate_on_submit():
        try:
            recovery.reset_password(secret=secret, password=form.password.data)
        except recovery.LinkEnded as refusal:
            return htmx.page("recovery/ended.html", said=languages.sentence(refusal), status=404)
        except Refusal as refusal:
            form.refuse(refusal, "password")
        else:
            flash(_("Your new password is set. Log in with it."), "good")
            return redirect(url_for("auth.log_in"), code=303)
    status = 422 if form.is_submitted() else 200
    return htmx.page("recovery/reset.html", form=form, email=email, status=status)
