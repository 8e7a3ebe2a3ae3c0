"""Faults of our own: counted by kind and place in a transaction of their own, put away by staff.

A fault is what nobody expected; a partner, a store or a database that is away is none.
"""

from datetime import UTC, datetime
from uuid import UUID

import structlog

from billify.data import tenancy
from billify.data.db import Unreached, abandon, transaction
from billify.data.models import AppError
from billify.data.queries import faults as queries
from billify.domain import faults as rules
from billify.domain.refusal import NotFound
from billify.integrations import valkey
from billify.integrations.storage import StorageDown

AWAY = (*Unreached, valkey.Down, StorageDown)
log = structlog.get_logger()


def record(error: BaseException, *, during: str, company_id: UUID | None = None) -> None:
    """Count a fault, by the route or the job in which it happened.

    It has a transaction of its own, since the one that failed is gone, and it never raises:
    what is being told is worse than that it can't be told.
    """
    if isinstance(error, AWAY):
        return
    company = company_id or tenancy.current().company_id
    bound = structlog.contextvars.get_contextvars()
    try:
        abandon()
        with tenancy.unscoped("faults of our own belong to no company"), transaction():
            queries.count(
                rules.of(error),
                during=during[:200],
                now=datetime.now(UTC),
                request_id=bound.get("request_id"),
                company_id=company,
            )
    except Exception as failed:  # noqa: BLE001  a report of a fault must not become another
        log.warning("fault.unrecorded", error=type(failed).__name__)


def page(
    *, put_away: bool = False, before: tuple[datetime, str] | None = None
) -> tuple[list[AppError], bool]:
    """A page of faults, the latest first, and whether more follow."""
    with tenancy.unscoped("staff see faults of our own"):
        found = list(queries.page(put_away=put_away, before=before))
    return found[: queries.SHOWN], len(found) > queries.SHOWN


def one(*, fingerprint: str) -> AppError:
    """One fault. Raises NotFound."""
    with tenancy.unscoped("staff see faults of our own"):
        found = queries.one(fingerprint)
    if found is None:
        raise NotFound
    return found


def count_open() -> int:
    """How many faults wait for someone to look at them."""
    with tenancy.unscoped("staff see faults of our own"):
        return queries.count_open()


def count_open_or_none() -> int | None:
    """The same, for a page that stands also while the database is away."""
    try:
        return count_open()
    except Unreached:
        abandon()
        return None


def put_away(*, fingerprint: str) -> None:
    """Nobody needs to look at this one any more, until it happens again. Raises NotFound."""
    _put(fingerprint, datetime.now(UTC))


def take_back(*, fingerprint: str) -> None:
    """Somebody is to look at it after all. Raises NotFound."""
    _put(fingerprint, None)


def _put(fingerprint: str, at: datetime | None) -> None:
    with tenancy.unscoped("staff look after faults of our own"), transaction():
        if not queries.put_away(fingerprint, at):
            raise NotFound
