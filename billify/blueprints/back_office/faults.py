"""Faults of our own, grouped by kind and place."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from billify.application import faults
from billify.application.back_office import dead_letters
from billify.domain.refusal import NotFound
from billify.web import htmx
from billify.web.access import staff

bp = Blueprint("staff_faults", __name__, url_prefix="/faults")


@bp.get("")
@staff
def index() -> Response:
    """Faults that wait for someone, or those that were put away; the latest first."""
    is_away = request.args.get("view") == "away"
    before = _place()
    found, more = faults.page(put_away=is_away, before=before)
    more_url = (
        url_for(
            "staff_faults.index",
            view="away" if is_away else None,
            before=f"{found[-1].last_at.isoformat()}_{found[-1].fingerprint}",
        )
        if more
        else None
    )
    # Any: what the template takes
    context: dict[str, Any] = {"faults": found, "more_url": more_url, "is_away": is_away}
    if request.headers.get("HX-Request-Type") == "partial" and before:
        return htmx.fragment("back_office/_faults_more.html", **context)
    return htmx.page("back_office/faults.html", **context)


@bp.get("/<fingerprint>")
@staff
def show(fingerprint: str) -> Response:
    """One fault: how often, when, in which request, and its stack."""
    fault = faults.one(fingerprint=fingerprint)
    company = None
    if fault.last_company is not None:
        company = dead_letters.company_name(company_id=fault.last_company)
    letters = dead_letters.page(name=fault.during)[0] if "/" not in fault.during else []
    return htmx.page("back_office/fault.html", fault=fault, company_name=company, letters=letters)


@bp.post("/<fingerprint>/putting-away")
@staff
def put_away(fingerprint: str) -> Response:
    """Nobody needs to look at it until it happens again."""
    faults.put_away(fingerprint=fingerprint)
    flash(_("Put away. It comes back when it happens again."), "good")
    return htmx.go(url_for("staff_faults.index"))


@bp.post("/<fingerprint>/taking-back")
@staff
def take_back(fingerprint: str) -> Response:
    """Among those that wait for someone again."""
    faults.take_back(fingerprint=fingerprint)
    return htmx.go(url_for("staff_faults.show", fingerprint=fingerprint))


def _place() -> tuple[datetime, str] | None:
    """The row that the list goes on after. Raises NotFound for what no list of ours wrote."""
    text = request.args.get("before")
    if not text:
        return None
    at, _under, fingerprint = text.partition("_")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise NotFound from None
    if moment.tzinfo is None:
        raise NotFound
    return moment, fingerprint
