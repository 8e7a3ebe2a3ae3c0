"""An e-invoice written as CII D16B or ZUGFeRD 1, to be read back: the same values, other words."""

import base64
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from billify.domain.einvoice.model import (
    Address,
    AllowanceCharge,
    EInvoice,
    Identifier,
    Line,
    Party,
    Reference,
)
from tests.domain.einvoice.old_names import OLD_NAMES


class Writer:
    """Writes elements with the prefixes and names of one syntax."""

    def __init__(self, *, old: bool = False, rsm: str = "rsm", ram: str = "ram") -> None:
        self.old, self.rsm, self.ram = old, rsm, ram
        self._tax_point = ""

    def tag(self, name: str, *parts: str, prefix: str | None = None, **attributes: str) -> str:
        """One element; nothing when it would be empty."""
        inside = "".join(parts)
        if not inside:
            return ""
        name = OLD_NAMES.get(name, name) if self.old else name
        full = f"{prefix or self.ram}:{name}"
        said = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if value)
        return f"<{full}{said}>{inside}</{full}>"

    def text(self, name: str, value: object, **attributes: str) -> str:
        """An element with a text; nothing for None or nothing."""
        text = "" if value is None else format(value, "f") if isinstance(value, Decimal) else value
        return self.tag(name, escape(str(text)), **attributes)

    def day(self, name: str, day: date | None) -> str:
        """A day in the form 102."""
        if day is None:
            return ""
        said = f"{day:%Y%m%d}"
        return self.tag(name, self.tag("DateTimeString", said, prefix="udt", format="102"))

    def invoice(self, one: EInvoice) -> bytes:
        """The whole file."""
        day = one.tax_point_date
        said = self.tag("DateString", f"{day:%Y%m%d}", prefix="udt") if day else ""
        self._tax_point = self.tag("TaxPointDate", said)
        root = "CrossIndustryDocument" if self.old else "CrossIndustryInvoice"
        space = (
            "urn:ferd:CrossIndustryDocument:invoice:1p0"
            if self.old
            else "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
        )
        inside = "".join(
            (
                self._context(one),
                self._header(one),
                self.tag(
                    "SupplyChainTradeTransaction",
                    *(self._line(line) for line in one.lines),
                    self._agreement(one),
                    self._delivery(one),
                    self._settlement(one),
                    prefix=self.rsm,
                ),
            )
        )
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<{self.rsm}:{root} xmlns:{self.rsm}="{space}"'
            f' xmlns:{self.ram}="urn:ram" xmlns:udt="urn:udt">{inside}</{self.rsm}:{root}>'
        ).encode()

    def _context(self, one: EInvoice) -> str:
        return self.tag(
            "ExchangedDocumentContext",
            self.tag(
                "BusinessProcessSpecifiedDocumentContextParameter", self.text("ID", one.profile)
            ),
            self.tag(
                "GuidelineSpecifiedDocumentContextParameter", self.text("ID", one.customization)
            ),
            prefix=self.rsm,
        )

    def _header(self, one: EInvoice) -> str:
        return self.tag(
            "ExchangedDocument",
            self.text("ID", one.number),
            self.text("TypeCode", one.type_code),
            self.day("IssueDateTime", one.issue_date),
            *(self.tag("IncludedNote", self.text("Content", note)) for note in one.notes),
            prefix=self.rsm,
        )

    def _agreement(self, one: EInvoice) -> str:
        return self.tag(
            "ApplicableHeaderTradeAgreement",
            self.text("BuyerReference", one.buyer_reference),
            self._party("SellerTradeParty", one.seller),
            self._party("BuyerTradeParty", one.buyer),
            self._party("SellerTaxRepresentativeTradeParty", one.tax_representative),
            self._numbered("SellerOrderReferencedDocument", one.sales_order),
            self._numbered("BuyerOrderReferencedDocument", one.order_reference),
            self._numbered("ContractReferencedDocument", one.contract),
            *(self._document(document) for document in one.documents),
            self._object(one.object_id),
            self._object(Identifier(one.tender) if one.tender else None, "50"),
            self.tag(
                "ApplicableTradeDeliveryTerms", self.text("DeliveryTypeCode", one.delivery_terms)
            ),
            self.tag("SpecifiedProcuringProject", self.text("ID", one.project)),
        )

    def _numbered(self, name: str, number: str) -> str:
        return self.tag(name, self.text("IssuerAssignedID", number))

    def _document(self, one: Reference) -> str:
        file = one.attachment
        content = base64.b64encode(file.content or b"").decode() if file else ""
        return self.tag(
            "AdditionalReferencedDocument",
            self.text("IssuerAssignedID", one.number),
            self.text("URIID", one.address),
            self.text("TypeCode", one.type_code),
            self.text("Name", one.description),
            self.tag(
                "AttachmentBinaryObject",
                content,
                mimeCode=file.media_type if file else "",
                filename=file.name if file else "",
            ),
        )

    def _delivery(self, one: EInvoice) -> str:
        delivery = one.delivery
        return self.tag(
            "ApplicableHeaderTradeDelivery",
            self.tag(
                "ShipToTradeParty",
                self._identifiers("GlobalID", [delivery.location] if delivery else []),
                self.text("Name", delivery.party_name if delivery else ""),
                self._address(delivery.address if delivery else None),
            ),
            self.tag(
                "ActualDeliverySupplyChainEvent",
                self.day("OccurrenceDateTime", delivery.day if delivery else None),
            ),
            self._numbered("DespatchAdviceReferencedDocument", one.despatch),
            self._numbered("ReceivingAdviceReferencedDocument", one.receipt),
        )

    def _settlement(self, one: EInvoice) -> str:
        sums = (
            ("LineTotalAmount", one.line_total),
            ("ChargeTotalAmount", one.charge_total),
            ("AllowanceTotalAmount", one.allowance_total),
            ("TaxBasisTotalAmount", one.net_amount),
            ("RoundingAmount", one.rounding),
            ("GrandTotalAmount", one.gross_amount),
            ("TotalPrepaidAmount", one.prepaid),
            ("DuePayableAmount", one.payable),
        )
        return self.tag(
            "ApplicableHeaderTradeSettlement",
            self.text("CreditorReferenceID", one.creditor_id),
            self.text("PaymentReference", one.payment_reference),
            self.text("TaxCurrencyCode", one.tax_currency),
            self.text("InvoiceCurrencyCode", one.currency),
            self._party("PayeeTradeParty", one.payee),
            *(self._means(means) for means in one.payment_means),
            *(
                self._tax("ApplicableTradeTax", row.category, row.rate, row.base, row.amount, row)
                for row in one.vat_subtotals
            ),
            self._period(one.period),
            *(self._allowance(allowance) for allowance in one.allowances),
            self.tag(
                "SpecifiedTradePaymentTerms",
                self.text("Description", one.payment_terms),
                self.day("DueDateDateTime", one.due_date),
                self.text("DirectDebitMandateID", one.mandate),
            ),
            self.tag(
                "SpecifiedTradeSettlementHeaderMonetarySummation",
                *(self.text(name, amount) for name, amount in sums),
                self.text("TaxTotalAmount", one.vat_amount, currencyID=one.currency),
                self.text("TaxTotalAmount", one.vat_in_tax_currency, currencyID=one.tax_currency),
            ),
            *(
                self.tag(
                    "InvoiceReferencedDocument",
                    self.text("IssuerAssignedID", earlier.number),
                    self.day("FormattedIssueDateTime", earlier.day),
                )
                for earlier in one.preceding
            ),
            self.tag(
                "ReceivableSpecifiedTradeAccountingAccount", self.text("ID", one.accounting_cost)
            ),
        )

    def _means(self, means: object) -> str:
        get = means.__getattribute__
        return self.tag(
            "SpecifiedTradeSettlementPaymentMeans",
            self.text("TypeCode", get("code")),
            self.text("Information", get("name")),
            self.tag(
                "PayerPartyDebtorFinancialAccount", self.text("IBANID", get("debited_account"))
            ),
            self.tag(
                "PayeePartyCreditorFinancialAccount",
                self.text("IBANID", get("account")),
                self.text("AccountName", get("account_name")),
            ),
            self.tag("PayeeSpecifiedCreditorFinancialInstitution", self.text("BICID", get("bic"))),
        )

    def _tax(
        self,
        name: str,
        category: str,
        rate: object,
        base: object,
        amount: object,
        row: object = None,
    ) -> str:
        return self.tag(
            name,
            self.text("CalculatedAmount", amount),
            self.text("TypeCode", "VAT"),
            self.text("ExemptionReason", getattr(row, "exemption_reason", "")),
            self.text("BasisAmount", base),
            self.text("CategoryCode", category),
            self.text("ExemptionReasonCode", getattr(row, "exemption_code", "")),
            self._tax_point if row is not None else "",
            self.text("RateApplicablePercent", rate),
        )

    def _allowance(self, one: AllowanceCharge) -> str:
        is_charge = str(one.is_charge).lower()
        has_tax = one.category or one.rate is not None
        return self.tag(
            "SpecifiedTradeAllowanceCharge",
            self.tag("ChargeIndicator", self.tag("Indicator", is_charge, prefix="udt")),
            self.text("CalculationPercent", one.percent),
            self.text("BasisAmount", one.base),
            self.text("ActualAmount", one.amount),
            self.text("ReasonCode", one.reason_code),
            self.text("Reason", one.reason),
            self._tax("CategoryTradeTax", one.category, one.rate, None, None) if has_tax else "",
        )

    def _object(self, one: Identifier | None, type_code: str = "130") -> str:
        if one is None:
            return ""
        return self.tag(
            "AdditionalReferencedDocument",
            self.text("IssuerAssignedID", one.value),
            self.text("TypeCode", type_code),
            self.text("ReferenceTypeCode", one.scheme),
        )

    def _party(self, name: str, party: Party | None) -> str:
        if party is None:
            return ""
        legal = party.legal_id
        return self.tag(
            name,
            self._identifiers("GlobalID", party.ids),
            self.text("Name", party.name),
            self.text("Description", party.legal_form),
            self.tag(
                "SpecifiedLegalOrganization",
                self._identifiers("ID", [legal]),
                self.text("TradingBusinessName", party.trading_name),
            ),
            self.tag(
                "DefinedTradeContact",
                self.text("PersonName", party.contact_name),
                self.tag(
                    "TelephoneUniversalCommunication", self.text("CompleteNumber", party.phone)
                ),
                self.tag("EmailURIUniversalCommunication", self.text("URIID", party.email)),
            ),
            self._address(party.address),
            self.tag("URIUniversalCommunication", self._identifiers("URIID", [party.endpoint])),
            self.tag("SpecifiedTaxRegistration", self.text("ID", party.vat_number, schemeID="VA")),
            self.tag("SpecifiedTaxRegistration", self.text("ID", party.tax_number, schemeID="FC")),
        )

    def _identifiers(self, name: str, found: Iterable[Identifier | None]) -> str:
        return "".join(self.text(name, one.value, schemeID=one.scheme) for one in found if one)

    def _address(self, one: Address | None) -> str:
        if one is None:
            return ""
        return self.tag(
            "PostalTradeAddress",
            self.text("PostcodeCode", one.postcode),
            self.text("LineOne", one.street),
            self.text("LineTwo", one.additional),
            self.text("LineThree", one.third),
            self.text("CityName", one.city),
            self.text("CountryID", one.country),
            self.text("CountrySubDivisionName", one.subdivision),
        )

    def _period(self, period: object) -> str:
        return self.tag(
            "BillingSpecifiedPeriod",
            self.day("StartDateTime", getattr(period, "start", None)),
            self.day("EndDateTime", getattr(period, "end", None)),
        )

    def _line(self, line: Line) -> str:
        return self.tag(
            "IncludedSupplyChainTradeLineItem",
            self.tag(
                "AssociatedDocumentLineDocument",
                self.text("LineID", line.number),
                self.tag("IncludedNote", self.text("Content", line.note)),
            ),
            self.tag(
                "SpecifiedTradeProduct",
                self._identifiers("GlobalID", [line.standard_item]),
                self.text("SellerAssignedID", line.seller_item),
                self.text("BuyerAssignedID", line.buyer_item),
                self.text("Name", line.name),
                self.text("Description", line.description),
                *(
                    self.tag(
                        "ApplicableProductCharacteristic",
                        self.text("Description", name),
                        self.text("Value", value),
                    )
                    for name, value in line.properties
                ),
                *(
                    self.tag(
                        "DesignatedProductClassification",
                        self.text("ClassCode", one.value, listID=one.scheme),
                    )
                    for one in line.classifications
                ),
                self.tag("OriginTradeCountry", self.text("ID", line.origin)),
            ),
            self.tag(
                "SpecifiedLineTradeAgreement",
                self.tag("BuyerOrderReferencedDocument", self.text("LineID", line.order_line)),
                self.tag(
                    "GrossPriceProductTradePrice",
                    self.text("ChargeAmount", line.gross_price),
                    self.tag(
                        "AppliedTradeAllowanceCharge",
                        self.text("ActualAmount", line.price_discount),
                    ),
                ),
                self.tag(
                    "NetPriceProductTradePrice",
                    self.text("ChargeAmount", line.price),
                    self.text("BasisQuantity", line.price_quantity),
                ),
            ),
            self.tag(
                "SpecifiedLineTradeDelivery",
                self.text("BilledQuantity", line.quantity, unitCode=line.unit),
            ),
            self.tag(
                "SpecifiedLineTradeSettlement",
                self._tax("ApplicableTradeTax", line.category, line.rate, None, None),
                self._period(line.period),
                self._object(line.object_id),
                *(self._allowance(one) for one in line.allowances),
                self.tag(
                    "SpecifiedTradeSettlementLineMonetarySummation",
                    self.text("LineTotalAmount", line.net),
                ),
                self.tag(
                    "ReceivableSpecifiedTradeAccountingAccount",
                    self.text("ID", line.accounting_cost),
                ),
            ),
        )
