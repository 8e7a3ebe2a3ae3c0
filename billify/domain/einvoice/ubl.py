"""UBL 2.1 Invoice and CreditNote: Peppol BIS, UBL.BE and plain."""

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

_OBJECT = "130"  # UNTDID 1001: the object that is invoiced, such as a meter (BT-18)
_PROJECT = "50"  # the project, where a credit note has no element for it (BT-11)


def read(root: Node) -> EInvoice:
    """The e-invoice of a UBL tree. Refuses a value that cannot be what it should be."""
    currency = root.text("DocumentCurrencyCode")
    totals = root.first("LegalMonetaryTotal|RequestedMonetaryTotal") or root
    tax = _tax_total(root, currency)
    documents = [_document(one) for one in root.all("AdditionalDocumentReference")]
    return EInvoice(
        syntax=Syntax.UBL,
        root=root.name,
        seller=_party(root.first("AccountingSupplierParty/Party")),
        buyer=_party(root.first("AccountingCustomerParty/Party")),
        number=root.text("ID"),
        type_code=root.text("InvoiceTypeCode|CreditNoteTypeCode"),
        issue_date=root.day("IssueDate"),
        due_date=root.day("DueDate") or root.day("PaymentMeans/PaymentDueDate"),
        tax_point_date=root.day("TaxPointDate"),
        tax_point_code=root.text("InvoicePeriod/DescriptionCode"),
        currency=currency,
        tax_currency=root.text("TaxCurrencyCode"),
        customization=root.text("CustomizationID"),
        profile=root.text("ProfileID"),
        notes=root.texts("Note"),
        accounting_cost=root.text("AccountingCost"),
        buyer_reference=root.text("BuyerReference"),
        order_reference=root.text("OrderReference/ID"),
        sales_order=root.text("OrderReference/SalesOrderID"),
        contract=root.text("ContractDocumentReference/ID"),
        project=root.text("ProjectReference/ID") or _number_of(documents, _PROJECT),
        tender=root.text("OriginatorDocumentReference/ID"),
        despatch=root.text("DespatchDocumentReference/ID"),
        receipt=root.text("ReceiptDocumentReference/ID"),
        customer_number=root.text("AccountingCustomerParty/SupplierAssignedAccountID"),
        object_id=_object(documents),
        preceding=tuple(
            Reference(one.text("ID"), one.day("IssueDate"), one.text("DocumentTypeCode"))
            for one in root.all(
                "BillingReference/InvoiceDocumentReference|CreditNoteDocumentReference"
            )
        ),
        documents=tuple(one for one in documents if one.type_code not in (_OBJECT, _PROJECT)),
        period=_period(root.first("InvoicePeriod")),
        payee=_optional_party(root.first("PayeeParty")),
        tax_representative=_optional_party(root.first("TaxRepresentativeParty")),
        delivery=_delivery(root.first("Delivery")),
        delivery_terms=" ".join(root.texts("Delivery/DeliveryTerms/ID|SpecialTerms")),
        creditor_id=_creditor(root),
        payment_means=tuple(_payment_means(one) for one in root.all("PaymentMeans")),
        payment_terms="\n".join(root.texts("PaymentTerms/Note")),
        allowances=tuple(_allowance(one) for one in root.all("AllowanceCharge")),
        vat_subtotals=tuple(_subtotal(one) for one in tax.all("TaxSubtotal")) if tax else (),
        vat_amount=tax.number("TaxAmount") if tax else None,
        vat_in_tax_currency=_vat_elsewhere(root, tax),
        line_total=totals.number("LineExtensionAmount"),
        allowance_total=totals.number("AllowanceTotalAmount"),
        charge_total=totals.number("ChargeTotalAmount"),
        net_amount=totals.number("TaxExclusiveAmount"),
        gross_amount=totals.number("TaxInclusiveAmount"),
        prepaid=totals.number("PrepaidAmount"),
        rounding=totals.number("PayableRoundingAmount"),
        payable=totals.number("PayableAmount"),
        lines=tuple(
            _line(one, number)
            for number, one in enumerate(root.all("InvoiceLine|CreditNoteLine"), start=1)
        ),
        foreign_amounts=tuple(
            node.place
            for nodes in totals.children.values()
            for node in nodes
            if currency and node.attribute("currencyID") not in ("", currency)
        ),
    )


