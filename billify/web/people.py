"""What roles and devices are called on screen."""

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from billify.domain import devices
from billify.domain.roles import Role

ROLES = {
    Role.OWNER: _l("Owner"),
    Role.ADMIN: _l("Administrator"),
    Role.BOOKKEEPER: _l("Bookkeeper"),
    Role.APPROVER: _l("Approver"),
    Role.EMPLOYEE: _l("Employee"),
    Role.ACCOUNTANT: _l("Accountant"),
    Role.VIEWER: _l("Viewer"),
}
MAY = {
    Role.OWNER: _l("everything, and who belongs here"),
    Role.ADMIN: _l("everything but who belongs here"),
    Role.BOOKKEEPER: _l("hands in, checks and exports"),
    Role.APPROVER: _l("hands in, checks and approves up to the limit"),
    Role.EMPLOYEE: _l("hands in documents"),
    Role.ACCOUNTANT: _l("reads and exports"),
    Role.VIEWER: _l("reads"),
}


def init_app(app: Flask) -> None:
    """Templates say `place.role|role` and `session.device|device`."""
    app.jinja_env.filters["role"] = role
    app.jinja_env.filters["device"] = device


def role(value: str) -> str:
    """The name of a role."""
    return str(ROLES[Role(value)])


def device(agent: str | None) -> str:
    """A browser's description of itself in two words: `Firefox, Windows`."""
    return devices.name(agent) or _("Unknown device")
