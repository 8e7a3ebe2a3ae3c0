"""Asking who is signed in for a proof of it, before something grave."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField

from billify.application import auth, second_step
from billify.domain import passwords
from billify.domain.refusal import Refusal
from billify.web import access
from billify.web.forms import Form, OptionalText, at_most, required


class ProofForm(Form):
    """The password."""

    password = PasswordField(_l("Your password"), [required(), at_most(passwords.LONGEST)])


class BothForm(ProofForm):
    """Both steps again."""

    code = OptionalText(_l("Code of the app, or a recovery code"), [required(), at_most(60)])


def form() -> ProofForm:
    """What the person has to give: the password, and a code where an app is set up."""
    has_app = auth.has_second_step(user_id=access.me().user_id)
    return BothForm() if has_app else ProofForm()


def code(given: ProofForm) -> str:
    """The code that was given, where one was asked for."""
    return (given.code.data or "") if isinstance(given, BothForm) else ""


def refuse(given: ProofForm, refusal: Refusal) -> None:
    """Say what was wrong at its field; above the form what is about no field."""
    if isinstance(refusal, second_step.WrongCode) and isinstance(given, BothForm):
        given.refuse(refusal, "code")
    elif isinstance(refusal, auth.NotYourPassword):
        given.refuse(refusal, "password")
    else:
        given.refuse(refusal)
