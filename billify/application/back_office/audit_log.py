"""A company's audit log as staff read it: searched, and its chain walked."""

import time
from dataclasses import dataclass
from uuid import UUID

from billify.application import audit
from billify.data import tenancy
from billify.data.models import AuditEvent
from billify.data.queries import audit as queries
from billify.data.queries import staff_companies
from billify.data.queries.audit import Wanted
from billify.data.queries.staff_companies import State
from billify.domain.refusal import NotFound

MOST_COMPANIES = 50


@dataclass(frozen=True, slots=True)
class Walked:
    """How walking a chain went: links, what is wrong with it, and the seconds it took."""

    links: int
    breaks: tuple[audit.Break, ...]
    seconds: float


def companies(*, words: str) -> list[tuple[UUID, str]]:
    """Companies whose name, address or VAT number holds the words, by name."""
    with tenancy.unscoped("staff choose a company"):
        rows, _after = staff_companies.page(
            words=words, state=State.ALL, after=None, size=MOST_COMPANIES
        )
    return [(row.id, row.name) for row in rows]


def company_name(*, company_id: UUID) -> str:
    """What a company is called. Raises NotFound."""
    with tenancy.unscoped("staff look at a company's log"):
        found = staff_companies.get(company_id)
    if found is None:
        raise NotFound
    return found.name


def page(*, company_id: UUID, wanted: Wanted, before: int | None) -> tuple[list[AuditEvent], bool]:
    """A page of a company's log, newest first, and whether more follow."""
    with tenancy.company_scope(company_id):
        found = queries.search(wanted, before=before)
    return found[: queries.SHOWN], len(found) > queries.SHOWN


def walk(*, company_id: UUID) -> Walked:
    """Walk the whole chain of a company."""
    started = time.perf_counter()
    with tenancy.company_scope(company_id):
        breaks = audit.verify()
        head = queries.head(company_id)
    return Walked(head.seq if head else 0, tuple(breaks), time.perf_counter() - started)
