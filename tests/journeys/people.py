"""The people of a journey: a new company for each, made through the doors everyone uses."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from uuid import UUID

from sqlalchemy import update

from billify.application import auth, people
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import User
from billify.domain.roles import Actor, Role
from billify.web import languages
from billify.web.access import COOKIE

PASSWORD = "een lang wachtwoord"
_next = count(1)


@dataclass(frozen=True)
class Someone:
    """A person who is signed in."""

    user_id: UUID
    name: str
    email: str
    token: str

    def cookies(self, address: str) -> list[dict[str, str]]:
        """What their browser holds."""
        return [
            {"name": COOKIE, "value": self.token, "url": address},
            {"name": languages.COOKIE, "value": "en", "url": address},
        ]


@dataclass(frozen=True)
class House:
    """A company with its people."""

    company_id: UUID
    slug: str
    anna: Someone
    emma: Someone
    bram: Someone

    @property
    def home(self) -> str:
        """The address of its first page."""
        return f"/c/{self.slug}/"

    @property
    def owner(self) -> Actor:
        """Anna as use cases know her."""
        anna = self.anna
        return Actor(anna.user_id, anna.name, anna.email, self.company_id, Role.OWNER)

    @contextlib.contextmanager
    def scope(self) -> Iterator[None]:
        """Where the rows of `tests/factories.py` go to."""
        with tenancy.company_scope(self.company_id):
            yield


def found(name: str, *, emma: Decimal | None = None) -> House:
    """A new company with an owner, an approver with a limit, and one who may only look."""
    email = f"anna{next(_next)}@example.be"
    company = auth.sign_up(
        company_name=name,
        vat_number=None,
        name="Anna",
        email=email,
        password=PASSWORD,
        language="en",
    )
    tenancy.leave()
    _confirm(email)
    return House(
        company.id,
        company.slug,
        anna=enter("Anna", email, PASSWORD),
        emma=_join(company.slug, "Emma", "approver", emma),
        bram=_join(company.slug, "Bram", "viewer", None),
    )


def _confirm(email: str) -> None:
    """She has opened the link in the mail to her."""
    with transaction() as session:
        session.execute(
            update(User).where(User.email == email).values(email_confirmed_at=datetime.now(UTC))
        )


def _join(slug: str, name: str, role: str, limit: Decimal | None) -> Someone:
    email = f"{name.lower()}{next(_next)}@example.be"
    password = people.add(email=email, name=name, slug=slug, role=role, approval_limit=limit)
    assert password is not None
    return enter(name, email, password)


def enter(name: str, email: str, password: str) -> Someone:
    """Somebody who has just logged in."""
    entered = auth.log_in(email=email, password=password, address="127.0.0.1", device="journey")
    auth.choose_language(user_id=entered.user.id, language="en")
    return Someone(entered.user.id, name, email, entered.token)
