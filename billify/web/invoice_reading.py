"""What was read of an invoice, beside its form: doubts, runners-up, boxes on the pages."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask import Flask, g, url_for
from flask_babel import gettext as _

from billify.domain import references
from billify.domain.invoices import Contradiction, InvoiceDirection, InvoiceKind
from billify.domain.reading import Alternative, Box, Field, Reading, doubt
from billify.domain.refusal import Refusal
from billify.web import filters, languages
from billify.web.invoice_more import MORE_READ_AS

if TYPE_CHECKING:
    from billify.data.models import Document, Invoice

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

CHECKED: dict[str, Callable[[str], str]] = {
    "vat_number": references.normalise_vat,
    "payee_iban": references.normalise_iban,
}
"""Fields whose check digits must be right."""

MOST_RUNNERS = 3
LEAST_CHANCE = 0.02
"""A runner-up below it is noise."""


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """Another value a field could have, as the form writes it, and how likely in words."""

    value: str
    shown: str
    likely: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a field is marked, and the values it could be instead."""

    text: str
    runners: tuple[RunnerUp, ...] = ()


def init_app(app: Flask) -> None:
    """Let the inbox say how much of a document is unsure."""
    app.jinja_env.filters["unsure_count"] = unsure_count


def doubts(
    invoice: "Invoice",
    *,
    contradictions: Collection[Contradiction] = (),
    checked: Collection[str] = (),
) -> dict[str, Doubt]:
    """Fields of the form that a person should look at first, the least sure one first.

    `checked` are those that a person has said to be right since the page was opened.
    """
    reading = _reading(invoice)
    found = _other_account(invoice)
    if reading is not None:
        sure = doubt.sureness(reading=reading)
        clashing = doubt.contradicted(reading=reading)
        found += [
            (sure.get(read, 0.0), name, Doubt(text, _runners(name, reading.fields.get(read))))
            for name, read in _read_as(invoice).items()
            for text in _why(name, read, reading, sure, is_clashing=read in clashing)
        ]
        found += _partly_paid(reading) + _clashes(invoice, reading, contradictions)
    ordered: dict[str, Doubt] = {}
    for _sure, name, one in sorted(found, key=lambda one: one[:2]):
        if name not in checked:
            ordered.setdefault(name, one)
    return ordered


def unsure_count(document: "Document") -> int | None:
    """How many fields of a document are below the company's threshold; None when not known."""
    if document.sureness is None:
        return None
    return len(doubt.unsure(sureness=document.sureness, percent=_percent()))


def pages(invoice: "Invoice", *, is_checked: bool = False) -> list[dict[str, Any]]:
    """The pictures of the document's pages with the boxes of the fields found on them.

    While it `is_checked`, with the boxes of runners-up and the address of the page's words.
    """
    document, reading = invoice.document, _reading(invoice)
    if document is None or reading is None or not document.reading:
        return []
    return [
        {
            "image": url_for("documents.page", document_id=document.id, page=number),
            "words": url_for("documents.words", document_id=document.id, page=number)
            if is_checked
            else None,
            "width": size["width"],
            "height": size["height"],
            "boxes": _boxes(invoice, reading, number, size, with_runners=is_checked),
        }
        for number, size in enumerate(document.reading.get("pages", []), start=1)
    ]


def runner_up(invoice: "Invoice", name: str, at: int) -> str | None:
    """The value of a field's runner-up as the form takes it; None when there is no such."""
    reading, read = _reading(invoice), _read_as(invoice).get(name)
    field = reading.fields.get(read) if reading is not None and read is not None else None
    runners = _runners(name, field)
    return runners[at].value if 0 <= at < len(runners) else None


def vat_number_of(invoice: "Invoice") -> str | None:
    """The VAT number for the form: the contact's, else the one read, when it can be one."""
    if invoice.contact is not None:
        return invoice.contact.vat_number
    reading = _reading(invoice)
    found = reading.text(_read_as(invoice)["vat_number"]) if reading else None
    return None if found is None or _wrong_number("vat_number", found) else found


def _percent() -> int:
    percent: int = g.company.sure_percent
    return percent


def _read_as(invoice: "Invoice") -> dict[str, str]:
    if invoice.direction is InvoiceDirection.PURCHASE:
        return READ_AS
    sale = READ_AS | {"contact_name": "buyer_name", "vat_number": "buyer_vat"}
    return {name: read for name, read in sale.items() if name != "payee_iban"}


def _reading(invoice: "Invoice") -> Reading | None:
    document = invoice.document
    if document is None or not document.reading:
        return None
    return Reading.from_json(document.reading)


def _boxes(
    invoice: "Invoice",
    reading: Reading,
    page: int,
    size: dict[str, float],
    *,
    with_runners: bool,
) -> list[dict[str, Any]]:
    sure = doubt.sureness(reading=reading)
    boxes = []
    for name, read in (_read_as(invoice) | MORE_READ_AS).items():
        field = reading.fields.get(read)
        if field is None:
            continue
        runners = _alternatives(name, field) if with_runners else []
        for at, (one, _value) in enumerate(runners):
            if one.box is not None and one.page == page:
                boxes.append({"field": name, "runner": at, **_placed(one.box, size)})
        if field.box is not None and field.page == page:
            unsure = doubt.is_below(confidence=sure.get(read, 1.0), percent=_percent())
            boxes.append({"field": name, "unsure": unsure, **_placed(field.box, size)})
    return boxes


