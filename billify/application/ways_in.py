"""Taking every way in but the password from an account, where another may have made them."""

import structlog

from billify.application import security_notes
from billify.application.security_notes import Note
from billify.data import tenancy
from billify.data.models import User
from billify.data.queries import passkeys, second_step

log = structlog.get_logger()


def forget(*, user: User) -> None:
    """Forget all passkeys, the app and its recovery codes, and tell the person where there were
    any; within the running transaction."""
    with tenancy.user_scope(user.id):
        count = passkeys.remove_all(user.id)
        had_app = second_step.sealed_seed(user.id) is not None
        second_step.remove(user.id)
        if count or had_app:
            security_notes.write(user=user, note=Note.WAYS_REMOVED)
    log.info("ways_in.forgotten", user=str(user.id), passkeys=count, app=had_app)
