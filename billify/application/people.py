"""Companies and their people, for the operator at the command line."""

import secrets
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from billify.application import audit
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import Company, Membership, User
from billify.data.queries import auth as auth_queries
from billify.data.queries import people as queries
from billify.domain import passwords
from billify.domain.refusal import N_, Refusal
from billify.domain.roles import Role


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
    """Give a person a role in a company; a new person gets the password that is returned."""
    if role not in set(Role):
        raise Refusal(N_("There is no role %(role)s."), role=role)
    here = company_id(slug=slug)
    password = None
    with tenancy.company_scope(here), transaction() as session:
        user = auth_queries.user_by_email(email)
        if user is None:
            password = secrets.token_urlsafe(12)
            user = User(email=email.lower(), name=name, password_hash=passwords.keep(password))
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
