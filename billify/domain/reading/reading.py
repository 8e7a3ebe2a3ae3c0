"""What the reader answers: fields with their confidence, place and evidence, JSON both ways."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from billify.domain.reading.words import Box
from billify.domain.vat import VatCategory

FIELDS = (
    "document_type",
    "other_kind",
    "supplier_name",
    "supplier_vat",
    "supplier_enterprise_number",
    "supplier_address",
    "buyer_name",
    "buyer_vat",
    "buyer_enterprise_number",
    "buyer_address",
    "invoice_number",
    "credited_invoice_number",
    "order_reference",
    "issue_date",
    "due_date",
    "delivery_date",
    "period_start",
    "period_end",
    "payment_terms",
    "currency",
    "net_amount",
    "vat_amount",
    "vat_category",
    "gross_amount",
    "paid_amount",
    "amount_due",
    "tip_amount",
    "discount_percent",
    "discount_amount",
    "discount_until",
    "payment_method",
    "iban",
    "bic",
    "payment_reference",
)
"""The names a reading may hold, in the order a person checks them."""

UNSURE_BELOW = 0.75
"""Fields under this confidence are shown as unsure unless the company says otherwise."""


class DocumentType(StrEnum):
    """What kind of paper this is."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"
    OTHER = "other"


class Direction(StrEnum):
    """Do we pay it or does the other side?"""

    PURCHASE = "purchase"
    SALE = "sale"


class How(StrEnum):
    """Why a value was taken for a field: a code the web room puts into words."""

    LABEL = "label"  # stands beside or under a label word; `Field.label` has the word
    PLACE = "place"  # where on the page and in what type it stands
    CHECK_DIGITS = "check_digits"  # its check digits are right
    ARITHMETIC = "arithmetic"  # worked out from or confirmed by other amounts
    OWN_COMPANY = "own_company"  # known from our own company's particulars
    STRUCTURED = "structured"  # stated by an e-invoice, nothing was guessed
    MEMORY = "memory"  # where a person's corrections of this layout say it stands
    GUESS = "guess"  # weak evidence only


