"""What staff tell everybody: shown as a bar while it stands, and told once where people are told.

Every page of everybody asks whether something is announced, so what is not over yet is kept in
this process for some seconds; an announcement may come that much later to other processes.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog

from billify.application import jobs, news
from billify.data import tenancy
from billify.data.db import after_commit, transaction
from billify.data.models import Announcement
from billify.data.queries import announcements as queries
from billify.data.queries import staff_companies
from billify.domain import announcements as rules
from billify.domain.refusal import NotFound
from billify.domain.roles import Staff

log = structlog.get_logger()
KEPT_FOR = 15.0
_WHY = "staff tell the people of all companies"


@dataclass(frozen=True, slots=True)
class Standing:
    """An announcement as a bar shows it."""

    id: UUID
    words: Mapping[str, str]
    is_warning: bool
    starts_at: datetime
    ends_at: datetime


@dataclass(slots=True)
class _Kept:
    standing: tuple[Standing, ...] = ()
    until: float = 0.0


_kept = _Kept()


def standing(*, now: datetime) -> list[Standing]:
    """What is announced at this moment, oldest first."""
    if time.monotonic() >= _kept.until:
        _kept.standing = tuple(_standing(one) for one in queries.not_over(now))
        _kept.until = time.monotonic() + KEPT_FOR
    return [one for one in _kept.standing if one.starts_at <= now < one.ends_at]


def forget() -> None:
    """Ask anew for what is announced."""
    _kept.until = 0.0


def write(
    *,
    announcement_id: UUID | None,
    words: Mapping[str, str | None],
    is_warning: bool,
    starts_at: datetime,
    ends_at: datetime,
    by: Staff,
) -> UUID:
    """Announce something, or change what was announced: who was told already is not told again.

    Refuses one without a text, one that ends before it begins, and one that is not there.
    """
    texts = rules.checked(words=words, starts_at=starts_at, ends_at=ends_at)
    with tenancy.unscoped(_WHY), transaction() as session:
        row = queries.get(announcement_id) if announcement_id else Announcement()
        if row is None:
            raise NotFound
        row.made_by = by.user_id
        row.words, row.is_warning = texts, is_warning
        row.starts_at, row.ends_at = starts_at, ends_at
        session.add(row)
        session.flush()
        after_commit(forget)
    log.info("announcement.written", announcement=str(row.id), staff_id=str(by.user_id))
    return row.id


def remove(*, announcement_id: UUID, by: Staff) -> None:
    """Take an announcement back; its bar goes at once. Refuses one that is not there."""
    with tenancy.unscoped(_WHY), transaction():
        row = queries.get(announcement_id)
        if row is None:
            raise NotFound
        queries.remove(row)
        after_commit(forget)
    log.info("announcement.removed", announcement=str(announcement_id), staff_id=str(by.user_id))


def ring_due() -> int:
    """Ask every company's job to tell its people what has begun; gives how many were asked for.

    When it breaks off it starts over at the next tick: telling somebody twice tells them once.
    """
    now = datetime.now(UTC)
    with tenancy.unscoped(_WHY):
        due = [one.id for one in queries.to_tell(now)]
        company_ids = staff_companies.ids() if due else ()
    for announcement_id in due:
        for company_id in company_ids:
            with tenancy.company_scope(company_id), transaction():
                jobs.later("announcements.tell", announcement_id=announcement_id)
        with tenancy.unscoped(_WHY), transaction():
            queries.mark_told(announcement_id, now)
    return len(due) * len(company_ids)


def tell(*, announcement_id: UUID) -> None:
    """Tell the people of this company, unless it was taken back or is over by now."""
    row = queries.get(announcement_id)
    if row is None or row.ends_at <= datetime.now(UTC):
        return
    company_id = tenancy.company_id()
    with transaction():
        news.announced(announcement_id=announcement_id, words=row.words, companies=[company_id])


def _standing(row: Announcement) -> Standing:
    return Standing(row.id, row.words, row.is_warning, row.starts_at, row.ends_at)
