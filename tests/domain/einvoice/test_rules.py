"""A broken rule is named with its place; a sound e-invoice breaks none."""

import pytest

from billify.domain.einvoice.read import read
from billify.domain.einvoice.rules import Violation, violations
from tests.domain.einvoice import made
from tests.domain.einvoice.written import Writer

SUMS = "/Invoice/LegalMonetaryTotal"
RATE = "/Invoice/TaxTotal/TaxSubtotal[1]"
SELLER = "/Invoice/AccountingSupplierParty/Party"
BUYER = "/Invoice/AccountingCustomerParty/Party"


@pytest.mark.parametrize("name", made.NAMES)
def test_the_samples_break_no_rule(name: str) -> None:
    assert violations(read(made.sample(name.removesuffix(".xml")))) == []


@pytest.mark.parametrize(
    ("start", "old", "new", "rule", "place"),
    [
        ("be-02", "<cbc:ID>2026-0002</cbc:ID>", "", "BR-02", "/Invoice/ID"),
        ("be-08", "<cbc:ID>2026-C001</cbc:ID>", "", "BR-02", "/CreditNote/ID"),
        ("be-02", "<cbc:IssueDate>2026-02-10</cbc:IssueDate>", "", "BR-03", "/Invoice/IssueDate"),
        ("be-02", ">Exemple Communication SRL<", "><", "BR-07", BUYER),
        ("be-02", ">1099.90<", ">1099.91<", "BR-CO-16", f"{SUMS}/PayableAmount"),
        ("be-02", ">1349.90<", ">1349.91<", "BR-CO-15", f"{SUMS}/TaxInclusiveAmount"),
        ("be-02", ">1123.12<", ">1123.13<", "BR-CO-10", f"{SUMS}/LineExtensionAmount"),
        ("be-02", ">25.00</cbc:All", ">26.00</cbc:All", "BR-CO-11", f"{SUMS}/AllowanceTotalAmount"),
        ("be-02", ">17.50</cbc:Cha", ">1.00</cbc:Cha", "BR-CO-12", f"{SUMS}/ChargeTotalAmount"),
        ("be-02", ">1115.62</cbc:TaxE", ">1</cbc:TaxE", "BR-CO-13", f"{SUMS}/TaxExclusiveAmount"),
        ("be-02", ">234.28<", ">240.28<", "BR-CO-17", RATE),
        ("be-02", ">1123.12<", ">1123.120<", "BR-DEC-09", f"{SUMS}/LineExtensionAmount"),
        ("be-02", ">863.46<", ">900<", "PEPPOL-EN16931-R120", "line 104, /Invoice/InvoiceLine[1]"),
        ("be-02", ">Advies<", "><", "BR-25", "line 145, /Invoice/InvoiceLine[3]"),
        ("be-02", ">21</cbc:Per", ">0</cbc:Per", "BR-S-05", "line 104, /Invoice/InvoiceLine[1]"),
        ("be-02", "BE0000000196<", "0000000196<", "BR-CO-09", SELLER),
        ("be-02", "BE68539007547034", "", "BR-61", "/Invoice/PaymentMeans[1]"),
        ("be-02", "Reason", "Other", "BR-33", "/Invoice/AllowanceCharge[1]"),
        ("be-03", ">AE<", ">Q<", "BR-CL-18", RATE),
        ("be-02", "2026-03-12", "2026-01-12", "DUE-BEFORE-ISSUE", "/Invoice/DueDate"),
        ("be-02", 'PayableAmount currencyID="EUR"', 'PayableAmount currencyID="USD"',
         "PEPPOL-EN16931-R051", f"line 102, {SUMS}/PayableAmount"),
        ("be-09", "TaxCurrencyCode>EUR", "TaxCurrencyCode>GBP", "BR-53",
         "/Invoice/TaxTotal[2]/TaxAmount"),
        ("be-12", "PaymentMandate", "Other", "PEPPOL-EN16931-R061", "/Invoice/PaymentMeans[1]"),
        ("be-01", "JVBERi0", "!!!!", "BR-52", "/Invoice/AdditionalDocumentReference[1]"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_named_with_its_place(
    start: str, old: str, new: str, rule: str, place: str
) -> None:
    found = violations(read(made.changed(start, (old, new))))

    assert (rule, place) in {(one.rule, one.place) for one in found}


def test_a_missing_reason_for_no_vat_is_told() -> None:
    content = made.sample("be-03")
    start = content.index(b"<cbc:TaxExemptionReasonCode>")
    end = content.index(b"<cac:TaxScheme>", start)

    assert [one.rule for one in violations(read(content[:start] + content[end:]))] == ["BR-AE-10"]


def test_the_place_is_said_in_the_words_of_the_syntax() -> None:
    invoice = read(
        made.changed("be-03", (">18500.00</cbc:PayableAmount>", ">1</cbc:PayableAmount>"))
    )

    (new,) = violations(read(Writer().invoice(invoice)))
    (old,) = violations(read(Writer(old=True).invoice(invoice)))

    assert new == Violation(
        "BR-CO-16",
        "/CrossIndustryInvoice/SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement"
        "/SpecifiedTradeSettlementHeaderMonetarySummation/DuePayableAmount",
        "1 is stated, but the total less what is prepaid, rounded as stated, make 18500.00.",
    )
    assert old.place == (
        "/CrossIndustryDocument/SpecifiedSupplyChainTradeTransaction"
        "/ApplicableSupplyChainTradeSettlement/SpecifiedTradeSettlementMonetarySummation"
        "/DuePayableAmount"
    )
