"""Parts that can be switched off: which pages belong to them. What a company does without is not
there for it: 404, and no link leads to it."""

from flask import Flask, g
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import NotFound

from billify.domain.features import Feature

BLUEPRINTS = {
    "accounting": Feature.ACCOUNTING,
    "bank_meeting": Feature.BANK_MEETING,
    "scenarios": Feature.SCENARIOS,
    "track_record": Feature.TRACK_RECORD,
}
"""The part that the pages of a blueprint are, by its name."""
NAMES = {
    Feature.ACCOUNTING: _l("Accounting (Yuki)"),
    Feature.SCENARIOS: _l("Scenarios"),
    Feature.BANK_MEETING: _l("Paper for the bank"),
    Feature.TRACK_RECORD: _l("Track record"),
}


def init_app(app: Flask) -> None:
    """Templates ask `has_page("bank_meeting.index")` before they lead there."""
    app.jinja_env.globals["has_page"] = has_page


def has_page(endpoint: str) -> bool:
    """Is this page there for the company at hand? Where there is none, every page is."""
    feature = BLUEPRINTS.get(endpoint.partition(".")[0])
    company = g.get("company")
    return feature is None or company is None or feature.value not in company.switched_off


def refuse_switched_off(endpoint: str) -> None:
    """Raises NotFound for a page of a part that the company does without."""
    if not has_page(endpoint):
        raise NotFound
