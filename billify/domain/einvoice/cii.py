"""Cross Industry Invoice D16B (Factur-X, XRechnung, ZUGFeRD 2) and ZUGFeRD 1.

ZUGFeRD 1 has the same tree under other names; where they differ both stand in the path.
"""

from datetime import date
from decimal import Decimal

from billify.domain.einvoice import files
from billify.domain.einvoice.model import (
    Address,
    AllowanceCharge,
    Delivery,
    EInvoice,
    Identifier,
    Line,
    Party,
    PaymentMeans,
    Period,
    Reference,
    VatSubtotal,
)
from billify.domain.einvoice.prolog import Syntax
from billify.domain.einvoice.tree import Node

_CONTEXT = "ExchangedDocumentContext|SpecifiedExchangedDocumentContext"
_HEADER = "ExchangedDocument|HeaderExchangedDocument"
_TRADE = "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction"
_AGREEMENT = "ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement"
_DELIVERY = "ApplicableHeaderTradeDelivery|ApplicableSupplyChainTradeDelivery"
_SETTLEMENT = "ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement"
_SUMS = "SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
_LINE_AGREEMENT = "SpecifiedLineTradeAgreement|SpecifiedSupplyChainTradeAgreement"
_LINE_DELIVERY = "SpecifiedLineTradeDelivery|SpecifiedSupplyChainTradeDelivery"
_LINE_SETTLEMENT = "SpecifiedLineTradeSettlement|SpecifiedSupplyChainTradeSettlement"
_LINE_SUMS = (
    "SpecifiedTradeSettlementLineMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
)
_RATE = "RateApplicablePercent|ApplicablePercent"
_NUMBER = "IssuerAssignedID|ID"
_DAY = "DateTimeString|DateString|DateTime"
_OBJECT, _TENDER = "130", "50"


