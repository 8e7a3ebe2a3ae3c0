"""Topics: what changed, so that open pages refresh those parts. See ADR 0009."""

from contextvars import ContextVar

import structlog

from billify.application import ports
from billify.application.forecast_asking import ask
from billify.data import tenancy
from billify.data.db import after_commit
from billify.integrations import valkey

TOPICS = frozenset(
    {
        "documents",
        "purchases",
        "sales",
        "cash-flow",
        "contacts",
        "bank",
        "connections",
        "forecast",
        "notifications",
    }
)
MOVES_MONEY = frozenset({"cash-flow", "bank"})
"""Topics that the forecast hangs on: what lines are for counts as much as what they move."""
log = structlog.get_logger()
_touched: ContextVar[frozenset[str]] = ContextVar("touched", default=frozenset())


def touch(*topics: str) -> None:
    """Say within a transaction that these topics change; pages hear of it after the commit."""
    unknown = set(topics) - TOPICS
    if unknown:
        raise ValueError(f"unknown topics: {', '.join(sorted(unknown))}")
    company_id = tenancy.company_id()
    changed = frozenset(topics)
    if changed & MOVES_MONEY:
        ask()

    def tell() -> None:
        _touched.set(_touched.get() | changed)
        try:
            valkey.bump(ports.redis(), company_id, changed)
        except valkey.Down as error:
            log.warning("live.unheard", error=type(error).__name__)

    after_commit(tell)


def touched() -> frozenset[str]:
    """The topics this request has changed, for the acting page itself."""
    return _touched.get()


def forget() -> None:
    """Start a new request."""
    _touched.set(frozenset())


def state() -> str | None:
    """How often each topic of the company has changed, as one word; None while Valkey is away."""
    company_id = tenancy.company_id()
    try:
        versions = valkey.versions(ports.redis(), company_id)
    except valkey.Down:
        return None
    return ",".join(f"{topic}:{count}" for topic, count in sorted(versions.items())) or "none"


def changed(*, since: str, now: str) -> list[str]:
    """The topics that differ between two states."""
    before = set(since.split(","))
    return [part.partition(":")[0] for part in now.split(",") if part not in before and ":" in part]
