"""The people of the tests: Anna owns Bakkerij Anna, Bram keeps her books and may only read,
Emma approves up to 500 euro, Chloé owns another company, Dirk runs the back office."""

from dataclasses import dataclass, replace
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
    """Two companies and their people, as rows; in few statements, as most tests begin here."""
    bakery = _company("Bakkerij Anna", "bakkerij-anna", "BE0403170701", "nl")
    chocolate = _company("Chocolaterie Chloé", "chocolaterie-chloe", "BE0202239951", "fr")
    anna, bram, emma, chloe, dirk = _people("Anna", "Bram", "Emma", "Chloé", staff="Dirk")
    owner, viewer, approver = _places(
        bakery,
        (anna, Role.OWNER, None),
        (bram, Role.VIEWER, None),
        (emma, Role.APPROVER, Decimal("500.00")),
        begins=True,
    )
    (other_owner,) = _places(chocolate, (chloe, Role.OWNER, None), begins=True)
    return Cast(owner, viewer, approver, other_owner, dirk)


def add_member(company_id: UUID, slug: str, name: str, role: Role) -> Member:
    """One more person in a company."""
    (person,) = _people(name)
    return _places(Company(id=company_id, slug=slug), (person, role, None))[0]


def _company(name: str, slug: str, vat: str, language: str) -> Company:
    return Company(
        id=uuid7(),
        name=name,
        slug=slug,
        vat_number=vat,
        enterprise_number=vat[2:],
        language=language,
    )


def _places(
    company: Company, *given: tuple[Member, Role, Decimal | None], begins: bool = False
) -> list[Member]:
    with tenancy.company_scope(company.id), transaction() as session:
        if begins:
            session.add(company)
            session.flush()
        session.add_all(
            Membership(user_id=person.user_id, role=role, approval_limit=limit)
            for person, role, limit in given
        )
    return [
        replace(person, company_id=company.id, slug=company.slug, role=role, limit=limit)
        for person, role, limit in given
    ]


def _people(*names: str, staff: str = "") -> list[Member]:
    people = [
        Member(uuid7(), name, _address(name), passwords.new_token())
        for name in (*names, staff)
        if name
    ]
    now = datetime.now(UTC)
    with transaction() as session:
        session.add_all(
            User(
                id=one.user_id,
                email=one.email,
                name=one.name,
                password_hash=_KEPT,
                language="en",
                is_staff=one.name == staff,
                email_confirmed_at=now,
            )
            for one in people
        )
        session.flush()
        session.add_all(
            LoginSession(
                user_id=one.user_id,
                token_hash=passwords.token_hash(one.token),
                expires_at=now + timedelta(days=1),
            )
            for one in people
        )
    return people


def _address(name: str) -> str:
    return f"{name.lower().replace('é', 'e')}-{uuid7().hex[-8:]}@example.be"
