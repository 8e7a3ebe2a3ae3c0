"""Contacts of a demo company: names from its profile, numbers made."""

from billify.domain import identity, references
from billify.domain.demo.numbers import POST, Numbers
from billify.domain.demo.profile import Customer, Profile, Supplier
from billify.domain.demo.shapes import DemoContact
from billify.domain.vat import VatCategory

_MAILBOX = {"nl": "boekhouding", "fr": "comptabilite", "de": "buchhaltung"}


def contacts_of(profile: Profile, *, numbers: Numbers) -> dict[str, DemoContact]:
    """Every contact by its name: customers, suppliers, the state, and the shop's own buyers."""
    parties: tuple[Customer | Supplier, ...] = (*profile.customers, *profile.suppliers)
    found = [party(one, numbers=numbers, key=f"c{at:03d}") for at, one in enumerate(parties, 1)]
    found += [
        _body(profile.words.tax_office, profile.language, key="c900", numbers=numbers),
        _body(profile.words.social_office, profile.language, key="c901", numbers=numbers),
        _shop(profile, key="c902"),
    ]
    return {contact.name: contact for contact in found}


def party(given: Customer | Supplier, *, numbers: Numbers, key: str) -> DemoContact:
    """A customer or supplier with made numbers."""
    vat = numbers.vat(given.country)
    iban, bic = numbers.iban(given.country)
    is_belgian = given.country == "BE"
    return DemoContact(
        key=key,
        name=given.name,
        language=given.language,
        is_customer=isinstance(given, Customer),
        is_supplier=isinstance(given, Supplier),
        vat_number=vat,
        enterprise_number=references.enterprise_of(vat),
        street=given.street,
        postcode=given.postcode,
        city=given.city,
        country=given.country,
        email=f"{_MAILBOX[given.language]}@{identity.slug(given.name)}.example",
        phone=numbers.phone(given.postcode) if is_belgian else "",
        iban=iban,
        bic=bic,
        terms=given.terms,
        vat_category=VatCategory.STANDARD if is_belgian else VatCategory.INTRA_COMMUNITY,
    )


def _body(name: str, language: str, *, key: str, numbers: Numbers) -> DemoContact:
    iban, bic = numbers.iban(bank=POST)
    city = {"nl": "Brussel", "fr": "Bruxelles"}[language]
    return DemoContact(
        key=key,
        name=name,
        language=language,
        is_customer=False,
        is_supplier=True,
        vat_number=None,
        enterprise_number=None,
        street="",
        postcode="1000",
        city=city,
        country="BE",
        email="",
        phone="",
        iban=iban,
        bic=bic,
        terms="cash",
        vat_category=VatCategory.OUTSIDE_SCOPE,
    )


def _shop(profile: Profile, *, key: str) -> DemoContact:
    return DemoContact(
        key=key,
        name=profile.words.shop,
        language=profile.language,
        is_customer=True,
        is_supplier=False,
        vat_number=None,
        enterprise_number=None,
        street=profile.street,
        postcode=profile.postcode,
        city=profile.city,
        country="BE",
        email="",
        phone="",
        iban=None,
        bic=None,
        terms="days:5",
    )
