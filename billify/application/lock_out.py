"""Closing an account to guesses after wrong passwords and codes, and opening it again."""

from datetime import UTC, datetime
from uuid import UUID

import structlog

from billify.application import security_notes
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import User
from billify.data.queries import auth as queries
from billify.domain import lock_out as rules

log = structlog.get_logger()
_NOBODY = UUID(int=0)


def is_locked(*, user: User) -> bool:
    """Is the account closed to guesses right now?"""
    return user.locked_until is not None and user.locked_until > datetime.now(UTC)


def count(*, user: User | None) -> None:
    """Note a wrong password or code; the tenth in a row closes the account and tells the person.

    For nobody, and for an account that is closed already, it takes as long and does nothing.
    """
    whose = user.id if user is not None and not is_locked(user=user) else _NOBODY
    with tenancy.user_scope(whose), transaction():
        failed = queries.count_wrong(whose)
        closed_for = rules.locked_for(failed=failed or 0)
        if user is None or closed_for is None:
            return
        until = datetime.now(UTC) + closed_for
        queries.lock_until(user.id, until)
        security_notes.write_locked(user=user, until=until.isoformat())
    log.warning("account.locked", user=str(user.id), failed=failed)


def release(*, user_id: UUID) -> None:
    """Open an account before its time: by staff, or because the person has proven who they are."""
    with transaction():
        queries.release(user_id)
