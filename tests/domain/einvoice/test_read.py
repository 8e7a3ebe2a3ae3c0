"""Every term of an e-invoice is read exactly, whatever its syntax and prefixes."""

from datetime import date
from decimal import Decimal

import pytest

from billify.domain.einvoice import numbers
from billify.domain.einvoice.model import Identifier, Period
from billify.domain.einvoice.prolog import Syntax
from billify.domain.einvoice.read import read
from tests.domain.einvoice import made
from tests.domain.einvoice.written import Writer


def test_the_header_of_an_invoice() -> None:
    found = read(made.sample("be-01"))

    assert (found.number, found.type_code, found.currency) == ("2026-0001", "380", "EUR")
    assert found.issue_date == date(2026, 2, 10)
    assert found.due_date == date(2026, 3, 12)
    assert found.delivery is not None
    assert found.delivery.day == date(2026, 2, 9)
    assert found.order_reference == "PO-2026-114"
    assert (found.net_amount, found.vat_amount) == (Decimal("1344.00"), Decimal("217.98"))
    assert found.gross_amount == found.payable == Decimal("1561.98")


def test_both_parties() -> None:
    found = read(made.sample("be-02"))

    assert found.seller.name == "Voorbeeld Schrijnwerkerij BV"
    assert found.seller.trading_name == "Voorbeeld Hout"
    assert found.seller.vat_number == "BE0000000196"
    assert found.seller.legal_id == found.seller.endpoint == Identifier("0000000196", "0208")
    assert found.seller.email == "facturen@voorbeeld.example"
    assert found.buyer.address is not None
    assert found.buyer.address.lines == ("Rue de l'Essai 12", "4000 Liège", "BE")


def test_how_to_pay() -> None:
    found = read(made.sample("be-02"))

    assert found.means.code == "30"
    assert numbers.iban(found) == "BE68539007547034"
    assert found.payment_reference == "+++020/2600/00279+++"
    assert numbers.communication(found) == "020260000279"


def test_a_direct_debit_has_its_mandate_and_rounding() -> None:
    found = read(made.sample("be-12"))

    assert found.means.code == "59"
    assert found.mandate
    assert found.rounding is not None
    assert found.payable == Decimal("160.55")


def test_discounts_charges_and_prices_per_hundred() -> None:
    found = read(made.sample("be-02"))

    chair, screws, advice = found.lines
    assert (chair.quantity, chair.price, chair.net) == (12, Decimal("79.95"), Decimal("863.46"))
    assert chair.allowances[0].percent == 10
    assert (screws.price, screws.price_quantity) == (Decimal("3.45"), 100)
    assert advice.unit == "HUR"
    assert [(one.is_charge, one.amount) for one in found.allowances] == [
        (False, Decimal("25.00")),
        (True, Decimal("17.50")),
    ]
    assert found.prepaid == Decimal("250.00")


@pytest.mark.parametrize(
    ("start", "category", "code"),
    [
        ("be-03", "AE", "VATEX-EU-AE"),
        ("be-04", "K", "VATEX-EU-IC"),
        ("be-06", "G", "VATEX-EU-G"),
        ("be-07", "E", ""),
        ("be-10", "O", "VATEX-EU-O"),
    ],
)
def test_vat_categories_with_their_reason(start: str, category: str, code: str) -> None:
    (row,) = read(made.sample(start)).vat_subtotals

    assert (row.category, row.amount) == (category, 0)
    assert row.exemption_code == code
    assert row.exemption_reason


def test_an_attached_pdf_comes_with_name_type_and_bytes() -> None:
    (file,) = read(made.sample("be-01")).attachments

    assert (file.name, file.media_type) == ("2026-0001.pdf", "application/pdf")
    assert file.content is not None
    assert file.content.startswith(b"%PDF-")


def test_a_file_name_is_never_a_path() -> None:
    content = made.changed("be-01", ('filename="2026-0001.pdf"', 'filename="../../etc/a.pdf"'))

    assert read(content).attachments[0].name == "a.pdf"


def test_a_broken_attachment_does_not_lose_the_invoice() -> None:
    content = made.changed("be-01", ("JVBERi0", "!!!!"))

    assert read(content).attachments[0].content is None


