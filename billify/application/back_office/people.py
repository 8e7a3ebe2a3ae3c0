"""What staff do for a person: each deed is told in every company the person belongs to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog

from billify.application import audit, lock_out, recovery, security_notes
from billify.application.security_notes import Note
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import LoginSession, Membership, User
from billify.data.queries import auth, second_step
from billify.data.queries import staff_people as queries
from billify.domain.refusal import N_, NotFound, Refusal
from billify.domain.roles import Staff

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Found:
    """A person with what staff may see: how they log in, never with what."""

    user: User
    places: tuple[Membership, ...]
    sessions: tuple[LoginSession, ...]
    passkeys: int


def find(*, user_id: UUID, now: datetime) -> Found:
    """A person, where they belong and where they are signed in. Refuses nobody."""
    user = queries.get(user_id)
    if user is None:
        raise NotFound
    with tenancy.user_scope(user_id):
        return Found(
            user=user,
            places=tuple(auth.places(user_id)),
            sessions=tuple(auth.live_sessions(user_id, now)),
            passkeys=queries.passkeys(user_id),
        )


def suspend(*, user_id: UUID, reason: str, by: Staff) -> None:
    """Keep a person out everywhere, from this moment on. Refuses oneself, a second time, and
    without a reason."""
    if user_id == by.user_id:
        raise Refusal(N_("You can't suspend yourself."))
    if not reason.strip():
        raise Refusal(N_("Say why: it stands in the audit log of their companies."))
    with _person(user_id) as user:
        if user.suspended_at is not None:
            raise Refusal(N_("This person is suspended already."))
        user.suspended_at = datetime.now(UTC)
        queries.end_sessions(user_id, user.suspended_at)
        _tell_all("person.suspended", user, by=by, reason=reason.strip())


def resume(*, user_id: UUID, by: Staff) -> None:
    """Let a suspended person log in again. Refuses one who may."""
    with _person(user_id) as user:
        if user.suspended_at is None:
            raise Refusal(N_("This person is not suspended."))
        user.suspended_at = None
        _tell_all("person.resumed", user, by=by)


def release(*, user_id: UUID, by: Staff) -> None:
    """Open an account that wrong passwords have closed."""
    with _person(user_id) as user:
        lock_out.release(user_id=user_id)
        _tell_all("person.released", user, by=by)


def remove_second_step(*, user_id: UUID, by: Staff) -> None:
    """Turn off the second step of a person who has lost it, and forget its recovery codes. The
    person gets a mail, and still needs the password. Refuses oneself, and who has none."""
    if user_id == by.user_id:
        raise Refusal(N_("Turn off your own second step in your account."))
    with _person(user_id) as user:
        if user.totp_since is None:
            raise Refusal(N_("No app is set up."))
        with tenancy.user_scope(user_id):
            second_step.remove(user_id)
        security_notes.write(user=user, note=Note.APP_REMOVED)
        _tell_all("person.second_step_removed", user, by=by)


def sign_out(*, user_id: UUID, by: Staff) -> int:
    """Sign out every device of a person; gives how many."""
    with _person(user_id) as user:
        ended = queries.end_sessions(user_id, datetime.now(UTC))
        _tell_all("person.signed_out", user, by=by)
    return ended


def offer_password(*, user_id: UUID, by: Staff) -> None:
    """Send a person the mail with which they choose a new password. Its link is theirs alone.
    Refuses a suspended person, to whom nothing is sent."""
    with _person(user_id) as user:
        if user.suspended_at is not None:
            raise Refusal(N_("This person is suspended: let them in again first."))
        recovery.send_reset(user=user)
        _tell_all("person.reset_sent", user, by=by)


@contextmanager
def _person(user_id: UUID) -> Iterator[User]:
    with transaction():
        user = queries.lock(user_id)
        if user is None:
            raise NotFound
        yield user


def _tell_all(verb: str, user: User, *, by: Staff, reason: str | None = None) -> None:
    """A line in the audit log of each company of the person, and one in our own log."""
    with tenancy.user_scope(user.id):
        places = queries.memberships(user.id)
    after = {"name": user.name} | ({"reason": reason} if reason else {})
    for place in places:
        with tenancy.company_scope(place.company_id):
            audit.record(verb, place, by=by, after=after)
    log.info(verb, user_id=str(user.id), staff_id=str(by.user_id), companies=len(places))
