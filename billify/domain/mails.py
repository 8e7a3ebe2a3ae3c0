"""Mails: written with the work that asks for them, sent by the clock, never twice."""

from datetime import timedelta
from enum import StrEnum

MOST_ATTEMPTS = 8
LEASE = timedelta(minutes=10)
"""How long a process holds a mail it is sending: longer than any process may take for it."""

_PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
)
"""Together most of a day, so that a mail server may be away for a night."""


class MailState(StrEnum):
    """Where a mail stands; the body is kept sealed, and only until it is sent."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DISCARDED = "discarded"


def pause(*, attempts: int, jitter: float) -> timedelta:
    """How long to wait after this many attempts, `jitter` from 0 to 1: up to a quarter more, so
    that what failed together does not come back together."""
    base = _PAUSES[min(max(attempts, 1), len(_PAUSES)) - 1]
    return base * (1 + jitter / 4)


def is_last(*, attempts: int) -> bool:
    """Is a mail given up after this many attempts?"""
    return attempts >= MOST_ATTEMPTS