def _placed(box: Box, size: dict[str, float]) -> dict[str, float]:
    x0, y0, x1, y1 = box
    pad = size["width"] * 0.003
    return {
        "x": round(x0 * size["width"] - pad, 1),
        "y": round(y0 * size["height"] - pad, 1),
        "width": round((x1 - x0) * size["width"] + 2 * pad, 1),
        "height": round((y1 - y0) * size["height"] + 2 * pad, 1),
    }


def _why(
    name: str, read: str, reading: Reading, sure: dict[str, float], *, is_clashing: bool
) -> list[str]:
    """Why a field is marked; nothing when it is sure."""
    field = reading.fields.get(read)
    if field is None:
        return [_("Not found on the document. Fill it in.")] if read in sure else []
    wrong = _wrong_number(name, field.value)
    if wrong:
        return [wrong]
    if is_clashing:
        return [_("Read, but it does not go with the other values. Please check.")]
    if not doubt.is_below(confidence=sure.get(read, 1.0), percent=_percent()):
        return []
    return [_likelihood(field.confidence)]


def _likelihood(confidence: float) -> str:
    """How sure the reader is of a value that it filled in."""
    if confidence >= 0.9:
        return str(_("Almost sure. Please check."))
    if confidence >= 0.75:
        return str(_("Fairly sure. Please check."))
    return str(_("Not sure. Please check.") if confidence >= 0.4 else _("A guess. Please check."))


def _runners(name: str, field: Field | None) -> tuple[RunnerUp, ...]:
    if field is None:
        return ()
    return tuple(
        RunnerUp(value, _named(name, value), _chance(one.confidence))
        for one, value in _alternatives(name, field)
    )


def _alternatives(name: str, field: Field) -> list[tuple[Alternative, str]]:
    """The runners-up with their values for the form, without those that no field could hold."""
    taken = {_shown(name, field.value)}
    found = []
    for one in field.alternatives:
        if one.confidence < LEAST_CHANCE:
            continue
        value = _shown(name, one.value)
        if value is not None and value not in taken and not _wrong_number(name, one.value):
            taken.add(value)
            found.append((one, value))
    return found[:MOST_RUNNERS]


def _chance(confidence: float) -> str:
    if confidence >= 0.4:
        return str(_("about as likely"))
    return str(_("less likely") if confidence >= 0.15 else _("unlikely"))


def _partly_paid(reading: Reading) -> list[tuple[float, str, Doubt]]:
    """What an invoice still asks for is less than its total: a deposit was paid before."""
    total, due = reading.amount("gross_amount"), reading.amount("amount_due")
    if total is None or due is None or abs(due) >= abs(total):
        return []
    said = _("%(due)s of this is still due, the document says.", due=filters.money(abs(due)))
    return [(0.5, "gross_amount", Doubt(said))]


def _clashes(
    invoice: "Invoice", reading: Reading, contradictions: Collection[Contradiction]
) -> list[tuple[float, str, Doubt]]:
    """Totals that do not add up are never shown as sure, however well each was read."""
    read_as = _read_as(invoice)
    return [
        (
            0.0,
            name,
            Doubt(
                _("Does not add up with the other amounts. Please check."),
                _runners(name, reading.fields.get(read_as[name])),
            ),
        )
        for wrong in contradictions
        for name in wrong.fields
        if name in read_as
    ]


def _other_account(invoice: "Invoice") -> list[tuple[float, str, Doubt]]:
    """A bill that asks for payment to a new account is how invoice fraud begins."""
    known = invoice.contact.iban if invoice.contact is not None else None
    if not known or not invoice.payee_iban or known == invoice.payee_iban:
        return []
    said = _(
        "Not the account known of this contact: %(iban)s. Call them before you pay.",
        iban=filters.iban(known),
    )
    return [(-1.0, "payee_iban", Doubt(said))]


def _wrong_number(name: str, value: str) -> str | None:
    """What a rule says of a number that was read; such a number is not filled in."""
    check = CHECKED.get(name)
    try:
        if check is not None:
            check(value)
    except Refusal as refusal:
        return languages.sentence(refusal)
    return None


def _shown(name: str, value: str) -> str | None:
    """A read value as the form writes it; None when a choice of the form does not have it."""
    if name.endswith("_amount"):
        return filters.money(abs(Decimal(value))).replace("\N{MINUS SIGN}", "-")
    if name.endswith("_date"):
        return filters.day(date.fromisoformat(value))
    if name == "kind":
        known = {InvoiceKind.INVOICE.value, InvoiceKind.CREDIT_NOTE.value}
        return value if value in known else None
    if name == "payee_iban":
        return filters.iban(value)
    return filters.communication(value) if name == "payment_reference" else value


def _named(name: str, value: str) -> str:
    """A value of the form as a person reads it."""
    if name == "kind":
        return str(_("Credit note") if value == InvoiceKind.CREDIT_NOTE else _("Invoice"))
    return value
