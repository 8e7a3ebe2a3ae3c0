"""Settings, privacy: how long things are kept, who took data out, who of support looked along."""

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from billify.application import retention
from billify.data.queries import companies
from billify.data.queries import company_privacy as queries
from billify.domain import keeping
from billify.domain.keeping import LEAST_DAYS, MOST_DAYS, Keeping
from billify.domain.people import SupportState
from billify.domain.refusal import Refusal
from billify.domain.roles import Right, Role
from billify.web import htmx
from billify.web.access import actor, now, right
from billify.web.forms import Form, WholeField, required

bp = Blueprint("company_privacy", __name__)


STATES = {
    SupportState.ASKED: (_l("Asked"), "accent", "hourglass"),
    SupportState.ALLOWED: (_l("Allowed"), "warn", "eye"),
    SupportState.REFUSED: (_l("Refused"), "neutral", "ban"),
    SupportState.ENDED: (_l("Ended"), "neutral", "check"),
}


class KeepingForm(Form):
    """How many days each is kept."""

    keep_logs_days = WholeField(
        _l("Runs of connections"), [required()], least=LEAST_DAYS, most=MOST_DAYS
    )
    keep_told_days = WholeField(
        _l("What people were told"), [required()], least=LEAST_DAYS, most=MOST_DAYS
    )
    keep_put_away_days = WholeField(
        _l("Files put away that are no invoice"), least=LEAST_DAYS, most=MOST_DAYS
    )

    def keeping(self) -> Keeping:
        """What was filled in."""
        return Keeping(
            self.keep_logs_days.data or LEAST_DAYS,
            self.keep_told_days.data or LEAST_DAYS,
            self.keep_put_away_days.data,
        )


@bp.route("/settings/privacy", methods=["GET", "POST"])
@right(Right.MANAGE_COMPANY)
def index() -> Response:
    """What is kept how long; owners may change it."""
    form = KeepingForm(obj=companies.own())
    if form.validate_on_submit():
        try:
            retention.keep(keeping=form.keeping(), by=actor())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "good")
            return htmx.go(url_for("company_privacy.index"))
    return htmx.page(
        "company_privacy/index.html",
        form=form,
        may_change=actor().role is Role.OWNER,
        years=keeping.YEARS_OF_BOOKS,
        least=LEAST_DAYS,
        exports=queries.exports(),
        accesses=queries.accesses(now=now()),
        states=STATES,
        status=422 if form.is_submitted() else 200,
    )


@bp.get("/settings/privacy/exports")
@right(Right.MANAGE_COMPANY)
def exports() -> Response:
    """The whole log of what was taken out, newest first."""
    found = queries.exports(before=request.args.get("before", type=int), most=queries.PAGE + 1)
    shown = list(found[: queries.PAGE])
    more_url = None
    if len(found) > queries.PAGE:
        more_url = url_for("company_privacy.exports", before=shown[-1].seq)
    is_more = request.headers.get("HX-Request-Type") == "partial" and "before" in request.args
    return htmx.page(
        "company_privacy/_exports_more.html" if is_more else "company_privacy/exports.html",
        exports=shown,
        more_url=more_url,
    )
