"""Companies: found among all of them, looked at, suspended, switched; and looking along."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from billify.application import invitations
from billify.application.back_office import companies, looking
from billify.data.queries import staff_companies as queries
from billify.data.queries import support
from billify.data.queries.staff_companies import State
from billify.domain.features import Feature
from billify.domain.refusal import NotFound, Refusal
from billify.web import connection_view, features, htmx, searching, staff_list
from billify.web.access import me, now, staff, staff_member
from billify.web.forms import Form, OptionalText, at_most, required

bp = Blueprint("staff_companies", __name__, url_prefix="/companies")
LONGEST_REASON = 300
VIEWS = {State.ALL: _l("All"), State.ACTIVE: _l("Active"), State.SUSPENDED: _l("Suspended")}


class ReasonForm(Form):
    """Why something is done."""

    reason = OptionalText(_l("Why"), [required(), at_most(LONGEST_REASON)])


@bp.get("")
@staff
def index() -> Response:
    """Every company, by name."""
    view = staff_list.view(State.ALL)
    found, following = companies.page(
        words=searching.words(request.args),
        state=view,
        after=staff_list.place(),
        size=staff_list.SIZE,
    )
    return htmx.page(
        staff_list.template("back_office/companies.html", "back_office/_companies_more.html"),
        found=found,
        most=queries.MOST_COUNTED,
        **staff_list.context(VIEWS, view, State.ALL, following),
    )


@bp.get("/<uuid:company_id>")
@staff
def show(company_id: UUID) -> Response:
    """How a company stands. Looking at it is a line in its audit log."""
    return _show(company_id, ReasonForm(formdata=None))


@bp.post("/<uuid:company_id>/suspension")
@staff
def suspend(company_id: UUID) -> Response:
    """Close a company to its people."""
    form = ReasonForm()
    if form.validate():
        try:
            companies.suspend(
                company_id=company_id, reason=form.reason.data or "", by=staff_member()
            )
        except Refusal as refusal:
            form.refuse(refusal, "reason")
        else:
            flash(_("The company is suspended."), "good")
            return htmx.go(url_for(".show", company_id=company_id))
    return _show(company_id, form, status=422)


@bp.post("/<uuid:company_id>/resumption")
@staff
def resume(company_id: UUID) -> Response:
    """Open a suspended company again."""
    companies.resume(company_id=company_id, by=staff_member())
    flash(_("The company goes on."), "good")
    return htmx.go(url_for(".show", company_id=company_id))


@bp.post("/<uuid:company_id>/features")
@staff
def switch(company_id: UUID) -> Response:
    """Say which parts of Billify the company has."""
    on = [one for one in Feature if request.form.get(f"feature-{one.value}")]
    companies.switch(company_id=company_id, on=on, by=staff_member())
    flash(_("Saved."), "good")
    return htmx.go(url_for(".show", company_id=company_id))


@bp.post("/<uuid:company_id>/invitations/<uuid:invitation_id>/resending")
@staff
def resend(company_id: UUID, invitation_id: UUID) -> Response:
    """Write an invitation again, with a new link."""
    with companies.within(company_id=company_id):
        invitations.resend(invitation_id=invitation_id, by=staff_member())
    flash(_("The invitation was sent again."), "good")
    return htmx.go(url_for(".show", company_id=company_id))


@bp.route("/<uuid:company_id>/people/<uuid:user_id>/support", methods=["GET", "POST"])
@staff
def ask(company_id: UUID, user_id: UUID) -> Response:
    """Ask a person of the company whether one may look along."""
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            looking.ask(
                company_id=company_id,
                user_id=user_id,
                reason=form.reason.data or "",
                by=staff_member(),
            )
        except Refusal as refusal:
            if isinstance(refusal, NotFound):
                raise
            form.refuse(refusal, "reason")
        else:
            flash(_("The person is asked. Nothing is seen before they allow it."), "good")
            return htmx.go(url_for(".show", company_id=company_id))
    with companies.within(company_id=company_id) as company:
        person = next((one for one in queries.members() if one.user_id == user_id), None)
    if person is None:
        raise NotFound
    looking.note(what="company", company_id=company_id, by=staff_member())
    status = 422 if form.is_submitted() else 200
    return htmx.page("back_office/ask.html", one=company, person=person, form=form, status=status)


@bp.post("/<uuid:company_id>/support/<uuid:access_id>/looking")
@staff
def look(company_id: UUID, access_id: UUID) -> Response:
    """Look with the eyes of the person who has allowed it."""
    slug = looking.begin(
        company_id=company_id, access_id=access_id, session_id=me().session_id, by=staff_member()
    )
    return htmx.go(url_for("home.index", company=slug))


@bp.post("/<uuid:company_id>/support/<uuid:access_id>/ending")
@staff
def end_looking(company_id: UUID, access_id: UUID) -> Response:
    """Stop looking, or take a question back."""
    looking.end_by_staff(
        company_id=company_id, access_id=access_id, session_id=me().session_id, by=staff_member()
    )
    flash(_("Looking along has ended."), "good")
    return htmx.go(url_for(".show", company_id=company_id))


def _show(company_id: UUID, form: ReasonForm, *, status: int = 200) -> Response:
    with companies.within(company_id=company_id) as company:
        looking.note(what="company", company_id=company_id, by=staff_member())
        parts = _parts()
    return htmx.page("back_office/company.html", one=company, form=form, status=status, **parts)


def _parts() -> dict[str, Any]:  # Any: what a template takes
    """How the company of the scope stands."""
    return {
        "standing": queries.standing(),
        "most": queries.MOST_COUNTED,
        "members": queries.members(),
        "invitations": invitations.pending(now=now()),
        "connections": queries.connections(),
        "states": connection_view.STATES,
        "features": features.NAMES,
        "accesses": [(row, name, looking.state_of(row)) for row, name in support.of_company()],
        "now": now(),
    }