def test_a_credit_note_refers_to_its_invoice() -> None:
    found = read(made.sample("be-08"))

    assert found.is_credit_note
    assert (found.preceding[0].number, found.preceding[0].day) == ("2026-0001", date(2026, 2, 10))
    assert found.payable == Decimal("619.50")
    assert all(line.quantity and line.quantity > 0 for line in found.lines)


def test_vat_in_the_accounting_currency_stands_apart() -> None:
    found = read(made.sample("be-09"))

    assert (found.currency, found.tax_currency) == ("USD", "EUR")
    assert found.vat_amount == Decimal("210.00")
    assert found.vat_in_tax_currency is not None
    assert found.vat_in_tax_currency != found.vat_amount


def test_prefixes_mean_nothing() -> None:
    plain = made.sample("be-01")
    other = plain.replace(b"cbc:", b"x:").replace(b":cbc", b":x").replace(b"cac:", b"y.z:")
    other = other.replace(b":cac", b":y.z")

    assert read(other) == read(plain)


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-16", "windows-1252"])
def test_other_encodings_are_read(encoding: str) -> None:
    text = made.changed("be-02", ("UTF-8", encoding)).decode()

    assert read(text.encode(encoding)) == read(made.sample("be-02"))


def test_an_e_invoice_in_the_envelope_of_peppol_is_read() -> None:
    plain = made.sample("be-02")
    space = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
    envelope = (
        f'<?xml version="1.0" encoding="UTF-8"?><StandardBusinessDocument xmlns="{space}">'
        "<StandardBusinessDocumentHeader><HeaderVersion>1.0</HeaderVersion>"
        "</StandardBusinessDocumentHeader>"
    ).encode()
    content = envelope + plain.split(b"?>", 1)[1] + b"</StandardBusinessDocument>"

    found = read(content)

    assert found.number == "2026-0002"
    assert found.lines[2].place.endswith("/Invoice/InvoiceLine[3]")


def test_comments_and_cdata_are_no_part_of_a_text() -> None:
    content = made.changed("be-02", (">Stoel<", "><![CDATA[Sto]]><!-- x -->el<"))

    assert read(content).lines[0].name == "Stoel"


def test_a_communication_in_the_terms_is_found_when_none_stands_in_its_place() -> None:
    content = made.changed(
        "be-02",
        ("<cbc:PaymentID>+++020/2600/00279+++</cbc:PaymentID>", ""),
        (
            "  <cac:AllowanceCharge>\n    <cbc:ChargeIndicator>false</cbc:ChargeIndicator>",
            "  <cac:PaymentTerms><cbc:Note>Met ***020/2600/00279***</cbc:Note></cac:PaymentTerms>"
            "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>",
        ),
    )

    assert numbers.communication(read(content)) == "020260000279"


@pytest.mark.parametrize("name", made.NAMES)
@pytest.mark.parametrize("writer", [Writer(), Writer(rsm="a", ram="b"), Writer(old=True)])
def test_cii_says_the_same_as_ubl(name: str, writer: Writer) -> None:
    stated = made.comparable(read(made.sample(name.removesuffix(".xml"))))

    found = read(writer.invoice(stated))

    assert found.syntax is (Syntax.ZUGFERD_1 if writer.old else Syntax.CII)
    assert made.comparable(found) == stated


def test_a_line_of_zugferd_1_that_only_says_something_is_left_out() -> None:
    text = Writer(old=True).invoice(read(made.sample("be-03"))).decode()
    note = (
        "<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument>"
        "<ram:IncludedNote><ram:Content>Bedankt</ram:Content></ram:IncludedNote>"
        "</ram:AssociatedDocumentLineDocument></ram:IncludedSupplyChainTradeLineItem>"
    )
    at = text.index("<ram:IncludedSupplyChainTradeLineItem>")

    assert len(read((text[:at] + note + text[at:]).encode()).lines) == 1


def test_a_period_is_read() -> None:
    period = "<cac:InvoicePeriod><cbc:StartDate>2026-01-01</cbc:StartDate><cbc:EndDate>2026-01-31"
    content = made.changed(
        "be-05",
        ("  <cac:AccountingSupplierParty>", f"{period}</cbc:EndDate></cac:InvoicePeriod>"
         "  <cac:AccountingSupplierParty>"),
    )  # fmt: skip

    assert read(content).period == Period(date(2026, 1, 1), date(2026, 1, 31))
