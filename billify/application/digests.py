"""Telling by mail: at once or gathered once a day, one mail for all companies of a person.

That something was mailed is noted in the transaction that writes the mail, so nothing is mailed
twice and nothing is lost.
"""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

from billify.application import mails
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.queries import digests as queries
from billify.domain.notifications import NotificationKind

ONE, SEVERAL = "notification", "digest"
Line = dict[str, Any]  # Any: JSON, one thing as the mail's templates take it


def send_due(*, now: datetime) -> int:
    """Write the mails that are due at this moment; says how many."""
    with tenancy.unscoped("one clock mails to the people of all companies"):
        due = queries.due(now)
    return sum(_mail(user_id, companies, now) for user_id, companies in due.items())


def take_back(*, user_id: UUID, company_id: UUID) -> None:
    """Don't mail a person what they were told in a company, where that has not left yet; within
    the running transaction."""

    def without(facts: Line) -> Line | None:
        lines = [one for one in facts["lines"] if one.get("company_id") != str(company_id)]
        return facts | {"lines": lines} if lines else None

    with tenancy.company_scope(company_id, user_id):
        mails.amend(user_id=user_id, kinds=(ONE, SEVERAL), to=without)


def _mail(user_id: UUID, companies: Sequence[UUID], now: datetime) -> bool:
    with tenancy.user_scope(user_id), transaction():
        user = queries.reader(user_id)
        lines = list(_lines(user_id, companies, now))
        if user is None or not lines:
            return False
        about = {line["company_id"] for line in lines}
        # About one company it is that company's mail, also once its words are gone.
        with tenancy.company_scope(UUID(*about), user_id) if len(about) == 1 else nullcontext():
            mails.write(
                kind=ONE if len(lines) == 1 else SEVERAL,
                to=user.email,
                language=user.language,
                facts={"name": user.name, "lines": lines},
                user_id=user_id,
            )
    return True


def _lines(user_id: UUID, companies: Sequence[UUID], now: datetime) -> Iterator[Line]:
    """What is due, company by company, without what was read in the meantime. What everybody is
    told comes once for all companies."""
    announced: set[str] = set()
    for company_id in companies:
        with tenancy.company_scope(company_id, user_id):
            company = queries.place(user_id)
            rows = queries.take(user_id, now)
        for row in rows:
            is_again = row.kind is NotificationKind.ANNOUNCEMENT and row.key in announced
            if company is None or row.read_at is not None or is_again:
                continue
            announced.add(row.key)
            yield {
                "kind": row.kind.value,
                "facts": {name: fact for name, fact in row.facts.items() if name != "keys"},
                "path": row.path or "notifications",
                "company_id": str(company_id),
                "company": company.name,
                "slug": company.slug,
            }
