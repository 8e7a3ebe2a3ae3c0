"""Who logs in to the demo companies."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from billify.data.db import db, transaction
from billify.data.models import Membership, User
from billify.data.queries import auth as queries
from billify.domain import passwords
from billify.domain.roles import Actor, Role

PASSWORD = "brood en chocolade"
"""Shown to everyone who starts the demo."""
BAKERY, CHOCOLATE = "bakkerij-anna", "chocolaterie-chloe"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demo, with one role in each of some companies."""

    name: str
    email: str
    language: str
    role: Role
    companies: tuple[str, ...]
    what: str
    limit: Decimal | None = None


PEOPLE = (
    Person(
        "Anna Wouters",
        "anna@demo.billify.test",
        "nl",
        Role.OWNER,
        (BAKERY,),
        "owner of Bakkerij Anna",
    ),
    Person(
        "Els De Smet",
        "els@demo.billify.test",
        "nl",
        Role.BOOKKEEPER,
        (BAKERY,),
        "bookkeeper of Bakkerij Anna",
    ),
    Person(
        "Emma Claes",
        "emma@demo.billify.test",
        "nl",
        Role.APPROVER,
        (BAKERY,),
        "approves up to 500 euro at Bakkerij Anna",
        Decimal(500),
    ),
    Person(
        "Bram Maes",
        "bram@demo.billify.test",
        "en",
        Role.ACCOUNTANT,
        (BAKERY, CHOCOLATE),
        "accountant of both companies",
    ),
    Person(
        "Chloé Lambert",
        "chloe@demo.billify.test",
        "fr",
        Role.OWNER,
        (CHOCOLATE,),
        "owner of Chocolaterie Chloé",
    ),
)
STAFF = ("Sam Peeters", "sam@demo.billify.test", "en")
"""Who runs the back office of the demo, and belongs to no company."""
LOGINS = (
    *(f"{one.email} / {PASSWORD}  {one.what}" for one in PEOPLE),
    f"{STAFF[1]} / {PASSWORD}  staff: the back office",
)


def ensure_staff() -> None:
    """Let somebody into the back office, where nobody with that address is yet."""
    name, email, language = STAFF
    with transaction() as session:
        if queries.user_by_email(email) is None:
            session.add(
                User(
                    email=email,
                    name=name,
                    password_hash=passwords.keep(PASSWORD),
                    language=language,
                    is_staff=True,
                    email_confirmed_at=datetime.now(UTC),
                )
            )


def join(*, slug: str, company_id: UUID) -> Actor:
    """Give everyone their place in a company, within the running transaction; gives the owner."""
    owners = []
    for person in PEOPLE:
        if slug not in person.companies:
            continue
        user = _user(person)
        db.session.add(Membership(user_id=user.id, role=person.role, approval_limit=person.limit))
        if person.role is Role.OWNER:
            owners.append(Actor(user.id, user.name, user.email, company_id, person.role))
    db.session.flush()
    return owners[0]


def _user(person: Person) -> User:
    """The accountant of both companies is one person."""
    user = queries.user_by_email(person.email)
    if user is None:
        user = User(
            email=person.email,
            name=person.name,
            password_hash=passwords.keep(PASSWORD),
            language=person.language,
            email_confirmed_at=datetime.now(UTC),
        )
        db.session.add(user)
        db.session.flush()
    return user
