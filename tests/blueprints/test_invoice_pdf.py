"""The PDF of our own sales invoices."""

from decimal import Decimal
from uuid import UUID

import pypdfium2
import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from billify.application import invoices
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import BankAccount, Company, Contact, Invoice, InvoiceLine, InvoiceVat
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.domain.vat import VatCategory
from tests import factories
from tests.cast import Cast, Member


def issued(of: Member, *, language: str = "fr", status: InvoiceStatus = InvoiceStatus.OPEN) -> UUID:
    """An issued invoice to a customer of a language, with one line without VAT."""
    assert of.company_id is not None
    with tenancy.company_scope(of.company_id):
        customer = factories.contact(
            "Hôtel de l'Écluse SRL", language=language, is_customer=True, city="Namur"
        )
        factories.account()
        invoice = factories.invoice(
            of=customer,
            gross="100.00",
            direction=InvoiceDirection.SALE,
            number="2026/0166",
            net_amount=Decimal("100.00"),
            vat_amount=Decimal("0.00"),
            payment_reference="260001660890",
            status=status,
        )
        with transaction() as session:
            session.add(
                InvoiceLine(
                    invoice_id=invoice.id,
                    position=1,
                    description="Pain *gris*",
                    quantity=Decimal(40),
                    unit_price=Decimal("2.5"),
                    discount=Decimal(0),
                    vat_category=VatCategory.INTRA_COMMUNITY,
                    vat_rate=Decimal(0),
                    net_amount=Decimal("100.00"),
                )
            )
            session.add(
                InvoiceVat(
                    invoice_id=invoice.id,
                    position=1,
                    category=VatCategory.INTRA_COMMUNITY,
                    rate=Decimal(0),
                    base=Decimal("100.00"),
                    amount=Decimal("0.00"),
                )
            )
        found: UUID = invoice.id
        return found


def pdf(by: Member, invoice_id: UUID, slug: str) -> TestResponse:
    """Ask for it."""
    return by.client().get(f"/c/{slug}/invoices/{invoice_id}/pdf")


def test_an_issued_invoice_is_printed_with_all_it_needs(cast: Cast) -> None:
    answer = pdf(cast.bram, issued(cast.anna), cast.anna.slug)

    (page,) = pypdfium2.PdfDocument(answer.data)
    text = page.get_textpage().get_text_range()
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "2026-0166.pdf" in answer.headers["Content-Disposition"]
    for words in (
        "Bakkerij Anna",
        "BE 0403.170.701",
        "Hôtel de l'Écluse SRL",
        "Pain *gris*",
        "2026/0166",
        "100,00 EUR",
        "BE71 0961 2345 6769",
        "+++260/0016/60890+++",
        "39bis",
    ):
        assert words in text


@pytest.mark.parametrize("status", [InvoiceStatus.DRAFT, InvoiceStatus.REJECTED])
def test_what_was_not_issued_has_no_pdf(cast: Cast, status: InvoiceStatus) -> None:
    invoice_id = issued(cast.anna, status=status)

    assert pdf(cast.anna, invoice_id, cast.anna.slug).status_code == 404


def test_a_sale_that_only_the_accounting_knows_has_no_pdf(cast: Cast) -> None:
    """Its lines and VAT are not known: a paper would say that there are none."""
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        found = factories.invoice(direction=InvoiceDirection.SALE, source="yuki")
    page = cast.anna.client().get(f"/c/{cast.anna.slug}/invoices/{found.id}")

    assert page.status_code == 200
    assert "/pdf" not in page.text
    assert pdf(cast.anna, found.id, cast.anna.slug).status_code == 404


def test_another_company_finds_nothing(cast: Cast) -> None:
    invoice_id = issued(cast.anna)

    assert pdf(cast.chloe, invoice_id, cast.chloe.slug).status_code == 404
    assert pdf(cast.chloe, invoice_id, cast.anna.slug).status_code == 404


def test_a_credit_note_names_what_it_credits(cast: Cast) -> None:
    invoice_id = issued(cast.anna)
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        note = factories.invoice(
            gross="20.00",
            direction=InvoiceDirection.SALE,
            kind=InvoiceKind.CREDIT_NOTE,
            number="CN-4",
            credited_invoice_id=invoice_id,
        )

    answer = pdf(cast.anna, note.id, cast.anna.slug)

    (page,) = pypdfium2.PdfDocument(answer.data)
    assert "2026/0166" in page.get_textpage().get_text_range()


def test_our_own_address_stands_on_it(cast: Cast) -> None:
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id), transaction() as session:
        company = session.get_one(Company, cast.anna.company_id)
        company.street, company.postcode, company.city = "Coupure Rechts 779", "9000", "Gent"

    answer = pdf(cast.anna, issued(cast.anna, language="nl"), cast.anna.slug)

    (page,) = pypdfium2.PdfDocument(answer.data)
    assert "Coupure Rechts 779" in page.get_textpage().get_text_range()


def test_who_stands_on_an_issued_invoice_stays_as_it_was(cast: Cast) -> None:
    invoice_id = issued(cast.anna, status=InvoiceStatus.DRAFT)
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        invoices.approve(invoice_id=invoice_id, by=cast.anna.actor)
        with transaction() as session:
            invoice = session.get_one(Invoice, invoice_id)
            customer = session.get_one(Contact, invoice.contact_id)
            customer.street, customer.city, customer.language = "Rue Neuve 1", "Mons", "de"
            invoice.party_name = customer.name = "Écluse et Fils SA"
            company = session.get_one(Company, cast.anna.company_id)
            company.name, company.street = "Brood BV", "Korenmarkt 2"
            for account in session.scalars(select(BankAccount)):
                account.iban = "BE68539007547034"

    answer = pdf(cast.anna, invoice_id, cast.anna.slug)

    (page,) = pypdfium2.PdfDocument(answer.data)
    text = page.get_textpage().get_text_range()
    for words in ("Bakkerij Anna", "Hôtel de l'Écluse SRL", "Namur", "BE71 0961 2345 6769"):
        assert words in text
    for words in ("Brood BV", "Korenmarkt", "Écluse et Fils", "Rue Neuve", "BE68", "Rechnung"):
        assert words not in text
