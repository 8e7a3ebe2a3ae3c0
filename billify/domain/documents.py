"""What becomes of a file that somebody handed in."""

from enum import StrEnum
from uuid import UUID

from billify.domain.roles import Actor, Right


class DocumentStatus(StrEnum):
    """Where a document stands. `waiting` means its bytes are safe but not yet in the store."""

    WAITING = "waiting"
    READING = "reading"
    TO_CHECK = "to_check"
    FAILED = "failed"
    DONE = "done"
    SET_ASIDE = "set_aside"
    DELETED = "deleted"


class DocumentSource(StrEnum):
    """How a document came in."""

    UPLOAD = "upload"
    DEMO = "demo"


def limited_to(actor: Actor) -> UUID | None:
    """Who reads the figures sees every document; who only hands in sees their own: whose, then."""
    return None if actor.can(Right.SEE_MONEY) else actor.user_id


BUSY = frozenset({DocumentStatus.WAITING, DocumentStatus.READING})
IN_INBOX = (*BUSY, DocumentStatus.TO_CHECK, DocumentStatus.FAILED)
