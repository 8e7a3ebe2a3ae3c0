"""Scenarios: what if. Each comparison is an address; those with a name are kept."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, flash, g, request, url_for
from flask_babel import gettext as _

from billify.application import scenarios
from billify.data.queries import scenarios as queries
from billify.domain.forecast import scenarios as rules
from billify.domain.forecast.scenarios import Unreadable
from billify.domain.refusal import NotFound, Refusal
from billify.domain.roles import Right
from billify.web import htmx, languages, scenario_address, scenario_forms, scenario_view
from billify.web.access import actor, right, today
from billify.web.scenario_address import PLACES, Address
from billify.web.scenario_forms import ChangeForm, NameForm
from billify.web.scenario_view import Asked

bp = Blueprint("scenarios", __name__)


@bp.get("/scenarios")
@right(Right.SEE_MONEY)
def index() -> Response:
    """The forecast and up to three scenarios beside it; a form that was filled in leads on."""
    address, day = scenario_address.read(request.args), today()
    found = _compare(address, day)
    asked = scenario_view.asked_form(request.args, address)
    form = None
    if asked is not None:
        form = scenario_view.form_for(asked, found=found, args=request.args, today=day)
        if asked.is_sent:
            url = _changed(form, asked, address, day)
            if url:
                return htmx.go(url)
    return _page(address, found, asked=asked, form=form)


@bp.post("/scenarios")
@right(Right.EDIT_INVOICES)
def save() -> Response:
    """Keep one of the scenarios of the address under a name."""
    address = scenario_address.read(request.args)
    place = request.form.get("place", PLACES[0])
    form = NameForm()
    if form.validate_on_submit():
        try:
            row = scenarios.save(
                name=form.name.data or "", query=address.query_of(place), by=actor()
            )
        except Refusal as refusal:
            form.refuse(refusal, "name")
        else:
            flash(_("%(name)s was saved.", name=row.name), "good")
            return htmx.go(address.named(place, row.name).url())
    wrong = (place, form.name.errors[0]) if form.name.errors else None
    return _page(address, _compare(address, today()), wrong_name=wrong)


@bp.post("/scenarios/<uuid:scenario_id>/name")
@right(Right.EDIT_INVOICES)
def rename(scenario_id: UUID) -> Response:
    """Give a scenario another name."""
    try:
        row = scenarios.rename(
            scenario_id=scenario_id, name=request.form.get("name", ""), by=actor()
        )
        flash(_("%(name)s was saved.", name=row.name), "good")
    except NotFound:
        raise
    except Refusal as refusal:
        flash(languages.sentence(refusal), "bad")
    return htmx.go(url_for("scenarios.index", _anchor="kept"))


@bp.post("/scenarios/<uuid:scenario_id>/deletion")
@right(Right.EDIT_INVOICES)
def drop(scenario_id: UUID) -> Response:
    """Delete a scenario that was kept."""
    row = scenarios.drop(scenario_id=scenario_id, by=actor())
    flash(_("%(name)s was deleted.", name=row.name), "good")
    return htmx.go(url_for("scenarios.index", _anchor="kept"))


def _compare(address: Address, day: date) -> scenarios.Comparison:
    return scenarios.compare(
        asked=address.changes,
        today=day,
        currency=g.company.currency,
        vat_every=g.company.vat_every,
    )


def _changed(form: ChangeForm, asked: Asked, address: Address, day: date) -> str | None:
    """The address with the change that was filled in; None when it has mistakes."""
    if not form.validate():
        return None
    try:
        change = form.change(asked.kind, day)
    except Unreadable as refusal:
        scenario_forms.refuse(form, refusal)
        return None
    text = rules.write(change)
    return address.with_change(asked.place, asked.kind, text, asked.at).closed_up().url()


def _page(
    address: Address,
    found: scenarios.Comparison,
    *,
    asked: Asked | None = None,
    form: ChangeForm | None = None,
    wrong_name: tuple[str, str] | None = None,
) -> Response:
    is_wrong = bool(wrong_name or (asked and asked.is_sent and form))
    shown = scenario_view.view(
        found=found,
        address=address,
        saved=queries.saved(),
        asked=asked,
        form=form,
        begun=request.args.get("place", ""),
        today=today(),
    )
    return htmx.page(
        "scenarios/index.html", status=422 if is_wrong else 200, view=shown, wrong_name=wrong_name
    )
