"""What was learned from a company's history, kept so that a forecast after a change is fast.

A history that is learned in a moment is learned anew each time; a long one once an hour, and
once a day at least.
"""

import time
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from billify.data.db import transaction
from billify.data.queries import forecast as queries
from billify.domain.forecast import stored
from billify.domain.forecast.known import History

if TYPE_CHECKING:
    from billify.domain.forecast.profile import Profile

log = structlog.get_logger()
LEARN_AFTER = timedelta(hours=1)
A_MOMENT = 0.3
"""Seconds within which a history is learned so fast that nothing is gained by keeping it."""


def kept(*, today: date, now: datetime) -> "Profile | None":
    """What was learned before, when it still holds. Loads numpy."""
    from billify.domain.forecast.profile import Profile

    row = queries.profile()
    if row is None or row.shape != stored.SHAPE or row.made_at < now - LEARN_AFTER:
        return None
    if row.content["seconds"] < A_MOMENT:
        return None
    try:
        found = Profile.from_json(row.content["profile"])
    except (KeyError, TypeError, ValueError):
        log.warning("forecast.profile_unread")
        return None
    return found if found.learned_on == today else None


def seconds() -> float:
    """How long learning took the last time; zero when nothing was learned yet."""
    row = queries.profile()
    return float(row.content["seconds"]) if row is not None else 0.0


def learn(*, history: History, read_at: datetime, since: float) -> "Profile":
    """Learn a history and keep what was learned; its rows were read since then. Loads numpy."""
    from billify.domain.forecast import profile

    learned = profile.learn(history=history)
    seconds = round(time.perf_counter() - since, 3)
    with transaction():
        content = {"profile": learned.to_json(), "seconds": seconds}
        queries.store_profile(made_at=read_at, shape=stored.SHAPE, content=content)
    log.info("forecast.learned", seconds=seconds, payments=len(history.paid))
    return learned
