"""The people of the tests: Anna owns Bakkerij Anna, Bram keeps her books and may only read,
Emma approves up to 500 euro, Chloé owns another company, Dirk runs the back office."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from flask import current_app
from flask.testing import FlaskClient

from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import Company, LoginSession, Membership, User
from billify.data.types import uuid7
from billify.domain import passwords
from billify.domain.roles import Actor, Role
from billify.web.access import COOKIE
from tests import fence_record

PASSWORD = "een lang wachtwoord"
_KEPT = passwords.keep(PASSWORD)


@dataclass(frozen=True)
class Member:
    """A person with a login and, mostly, a place in a company."""

    user_id: UUID
    name: str
    email: str
    token: str
    company_id: UUID | None = None
    slug: str = ""
    role: Role | None = None
    limit: Decimal | None = None

    @property
    def actor(self) -> Actor:
        """This person acting in the company."""
        assert self.company_id is not None
        assert self.role is not None
        return Actor(self.user_id, self.name, self.email, self.company_id, self.role, self.limit)

    def client(self) -> FlaskClient:
        """This person's browser."""
        client = current_app.test_client()
        client.set_cookie(COOKIE, self.token)
        client.environ_base[fence_record.CALLER] = self.name
        return client


@dataclass(frozen=True)
class Cast:
    """Everyone."""

    anna: Member
    bram: Member
    emma: Member
    chloe: Member
    dirk: Member


def make_cast() -> Cast:
    """Two companies and their people, as rows."""
    bakery = _company("Bakkerij Anna", "bakkerij-anna", "BE0403170701", "nl")
    chocolate = _company("Chocolaterie Chloé", "chocolaterie-chloe", "BE0202239951", "fr")
    return Cast(
        anna=_member("Anna", bakery, Role.OWNER),
        bram=_member("Bram", bakery, Role.VIEWER),
        emma=_member("Emma", bakery, Role.APPROVER, Decimal("500.00")),
        chloe=_member("Chloé", chocolate, Role.OWNER),
        dirk=_person("Dirk", is_staff=True),
    )


def add_member(company_id: UUID, slug: str, name: str, role: Role) -> Member:
    """One more person in a company."""
    return _member(name, Company(id=company_id, slug=slug), role)


def _company(name: str, slug: str, vat: str, language: str) -> Company:
    company = Company(
        id=uuid7(),
        name=name,
        slug=slug,
        vat_number=vat,
        enterprise_number=vat[2:],
        language=language,
    )
    with tenancy.company_scope(company.id), transaction() as session:
        session.add(company)
    return company


def _member(name: str, company: Company, role: Role, limit: Decimal | None = None) -> Member:
    person = _person(name)
    with tenancy.company_scope(company.id), transaction() as session:
        session.add(Membership(user_id=person.user_id, role=role, approval_limit=limit))
    return Member(
        person.user_id, name, person.email, person.token, company.id, company.slug, role, limit
    )


def _person(name: str, *, is_staff: bool = False) -> Member:
    token = passwords.new_token()
    email = f"{name.lower().replace('é', 'e')}-{uuid7().hex[-8:]}@example.be"
    user = User(
        email=email,
        name=name,
        password_hash=_KEPT,
        language="en",
        is_staff=is_staff,
        email_confirmed_at=datetime.now(UTC),
    )
    with transaction() as session:
        session.add(user)
        session.flush()
        session.add(
            LoginSession(
                user_id=user.id,
                token_hash=passwords.token_hash(token),
                expires_at=datetime.now(UTC) + timedelta(days=1),
            )
        )
    return Member(user.id, name, email, token)
