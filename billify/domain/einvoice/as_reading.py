"""An e-invoice as a reading, so that it goes the way of every other document.

Every value is certain, except those that the e-invoice itself contradicts.
"""

from dataclasses import replace
from decimal import Decimal, localcontext

from billify.domain.einvoice import amounts, numbers
from billify.domain.einvoice.model import AllowanceCharge, EInvoice, Line
from billify.domain.money import cents
from billify.domain.reading import (
    Direction,
    DocumentType,
    Field,
    How,
    LineItem,
    OwnCompany,
    Reading,
    VatRow,
)
from billify.domain.vat import VatCategory

SURE = 1.0
DOUBTFUL = 0.5
_PLACES = Decimal("0.000001")
_LARGEST = Decimal(10) ** 11


def reading_of(invoice: EInvoice) -> Reading:
    """The reading of an e-invoice. An invoice below zero is read as the credit note it is."""
    wrongs = amounts.contradictions(invoice)
    doubtful = {name for wrong in wrongs for name in wrong.fields}
    sign = -1 if (invoice.gross_amount or invoice.payable or Decimal(0)) < 0 else 1
    sure_lines = not any(wrong.warning == "lines" for wrong in wrongs)
    return Reading(
        fields={
            name: Field(value, DOUBTFUL if name in doubtful else SURE, how=How.STRUCTURED)
            for name, value in _values(invoice, sign).items()
            if value
        },
        vat_breakdown=tuple(_vat_rows(invoice, sign)),
        line_items=tuple(
            replace(item, confidence=SURE if sure_lines else DOUBTFUL)
            for item in _items(invoice, sign)
        ),
        warnings=tuple(dict.fromkeys(wrong.warning for wrong in wrongs)),
    )


def directed(reading: Reading, *, us: OwnCompany | None) -> Reading:
    """The same reading, as a sale when the seller is our own company and the buyer is not."""
    if us is None:
        return reading
    sells, buys = _is_ours(reading, "supplier", us), _is_ours(reading, "buyer", us)
    return replace(reading, direction=Direction.SALE if sells and not buys else Direction.PURCHASE)


def _is_ours(reading: Reading, role: str, us: OwnCompany) -> bool:
    vat, name = reading.text(f"{role}_vat"), reading.text(f"{role}_name")
    if vat and us.vat_number:
        return vat == numbers.bare(us.vat_number)
    return bool(name) and name in (us.name, *us.other_names)


def _values(invoice: EInvoice, sign: int) -> dict[str, str]:
    is_credit = invoice.is_credit_note or sign < 0
    seller, buyer = invoice.seller, invoice.buyer
    days = {
        "issue_date": invoice.issue_date,
        "due_date": invoice.due_date,
        "delivery_date": invoice.delivery.day if invoice.delivery else None,
    }
    sums = {
        "net_amount": invoice.net_amount,
        "vat_amount": invoice.vat_amount,
        "gross_amount": invoice.gross_amount,
        "amount_due": invoice.payable,
    }
    return {
        "document_type": DocumentType.CREDIT_NOTE if is_credit else DocumentType.INVOICE,
        "supplier_name": seller.name,
        "supplier_vat": numbers.vat(seller),
        "supplier_enterprise_number": numbers.enterprise(seller),
        "supplier_address": ", ".join(seller.address.lines) if seller.address else "",
        "buyer_name": buyer.name,
        "buyer_vat": numbers.vat(buyer),
        "invoice_number": invoice.number,
        "order_reference": invoice.order_reference,
        **{name: day.isoformat() for name, day in days.items() if day},
        "currency": invoice.currency,
        **{name: format(sign * one, "f") for name, one in sums.items() if one is not None},
        "iban": numbers.iban(invoice),
        "bic": invoice.means.bic,
        "payment_reference": numbers.reference(invoice),
    }


def _vat_rows(invoice: EInvoice, sign: int) -> list[VatRow]:
    return [
        VatRow(
            rate=row.rate or Decimal(0),
            base=None if row.base is None else sign * row.base,
            amount=None if row.amount is None else sign * row.amount,
            confidence=SURE,
            category=_category(row.category),
        )
        for row in invoice.vat_subtotals
    ]


def _items(invoice: EInvoice, sign: int) -> list[LineItem]:
    """The lines, then what is allowed or charged on the whole: together they make the net sum."""
    found = [_item(line, sign) for line in invoice.lines if line.net is not None]
    return found + [_extra(one, sign) for one in invoice.allowances if one.amount]


def _item(line: Line, sign: int) -> LineItem:
    net = sign * (line.net or Decimal(0))
    quantity, price = _quantity_and_price(line, net, sign)
    return LineItem(
        description=line.name or line.description or line.note,
        net_amount=net,
        quantity=quantity,
        unit_price=price,
        vat_rate=line.rate if line.rate is not None or not line.category else Decimal(0),
        vat_category=_category(line.category),
    )


def _quantity_and_price(
    line: Line, net: Decimal, sign: int
) -> tuple[Decimal | None, Decimal | None]:
    """Quantity and a unit price whose product is the net amount: discounts are inside the price.

    The price as stated where it fits, else net by quantity; neither, when that has too many
    decimals to give the same cents again.
    """
    if not line.quantity or line.quantity != round(line.quantity, 6):
        return None, None
    quantity = sign * line.quantity
    with localcontext(prec=60):
        stated = None if line.price is None else line.price / (line.price_quantity or 1)
        for price in (stated, net / quantity):
            if price is None or max(abs(price), abs(quantity)) >= _LARGEST:
                continue
            rounded = price.quantize(_PLACES)
            if cents(quantity * rounded) == cents(net):
                return quantity, rounded.normalize() + Decimal(0)
    return None, None


def _extra(one: AllowanceCharge, sign: int) -> LineItem:
    amount = sign * one.signed
    return LineItem(
        description=one.reason or one.reason_code,
        net_amount=amount,
        quantity=Decimal(1),
        unit_price=amount,
        vat_rate=one.rate if one.rate is not None or not one.category else Decimal(0),
        vat_category=_category(one.category),
    )


def _category(code: str) -> VatCategory | None:
    """The category; None for one that Belgium does not know (Canary Islands, Ceuta, Italy)."""
    return VatCategory(code) if code in VatCategory.__members__.values() else None
