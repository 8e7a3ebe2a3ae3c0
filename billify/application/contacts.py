"""Contacts: added, changed, and what is open with them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from billify.application import audit, live
from billify.data.db import transaction
from billify.data.models import Contact
from billify.data.queries import contacts as queries
from billify.domain import identity, references
from billify.domain import invoices as rules
from billify.domain.invoices import InvoiceDirection
from billify.domain.references import EnterpriseNumber, Iban, VatNumber
from billify.domain.refusal import N_, NotAllowed, NotFound, Refusal, Stale
from billify.domain.roles import Actor, Right
from billify.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is kept of a contact; the numbers have been checked."""

    name: str
    is_customer: bool
    is_supplier: bool
    vat_number: VatNumber | None
    enterprise_number: EnterpriseNumber | None
    iban: Iban | None
    email: str | None
    phone: str | None
    street: str | None
    postcode: str | None
    city: str | None
    country: str
    language: str
    payment_terms: Terms


class KnownNumber(Refusal):
    """Another contact has this VAT number."""


class OtherNumber(Refusal):
    """The enterprise number is not the one inside the Belgian VAT number."""


@dataclass(frozen=True, slots=True)
class OpenWith:
    """What is open with a contact in one currency, credit notes taken off."""

    currency: str
    receivable: Decimal
    payable: Decimal


def add(*, particulars: Particulars, by: Actor) -> Contact:
    """Add a contact. Refuses a VAT number that another contact has."""
    _require(by)
    with transaction() as session:
        contact = Contact()
        _fill(contact, particulars)
        session.add(contact)
        session.flush()
        audit.record("contact.added", contact, by=by, after=particulars_of(contact))
        live.touch("contacts")
    return contact


def change(*, contact_id: UUID, version: int, particulars: Particulars, by: Actor) -> Contact:
    """Change a contact. Refuses when somebody else changed it meanwhile."""
    _require(by)
    with transaction():
        contact = queries.lock(contact_id)
        if contact is None:
            raise NotFound
        if contact.version != version:
            raise Stale
        before = particulars_of(contact)
        _fill(contact, particulars)
        if contact.name != before["name"]:
            queries.rename_on_invoices(contact)
            live.touch("purchases", "sales", "cash-flow")
        audit.record(
            "contact.changed", contact, by=by, before=before, after=particulars_of(contact)
        )
        live.touch("contacts")
    return contact


def open_with(*, contact_id: UUID) -> list[OpenWith]:
    """What a contact still owes us and we owe them, by currency."""
    sums: dict[str, dict[InvoiceDirection, Decimal]] = {}
    for row in queries.open_amounts(contact_id):
        both = sums.setdefault(row.currency, dict.fromkeys(InvoiceDirection, Decimal("0.00")))
        both[row.direction] += rules.shown(row.amount, kind=row.kind)
    return [
        OpenWith(currency, both[InvoiceDirection.SALE], both[InvoiceDirection.PURCHASE])
        for currency, both in sums.items()
    ]


def particulars_of(contact: Contact) -> dict[str, Any]:  # Any: texts and claims
    """What is kept of a contact, by the names of `Particulars`; the terms in their stored form."""
    return {name: getattr(contact, name) for name in Particulars.__dataclass_fields__}


def _fill(contact: Contact, particulars: Particulars) -> None:
    _check_numbers(contact, particulars)
    for name in Particulars.__dataclass_fields__:
        setattr(contact, name, getattr(particulars, name))
    contact.payment_terms = str(particulars.payment_terms)
    contact.search_key = identity.search_key(particulars.name)
    vat = particulars.vat_number
    if contact.enterprise_number is None and vat is not None:
        contact.enterprise_number = references.enterprise_of(vat)


def _check_numbers(contact: Contact, particulars: Particulars) -> None:
    vat, enterprise = particulars.vat_number, particulars.enterprise_number
    if vat is None:
        return
    inside = references.enterprise_of(vat)
    if inside is not None and enterprise is not None and inside != enterprise:
        raise OtherNumber(N_("A Belgian VAT number holds the enterprise number: one is wrong."))
    twin = queries.with_vat_number(vat, but=contact.id)
    if twin is not None:
        raise KnownNumber(N_("%(name)s has this VAT number already."), name=twin.name)


def _require(by: Actor) -> None:
    if not by.can(Right.EDIT_INVOICES):
        raise NotAllowed