def _tax_total(root: Node, currency: str) -> Node | None:
    """The VAT of the document's own currency: the one with rates, else by its currency."""
    totals = root.all("TaxTotal")
    own = [one for one in totals if one.attribute("currencyID", "TaxAmount") in ("", currency)]
    for found in (*own, *totals):
        if found.first("TaxSubtotal") is not None:
            return found
    return own[0] if own else totals[0] if totals else None


def _vat_elsewhere(root: Node, own: Node | None) -> Decimal | None:
    """BT-111: the VAT once more in the currency of its accounting."""
    tax_currency = root.text("TaxCurrencyCode")
    for one in root.all("TaxTotal"):
        is_own = own is not None and one.element is own.element
        if not is_own and one.attribute("currencyID", "TaxAmount") == tax_currency != "":
            return one.number("TaxAmount")
    return None


def _identifier(node: Node | None) -> Identifier | None:
    text = node.text() if node is not None else ""
    return Identifier(text, node.attribute("schemeID")) if node is not None and text else None


def _party(node: Node | None) -> Party:
    if node is None:
        return Party()
    legal = node.first("PartyLegalEntity")
    trading = node.text("PartyName/Name")
    registered = legal.text("RegistrationName") if legal else ""
    return Party(
        name=registered or trading,
        trading_name=trading,
        vat_number=_tax_registration(node, is_vat=True),
        tax_number=_tax_registration(node, is_vat=False),
        legal_id=_identifier(legal.first("CompanyID") if legal else None),
        legal_form=legal.text("CompanyLegalForm") if legal else "",
        endpoint=_identifier(node.first("EndpointID")),
        ids=tuple(
            one for found in node.all("PartyIdentification/ID") if (one := _identifier(found))
        ),
        address=_address(node.first("PostalAddress")),
        contact_name=node.text("Contact/Name"),
        phone=node.text("Contact/Telephone"),
        email=node.text("Contact/ElectronicMail"),
    )


def _optional_party(node: Node | None) -> Party | None:
    return None if node is None else _party(node)


def _tax_registration(party: Node, *, is_vat: bool) -> str:
    for one in party.all("PartyTaxScheme"):
        if (one.text("TaxScheme/ID").upper() in ("VAT", "")) is is_vat and one.text("CompanyID"):
            return one.text("CompanyID")
    return ""


def _creditor(root: Node) -> str:
    """BT-90: the bank's number of who may collect, among the numbers of seller or payee."""
    for path in ("AccountingSupplierParty/Party", "PayeeParty"):
        for one in root.all(f"{path}/PartyIdentification/ID"):
            if one.attribute("schemeID").upper() == "SEPA":
                return one.text()
    return ""


def _address(node: Node | None) -> Address | None:
    if node is None:
        return None
    street = " ".join(
        part for part in (node.text("StreetName"), node.text("BuildingNumber")) if part
    )
    return Address(
        street=street,
        additional=node.text("AdditionalStreetName"),
        third=node.text("AddressLine/Line"),
        city=node.text("CityName"),
        postcode=node.text("PostalZone"),
        subdivision=node.text("CountrySubentity"),
        country=node.text("Country/IdentificationCode"),
    )


def _delivery(node: Node | None) -> Delivery | None:
    if node is None:
        return None
    return Delivery(
        day=node.day("ActualDeliveryDate"),
        party_name=node.text("DeliveryParty/PartyName/Name"),
        location=_identifier(node.first("DeliveryLocation/ID")),
        address=_address(node.first("DeliveryLocation/Address")),
    )


def _period(node: Node | None) -> Period | None:
    if node is None:
        return None
    period = Period(node.day("StartDate"), node.day("EndDate"))
    return period if period != Period() else None


def _payment_means(node: Node) -> PaymentMeans:
    """Old programs write the communication as an instruction, so that is read second."""
    account = node.first("PayeeFinancialAccount")
    branch = "FinancialInstitutionBranch"
    return PaymentMeans(
        code=node.text("PaymentMeansCode"),
        name=node.attribute("name", "PaymentMeansCode"),
        reference=node.text("PaymentID")
        or node.text("InstructionID")
        or node.text("InstructionNote"),
        account=account.text("ID") if account else "",
        account_name=account.text("Name") if account else "",
        bic=(account.text(f"{branch}/ID") or account.text(f"{branch}/FinancialInstitution/ID"))
        if account
        else "",
        card_number=node.text("CardAccount/PrimaryAccountNumberID"),
        card_holder=node.text("CardAccount/HolderName"),
        mandate=node.text("PaymentMandate/ID"),
        debited_account=node.text("PaymentMandate/PayerFinancialAccount/ID"),
        due_date=node.day("PaymentDueDate"),
    )


