"""An e-invoice as a plain dict, by the names that the benchmark's truth files and index use.

Amounts are strings exactly as stated; what is not stated is left out.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from billify.domain.einvoice import numbers
from billify.domain.einvoice.model import (
    AllowanceCharge,
    Delivery,
    EInvoice,
    Identifier,
    Line,
    Party,
    PaymentMeans,
    Reference,
    VatSubtotal,
)

Fields = dict[str, Any]  # Any: JSON


def fields(invoice: EInvoice) -> Fields:
    """Every term, header first; `type` and `payable` are the names of the sample index."""
    period = invoice.period
    found = {
        "document_type": "credit_note" if invoice.is_credit_note else "invoice",
        "type": invoice.type_code,
        "invoice_number": invoice.number,
        "issue_date": invoice.issue_date,
        "due_date": invoice.due_date,
        "tax_point_date": invoice.tax_point_date,
        "tax_point_code": invoice.tax_point_code,
        "period_start": period.start if period else None,
        "period_end": period.end if period else None,
        "currency": invoice.currency,
        "tax_currency": invoice.tax_currency,
        **_party("supplier", invoice.seller),
        **_party("buyer", invoice.buyer),
        **_party("payee", invoice.payee),
        **_party("tax_representative", invoice.tax_representative),
        **_references(invoice),
        **_delivery(invoice),
        **_payment(invoice),
        "notes": list(invoice.notes),
        "line_total": invoice.line_total,
        "allowance_total": invoice.allowance_total,
        "charge_total": invoice.charge_total,
        "net_amount": invoice.net_amount,
        "vat_amount": invoice.vat_amount,
        "vat_amount_in_tax_currency": invoice.vat_in_tax_currency,
        "gross_amount": invoice.gross_amount,
        "prepaid_amount": invoice.prepaid,
        "rounding_amount": invoice.rounding,
        "payable": invoice.payable,
        "allowances": [_allowance(one) for one in invoice.allowances if not one.is_charge],
        "charges": [_allowance(one) for one in invoice.allowances if one.is_charge],
        "vat_breakdown": [_subtotal(row) for row in invoice.vat_subtotals],
        "line_items": [_line(line) for line in invoice.lines],
        "specification": invoice.customization,
        "process": invoice.profile,
    }
    return _stated(found)


def _stated(found: Fields) -> Fields:
    return {
        name: _plain(value)
        for name, value in found.items()
        if value is not None and value not in ("", [])
    }


def _plain(value: Any) -> Any:  # Any: a date, an amount or what JSON has already
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str | list | dict | bool | int):
        return value
    return value.isoformat()


def _identifier(name: str, one: Identifier | None) -> Fields:
    return {name: one.value, f"{name}_scheme": one.scheme} if one else {}


def _party(role: str, party: Party | None) -> Fields:
    if party is None:
        return {}
    address = party.address
    return {
        f"{role}_name": party.name,
        f"{role}_trading_name": party.trading_name,
        f"{role}_vat": numbers.vat(party),
        f"{role}_tax_number": party.tax_number,
        f"{role}_enterprise_number": numbers.enterprise(party),
        **_identifier(f"{role}_legal_id", party.legal_id),
        f"{role}_legal_form": party.legal_form,
        **_identifier(f"{role}_endpoint", party.endpoint),
        f"{role}_ids": [_stated({"id": one.value, "scheme": one.scheme}) for one in party.ids],
        f"{role}_address": ", ".join(address.lines) if address else "",
        f"{role}_street": address.street if address else "",
        f"{role}_street_additional": address.additional if address else "",
        f"{role}_street_third": address.third if address else "",
        f"{role}_postcode": address.postcode if address else "",
        f"{role}_city": address.city if address else "",
        f"{role}_subdivision": address.subdivision if address else "",
        f"{role}_country": address.country if address else "",
        f"{role}_contact": party.contact_name,
        f"{role}_phone": party.phone,
        f"{role}_email": party.email,
    }


def _references(invoice: EInvoice) -> Fields:
    return {
        "buyer_reference": invoice.buyer_reference,
        "order_reference": invoice.order_reference,
        "sales_order": invoice.sales_order,
        "contract_reference": invoice.contract,
        "project_reference": invoice.project,
        "tender_reference": invoice.tender,
        "despatch_reference": invoice.despatch,
        "receipt_reference": invoice.receipt,
        "accounting_cost": invoice.accounting_cost,
        "customer_number": invoice.customer_number,
        **_identifier("object_id", invoice.object_id),
        "preceding_invoices": [_reference(one) for one in invoice.preceding],
        "attachments": [_reference(one) for one in invoice.documents],
    }


def _reference(one: Reference) -> Fields:
    file = one.attachment
    return _stated(
        {
            "id": one.number,
            "scheme": one.scheme,
            "date": one.day,
            "type": one.type_code,
            "description": one.description,
            "url": one.address,
            "name": file.name if file else "",
            "media_type": file.media_type if file else "",
            "bytes": len(file.content) if file and file.content is not None else None,
        }
    )


def _delivery(invoice: EInvoice) -> Fields:
    delivery = invoice.delivery or Delivery()
    address = delivery.address
    return {
        "delivery_terms": invoice.delivery_terms,
        "delivery_date": delivery.day,
        "delivery_name": delivery.party_name,
        **_identifier("delivery_location", delivery.location),
        "delivery_address": ", ".join(address.lines) if address else "",
        "delivery_country": address.country if address else "",
    }


def _payment(invoice: EInvoice) -> Fields:
    means = invoice.means
    others: Sequence[PaymentMeans] = invoice.payment_means
    return {
        "payment_means": means.code,
        "payment_means_name": means.name,
        "iban": numbers.iban(invoice),
        "account_name": means.account_name,
        "bic": means.bic,
        "payment_reference": numbers.reference(invoice),
        "structured_communication": numbers.communication(invoice),
        "mandate": invoice.mandate,
        "creditor_id": invoice.creditor_id,
        "debited_account": means.debited_account,
        "card_number": means.card_number,
        "card_holder": means.card_holder,
        "accounts": [_account(one) for one in others if one.account] if len(others) > 1 else [],
        "payment_terms": invoice.payment_terms,
    }


def _account(one: PaymentMeans) -> Fields:
    return _stated({"iban": one.account, "name": one.account_name, "bic": one.bic})


def _allowance(one: AllowanceCharge) -> Fields:
    return _stated(
        {
            "amount": one.amount,
            "base": one.base,
            "percent": one.percent,
            "reason": one.reason,
            "reason_code": one.reason_code,
            "vat_category": one.category,
            "vat_rate": one.rate,
        }
    )


def _subtotal(row: VatSubtotal) -> Fields:
    return _stated(
        {
            "category": row.category,
            "rate": row.rate if row.rate is not None else Decimal(0),
            "base": row.base,
            "amount": row.amount,
            "exemption_reason": row.exemption_reason,
            "exemption_code": row.exemption_code,
            "name": row.name,
        }
    )


def _line(line: Line) -> Fields:
    return _stated(
        {
            "number": line.number,
            "description": line.name or line.description,
            "details": line.description if line.name else "",
            "note": line.note,
            "quantity": line.quantity,
            "unit": line.unit,
            "unit_price": line.price,
            "price_quantity": line.price_quantity,
            "gross_price": line.gross_price,
            "price_discount": line.price_discount,
            "net_amount": line.net,
            "vat_category": line.category,
            "vat_rate": line.rate,
            "vat_name": line.category_name,
            "allowances": [_allowance(one) for one in line.allowances if not one.is_charge],
            "charges": [_allowance(one) for one in line.allowances if one.is_charge],
            "period_start": line.period.start if line.period else None,
            "period_end": line.period.end if line.period else None,
            "order_line": line.order_line,
            **_identifier("object_id", line.object_id),
            "buyer_item": line.buyer_item,
            "seller_item": line.seller_item,
            **_identifier("standard_item", line.standard_item),
            "classifications": [
                _stated({"id": one.value, "list": one.scheme}) for one in line.classifications
            ],
            "origin": line.origin,
            "properties": [{"name": name, "value": value} for name, value in line.properties],
            "accounting_cost": line.accounting_cost,
        }
    )