def read(root: Node, syntax: Syntax) -> EInvoice:
    """The e-invoice of a CII tree. Refuses a value that cannot be what it should be."""
    header = root.part(_HEADER)
    agreement = root.part(f"{_TRADE}/{_AGREEMENT}")
    delivery = root.part(f"{_TRADE}/{_DELIVERY}")
    settlement = root.part(f"{_TRADE}/{_SETTLEMENT}")
    sums = settlement.part(_SUMS)
    currency = settlement.text("InvoiceCurrencyCode")
    tax_currency = settlement.text("TaxCurrencyCode")
    documents = [_document(one) for one in agreement.all("AdditionalReferencedDocument")]
    terms = settlement.all("SpecifiedTradePaymentTerms")
    vat = _in_currency(sums.all("TaxTotalAmount"), currency, default=True)
    return EInvoice(
        syntax=syntax,
        root=root.name,
        seller=_party(agreement.first("SellerTradeParty")),
        buyer=_party(agreement.first("BuyerTradeParty")),
        number=header.text("ID"),
        type_code=header.text("TypeCode"),
        issue_date=_day(header.first("IssueDateTime")),
        due_date=next((day for one in terms if (day := _day(one.first("DueDateDateTime")))), None),
        tax_point_date=_day(settlement.first("ApplicableTradeTax/TaxPointDate")),
        tax_point_code=settlement.text("ApplicableTradeTax/DueDateTypeCode"),
        currency=currency,
        tax_currency=tax_currency,
        customization=root.text(f"{_CONTEXT}/GuidelineSpecifiedDocumentContextParameter/ID"),
        profile=root.text(f"{_CONTEXT}/BusinessProcessSpecifiedDocumentContextParameter/ID"),
        notes=header.texts("IncludedNote/Content"),
        accounting_cost=settlement.text("ReceivableSpecifiedTradeAccountingAccount/ID"),
        buyer_reference=agreement.text("BuyerReference"),
        order_reference=agreement.text(f"BuyerOrderReferencedDocument/{_NUMBER}"),
        sales_order=agreement.text(f"SellerOrderReferencedDocument/{_NUMBER}"),
        contract=agreement.text(f"ContractReferencedDocument/{_NUMBER}"),
        project=agreement.text("SpecifiedProcuringProject/ID"),
        tender=next((one.number for one in documents if one.type_code == _TENDER), ""),
        despatch=delivery.text(f"DespatchAdviceReferencedDocument/{_NUMBER}")
        or delivery.text(f"DeliveryNoteReferencedDocument/{_NUMBER}"),
        receipt=delivery.text(f"ReceivingAdviceReferencedDocument/{_NUMBER}"),
        object_id=next(
            (Identifier(one.number, one.scheme) for one in documents if one.type_code == _OBJECT),
            None,
        ),
        preceding=tuple(
            Reference(
                one.text(_NUMBER),
                _day(one.first("FormattedIssueDateTime|IssueDateTime")),
                one.text("TypeCode"),
            )
            for one in settlement.all("InvoiceReferencedDocument")
        ),
        documents=tuple(one for one in documents if one.type_code not in (_OBJECT, _TENDER)),
        period=_period(settlement.first("BillingSpecifiedPeriod")),
        payee=_optional_party(settlement.first("PayeeTradeParty")),
        tax_representative=_optional_party(agreement.first("SellerTaxRepresentativeTradeParty")),
        delivery=_delivery(delivery),
        delivery_terms=agreement.text("ApplicableTradeDeliveryTerms/DeliveryTypeCode"),
        creditor_id=settlement.text("CreditorReferenceID"),
        payment_means=_payment_means(settlement, terms),
        payment_terms="\n".join(text for one in terms for text in one.texts("Description")),
        allowances=(
            *(_allowance(one) for one in settlement.all("SpecifiedTradeAllowanceCharge")),
            *(_service(one) for one in settlement.all("SpecifiedLogisticsServiceCharge")),
        ),
        vat_subtotals=tuple(_subtotal(one) for one in settlement.all("ApplicableTradeTax")),
        vat_amount=vat.number() if vat else None,
        vat_in_tax_currency=_vat_elsewhere(sums, currency, tax_currency),
        line_total=sums.number("LineTotalAmount"),
        allowance_total=sums.number("AllowanceTotalAmount"),
        charge_total=sums.number("ChargeTotalAmount"),
        net_amount=sums.number("TaxBasisTotalAmount"),
        gross_amount=_number_in(sums.all("GrandTotalAmount"), currency),
        prepaid=sums.number("TotalPrepaidAmount"),
        rounding=sums.number("RoundingAmount"),
        payable=sums.number("DuePayableAmount"),
        lines=tuple(
            _line(one, number)
            for number, one in enumerate(
                root.all(f"{_TRADE}/IncludedSupplyChainTradeLineItem"), start=1
            )
            if not _is_only_text(one)
        ),
        foreign_amounts=tuple(
            node.place
            for name in ("LineTotalAmount", "TaxBasisTotalAmount", "DuePayableAmount")
            for node in sums.all(name)
            if currency and node.attribute("currencyID") not in ("", currency)
        ),
    )


def _in_currency(nodes: list[Node], currency: str, *, default: bool) -> Node | None:
    for one in nodes:
        if one.attribute("currencyID") in (("", currency) if default else (currency,)):
            return one
    return nodes[0] if nodes and default else None


def _number_in(nodes: list[Node], currency: str) -> Decimal | None:
    found = _in_currency(nodes, currency, default=True)
    return found.number() if found else None


def _vat_elsewhere(sums: Node, currency: str, tax_currency: str) -> Decimal | None:
    if not tax_currency or tax_currency == currency:
        return None
    found = _in_currency(sums.all("TaxTotalAmount"), tax_currency, default=False)
    return found.number() if found else None


def _day(node: Node | None) -> date | None:
    return None if node is None else node.day(_DAY) if node.first(_DAY) else node.day()


def _identifier(node: Node | None, scheme: str = "schemeID") -> Identifier | None:
    text = node.text() if node is not None else ""
    return Identifier(text, node.attribute(scheme)) if node is not None and text else None


