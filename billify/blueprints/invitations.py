"""Inviting people to a company: an owner writes, writes again, or takes it back."""

from uuid import UUID

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from billify.application import invitations
from billify.data.queries import companies as queries
from billify.domain.refusal import Refusal
from billify.domain.roles import Right, Role
from billify.web import htmx, languages, limits
from billify.web.access import actor, right
from billify.web.forms import ChoiceField, Form, MoneyField, OptionalText, at_most, chosen, required
from billify.web.people import MAY, ROLES

bp = Blueprint("invitations", __name__)


class InvitationForm(Form):
    """Who is to join, as what."""

    email = OptionalText(_l("E-mail"), [required(), at_most(200)])
    role = ChoiceField(
        _l("Role"),
        [chosen()],
        choices=[(role.value, name) for role, name in ROLES.items()],
    )
    approval_limit = MoneyField(_l("Approves up to"))
    language = ChoiceField(_l("Language of the mail"), [chosen()], choices=list(languages.NAMES))


@bp.route("/settings/people/invitation", methods=["GET", "POST"])
@right(Right.MANAGE_COMPANY)
@limits.limiter.limit(limits.INVITATIONS, exempt_when=limits.is_get)
def new() -> Response:
    """Invite somebody."""
    form = InvitationForm(role=Role.EMPLOYEE.value, language=queries.own().language)
    if form.validate_on_submit():
        try:
            row = invitations.invite(
                email=form.email.data or "",
                role=Role(form.role.data),
                approval_limit=form.approval_limit.data,
                language=form.language.data,
                by=actor(),
            )
        except Refusal as refusal:
            form.refuse(refusal, "email")
        else:
            flash(_("The invitation to %(email)s is on its way.", email=row.email), "good")
            return htmx.go(url_for("companies.people"))
    return htmx.page(
        "invitations/new.html",
        form=form,
        roles=ROLES,
        may=MAY,
        is_confirmed=invitations.may_write(by=actor()),
        status=422 if form.is_submitted() else 200,
    )


@bp.post("/settings/people/invitations/<uuid:invitation_id>/sending")
@right(Right.MANAGE_COMPANY)
@limits.limiter.limit(limits.INVITATIONS, exempt_when=limits.is_get)
def resend(invitation_id: UUID) -> Response:
    """Write again, with a new link."""
    row = invitations.resend(invitation_id=invitation_id, by=actor())
    flash(_("A new invitation to %(email)s is on its way.", email=row.email), "good")
    return htmx.go(url_for("companies.people"))


@bp.post("/settings/people/invitations/<uuid:invitation_id>/withdrawal")
@right(Right.MANAGE_COMPANY)
def withdraw(invitation_id: UUID) -> Response:
    """Let the link be good for nothing."""
    row = invitations.withdraw(invitation_id=invitation_id, by=actor())
    flash(_("The invitation to %(email)s was withdrawn.", email=row.email), "good")
    return htmx.go(url_for("companies.people"))
