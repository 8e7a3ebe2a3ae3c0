"""Contacts: found by their numbers, their name, or for a list."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from billify.data.db import db
from billify.data.models import Contact, ContactIban

_CANDIDATES_AT_MOST = 200


def get(contact_id: UUID) -> Contact | None:
    """One contact of the company."""
    return db.session.scalars(select(Contact).where(Contact.id == contact_id)).one_or_none()


def candidates(
    *,
    vat_number: str | None,
    enterprise_number: str | None,
    iban: str | None,
    name_start: str,
) -> Sequence[Contact]:
    """Contacts that a read party may be: an equal number, IBAN, or a name that begins alike."""
    conditions: list[ColumnElement[bool]] = []
    if vat_number:
        conditions.append(Contact.vat_number == vat_number)
    if enterprise_number:
        conditions.append(Contact.enterprise_number == enterprise_number)
    if iban:
        conditions.append(Contact.iban == iban)
        conditions.append(
            Contact.id.in_(select(ContactIban.contact_id).where(ContactIban.iban == iban))
        )
    if name_start:
        conditions.append(Contact.search_key.startswith(name_start, autoescape=True))
    if not conditions:
        return []
    return db.session.scalars(
        select(Contact).where(or_(*conditions)).order_by(Contact.id).limit(_CANDIDATES_AT_MOST)
    ).all()


def named(search_key: str) -> Contact | None:
    """The contact with exactly this name, the oldest when several have it."""
    return db.session.scalars(
        select(Contact)
        .where(Contact.search_key == search_key)
        .order_by(Contact.id)
        .limit(1)
    ).one_or_none()


def found_by(words: str, limit: int = 20) -> Sequence[Contact]:
    """Contacts whose name has these words, by name; for a picker."""
    return db.session.scalars(
        select(Contact)
        .where(Contact.search_key.contains(words, autoescape=True))
        .order_by(Contact.search_key, Contact.id)
        .limit(limit)
    ).all()
