"""What every page's frame needs: navigation, the person, the company, the live address."""

from dataclasses import dataclass

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext as _

from billify.application import live
from billify.domain.roles import Actor, Right
from billify.web import features, htmx, languages, rooms
from billify.web.access import Access, Person, declared, signed_in


@dataclass(frozen=True, slots=True)
class Room:
    """An entry of the main navigation."""

    endpoint: str
    icon: str
    right: Right


ROOMS = (
    Room("home.index", "house", Right.SEE_MONEY),
    Room("purchases.index", "file-down", Right.UPLOAD),
    Room("sales.index", "file-up", Right.SEE_MONEY),
    Room("banking.index", "landmark", Right.SEE_MONEY),
    Room("contacts.index", "users", Right.SEE_MONEY),
    Room("companies.settings", "settings", Right.MANAGE_COMPANY),
)

WITHIN = {
    "accounting": "banking",
    "bank_files": "banking",
    "bank_rules": "banking",
    "cash_flow": "home",
    "cash_plans": "home",
    "company_privacy": "companies",
    "connections": "companies",
    "documents": "purchases",
    "invitations": "companies",
    "matching": "banking",
    "ponto": "companies",
    "scenarios": "home",
    "track_record": "home",
    "bank_meeting": "home",
}
"""Pages that stand in another room than their module is named after."""


def init_app(app: Flask) -> None:
    """Give the frame to every page. Comes after the access check, which finds the company."""
    app.before_request(_note_state)
    app.context_processor(_frame)


def may_enter(actor: Actor, room: Room) -> bool:
    """Does the person's role open this room? Purchases open to who reads or hands in."""
    if room.endpoint == "purchases.index":
        return actor.can(Right.SEE_MONEY) or actor.can(Right.UPLOAD)
    return actor.can(room.right)


def _note_state() -> None:
    """What a page shows is at least as new as this; what changes from here on it will hear of."""
    if request.method == "GET" and "actor" in g and not htmx.is_htmx():
        g.live_state = live.state()


def _frame() -> dict[str, object]:
    one: Person | None = signed_in()
    actor: Actor | None = g.get("actor")
    frame: dict[str, object] = {
        "locale": languages.current(),
        "actor": actor or one,
        "company": g.get("company"),
        "has_bell": actor is not None,
        "companies": g.get("places", []),
        "account_url": url_for("auth.account") if one else None,
        "back_office_url": url_for("back_office.index") if one and one.is_staff else None,
        "nav": [],
        "live_url": None,
    }
    if _is_back_office():
        frame["nav"] = rooms.rail(rooms.BACK_OFFICE)
    if actor is not None:
        names = _names()
        here = (request.endpoint or "").split(".")[0]
        here = WITHIN.get(here, here)
        frame["nav"] = [
            (
                url_for(room.endpoint),
                room.icon,
                names[room.endpoint],
                room.endpoint.startswith(f"{here}."),
            )
            for room in ROOMS
            if may_enter(actor, room) and features.has_page(room.endpoint)
        ]
        frame["live_url"] = url_for("live.changes", since=g.get("live_state") or "start")
    return frame


def _is_back_office() -> bool:
    what = declared(current_app, request.endpoint) if request.endpoint else None
    return what is not None and what.access is Access.STAFF


def _names() -> dict[str, str]:
    return {
        "home.index": _("Home"),
        "purchases.index": _("Purchases"),
        "sales.index": _("Sales"),
        "banking.index": _("Bank"),
        "contacts.index": _("Contacts"),
        "companies.settings": _("Settings"),
    }