def _allowance(node: Node) -> AllowanceCharge:
    return AllowanceCharge(
        is_charge=node.text("ChargeIndicator").lower() in ("true", "1"),
        amount=node.number("Amount"),
        base=node.number("BaseAmount"),
        percent=node.number("MultiplierFactorNumeric"),
        reason=node.text("AllowanceChargeReason"),
        reason_code=node.text("AllowanceChargeReasonCode"),
        category=node.text("TaxCategory/ID"),
        rate=node.number("TaxCategory/Percent"),
    )


def _subtotal(node: Node) -> VatSubtotal:
    return VatSubtotal(
        category=node.text("TaxCategory/ID"),
        rate=node.number("TaxCategory/Percent"),
        base=node.number("TaxableAmount"),
        amount=node.number("TaxAmount"),
        exemption_reason=" ".join(node.texts("TaxCategory/TaxExemptionReason")),
        exemption_code=node.text("TaxCategory/TaxExemptionReasonCode"),
        name=node.text("TaxCategory/Name"),
    )


def _document(node: Node) -> Reference:
    return Reference(
        number=node.text("ID"),
        day=node.day("IssueDate"),
        type_code=node.text("DocumentTypeCode"),
        scheme=node.attribute("schemeID", "ID"),
        description=node.text("DocumentDescription") or node.text("DocumentType"),
        address=node.text("Attachment/ExternalReference/URI"),
        attachment=files.attachment(node.first("Attachment/EmbeddedDocumentBinaryObject")),
    )


def _object(documents: list[Reference]) -> Identifier | None:
    found = next((one for one in documents if one.type_code == _OBJECT), None)
    return Identifier(found.number, found.scheme) if found else None


def _number_of(documents: list[Reference], type_code: str) -> str:
    return next((one.number for one in documents if one.type_code == type_code), "")


def _line(node: Node, number: int) -> Line:
    item, price = node.first("Item"), node.first("Price")
    quantity = node.first("InvoicedQuantity|CreditedQuantity")
    object_id = node.first("DocumentReference/ID")
    return Line(
        number=node.text("ID"),
        name=item.text("Name") if item else "",
        description="\n".join(item.texts("Description")) if item else "",
        note="\n".join(node.texts("Note")),
        quantity=quantity.number() if quantity else None,
        unit=quantity.attribute("unitCode") if quantity else "",
        net=node.number("LineExtensionAmount"),
        price=price.number("PriceAmount") if price else None,
        price_quantity=price.number("BaseQuantity") if price else None,
        gross_price=price.number("AllowanceCharge/BaseAmount") if price else None,
        price_discount=price.number("AllowanceCharge/Amount") if price else None,
        allowances=tuple(_allowance(one) for one in node.all("AllowanceCharge")),
        category=node.text("Item/ClassifiedTaxCategory/ID"),
        rate=node.number("Item/ClassifiedTaxCategory/Percent"),
        category_name=node.text("Item/ClassifiedTaxCategory/Name"),
        period=_period(node.first("InvoicePeriod")),
        order_line=node.text("OrderLineReference/LineID"),
        object_id=_identifier(object_id),
        buyer_item=node.text("Item/BuyersItemIdentification/ID"),
        seller_item=node.text("Item/SellersItemIdentification/ID"),
        standard_item=_identifier(node.first("Item/StandardItemIdentification/ID")),
        classifications=tuple(
            Identifier(one.text(), one.attribute("listID"))
            for one in node.all("Item/CommodityClassification/ItemClassificationCode")
        ),
        origin=node.text("Item/OriginCountry/IdentificationCode"),
        properties=tuple(
            (one.text("Name"), one.text("Value")) for one in node.all("Item/AdditionalItemProperty")
        ),
        accounting_cost=node.text("AccountingCost"),
        place=node.place_as(number),
    )
