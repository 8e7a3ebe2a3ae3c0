"""What becomes of a file that somebody handed in."""

from enum import StrEnum


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


BUSY = frozenset({DocumentStatus.WAITING, DocumentStatus.READING})
IN_INBOX = (*BUSY, DocumentStatus.TO_CHECK, DocumentStatus.FAILED)
