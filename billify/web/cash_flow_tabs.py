"""The rooms of the cash flow, as tabs under Home."""

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _

from billify.domain.refusal import N_


@dataclass(frozen=True, slots=True)
class Room:
    """A tab: its words, where it leads, and the endpoints that stand in it, by their beginning."""

    label: str
    endpoint: str
    within: tuple[str, ...]


ROOMS = (
    Room(N_("Overview"), "home.index", ("home.",)),
    Room(N_("Weeks"), "cash_flow.weeks", ("cash_flow.",)),
    Room(N_("Calendar"), "cash_flow.calendar", ("cash_flow.calendar",)),
    Room(N_("Plans"), "cash_plans.index", ("cash_plans.",)),
    Room(N_("Scenarios"), "scenarios.index", ("scenarios.",)),
    Room(N_("Budget"), "cash_plans.budget", ("cash_plans.budget",)),
    Room(N_("Track record"), "track_record.index", ("track_record.",)),
)


def init_app(app: Flask) -> None:
    """`templates/cash_flow/_tabs.html` asks for them."""
    app.jinja_env.globals["cash_flow_tabs"] = tabs


def tabs() -> list[tuple[str, str, bool, None]]:
    """The tabs as `ui/_tabs.html` takes them; those of rooms that are not there are left out."""
    here = _room_of(request.endpoint or "")
    return [
        (_(room.label), url_for(room.endpoint), room is here, None)
        for room in ROOMS
        if room.endpoint in current_app.view_functions
    ]


def _room_of(endpoint: str) -> Room | None:
    """The room whose beginning fits best: a budget stands in Budget and not in Plans."""
    fitting = [
        (len(start), room) for room in ROOMS for start in room.within if endpoint.startswith(start)
    ]
    return max(fitting, key=lambda found: found[0])[1] if fitting else None
