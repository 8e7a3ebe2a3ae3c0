"""What stays as it was from the day a sales invoice is issued."""

from billify.data.models import Company, Contact, Invoice
from billify.data.queries import companies, contacts
from billify.domain.issued import IssuedAs, Particulars


def keep(*, invoice: Invoice) -> None:
    """Keep who stands on an invoice that is being issued, as they are called today."""
    invoice.issued_as = _today(invoice).to_json()


def issued_as(invoice: Invoice) -> IssuedAs:
    """Who stands on an issued invoice; of one that was made elsewhere, as they are now."""
    kept = invoice.issued_as
    return IssuedAs.from_json(kept) if kept else _today(invoice)


def _today(invoice: Invoice) -> IssuedAs:
    company = companies.own()
    contact = contacts.get(invoice.contact_id) if invoice.contact_id else None
    return IssuedAs(
        seller=_particulars(company.name, company),
        buyer=_particulars(invoice.party_name, contact),
        language=contact.language if contact and contact.language else company.language,
        iban=next(iter(companies.own_ibans()), None),
    )


def _particulars(name: str, who: Company | Contact | None) -> Particulars:
    if who is None:
        return Particulars(name)
    return Particulars(
        name=name,
        street=who.street,
        postcode=who.postcode,
        city=who.city,
        country=who.country,
        vat_number=who.vat_number,
        enterprise_number=who.enterprise_number,
    )
