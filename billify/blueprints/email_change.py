"""Another address to log in with: the new one is asked first, the one before is told."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import PasswordField

from billify.application import recovery
from billify.domain import passwords
from billify.domain.people import TokenPurpose
from billify.domain.refusal import Refusal
from billify.web import access, entering, htmx, languages, limits, proving
from billify.web.access import person, public, signed_in
from billify.web.forms import Form, OptionalText, at_most, required

bp = Blueprint("email_change", __name__)


class ChangeForm(Form):
    """The new address, and the password again."""

    email = OptionalText(_l("New e-mail address"), [required(), at_most(200)])
    password = PasswordField(_l("Your password"), [required(), at_most(passwords.LONGEST)])


@bp.route("/account/email-address", methods=["GET", "POST"])
@person
@limits.limiter.limit(limits.RECOVERY, key_func=entering.person_key, exempt_when=limits.is_get)
def change() -> BaseResponse:
    """Ask for a link to the new address."""
    one, form = access.me(), ChangeForm()
    if form.validate_on_submit():
        try:
            address = recovery.ask_for_address(
                user_id=one.user_id, password=form.password.data, email=form.email.data or ""
            )
        except recovery.WrongPassword as refusal:
            form.refuse(refusal, "password")
        except Refusal as refusal:
            form.refuse(refusal, "email")
        else:
            said = _("Open the link in the mail to %(email)s, and it is your new address.")
            flash(said % {"email": address}, "good")
            return redirect(url_for("auth.account"), code=303)
    status = 422 if form.is_submitted() else 200
    return htmx.page("recovery/change_address.html", form=form, person=one, status=status)


@bp.post("/account/email-address/confirmation")
@person
@limits.limiter.limit(limits.RECOVERY, key_func=entering.person_key, exempt_when=limits.is_get)
def ask_to_confirm() -> BaseResponse:
    """Send the link anew that confirms the address one has."""
    try:
        address = recovery.ask_to_confirm(user_id=access.me().user_id)
    except Refusal as refusal:
        flash(languages.sentence(refusal), "warn")
    else:
        flash(_("A new link is on its way to %(email)s.", email=address), "good")
    return redirect(url_for("auth.account"), code=303)


@bp.route("/email-address/<secret>", methods=["GET", "POST"])
@public
@limits.limiter.limit(limits.RECOVERY, exempt_when=limits.is_get)
def confirm(secret: str) -> BaseResponse:
    """Take the address of a link, or take the one before back."""
    one = signed_in()
    user_id = one.user_id if one else None
    try:
        asked = recovery.check_address(secret=secret)
        form = proving.ProofForm() if asked.wants_password(signed_in=user_id) else Form()
        if not form.validate_on_submit():
            return _confirm_page(asked, form)
        given = form.password.data if isinstance(form, proving.ProofForm) else None
        reset_secret = recovery.change_address(secret=secret, signed_in=user_id, password=given)
    except recovery.WrongPassword as refusal:
        form.refuse(refusal, "password")
        return _confirm_page(asked, form)
    except Refusal as refusal:
        said = languages.sentence(refusal)
        return htmx.page("recovery/ended.html", said=said, status=404)
    if reset_secret is not None:
        response = redirect(url_for("recovery.reset", secret=reset_secret), code=303)
        access.drop_cookie(response)
        return response
    if asked.is_confirming:
        flash(_("Your e-mail address is confirmed."), "good")
    else:
        flash(_("From now on you log in with %(email)s.", email=asked.email), "good")
    where = "auth.account" if one is not None else "auth.log_in"
    return redirect(url_for(where), code=303)


def _confirm_page(asked: recovery.Asked, form: Form) -> BaseResponse:
    return htmx.page(
        "recovery/confirm_address.html",
        form=form,
        asked=asked,
        is_undoing=asked.purpose is TokenPurpose.UNDO_EMAIL,
        status=422 if form.is_submitted() else 200,
    )
