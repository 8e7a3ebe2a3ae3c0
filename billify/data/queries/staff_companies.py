"""Companies as the back office lists them, and how one of them stands.

The directory reads the rows of companies alone, which staff may; what belongs to a company is
asked for in its own scope, one question for each company of a page.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, or_, select, text, tuple_

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import Company, Integration, Membership, User
from billify.domain.connections import ConnectionState
from billify.domain.roles import Role

MOST_COUNTED = 9_999
"""A count of invoices goes no further."""
MOST_PEOPLE = 200
MOST_CONNECTIONS = 50


class State(StrEnum):
    """The tabs of the list."""

    ALL = "all"
    ACTIVE = "active"
    SUSPENDED = "suspended"


class Row(NamedTuple):
    """A company as the directory shows it."""

    id: UUID
    slug: str
    name: str
    vat_number: str | None
    suspended_at: datetime | None
    key: str


class Counts(NamedTuple):
    """What is there, and when somebody of the company last did something or was there."""

    people: int
    invoices: int
    seen_at: datetime | None


class Standing(NamedTuple):
    """How a company stands: counts, bytes kept, and jobs by state."""

    people: int
    invoices: int
    documents: int
    bytes: int
    waiting_jobs: int
    dead_jobs: int


class Member(NamedTuple):
    """A person of the company."""

    user_id: UUID
    name: str
    email: str
    role: Role
    suspended_at: datetime | None
    locked_until: datetime | None


def page(
    *, words: str, state: State, after: tuple[str, UUID] | None, size: int
) -> tuple[list[Row], tuple[str, UUID] | None]:
    """Companies by name behind a place, and the place after which there are more."""
    key = func.lower(Company.name).label("key")
    query = select(
        Company.id, Company.slug, Company.name, Company.vat_number, Company.suspended_at, key
    ).where(*_having(words), *_of(state))
    if after is not None:
        query = query.where(
            tuple_(func.lower(Company.name), Company.id)
            > tuple_(literal(after[0]), literal(after[1]))
        )
    query = query.order_by(func.lower(Company.name), Company.id).limit(size + 1)
    found = [Row._make(row) for row in db.session.execute(query)]
    shown = found[:size]
    return shown, (shown[-1].key, shown[-1].id) if len(found) > size else None


def get(company_id: UUID) -> Company | None:
    """One company, whatever its state."""
    return db.session.scalars(select(Company).where(Company.id == company_id)).one_or_none()


def ids() -> Sequence[UUID]:
    """Every company that is not suspended, in the order of their keys."""
    return db.session.scalars(
        select(Company.id).where(Company.suspended_at.is_(None)).order_by(Company.id)
    ).all()


def counts() -> Counts:
    """People, invoices and the last sign of life of the company of the scope."""
    row = db.session.connection().execute(_COUNTS, _here()).one()
    return Counts(row.people, row.invoices, row.seen_at)


def standing() -> Standing:
    """How the company of the scope stands."""
    row = db.session.connection().execute(_STANDING, _here()).one()
    return Standing._make(row)


def members() -> list[Member]:
    """The people of the company, by name."""
    rows = db.session.execute(
        select(
            Membership.user_id,
            User.name,
            User.email,
            Membership.role,
            User.suspended_at,
            User.locked_until,
        )
        .join(User, User.id == Membership.user_id)
        .order_by(func.lower(User.name), User.id)
        .limit(MOST_PEOPLE)
    )
    return [Member._make(row) for row in rows]


def connections() -> Sequence[Integration]:
    """The connections of the company that were not ended, oldest first."""
    return db.session.scalars(
        select(Integration)
        .where(Integration.state != ConnectionState.DISCONNECTED)
        .order_by(Integration.created_at, Integration.id)
        .limit(MOST_CONNECTIONS)
    ).all()


def _having(words: str) -> list[ColumnElement[bool]]:
    """Each word stands in the name, the address or the VAT number, however that is written."""
    found: list[ColumnElement[bool]] = []
    for word in words.lower().split():
        plain = "".join(sign for sign in word if sign.isalnum())
        found.append(
            or_(
                func.lower(Company.name).contains(word, autoescape=True),
                Company.slug.contains(word, autoescape=True),
                func.lower(Company.vat_number).contains(plain, autoescape=True)
                if plain
                else literal(False),
            )
        )
    return found


def _of(state: State) -> list[ColumnElement[bool]]:
    if state is State.ACTIVE:
        return [Company.suspended_at.is_(None)]
    return [Company.suspended_at.is_not(None)] if state is State.SUSPENDED else []


def _here() -> dict[str, object]:
    company_id = tenancy.company_id()
    return {"company": company_id, "most": MOST_COUNTED + 1}


# The last deed of a person of the company; looks of staff and deeds of the clock are none. Where
# there is no deed it is the day somebody of the company was last here, which also counts a visit
# to another company of theirs.
_COUNTS = text("""
    SELECT
        (SELECT count(*) FROM membership WHERE company_id = :company) AS people,
        (SELECT count(*) FROM (
            SELECT FROM invoice WHERE company_id = :company LIMIT :most
        ) AS counted) AS invoices,
        greatest(
            (SELECT at FROM audit_event WHERE company_id = :company
                AND user_id IN (SELECT user_id FROM membership WHERE company_id = :company)
                ORDER BY seq DESC LIMIT 1),
            (SELECT max(seen_at) FROM login_session
                JOIN membership ON membership.user_id = login_session.user_id
                WHERE membership.company_id = :company)
        ) AS seen_at
""")
_STANDING = text("""
    SELECT
        (SELECT count(*) FROM membership WHERE company_id = :company) AS people,
        (SELECT count(*) FROM (
            SELECT FROM invoice WHERE company_id = :company LIMIT :most
        ) AS counted) AS invoices,
        stored.documents, stored.bytes,
        jobs.waiting_jobs, jobs.dead_jobs
    FROM
        (SELECT count(*) AS documents, coalesce(sum(size), 0)::bigint AS bytes
            FROM document WHERE company_id = :company) AS stored,
        (SELECT count(*) FILTER (WHERE status IN ('waiting', 'running')) AS waiting_jobs,
            count(*) FILTER (WHERE status = 'dead') AS dead_jobs
            FROM job WHERE company_id = :company
            AND status IN ('waiting', 'running', 'dead')) AS jobs
""")
