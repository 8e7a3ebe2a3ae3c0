"""What was read of an invoice, beside its form: doubts, boxes on the pages, numbers to trust."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from billify.domain import references
from billify.domain.invoices import InvoiceDirection
from billify.domain.reading import Field, Reading
from billify.domain.refusal import Refusal
from billify.web import filters, languages

if TYPE_CHECKING:
    from billify.data.models import Invoice

READ_AS = {
    "kind": "document_type",
    "contact_name": "supplier_name",
    "vat_number": "supplier_vat",
    "number": "invoice_number",
    "issue_date": "issue_date",
    "due_date": "due_date",
    "currency": "currency",
    "net_amount": "net_amount",
    "vat_amount": "vat_amount",
    "gross_amount": "gross_amount",
    "payment_reference": "payment_reference",
    "payee_iban": "iban",
}
"""Which field of a reading fills which field of the form."""

WANTED = ("contact_name", "number", "issue_date", "gross_amount")
"""Fields that a document nearly always shows: not finding one is a doubt too."""

CHECKED: dict[str, Callable[[str], str]] = {
    "vat_number": references.normalise_vat,
    "payee_iban": references.normalise_iban,
}
"""Fields whose check digits must be right."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a field is marked, and the values it could be instead."""

    text: str
    others: tuple[str, ...] = ()


def doubts(invoice: "Invoice") -> dict[str, Doubt]:
    """Fields of the form that a person should look at first, the least sure one first."""
    reading = _reading(invoice)
    found = _other_account(invoice)
    if reading is not None:
        found += [
            (sure, name, doubt)
            for name, read in _read_as(invoice).items()
            for sure, doubt in _doubt(name, reading.fields.get(read))
        ]
        found += _partly_paid(reading)
    ordered: dict[str, Doubt] = {}
    for _sure, name, doubt in sorted(found, key=lambda one: one[:2]):
        ordered.setdefault(name, doubt)
    return ordered


def pages(invoice: "Invoice") -> list[dict[str, Any]]:
    """The pictures of the document's pages with the boxes of the fields found on them."""
    document, reading = invoice.document, _reading(invoice)
    if document is None or reading is None or not document.reading:
        return []
    return [
        {
            "image": url_for("documents.page", document_id=document.id, page=number),
            "width": size["width"],
            "height": size["height"],
            "boxes": _boxes(invoice, reading, number, size),
        }
        for number, size in enumerate(document.reading.get("pages", []), start=1)
    ]


def vat_number_of(invoice: "Invoice") -> str | None:
    """The VAT number for the form: the contact's, else the one read, when it can be one."""
    if invoice.contact is not None:
        return invoice.contact.vat_number
    reading = _reading(invoice)
    found = reading.text(_read_as(invoice)["vat_number"]) if reading else None
    return None if found is None or _wrong_number("vat_number", found) else found


def _read_as(invoice: "Invoice") -> dict[str, str]:
    if invoice.direction is InvoiceDirection.PURCHASE:
        return READ_AS
    return READ_AS | {"contact_name": "buyer_name", "vat_number": "buyer_vat"}


def _reading(invoice: "Invoice") -> Reading | None:
    document = invoice.document
    if document is None or not document.reading:
        return None
    return Reading.from_json(document.reading)


def _boxes(
    invoice: "Invoice", reading: Reading, page: int, size: dict[str, float]
) -> list[dict[str, Any]]:
    boxes = []
    for name, read in _read_as(invoice).items():
        field = reading.fields.get(read)
        if field is None or field.box is None or field.page != page:
            continue
        x0, y0, x1, y1 = field.box
        pad = size["width"] * 0.003
        boxes.append(
            {
                "field": name,
                "x": round(x0 * size["width"] - pad, 1),
                "y": round(y0 * size["height"] - pad, 1),
                "width": round((x1 - x0) * size["width"] + 2 * pad, 1),
                "height": round((y1 - y0) * size["height"] + 2 * pad, 1),
                "unsure": field.is_unsure,
            }
        )
    return boxes


def _doubt(name: str, field: Field | None) -> list[tuple[float, Doubt]]:
    """How sure a field is and why it is marked; nothing when it is sure."""
    if field is None:
        missing = Doubt(_("Not found on the document. Fill it in."))
        return [(0.0, missing)] if name in WANTED else []
    wrong = _wrong_number(name, field.value)
    if wrong:
        return [(0.0, Doubt(wrong))]
    if not field.is_unsure:
        return []
    others = tuple(_shown(name, other.value) for other in field.alternatives)
    return [(field.confidence, Doubt(_("Not sure. Please check."), others))]


def _partly_paid(reading: Reading) -> list[tuple[float, str, Doubt]]:
    """What an invoice still asks for is less than its total: a deposit was paid before."""
    total, due = reading.amount("gross_amount"), reading.amount("amount_due")
    if total is None or due is None or abs(due) >= abs(total):
        return []
    said = _("%(due)s of this is still due, the document says.", due=filters.money(abs(due)))
    return [(0.5, "gross_amount", Doubt(said))]


def _other_account(invoice: "Invoice") -> list[tuple[float, str, Doubt]]:
    """A bill that asks for payment to a new account is how invoice fraud begins."""
    known = invoice.contact.iban if invoice.contact is not None else None
    if not known or not invoice.payee_iban or known == invoice.payee_iban:
        return []
    said = _(
        "Not the account known of this contact: %(iban)s. Call them before you pay.",
        iban=filters.iban(known),
    )
    return [(0.0, "payee_iban", Doubt(said))]


def _wrong_number(name: str, value: str) -> str | None:
    """What a rule says of a number that was read; such a number is not filled in."""
    check = CHECKED.get(name)
    try:
        if check is not None:
            check(value)
    except Refusal as refusal:
        return languages.sentence(refusal)
    return None


def _shown(name: str, value: str) -> str:
    if name.endswith("_amount"):
        return filters.money(Decimal(value))
    if name.endswith("_date"):
        return filters.day(date.fromisoformat(value))
    return value
