"""Contacts: found by their numbers, their name, or for a list."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, not_, or_, select, tuple_, update

from billify.data.db import db
from billify.data.models import Contact, ContactIban, Invoice
from billify.domain import identity
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus

_CANDIDATES_AT_MOST = 200
_RECENT = 500
_MOST_WORDS = 6


class Side(StrEnum):
    """The tabs of the list."""

    ALL = "all"
    CUSTOMERS = "customers"
    SUPPLIERS = "suppliers"


class Row(NamedTuple):
    """A contact as a list shows it."""

    id: UUID
    name: str
    city: str | None
    vat_number: str | None
    email: str | None
    is_customer: bool
    is_supplier: bool
    search_key: str


class Open(NamedTuple):
    """What invoices of one kind and currency still ask for, all amounts positive."""

    direction: InvoiceDirection
    kind: InvoiceKind
    currency: str
    amount: Decimal


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
        select(Contact).where(Contact.search_key == search_key).order_by(Contact.id).limit(1)
    ).one_or_none()


def found_by(words: str, limit: int = 20) -> Sequence[Contact]:
    """Contacts whose name has these words, by name; for a picker."""
    return db.session.scalars(
        select(Contact).where(*_having(words)).order_by(Contact.search_key, Contact.id).limit(limit)
    ).all()


def name(contact_id: UUID) -> str | None:
    """The name of one contact."""
    return db.session.scalar(select(Contact.name).where(Contact.id == contact_id))


def lock(contact_id: UUID) -> Contact | None:
    """One contact, locked until the commit and as it stands now."""
    return db.session.scalars(
        select(Contact)
        .where(Contact.id == contact_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def with_vat_number(vat_number: str, *, but: UUID | None) -> Contact | None:
    """Another contact that has this VAT number."""
    query = select(Contact).where(Contact.vat_number == vat_number)
    return db.session.scalars(query.where(Contact.id != but) if but else query).one_or_none()


def rename_on_invoices(contact: Contact) -> None:
    """Let the contact's invoices show, sort and find the new name; those we issued keep theirs."""
    is_issued = and_(
        Invoice.direction == InvoiceDirection.SALE,
        Invoice.status.in_([InvoiceStatus.OPEN, InvoiceStatus.PAID]),
    )
    db.session.execute(
        update(Invoice)
        .where(Invoice.contact_id == contact.id, not_(is_issued))
        .values(party_name=contact.name, party_key=contact.search_key)
        .execution_options(synchronize_session=False)
    )


def page(
    *, words: str, side: Side, after: tuple[str, UUID] | None, size: int = 50
) -> tuple[Sequence[Row], tuple[str, UUID] | None]:
    """Contacts by name behind a place, and the place after which there are more."""
    query = select(*(getattr(Contact, column) for column in Row._fields)).where(*_having(words))
    if side is Side.CUSTOMERS:
        query = query.where(Contact.is_customer)
    elif side is Side.SUPPLIERS:
        query = query.where(Contact.is_supplier)
    if after is not None:
        here = tuple_(Contact.search_key, Contact.id)
        query = query.where(here > tuple_(literal(after[0]), literal(after[1], Contact.id.type)))
    found = db.session.execute(query.order_by(Contact.search_key, Contact.id).limit(size + 1)).all()
    rows = [Row._make(row) for row in found[:size]]
    return rows, (rows[-1].search_key, rows[-1].id) if len(found) > size else None


def most_used(direction: InvoiceDirection, limit: int = 100) -> Sequence[Row]:
    """Contacts of the latest invoices, by how many of these are theirs, then the others by name."""
    recent = (
        select(Invoice.contact_id)
        .where(Invoice.direction == direction)
        .order_by(Invoice.issue_date.desc(), Invoice.id.desc())
        .limit(_RECENT)
        .subquery()
    )
    times = (
        select(recent.c.contact_id, func.count().label("times"))
        .group_by(recent.c.contact_id)
        .subquery()
    )
    found = db.session.execute(
        select(*(getattr(Contact, column) for column in Row._fields))
        .outerjoin(times, times.c.contact_id == Contact.id)
        .order_by(func.coalesce(times.c.times, 0).desc(), Contact.search_key, Contact.id)
        .limit(limit)
    ).all()
    return [Row._make(row) for row in found]


def open_amounts(contact_id: UUID) -> Sequence[Open]:
    """What is open with a contact, by direction, kind and currency."""
    columns = (Invoice.direction, Invoice.kind, Invoice.currency)
    found = db.session.execute(
        select(*columns, func.sum(Invoice.open_amount))
        .where(Invoice.contact_id == contact_id, Invoice.status == InvoiceStatus.OPEN)
        .group_by(*columns)
        .order_by(*columns)
        .limit(100)
    ).all()
    return [Open._make(row) for row in found]


def _having(words: str) -> list[ColumnElement[bool]]:
    """Names that have each of these words somewhere, whatever their accents and capitals."""
    keys = identity.search_key(words).split()[:_MOST_WORDS]
    return [Contact.search_key.contains(key, autoescape=True) for key in keys]
