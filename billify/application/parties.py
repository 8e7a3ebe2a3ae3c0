"""Who an invoice is from or for: chosen in a form, or known from what was read."""

from dataclasses import dataclass
from uuid import UUID

from billify.application import audit, intake, live
from billify.data.db import db
from billify.data.models import Contact, Invoice
from billify.data.queries import contacts
from billify.data.queries import documents as document_queries
from billify.domain import identity, references, terms
from billify.domain.invoices import InvoiceDirection
from billify.domain.reading import Reading
from billify.domain.refusal import N_, Refusal
from billify.domain.roles import Actor


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact that does not exist yet, as typed or read."""

    name: str
    vat_number: str | None = None


def named(*, name: str, chosen: UUID | None) -> UUID | None:
    """The contact a form means: the chosen one while its name stands there, else by its name.

    Refuses a chosen contact that is not the company's.
    """
    if chosen is not None:
        contact = contacts.get(chosen)
        if contact is None:
            raise Refusal(N_("Choose a contact from the list."))
        if identity.search_key(contact.name) == identity.search_key(name):
            return contact.id
    found = contacts.named(identity.search_key(name))
    return found.id if found else None


def chosen(
    *, contact_id: UUID | None, new: NewContact | None, direction: InvoiceDirection, by: Actor
) -> Contact | None:
    """The contact of a form, made when it is new, and noted as customer or supplier."""
    if contact_id is not None:
        contact = contacts.get(contact_id)
        if contact is None:
            raise Refusal(N_("Choose a contact from the list."))
    elif new is not None:
        contact = _add_contact(new, None, by)
    else:
        return None
    _note_direction(contact, direction)
    return contact


def of_draft(*, invoice: Invoice, by: Actor) -> Contact:
    """The contact of a draft whose party was read but not known: found again, else made."""
    party = intake.Party(invoice.party_name, None, None, invoice.payee_iban)
    if invoice.document_id is not None:
        document = document_queries.with_reading(invoice.document_id)
        if document is not None and document.reading:
            party = intake.party_of(Reading.from_json(document.reading))
    contact = intake.find_contact(party) or _add_contact(
        NewContact(invoice.party_name, party.vat_number), party.iban, by
    )
    _note_direction(contact, invoice.direction)
    return contact


def remember_iban(*, invoice: Invoice, contact: Contact | None, by: Actor) -> None:
    """Keep the account an invoice asks to be paid to, when the contact has none yet."""
    if contact and invoice.payee_iban and not contact.iban:
        contact.iban = invoice.payee_iban
        audit.record(
            "contact.changed", contact, by=by, before={"iban": None}, after={"iban": contact.iban}
        )


def _add_contact(new: NewContact, iban: str | None, by: Actor) -> Contact:
    vat = references.normalise_vat(new.vat_number) if new.vat_number else None
    if vat is not None:
        known = contacts.candidates(
            vat_number=vat, enterprise_number=None, iban=None, name_start=""
        )
        if known:
            return known[0]
    contact = Contact(
        name=new.name,
        search_key=identity.search_key(new.name),
        vat_number=vat,
        enterprise_number=references.enterprise_of(vat) if vat else None,
        iban=iban,
        country=references.country_of(vat) if vat else "BE",
        payment_terms=str(terms.LEGAL),
    )
    db.session.add(contact)
    db.session.flush()
    after = {"name": contact.name, "vat_number": vat, "iban": iban}
    audit.record("contact.added", contact, by=by, after=after)
    live.touch("contacts")
    return contact


def _note_direction(contact: Contact, direction: InvoiceDirection) -> None:
    if direction is InvoiceDirection.PURCHASE:
        contact.is_supplier = True
    else:
        contact.is_customer = True