def _party(node: Node | None) -> Party:
    if node is None:
        return Party()
    taxes = {
        one.attribute("schemeID").upper(): one.text()
        for one in node.all("SpecifiedTaxRegistration/ID")
    }
    contact = "DefinedTradeContact"
    numbers = (_identifier(one) for one in (*node.all("GlobalID"), *node.all("ID")))
    return Party(
        name=node.text("Name"),
        trading_name=node.text("SpecifiedLegalOrganization/TradingBusinessName"),
        vat_number=taxes.get("VA", ""),
        tax_number=taxes.get("FC", ""),
        legal_id=_identifier(node.first("SpecifiedLegalOrganization/ID")),
        legal_form=node.text("Description"),
        endpoint=_identifier(node.first("URIUniversalCommunication/URIID")),
        ids=tuple(one for one in numbers if one),
        address=_address(node.first("PostalTradeAddress")),
        contact_name=node.text(f"{contact}/PersonName") or node.text(f"{contact}/DepartmentName"),
        phone=node.text(f"{contact}/TelephoneUniversalCommunication/CompleteNumber"),
        email=node.text(f"{contact}/EmailURIUniversalCommunication/URIID|CompleteNumber"),
    )


def _optional_party(node: Node | None) -> Party | None:
    return None if node is None else _party(node)


def _address(node: Node | None) -> Address | None:
    if node is None:
        return None
    return Address(
        street=node.text("LineOne"),
        additional=node.text("LineTwo"),
        third=node.text("LineThree"),
        city=node.text("CityName"),
        postcode=node.text("PostcodeCode"),
        subdivision=node.text("CountrySubDivisionName"),
        country=node.text("CountryID"),
    )


def _delivery(node: Node) -> Delivery | None:
    place = node.first("ShipToTradeParty")
    found = Delivery(
        day=_day(node.first("ActualDeliverySupplyChainEvent/OccurrenceDateTime")),
        party_name=place.text("Name") if place else "",
        location=_identifier(place.first("GlobalID|ID")) if place else None,
        address=_address(place.first("PostalTradeAddress")) if place else None,
    )
    return found if found != Delivery() else None


def _period(node: Node | None) -> Period | None:
    if node is None:
        return None
    period = Period(_day(node.first("StartDateTime")), _day(node.first("EndDateTime")))
    return period if period != Period() else None


def _payment_means(settlement: Node, terms: list[Node]) -> tuple[PaymentMeans, ...]:
    reference = settlement.text("PaymentReference")
    mandate = next((text for one in terms if (text := one.text("DirectDebitMandateID"))), "")
    found = tuple(
        _one_payment_means(one, reference, mandate)
        for one in settlement.all("SpecifiedTradeSettlementPaymentMeans")
    )
    if found or not (reference or mandate):
        return found
    return (PaymentMeans(reference=reference, mandate=mandate),)


def _one_payment_means(node: Node, reference: str, mandate: str) -> PaymentMeans:
    account, card = "PayeePartyCreditorFinancialAccount", "ApplicableTradeSettlementFinancialCard"
    return PaymentMeans(
        code=node.text("TypeCode"),
        name=" ".join(node.texts("Information")),
        reference=reference or " ".join(node.texts("ID")),
        account=node.text(f"{account}/IBANID") or node.text(f"{account}/ProprietaryID"),
        account_name=node.text(f"{account}/AccountName"),
        bic=node.text("PayeeSpecifiedCreditorFinancialInstitution/BICID"),
        card_number=node.text(f"{card}/ID"),
        card_holder=node.text(f"{card}/CardholderName"),
        mandate=mandate,
        debited_account=node.text("PayerPartyDebtorFinancialAccount/IBANID"),
    )


def _allowance(node: Node) -> AllowanceCharge:
    tax = node.part("CategoryTradeTax")
    return AllowanceCharge(
        is_charge=_is_true(node.first("ChargeIndicator")),
        amount=node.number("ActualAmount"),
        base=node.number("BasisAmount"),
        percent=node.number("CalculationPercent"),
        reason=node.text("Reason"),
        reason_code=node.text("ReasonCode"),
        category=tax.text("CategoryCode"),
        rate=tax.number(_RATE),
    )


