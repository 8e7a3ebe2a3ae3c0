"""What staff do to a company: suspend it, take it up again, switch parts of it."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

from billify.application import audit
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import Company
from billify.data.queries import companies as queries
from billify.data.queries import staff_companies as directory
from billify.data.queries.staff_companies import Counts, Row, State
from billify.domain.features import Feature, switched
from billify.domain.refusal import N_, NotFound, Refusal
from billify.domain.roles import Staff

Place = tuple[str, UUID]


def page(
    *, words: str, state: State, after: Place | None, size: int
) -> tuple[list[tuple[Row, Counts]], Place | None]:
    """Companies by name, each with what is there. It is a directory: no row of their books is
    read, so it leaves no line in their audit logs."""
    with tenancy.unscoped("staff look for a company among all of them"):
        rows, following = directory.page(words=words, state=state, after=after, size=size)
    found = []
    for row in rows:
        with tenancy.company_scope(row.id):
            found.append((row, directory.counts()))
    return found, following


@contextmanager
def within(*, company_id: UUID) -> Iterator[Company]:
    """Work within one company. Refuses one that is not there."""
    with tenancy.company_scope(company_id):
        company = directory.get(company_id)
        if company is None:
            raise NotFound
        yield company


def suspend(*, company_id: UUID, reason: str, by: Staff) -> None:
    """Close a company to its people. Its jobs wait and nothing is lost. Refuses a second time,
    and without a reason, which its people read."""
    if not reason.strip():
        raise Refusal(N_("Say why: the people of the company read it."))
    with _company(company_id) as company:
        if company.suspended_at is not None:
            raise Refusal(N_("This company is suspended already."))
        company.suspended_at, company.suspended_reason = datetime.now(UTC), reason.strip()
        audit.record("company.suspended", company, by=by, after={"reason": reason.strip()})


def resume(*, company_id: UUID, by: Staff) -> None:
    """Open a suspended company again; what waited goes on by itself. Refuses one that is open."""
    with _company(company_id) as company:
        if company.suspended_at is None:
            raise Refusal(N_("This company is not suspended."))
        before = {"reason": company.suspended_reason}
        company.suspended_at = company.suspended_reason = None
        audit.record("company.resumed", company, by=by, before=before, after={"reason": None})


def switch(*, company_id: UUID, on: Collection[Feature], by: Staff) -> None:
    """Say which parts of Billify a company has; the same again is no deed."""
    with _company(company_id) as company:
        before, after = sorted(company.switched_off), switched(on=on)
        if set(before) == set(after):
            return
        company.switched_off = after
        audit.record(
            "company.switched",
            company,
            by=by,
            before={"switched_off": ", ".join(before)},
            after={"switched_off": ", ".join(sorted(after))},
        )


@contextmanager
def _company(company_id: UUID) -> Iterator[Company]:
    """The company, locked, in a transaction of its own scope."""
    with within(company_id=company_id), transaction():
        yield queries.lock_own()
