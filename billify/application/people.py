"""Companies, their people and the staff, for the operator at the command line."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import structlog

from billify.application import audit
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import Company, Membership, User
from billify.data.queries import auth as auth_queries
from billify.data.queries import people as queries
from billify.domain import email_addresses, passwords
from billify.domain.refusal import N_, Refusal
from billify.domain.roles import Role

log = structlog.get_logger()


def companies() -> Sequence[Company]:
    """Every company, by address."""
    with tenancy.unscoped("the operator works on all companies"):
        return queries.companies()


def company_id(*, slug: str) -> UUID:
    """The key of a company. Refuses an unknown address."""
    found = next((company.id for company in companies() if company.slug == slug), None)
    if found is None:
        raise Refusal(N_("There is no company %(slug)s."), slug=slug)
    return found


def members(*, slug: str) -> list[dict[str, object]]:
    """The people of a company."""
    with tenancy.company_scope(company_id(slug=slug)):
        return [
            {
                "email": user.email,
                "name": user.name,
                "role": member.role.value,
                "limit": member.approval_limit,
            }
            for member, user in queries.members()
        ]


def add(
    *, email: str, name: str, slug: str, role: str, approval_limit: Decimal | None
) -> str | None:
    """Give a person a role in a company; a new person gets the password that is returned.

    Refuses what is no address. The operator answers for it, so it counts as confirmed.
    """
    email = email_addresses.normalised(text=email)
    if role not in set(Role):
        raise Refusal(N_("There is no role %(role)s."), role=role)
    here = company_id(slug=slug)
    password = None
    with tenancy.company_scope(here), transaction() as session:
        user = auth_queries.user_by_email(email)
        if user is None:
            password = secrets.token_urlsafe(12)
            user = _new(email, name, password)
            session.add(user)
            session.flush()
        member = queries.member(user.id)
        before = {"role": member.role, "limit": member.approval_limit} if member else None
        if member is None:
            member = Membership(user_id=user.id)
            session.add(member)
        member.role, member.approval_limit = Role(role), approval_limit
        session.flush()
        after = {"user_id": user.id, "role": member.role, "limit": approval_limit}
        audit.record("member.changed", member, by=None, before=before, after=after)
    return password


def make_staff(*, email: str, name: str | None) -> str | None:
    """Let a person into the back office; a new person gets the password that is returned.

    Refuses a new person without a name, and what is no address. Only the operator at the command
    line can do this: no page makes staff.
    """
    email = email_addresses.normalised(text=email)
    password = None
    with transaction() as session:
        user = auth_queries.user_by_email(email)
        if user is None:
            if not name:
                raise Refusal(N_("Say what %(email)s is called: --name."), email=email)
            password = secrets.token_urlsafe(12)
            user = _new(email, name, password)
            session.add(user)
        user.is_staff = True
        session.flush()
    log.info("staff.made", user_id=str(user.id))
    return password


def end_staff(*, email: str) -> None:
    """Close the back office to a person, who stays with their companies. Refuses a stranger."""
    with transaction() as session:
        user = auth_queries.user_by_email(email)
        if user is None or not user.is_staff:
            raise Refusal(N_("%(email)s is not of the staff."), email=email)
        user.is_staff = False
        session.flush()
    log.info("staff.ended", user_id=str(user.id))


def _new(email: str, name: str, password: str) -> User:
    return User(
        email=email,
        name=name,
        password_hash=passwords.keep(password),
        email_confirmed_at=datetime.now(UTC),
    )