@dataclass(frozen=True, slots=True)
class OwnCompany:
    """Our own particulars, so that supplier and buyer are not swapped."""

    name: str
    vat_number: str | None = None
    other_names: tuple[str, ...] = ()
    ibans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternative:
    """A runner-up for an unsure field."""

    value: str
    confidence: float
    page: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One value: text as is, dates as YYYY-MM-DD, amounts as decimal strings with a point."""

    value: str
    confidence: float
    page: int | None = None
    box: Box | None = None
    how: How = How.GUESS
    label: str = ""
    alternatives: tuple[Alternative, ...] = ()

    @property
    def is_unsure(self) -> bool:
        """A person should look at it."""
        return self.confidence < UNSURE_BELOW


@dataclass(frozen=True, slots=True)
class VatRow:
    """One rate of the VAT summary; what the page does not print is None."""

    rate: Decimal
    base: Decimal | None
    amount: Decimal | None
    confidence: float = 0.0
    page: int | None = None
    box: Box | None = None
    category: VatCategory | None = None


@dataclass(frozen=True, slots=True)
class LineItem:
    """One line of goods or services as printed; what the page does not print is None."""

    description: str
    net_amount: Decimal
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    vat_rate: Decimal | None = None
    confidence: float = 0.0
    page: int | None = None
    box: Box | None = None
    vat_category: VatCategory | None = None
    unit: str = ""
    """As printed: stuks, kg, h."""
    discount: Decimal | None = None
    """Per cent of quantity times price, where the net amount is after it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read from one document."""

    fields: dict[str, Field] = field(default_factory=dict)
    vat_breakdown: tuple[VatRow, ...] = ()
    line_items: tuple[LineItem, ...] = ()
    direction: Direction = Direction.PURCHASE
    language: str = ""
    """The page's language as nl, fr, en, de … or empty when unknown."""
    warnings: tuple[str, ...] = ()
    """Codes of contradictions: "totals", "vat", "lines", "dates", "sign"; and "iban" for an
    account that this supplier's remembered documents do not have."""

    def text(self, name: str) -> str | None:
        """The value of a field as it is kept, or None."""
        found = self.fields.get(name)
        return found.value if found else None

    def amount(self, name: str) -> Decimal | None:
        """The value of an amount field."""
        value = self.text(name)
        return Decimal(value) if value is not None else None

    def day(self, name: str) -> date | None:
        """The value of a date field."""
        value = self.text(name)
        return date.fromisoformat(value) if value is not None else None

    @property
    def unsure(self) -> tuple[str, ...]:
        """Names of the fields a person should look at, least sure first."""
        doubtful = [name for name, one in self.fields.items() if one.is_unsure]
        return tuple(sorted(doubtful, key=lambda name: self.fields[name].confidence))

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """A dict that `json.dumps` takes and `from_json` turns back."""
        return {
            "fields": {name: _plain(one) for name, one in self.fields.items()},
            "vat_breakdown": [_plain(row) for row in self.vat_breakdown],
            "line_items": [_plain(line) for line in self.line_items],
            "direction": str(self.direction),
            "language": self.language,
            "warnings": list(self.warnings),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Reading":  # Any: JSON
        """The reading that `to_json` wrote; unknown keys are left out."""
        return cls(
            fields={name: _field(one) for name, one in kept.get("fields", {}).items()},
            vat_breakdown=tuple(_vat_row(row) for row in kept.get("vat_breakdown", ())),
            line_items=tuple(_line_item(line) for line in kept.get("line_items", ())),
            direction=Direction(kept.get("direction", Direction.PURCHASE)),
            language=kept.get("language", ""),
            warnings=tuple(kept.get("warnings", ())),
        )

    def values(self) -> dict[str, Any]:  # Any: JSON
        """Only the values, by the names and forms that the benchmark's scorer knows.

        They are what the pages print: a due date that was worked out is left out.
        """
        found: dict[str, Any] = {
            name: one.value
            for name, one in self.fields.items()
            if name != "due_date" or one.how is not How.ARITHMETIC
        }
        if self.vat_breakdown:
            found["vat_breakdown"] = [
                {"rate": _text(row.rate), "base": _text(row.base), "amount": _text(row.amount)}
                for row in self.vat_breakdown
            ]
        if self.line_items:
            found["line_items"] = [
                {
                    "description": line.description,
                    "quantity": _text(line.quantity),
                    "unit_price": _text(line.unit_price),
                    "net_amount": _text(line.net_amount),
                    "vat_rate": _text(line.vat_rate),
                }
                for line in self.line_items
            ]
        return found


def _text(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")


def _number(kept: str | None) -> Decimal | None:
    return None if kept is None else Decimal(kept)


def _category(kept: str | None) -> VatCategory | None:
    return None if kept is None else VatCategory(kept)


def _box(kept: list[float] | None) -> Box | None:
    return None if kept is None else (kept[0], kept[1], kept[2], kept[3])


def _plain(value: Any) -> dict[str, Any]:  # Any: one of the four value classes above
    kept: dict[str, Any] = {}
    for name in value.__dataclass_fields__:
        part = getattr(value, name)
        if isinstance(part, Decimal):
            part = _text(part)
        elif name == "box" and part is not None:
            part = [round(edge, 5) for edge in part]
        elif name == "alternatives":
            part = [_plain(one) for one in part]
        elif isinstance(part, float):
            part = round(part, 3)
        elif isinstance(part, StrEnum):
            part = str(part)
        kept[name] = part
    return kept


def _field(kept: Mapping[str, Any]) -> Field:
    return Field(
        value=kept["value"],
        confidence=kept["confidence"],
        page=kept.get("page"),
        box=_box(kept.get("box")),
        how=How(kept.get("how", How.GUESS)),
        label=kept.get("label", ""),
        alternatives=tuple(
            Alternative(one["value"], one["confidence"], one.get("page"), _box(one.get("box")))
            for one in kept.get("alternatives", ())
        ),
    )


def _vat_row(kept: Mapping[str, Any]) -> VatRow:
    return VatRow(
        rate=Decimal(kept["rate"]),
        base=_number(kept.get("base")),
        amount=_number(kept.get("amount")),
        confidence=kept.get("confidence", 0.0),
        page=kept.get("page"),
        box=_box(kept.get("box")),
        category=_category(kept.get("category")),
    )


def _line_item(kept: Mapping[str, Any]) -> LineItem:
    return LineItem(
        description=kept["description"],
        net_amount=Decimal(kept["net_amount"]),
        quantity=_number(kept.get("quantity")),
        unit_price=_number(kept.get("unit_price")),
        vat_rate=_number(kept.get("vat_rate")),
        confidence=kept.get("confidence", 0.0),
        page=kept.get("page"),
        box=_box(kept.get("box")),
        vat_category=_category(kept.get("vat_category")),
        unit=kept.get("unit", ""),
        discount=_number(kept.get("discount")),
    )
