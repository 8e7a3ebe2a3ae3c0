"""People: found among all of them, let in and kept out. No password or token is ever shown."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from billify.application.back_office import looking, people
from billify.blueprints.back_office.companies import ReasonForm
from billify.data.queries import staff_people as queries
from billify.data.queries.staff_people import Kind
from billify.domain.refusal import NotFound, Refusal
from billify.domain.roles import Staff
from billify.web import htmx, searching, staff_list
from billify.web.access import now, staff, staff_member

bp = Blueprint("staff_people", __name__, url_prefix="/people")
VIEWS = {
    Kind.ALL: _l("All"),
    Kind.STAFF: _l("Staff"),
    Kind.LOCKED: _l("Locked out"),
    Kind.SUSPENDED: _l("Suspended"),
}


@bp.get("")
@staff
def index() -> Response:
    """Everybody with an account, by name."""
    view = staff_list.view(Kind.ALL)
    moment = now()
    found, following = queries.page(
        words=searching.words(request.args),
        kind=view,
        after=staff_list.place(),
        size=staff_list.SIZE,
        now=moment,
    )
    return htmx.page(
        staff_list.template("back_office/people.html", "back_office/_people_more.html"),
        found=found,
        now=moment,
        **staff_list.context(VIEWS, view, Kind.ALL, following),
    )


@bp.get("/<uuid:user_id>")
@staff
def show(user_id: UUID) -> Response:
    """A person: where they belong, how they log in, where they are signed in. Each of their
    companies can see that staff looked."""
    return _show(user_id, ReasonForm(formdata=None))


@bp.post("/<uuid:user_id>/suspension")
@staff
def suspend(user_id: UUID) -> Response:
    """Keep a person out."""
    form = ReasonForm()
    if form.validate():
        try:
            people.suspend(user_id=user_id, reason=form.reason.data or "", by=staff_member())
        except Refusal as refusal:
            if isinstance(refusal, NotFound):
                raise
            form.refuse(refusal, "reason")
        else:
            flash(_("The person is suspended and signed out everywhere."), "good")
            return htmx.go(url_for(".show", user_id=user_id))
    return _show(user_id, form, status=422)


@bp.post("/<uuid:user_id>/resumption")
@staff
def resume(user_id: UUID) -> Response:
    """Let a person in again."""
    return _done(people.resume, user_id, _("The person may log in again."))


@bp.post("/<uuid:user_id>/release")
@staff
def release(user_id: UUID) -> Response:
    """Open an account that wrong passwords have closed."""
    return _done(people.release, user_id, _("The account is open again."))


@bp.post("/<uuid:user_id>/second-step/removal")
@staff
def remove_second_step(user_id: UUID) -> Response:
    """Turn off the second step of who has lost it."""
    return _done(people.remove_second_step, user_id, _("The second step is off."))


@bp.post("/<uuid:user_id>/sign-out")
@staff
def sign_out(user_id: UUID) -> Response:
    """Sign out every device of a person."""
    return _done(people.sign_out, user_id, _("The person is signed out everywhere."))


@bp.post("/<uuid:user_id>/password")
@staff
def offer_password(user_id: UUID) -> Response:
    """Send the mail with which the person chooses a new password."""
    return _done(people.offer_password, user_id, _("The mail for a new password is on its way."))


def _done(deed: Callable[..., object], user_id: UUID, said: str) -> Response:
    by: Staff = staff_member()
    deed(user_id=user_id, by=by)
    flash(said, "good")
    return htmx.go(url_for(".show", user_id=user_id))


def _show(user_id: UUID, form: ReasonForm, *, status: int = 200) -> Response:
    moment = now()
    found = people.find(user_id=user_id, now=moment)
    looking.note_each(
        what="person", company_ids=[place.company_id for place in found.places], by=staff_member()
    )
    return htmx.page("back_office/person.html", found=found, form=form, now=moment, status=status)
