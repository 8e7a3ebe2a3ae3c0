"""The form of an invoice: its fields, what was read into them, and what is doubtful."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, IntegerField
from wtforms import Form as PlainForm
from wtforms.fields import SelectChoice
from wtforms.validators import Optional as MayBeEmpty

from billify.application import parties
from billify.application.entries import Entry, VatEntry
from billify.application.parties import NewContact
from billify.data.types import uuid7
from billify.domain import references, vat
from billify.domain.invoices import InvoiceDirection, InvoiceKind, Line, Totals, totals
from billify.domain.reading import Field, Reading
from billify.domain.refusal import N_, Refusal
from billify.web import filters, languages
from billify.web.forms import (
    ChoiceField,
    DayField,
    Form,
    KeyField,
    MoneyField,
    OptionalText,
    at_most,
    required,
)

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

_SAME = (
    "version", "kind", "contact_id", "number", "issue_date", "due_date", "currency", "net_amount",
    "vat_amount", "gross_amount", "payment_reference", "payee_iban", "note",
)  # fmt: skip
"""Fields of the form that are columns of the invoice."""

CURRENCIES = ("EUR", "USD", "GBP", "CHF", "SEK", "DKK", "NOK", "PLN", "CZK")
MOST_LINES = 200


class LineForm(PlainForm):  # type: ignore[misc]  # wtforms has no types
    """One line."""

    description = OptionalText(_l("Description"), [at_most(500)])
    quantity = MoneyField(_l("Quantity"), places=6)
    unit_price = MoneyField(_l("Unit price"), places=6)
    vat = OptionalText(_l("VAT"))

    def is_blank(self) -> bool:
        """Nothing was typed but what stood there."""
        return self.unit_price.data is None and not self.description.data


class VatForm(PlainForm):  # type: ignore[misc]  # wtforms has no types
    """One row of the VAT summary."""

    vat = OptionalText(_l("VAT"))
    base = MoneyField(_l("Base"))
    amount = MoneyField(_l("VAT amount"))

    def is_blank(self) -> bool:
        """Nothing was typed."""
        return self.base.data is None and self.amount.data is None


class InvoiceForm(Form):
    """An invoice of either direction."""

    key = KeyField()
    version = IntegerField(validators=[MayBeEmpty()], widget=HiddenField.widget)
    kind = ChoiceField(
        _l("Kind"),
        choices=[
            (InvoiceKind.INVOICE, _l("Invoice")),
            (InvoiceKind.CREDIT_NOTE, _l("Credit note")),
        ],
        default=InvoiceKind.INVOICE,
    )
    contact_id = KeyField()
    contact_name = OptionalText(_l("Supplier"), [required(), at_most(200)])
    vat_number = OptionalText(_l("VAT number"), [at_most(30)])
    number = OptionalText(_l("Invoice number"), [at_most(60)])
    issue_date = DayField(_l("Invoice date"), [required()])
    due_date = DayField(_l("Due date"))
    currency = ChoiceField(
        _l("Currency"), choices=[(code, code) for code in CURRENCIES], default="EUR"
    )
    net_amount = MoneyField(_l("Net"))
    vat_amount = MoneyField(_l("VAT"))
    gross_amount = MoneyField(_l("Total"))
    payment_reference = OptionalText(_l("Payment reference"), [at_most(140)])
    payee_iban = OptionalText(_l("Pay to IBAN"), [at_most(50)])
    note = OptionalText(_l("Note"), [at_most(1000)])
    lines = FieldList(FormField(LineForm), max_entries=MOST_LINES)
    vat_rows = FieldList(FormField(VatForm), max_entries=20)

    direction: InvoiceDirection = InvoiceDirection.PURCHASE

    @classmethod
    def filled(cls, direction: InvoiceDirection) -> "InvoiceForm":
        """The form as it was sent."""
        form = cls()
        form.for_direction(direction)
        return form

    def for_direction(self, direction: InvoiceDirection) -> None:
        """Name the other side as people do."""
        self.direction = direction
        if direction is InvoiceDirection.SALE:
            self.contact_name.label.text = _("Customer")
        known = {choice.value for choice in self.currency.choices}
        sent = self.currency.data
        if sent and sent not in known and len(sent) == 3 and sent.isalpha():
            self.currency.choices = [SelectChoice(sent), *self.currency.choices]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then what only rules know: numbers and VAT codes."""
        is_fine = super().validate(extra_validators)
        for name, check in CHECKED.items():
            field = self[name]
            if field.data and not field.errors:
                try:
                    check(field.data)
                except Refusal as refusal:
                    self.refuse(refusal, name)
                    is_fine = False
        return is_fine and self._check_rows()

    def entry(self) -> Entry:
        """What was filled in, as the use case takes it."""
        contact_id, new = self._contact()
        return Entry(
            kind=InvoiceKind(self.kind.data),
            number=self.number.data,
            contact_id=contact_id,
            new_contact=new,
            issue_date=cast(date, self.issue_date.data),  # cast: the form asks for it
            due_date=self.due_date.data,
            delivery_date=None,
            currency=self.currency.data,
            net_amount=self._positive("net_amount"),
            vat_amount=self._positive("vat_amount"),
            gross_amount=self._positive("gross_amount"),
            payment_reference=self.payment_reference.data,
            payee_iban=self.payee_iban.data,
            note=self.note.data,
            lines=self.line_values(),
            vat_rows=self._vat_values(),
        )

    def line_values(self) -> list[Line]:
        """The lines that hold something."""
        found = []
        for row in self.lines:
            line = row.form
            if line.is_blank():
                continue
            choice = _vat_choice(line.vat.data)
            found.append(
                Line(
                    quantity=line.quantity.data if line.quantity.data is not None else Decimal(1),
                    unit_price=line.unit_price.data or Decimal(0),
                    vat_category=choice[0],
                    vat_rate=choice[1],
                    description=line.description.data or "",
                )
            )
        return found

    def sums(self) -> Totals:
        """What the lines come to."""
        return totals(self.line_values())

    def _vat_values(self) -> list[VatEntry]:
        return [
            VatEntry(
                *_vat_choice(row.form.vat.data),
                base=abs(row.form.base.data or Decimal(0)),
                amount=abs(row.form.amount.data or Decimal(0)),
            )
            for row in self.vat_rows
            if not row.form.is_blank()
        ]

    def _contact(self) -> tuple[UUID | None, NewContact | None]:
        """The chosen contact while its name still stands there, else the one with that name."""
        found = parties.named(name=self.contact_name.data or "", chosen=self.contact_id.data)
        if found is not None:
            return found, None
        return None, NewContact(self.contact_name.data or "", self.vat_number.data)

    def _positive(self, name: str) -> Decimal | None:
        amount: Decimal | None = self[name].data
        return None if amount is None else abs(amount)

    def _check_rows(self) -> bool:
        """Each VAT code must be one we know, and a line needs a price."""
        is_fine = True
        for row in (*self.lines, *self.vat_rows):
            try:
                _vat_choice(row.form.vat.data)
            except Refusal as refusal:
                row.form.vat.errors = [languages.sentence(refusal)]
                is_fine = False
        for row in self.lines:
            if row.form.description.data and row.form.unit_price.data is None:
                row.form.unit_price.errors = [_("Fill in a price, or remove the line.")]
                is_fine = False
        return is_fine


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a field is marked, and the values it could be instead."""

    text: str
    others: tuple[str, ...] = ()


def of(invoice: "Invoice") -> InvoiceForm:
    """The form of an invoice that exists."""
    form = InvoiceForm(
        formdata=None,
        data={
            # No `obj`: it would win over the rows below, whose VAT is one code in the form.
            **{name: getattr(invoice, name) for name in _SAME},
            "contact_name": invoice.party_name,
            "vat_number": _vat_of(invoice),
            "lines": [_line(line) for line in invoice.lines],
            "vat_rows": [
                {"vat": _code(row.category, row.rate), "base": row.base, "amount": row.amount}
                for row in invoice.vat_rows
            ],
        },
    )
    form.for_direction(invoice.direction)
    return form


def blank(direction: InvoiceDirection, *, today: date) -> InvoiceForm:
    """An empty form."""
    form = InvoiceForm(
        formdata=None,
        data={
            "key": uuid7(),
            "issue_date": today,
            "lines": [{"quantity": Decimal(1), "vat": "S-21"}],
            "vat_rows": [],
        },
    )
    form.for_direction(direction)
    return form


def doubts(invoice: "Invoice") -> dict[str, Doubt]:
    """Fields of the form that a person should look at first, the least sure one first."""
    reading = _reading(invoice)
    if reading is None:
        return {}
    found = [
        (sure, name, doubt)
        for name, read in _read_as(invoice).items()
        for sure, doubt in _doubt(name, reading.fields.get(read))
    ]
    found += _partly_paid(reading)
    return {name: doubt for _sure, name, doubt in sorted(found, key=lambda one: one[:2])}


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


def vat_options(form: InvoiceForm | None = None) -> list[tuple[str, str]]:
    """The VAT rates of a line, as a list shows them, with those that only this form has.

    Without these a supplier's 25 % would silently become the first rate of the list.
    """
    known = {choice.code: choice for choice in vat.choices()}
    rows = (*form.lines, *form.vat_rows) if form is not None else ()
    for code in dict.fromkeys(row.form.vat.data for row in rows):
        category, rate = _vat_choice_or_none(code)
        if category is not None and code not in known:
            is_foreign = category is vat.VatCategory.STANDARD
            label = N_("Foreign VAT") if is_foreign else vat.RULES[category].label
            known[code] = vat.VatChoice(category, rate, label)
    return [
        (code, f"{filters.percent(choice.rate)} – {_(choice.label)}")
        for code, choice in known.items()
    ]


def _vat_choice_or_none(code: str | None) -> tuple[vat.VatCategory | None, Decimal]:
    try:
        return _vat_choice(code)
    except Refusal:
        return None, Decimal(0)


def labels() -> dict[str, str]:
    """How the parts of the form are called."""
    return {"kind": _("Kind"), "lines": _("Lines"), "vat_rows": _("VAT by rate")}


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


def _vat_of(invoice: "Invoice") -> str | None:
    if invoice.contact is not None:
        return invoice.contact.vat_number
    reading = _reading(invoice)
    found = reading.text(_read_as(invoice)["vat_number"]) if reading else None
    return None if found is None or _wrong_number("vat_number", found) else found


def _line(line: Any) -> dict[str, Any]:
    return {
        "description": line.description,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "vat": _code(line.vat_category, line.vat_rate),
    }


def _code(category: vat.VatCategory, rate: Decimal) -> str:
    return vat.VatChoice(category, rate, "").code


def _vat_choice(code: str | None) -> tuple[vat.VatCategory, Decimal]:
    """Category and rate of a code. A purchase may carry a foreign rate, such as `S-19`."""
    if not code:
        return vat.VatCategory.STANDARD, Decimal(21)
    category, _mark, rate = code.partition("-")
    try:
        found = vat.VatCategory(category), Decimal(rate)
    except (ValueError, ArithmeticError):
        found = None
    if found is None or not found[1].is_finite() or not 0 <= found[1] < 100:
        choice = vat.choice(code)
        return choice.category, choice.rate
    return found
