"""The company itself, its own particulars, and the people in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import AuditEvent, BankAccount, Company, Membership, User
from billify.domain.roles import Role

MOST_MEMBERS = 500
EVENTS = 50


@dataclass(frozen=True, slots=True)
class Member:
    """A person's place in the company, with their name."""

    id: UUID
    user_id: UUID
    name: str
    email: str
    role: Role
    approval_limit: Decimal | None


def own() -> Company:
    """The company of the scope."""
    return db.session.scalars(select(Company).where(Company.id == tenancy.company_id())).one()


def lock_own() -> Company:
    """The company of the scope, locked until the commit and as it stands now."""
    return db.session.scalars(
        select(Company)
        .where(Company.id == tenancy.company_id())
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def own_ibans() -> list[str]:
    """The company's own account numbers, those of current accounts before savings."""
    query = select(BankAccount.iban).order_by(BankAccount.kind, BankAccount.iban).limit(50)
    found = db.session.scalars(query).all()
    return [iban for iban in found if iban]


def members() -> list[Member]:
    """Everyone in the company, by name."""
    return _members()


def member(membership_id: UUID) -> Member | None:
    """One person's place in the company."""
    return next(iter(_members(membership_id)), None)


def name_of(user_id: UUID) -> str | None:
    """What a person is called."""
    return db.session.scalar(select(User.name).where(User.id == user_id))


def lock_member(membership_id: UUID) -> Membership | None:
    """One person's place, locked until the commit and as it stands now."""
    return db.session.scalars(
        select(Membership)
        .where(Membership.id == membership_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def lock_member_of(user_id: UUID) -> Membership | None:
    """A person's place in the company, locked until the commit."""
    return db.session.scalars(
        select(Membership)
        .where(Membership.user_id == user_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def lock_owners() -> None:
    """Lock the places of all owners until the commit."""
    db.session.execute(
        select(Membership.id)
        .where(Membership.role == Role.OWNER)
        .order_by(Membership.id)
        .with_for_update()
    ).all()


def count_owners() -> int:
    """How many owners the company has."""
    return (
        db.session.scalar(select(func.count(Membership.id)).where(Membership.role == Role.OWNER))
        or 0
    )


def remove(membership: Membership) -> None:
    """End a person's place in the company."""
    db.session.delete(membership)
    db.session.flush()


def events(
    *, subject_type: str | None, subject_id: UUID | None, before: int | None
) -> Sequence[AuditEvent]:
    """A page of the audit log and one more when there is more, newest first."""
    query = select(AuditEvent)
    if subject_type is not None:
        query = query.where(AuditEvent.subject_type == subject_type)
    if subject_id is not None:
        query = query.where(AuditEvent.subject_id == subject_id)
    if before is not None:
        query = query.where(AuditEvent.seq < before)
    return db.session.scalars(query.order_by(AuditEvent.seq.desc()).limit(EVENTS + 1)).all()


def _members(only: UUID | None = None) -> list[Member]:
    query = (
        select(
            Membership.id,
            Membership.user_id,
            User.name,
            User.email,
            Membership.role,
            Membership.approval_limit,
        )
        .join(User, User.id == Membership.user_id)
        .order_by(User.name, Membership.id)
        .limit(MOST_MEMBERS)
    )
    if only is not None:
        query = query.where(Membership.id == only)
    return [Member(*row) for row in db.session.execute(query).all()]
