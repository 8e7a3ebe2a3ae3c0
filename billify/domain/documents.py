"""What becomes of a file that somebody handed in."""

from enum import StrEnum
from uuid import UUID

from billify.domain.roles import Actor, Right


class DocumentStatus(StrEnum):
    """Where a document stands. `waiting` means its bytes are safe but not yet in the store.

    `split` is a file of several invoices that became a document each; it is kept as it came.
    """

    WAITING = "waiting"
    READING = "reading"
    TO_CHECK = "to_check"
    FAILED = "failed"
    DONE = "done"
    SET_ASIDE = "set_aside"
    SPLIT = "split"
    DELETED = "deleted"


class DocumentSource(StrEnum):
    """How a document came in."""

    UPLOAD = "upload"
    DEMO = "demo"
    SPLIT = "split"
    YUKI = "yuki"


def limited_to(actor: Actor) -> UUID | None:
    """Who reads the figures sees every document; who only hands in sees their own: whose, then."""
    return None if actor.can(Right.SEE_MONEY) else actor.user_id


BUSY = frozenset({DocumentStatus.WAITING, DocumentStatus.READING})
IN_INBOX = (*BUSY, DocumentStatus.TO_CHECK, DocumentStatus.FAILED)

SURE_PERCENT = 95
"""From which confidence on a value that was read is taken, where a company says nothing.

Confidences are calibrated: of the values taken right at the threshold 1 in 20 is wrong, of those
above it fewer.
"""
LEAST_PERCENT, MOST_PERCENT = 50, 99
"""What a company may choose."""
