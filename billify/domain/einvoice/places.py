"""Where a term of EN 16931 stands in each syntax, for telling people what to look at."""

from billify.domain.einvoice.model import EInvoice
from billify.domain.einvoice.prolog import Syntax

_TRADE = "SupplyChainTradeTransaction"
_SETTLEMENT = f"{_TRADE}/ApplicableHeaderTradeSettlement"
_AGREEMENT = f"{_TRADE}/ApplicableHeaderTradeAgreement"
_SUMS = f"{_SETTLEMENT}/SpecifiedTradeSettlementHeaderMonetarySummation"

#: Term → (path in UBL, path in CII). `{kind}` is Invoice or CreditNote.
_PATHS = {
    "BT-1": ("ID", "ExchangedDocument/ID"),
    "BT-2": ("IssueDate", "ExchangedDocument/IssueDateTime"),
    "BT-3": ("{kind}TypeCode", "ExchangedDocument/TypeCode"),
    "BT-5": ("DocumentCurrencyCode", f"{_SETTLEMENT}/InvoiceCurrencyCode"),
    "BT-9": ("DueDate", f"{_SETTLEMENT}/SpecifiedTradePaymentTerms/DueDateDateTime"),
    "BT-24": (
        "CustomizationID",
        "ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID",
    ),
    "BT-25": ("BillingReference", f"{_SETTLEMENT}/InvoiceReferencedDocument"),
    "BG-4": ("AccountingSupplierParty/Party", f"{_AGREEMENT}/SellerTradeParty"),
    "BG-7": ("AccountingCustomerParty/Party", f"{_AGREEMENT}/BuyerTradeParty"),
    "BG-10": ("PayeeParty", f"{_SETTLEMENT}/PayeeTradeParty"),
    "BG-11": ("TaxRepresentativeParty", f"{_AGREEMENT}/SellerTaxRepresentativeTradeParty"),
    "BG-14": ("InvoicePeriod", f"{_SETTLEMENT}/BillingSpecifiedPeriod"),
    "BG-15": ("Delivery/DeliveryLocation/Address", f"{_TRADE}/ApplicableHeaderTradeDelivery"),
    "BG-16": ("PaymentMeans", f"{_SETTLEMENT}/SpecifiedTradeSettlementPaymentMeans"),
    "BG-20": ("AllowanceCharge", f"{_SETTLEMENT}/SpecifiedTradeAllowanceCharge"),
    "BG-23": ("TaxTotal/TaxSubtotal", f"{_SETTLEMENT}/ApplicableTradeTax"),
    "BG-24": ("AdditionalDocumentReference", f"{_AGREEMENT}/AdditionalReferencedDocument"),
    "BG-25": ("{kind}Line", f"{_TRADE}/IncludedSupplyChainTradeLineItem"),
    "BT-106": ("LegalMonetaryTotal/LineExtensionAmount", f"{_SUMS}/LineTotalAmount"),
    "BT-107": ("LegalMonetaryTotal/AllowanceTotalAmount", f"{_SUMS}/AllowanceTotalAmount"),
    "BT-108": ("LegalMonetaryTotal/ChargeTotalAmount", f"{_SUMS}/ChargeTotalAmount"),
    "BT-109": ("LegalMonetaryTotal/TaxExclusiveAmount", f"{_SUMS}/TaxBasisTotalAmount"),
    "BT-110": ("TaxTotal/TaxAmount", f"{_SUMS}/TaxTotalAmount"),
    "BT-111": ("TaxTotal[2]/TaxAmount", f"{_SUMS}/TaxTotalAmount[2]"),
    "BT-112": ("LegalMonetaryTotal/TaxInclusiveAmount", f"{_SUMS}/GrandTotalAmount"),
    "BT-113": ("LegalMonetaryTotal/PrepaidAmount", f"{_SUMS}/TotalPrepaidAmount"),
    "BT-114": ("LegalMonetaryTotal/PayableRoundingAmount", f"{_SUMS}/RoundingAmount"),
    "BT-115": ("LegalMonetaryTotal/PayableAmount", f"{_SUMS}/DuePayableAmount"),
}
_OLD_NAMES = (
    (
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        "SpecifiedTradeSettlementMonetarySummation",
    ),
    ("ExchangedDocumentContext", "SpecifiedExchangedDocumentContext"),
    ("ExchangedDocument/", "HeaderExchangedDocument/"),
    ("ApplicableHeaderTrade", "ApplicableSupplyChainTrade"),
    ("SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction"),
)


def place_of(term: str, invoice: EInvoice, number: int | None = None) -> str:
    """The path of a term in this e-invoice, with its number where there are several."""
    ubl, cii = _PATHS[term]
    if invoice.syntax is Syntax.UBL:
        path = ubl.format(kind="CreditNote" if invoice.root == "CreditNote" else "Invoice")
    else:
        path = cii
    if invoice.syntax is Syntax.ZUGFERD_1:
        for new, old in _OLD_NAMES:
            path = path.replace(new, old)
    return f"/{invoice.root}/{path}" + (f"[{number}]" if number is not None else "")
