"""Pages that stand beside each other: the tabs of a room, and the rail of the back office.

A page is a line here; one whose route is not there is left out.
"""

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _

from billify.domain.refusal import N_
from billify.web import features


@dataclass(frozen=True, slots=True)
class Room:
    """Its words, where it leads, and the endpoints that stand in it, by their beginning."""

    label: str
    endpoint: str
    within: tuple[str, ...]
    icon: str = ""


CASH_FLOW = (
    Room(N_("Overview"), "home.index", ("home.",)),
    Room(N_("Weeks"), "cash_flow.weeks", ("cash_flow.",)),
    Room(N_("Calendar"), "cash_flow.calendar", ("cash_flow.calendar",)),
    Room(N_("Plans"), "cash_plans.index", ("cash_plans.",)),
    Room(N_("Scenarios"), "scenarios.index", ("scenarios.",)),
    Room(N_("Budget"), "cash_plans.budget", ("cash_plans.budget",)),
    Room(N_("Track record"), "track_record.index", ("track_record.",)),
)
SETTINGS = (
    Room(N_("Company"), "companies.settings", ("companies.settings",)),
    Room(N_("People"), "companies.people", ("companies.people", "companies.member", "invitations")),
    Room(N_("Connections"), "connections.index", ("connections.",)),
    Room(N_("Privacy"), "company_privacy.index", ("company_privacy.",)),
    Room(N_("Audit log"), "companies.audit", ("companies.audit",)),
)
ACCOUNT = (
    Room(N_("Your account"), "auth.account", ("auth.account", "email_change.")),
    Room(N_("Security"), "security.index", ("security.", "passkeys.")),
    Room(N_("Notifications"), "notification_choices.index", ("notification_choices.",)),
    Room(N_("Privacy"), "privacy.index", ("privacy.",)),
)
BACK_OFFICE = (
    Room(N_("Overview"), "back_office.index", ("back_office.",), "house"),
    Room(N_("Companies"), "staff_companies.index", ("staff_companies.",), "building-2"),
    Room(N_("People"), "staff_people.index", ("staff_people.",), "users"),
    Room(N_("Connections"), "staff_connections.index", ("staff_connections.",), "plug"),
    Room(N_("Jobs"), "staff_jobs.index", ("staff_jobs.",), "list-checks"),
    Room(N_("Faults"), "staff_faults.index", ("staff_faults.",), "triangle-alert"),
    Room(N_("Audit log"), "staff_audit.index", ("staff_audit.",), "book-open"),
    Room(N_("Mails"), "staff_mails.index", ("staff_mails.",), "mail"),
    Room(N_("Notices"), "announcements.index", ("announcements.",), "info"),
    Room(N_("Fence"), "staff_fence.index", ("staff_fence.",), "lock"),
)


def init_app(app: Flask) -> None:
    """Templates ask for the tabs of their room by these names."""
    app.jinja_env.globals |= {
        "cash_flow_tabs": lambda: tabs(CASH_FLOW),
        "settings_tabs": lambda: tabs(SETTINGS),
        "account_tabs": lambda: tabs(ACCOUNT),
    }


def tabs(rooms: tuple[Room, ...]) -> list[tuple[str, str, bool, None]]:
    """The tabs as `ui/_tabs.html` takes them."""
    here = _room_of(rooms, request.endpoint or "")
    return [(_(room.label), url_for(room.endpoint), room is here, None) for room in _there(rooms)]


def rail(rooms: tuple[Room, ...]) -> list[tuple[str, str, str, bool]]:
    """The entries as `layouts/_rail.html` takes them: address, icon, words, is it this one."""
    here = _room_of(rooms, request.endpoint or "")
    return [
        (url_for(room.endpoint), room.icon, _(room.label), room is here) for room in _there(rooms)
    ]


def _there(rooms: tuple[Room, ...]) -> list[Room]:
    return [
        room
        for room in rooms
        if room.endpoint in current_app.view_functions and features.has_page(room.endpoint)
    ]


def _room_of(rooms: tuple[Room, ...], endpoint: str) -> Room | None:
    """The room whose beginning fits best: a budget stands in Budget and not in Plans."""
    fitting = [
        (len(start), room) for room in rooms for start in room.within if endpoint.startswith(start)
    ]
    return max(fitting, key=lambda found: found[0])[1] if fitting else None
