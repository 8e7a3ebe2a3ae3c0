"""Mails: written with the work that asks for them, sent by the clock, never twice."""

from enum import StrEnum


class MailState(StrEnum):
    """Where a mail stands; the body is kept sealed, and only until it is sent."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DISCARDED = "discarded"
