"""The form of an invoice: its fields, and what a person filled in."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

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
from billify.domain import vat
from billify.domain.invoices import (
    Contradiction,
    Header,
    InvoiceDirection,
    InvoiceKind,
    Line,
    Totals,
    VatAmount,
    cross_check,
    totals,
)
from billify.domain.refusal import N_, Refusal
from billify.web import filters, languages
from billify.web.forms import (
    ChoiceField,
    DayField,
    KeyField,
    MoneyField,
    OptionalText,
    at_most,
    required,
)
from billify.web.invoice_more import MORE_READ_AS, MoreForm
from billify.web.invoice_reading import CHECKED, vat_number_of

if TYPE_CHECKING:
    from billify.data.models import Invoice

_SAME = (
    *MORE_READ_AS, "version", "kind", "contact_id", "number", "issue_date", "due_date",
    "currency", "net_amount", "vat_amount", "gross_amount", "payment_reference", "payee_iban",
    "note",
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
    unit = OptionalText(_l("Unit"), [at_most(20)])
    discount = MoneyField(_l("Discount"))

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


class InvoiceForm(MoreForm):
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
        return is_fine and self.check_more() and self._check_rows()

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
            delivery_date=self.delivery_date.data,
            period_start=self.period_start.data,
            period_end=self.period_end.data,
            order_reference=self.order_reference.data,
            discount_percent=self.discount_percent.data,
            discount_until=self.discount_until.data,
            credited_number=self.credited_number.data,
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
        return [_line_value(row.form) for row in self.lines if not row.form.is_blank()]

    def sums(self) -> Totals:
        """What the lines come to."""
        return totals(self.line_values())

    def line_nets(self) -> list[Decimal | None]:
        """What each row of lines comes to; None where no price stands."""
        return [
            None
            if row.form.unit_price.data is None
            else Line(
                quantity=_quantity(row.form),
                unit_price=row.form.unit_price.data,
                discount=_share(row.form),
            ).net
            for row in self.lines
        ]

    def contradictions(self) -> list[Contradiction]:
        """What does not add up in the form as filled in; nothing while a VAT code is wrong."""
        names = ("net_amount", "vat_amount", "gross_amount")
        try:
            lines, breakdown = self.line_values(), self._vat_values()
        except Refusal:
            return []
        return cross_check(
            Header(*(self._positive(name) for name in names)),
            lines=lines,
            breakdown=[
                VatAmount(row.category, row.rate, row.base, row.amount) for row in breakdown
            ],
        )

    def put(self, name: str, value: str) -> None:
        """Write a value into a field as if a person had typed it."""
        field = self[name]
        field.process_errors = []
        field.raw_data = [value]
        field.process_formdata([value])

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


def of(invoice: "Invoice") -> InvoiceForm:
    """The form of an invoice that exists."""
    form = InvoiceForm(
        formdata=None,
        data={
            # No `obj`: it would win over the rows below, whose VAT is one code in the form.
            **{name: getattr(invoice, name) for name in _SAME},
            "payment_reference": filters.communication(invoice.payment_reference),
            "payee_iban": filters.iban(invoice.payee_iban),
            "contact_name": invoice.party_name,
            "vat_number": vat_number_of(invoice),
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


def _line_value(line: LineForm) -> Line:
    category, rate = _vat_choice(line.vat.data)
    return Line(
        quantity=_quantity(line),
        unit_price=line.unit_price.data or Decimal(0),
        vat_category=category,
        vat_rate=rate,
        discount=_share(line),
        description=line.description.data or "",
        unit=line.unit.data or "",
    )


def _share(line: LineForm) -> Decimal:
    """The discount of a line in per cent; what is none is left out."""
    share: Decimal | None = line.discount.data
    return share if share is not None and 0 < share < 100 else Decimal(0)


def _quantity(line: LineForm) -> Decimal:
    return line.quantity.data if line.quantity.data is not None else Decimal(1)


def _line(line: Any) -> dict[str, Any]:
    return {
        "description": line.description,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "vat": _code(line.vat_category, line.vat_rate),
        "unit": line.unit,
        "discount": line.discount or None,
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
