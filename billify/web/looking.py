"""Staff on a company's pages with the eyes of a person who has allowed it: reading, and no more.

Whatever changes something is refused, and each page leaves a line in the company's audit log
before it is made. The person's rights are the ceiling. See docs/adr/0019.
"""

from typing import NamedTuple
from uuid import UUID

from flask import g, request

from billify.application.back_office import looking
from billify.application.back_office.looking import Eyes
from billify.data import tenancy
from billify.domain.refusal import N_, NotAllowed
from billify.domain.roles import Actor, Staff

_SILENT = frozenset({"live.changes", "notifications.bell"})
"""Parts of every page that show no row: which topics have changed, how much is unread."""


class Lent(NamedTuple):
    """What a session of staff was lent: in which company, and by which permission."""

    company_id: UUID
    access_id: UUID


def enter(lent: Lent, slug: str | None, *, by: Staff) -> bool:
    """Enter the company of the address with somebody's eyes. False when it is another company, or
    the permission no longer counts; refuses whatever is no reading."""
    eyes = looking.eyes(company_id=lent.company_id, access_id=lent.access_id, staff_id=by.user_id)
    if eyes is None or eyes.company.slug != slug:
        return False
    if request.method not in ("GET", "HEAD"):
        raise NotAllowed(N_("You look along with somebody: nothing can be changed."))
    _enter(eyes, by)
    return True


def current() -> Eyes | None:
    """Whose eyes this request sees with, when it is one of staff."""
    found: Eyes | None = g.get("looking")
    return found


def note(eyes: Eyes, *, by: Staff) -> None:
    """Write down in the company what is looked at, by its path without the search words."""
    if request.endpoint not in _SILENT:
        path = request.path.removeprefix(f"/c/{eyes.company.slug}") or "/"
        looking.note(what=path, company_id=eyes.company.id, by=by, eyes_of=eyes.name)


def _enter(eyes: Eyes, by: Staff) -> None:
    # The scope keeps the staff's own id: what belongs to the person alone stays out of reach.
    tenancy.enter(tenancy.Scope(company_id=eyes.company.id, user_id=by.user_id))
    note(eyes, by=by)
    g.looking = eyes
    g.company = eyes.company
    g.actor = Actor(
        user_id=eyes.user_id,
        name=eyes.name,
        email=eyes.email,
        company_id=eyes.company.id,
        role=eyes.role,
        approval_limit=eyes.approval_limit,
        address=request.remote_addr,
    )