def _service(node: Node) -> AllowanceCharge:
    """A charge for transport or packaging, in ZUGFeRD 1 and the extended profile."""
    tax = node.part("AppliedTradeTax")
    return AllowanceCharge(
        is_charge=True,
        amount=node.number("AppliedAmount"),
        reason=" ".join(node.texts("Description")),
        category=tax.text("CategoryCode"),
        rate=tax.number(_RATE),
    )


def _is_true(node: Node | None) -> bool:
    if node is None:
        return False
    return (node.text("Indicator") or node.text()).lower() in ("true", "1")


def _subtotal(node: Node) -> VatSubtotal:
    return VatSubtotal(
        category=node.text("CategoryCode"),
        rate=node.number(_RATE),
        base=node.number("BasisAmount"),
        amount=node.number("CalculatedAmount"),
        exemption_reason=node.text("ExemptionReason"),
        exemption_code=node.text("ExemptionReasonCode"),
    )


def _document(node: Node) -> Reference:
    return Reference(
        number=node.text(_NUMBER),
        day=_day(node.first("FormattedIssueDateTime|IssueDateTime")),
        type_code=node.text("TypeCode"),
        scheme=node.text("ReferenceTypeCode"),
        description=node.text("Name"),
        address=node.text("URIID"),
        attachment=files.attachment(node.first("AttachmentBinaryObject")),
    )


def _is_only_text(node: Node) -> bool:
    """ZUGFeRD 1 has lines that only say something: no product, no amount."""
    return node.first("SpecifiedTradeProduct") is None and node.first(_LINE_SETTLEMENT) is None


def _line(node: Node, number: int) -> Line:
    product = node.part("SpecifiedTradeProduct")
    agreement = node.part(_LINE_AGREEMENT)
    settlement = node.part(_LINE_SETTLEMENT)
    quantity = node.first(f"{_LINE_DELIVERY}/BilledQuantity")
    price = agreement.part("NetPriceProductTradePrice")
    gross = agreement.part("GrossPriceProductTradePrice")
    objects = [
        one
        for one in settlement.all("AdditionalReferencedDocument")
        if one.text("TypeCode") == "130"
    ]
    return Line(
        number=node.text("AssociatedDocumentLineDocument/LineID"),
        name=product.text("Name"),
        description=product.text("Description"),
        note="\n".join(node.texts("AssociatedDocumentLineDocument/IncludedNote/Content")),
        quantity=quantity.number() if quantity else None,
        unit=quantity.attribute("unitCode") if quantity else "",
        net=settlement.number(f"{_LINE_SUMS}/LineTotalAmount"),
        price=price.number("ChargeAmount"),
        price_quantity=price.number("BasisQuantity"),
        gross_price=gross.number("ChargeAmount"),
        price_discount=gross.number("AppliedTradeAllowanceCharge/ActualAmount"),
        allowances=tuple(
            _allowance(one) for one in settlement.all("SpecifiedTradeAllowanceCharge")
        ),
        category=settlement.text("ApplicableTradeTax/CategoryCode"),
        rate=settlement.number(f"ApplicableTradeTax/{_RATE}"),
        period=_period(settlement.first("BillingSpecifiedPeriod")),
        order_line=agreement.text("BuyerOrderReferencedDocument/LineID"),
        object_id=next(
            (Identifier(one.text(_NUMBER), one.text("ReferenceTypeCode")) for one in objects),
            None,
        ),
        buyer_item=product.text("BuyerAssignedID"),
        seller_item=product.text("SellerAssignedID"),
        standard_item=_identifier(product.first("GlobalID")),
        classifications=tuple(
            Identifier(one.text(), one.attribute("listID"))
            for one in product.all("DesignatedProductClassification/ClassCode")
        ),
        origin=product.text("OriginTradeCountry/ID"),
        properties=tuple(
            (one.text("Description"), one.text("Value"))
            for one in product.all("ApplicableProductCharacteristic")
        ),
        accounting_cost=settlement.text("ReceivableSpecifiedTradeAccountingAccount/ID"),
        place=node.place_as(number),
    )
