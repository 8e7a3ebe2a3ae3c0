"""What is remembered of reading a supplier's documents, in words for people."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from flask_babel import gettext as _

from billify.application.reading_memory import Accuracy, Layout, Summary
from billify.domain.reading.memory import Item, ItemKind
from billify.domain.refusal import N_
from billify.web import filters

NAMES = {
    "document_type": N_("Kind"),
    "supplier_name": N_("Supplier"),
    "supplier_vat": N_("VAT number"),
    "supplier_enterprise_number": N_("Enterprise number"),
    "bic": N_("BIC"),
    "currency": N_("Currency"),
    "invoice_number": N_("Invoice number"),
    "order_reference": N_("Your reference"),
    "issue_date": N_("Invoice date"),
    "due_date": N_("Due date"),
    "delivery_date": N_("Delivery date"),
    "net_amount": N_("Net"),
    "vat_amount": N_("VAT"),
    "gross_amount": N_("Total"),
    "amount_due": N_("To pay"),
    "payment_reference": N_("Payment reference"),
    "buyer_name": N_("Buyer"),
    "buyer_vat": N_("Buyer's VAT number"),
    "iban": N_("IBAN"),
    "terms_days": N_("Payment terms"),
    "vat": N_("VAT rates"),
    "table": N_("Lines"),
}
_COLUMNS = {
    "quantity": N_("quantity"),
    "unit_price": N_("unit price"),
    "vat_rate": N_("VAT rate"),
    "net_amount": N_("amount"),
}


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One remembered thing as a row."""

    key: str
    name: str
    text: str
    note: str
    value: str | None
    """What a field to change it holds; None when it can only be forgotten."""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One remembered layout in the list."""

    id: UUID
    title: str
    told: str
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShownLayout:
    """One remembered layout with everything it holds."""

    title: str
    told: str
    version: int
    items: tuple[ShownItem, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """The section on a contact's page."""

    told: str
    fields: tuple[tuple[str, int], ...]
    layouts: tuple[ShownLine, ...]


def shown(summary: Summary) -> Shown | None:
    """The section of a contact; None when none of their documents was checked yet."""
    if not summary.accuracy.documents:
        return None
    return Shown(
        accuracy_in_words(summary.accuracy),
        tuple((_name(name), times) for name, times in summary.accuracy.by_field),
        tuple(
            ShownLine(one.id, _title(at), accuracy_in_words(one.accuracy), one.used_at)
            for at, one in enumerate(summary.layouts, start=1)
        ),
    )


def shown_layout(layout: Layout) -> ShownLayout:
    """One layout in words."""
    return ShownLayout(
        _title(layout.number),
        accuracy_in_words(layout.line.accuracy),
        layout.version,
        tuple(_item(item) for item in layout.items),
    )


def accuracy_in_words(accuracy: Accuracy) -> str:
    """How many documents were read, and how many of their fields were right."""
    documents = (
        _("1 document checked.")
        if accuracy.documents == 1
        else _("%(count)s documents checked.", count=accuracy.documents)
    )
    fields = _(
        "%(kept)s of %(read)s fields were right as read.", kept=accuracy.kept, read=accuracy.read
    )
    return f"{documents} {fields}"


def known_layout(accuracy: Accuracy | None) -> str | None:
    """The line beside the supplier on the check screen; None for a layout not known."""
    if accuracy is None:
        return None
    if accuracy.documents == 1:
        once: str = _(
            "Known layout, read once before, %(corrected)s fields corrected.",
            corrected=accuracy.corrected,
        )
        return once
    often: str = _(
        "Known layout, read %(times)s times, %(corrected)s fields corrected.",
        times=accuracy.documents,
        corrected=accuracy.corrected,
    )
    return often


def _title(number: int) -> str:
    return str(_("Layout %(number)s", number=number))


def _item(item: Item) -> ShownItem:
    note = _("Fixed by hand.") if item.is_fixed else ""
    if item.shape and item.kind is ItemKind.BESIDE:
        note = _("Form %(shape)s: 9 is a figure, A a letter.", shape=item.shape)
    return ShownItem(
        item.name, _name(item.name), _TEXTS[item.kind](item), note,
        item.value if item.can_change else None,
    )  # fmt: skip


def _name(name: str) -> str:
    return str(_(NAMES[name])) if name in NAMES else name


def _beside(item: Item) -> str:
    return str(_("At “%(label)s”, last %(value)s", label=item.label, value=_value(item)))


def _placed(item: Item) -> str:
    return str(_("At its place on the page, last %(value)s", value=_value(item)))


def _terms(item: Item) -> str:
    return str(_("%(days)s days after the invoice date", days=item.value))


def _rates(item: Item) -> str:
    rates = [pair.split(" ")[0] for pair in item.value.split(", ")]
    return ", ".join(f"{filters.percent(Decimal(rate))}" for rate in rates)


def _columns(item: Item) -> str:
    names = ", ".join(_(_COLUMNS[kind]) for kind in item.value.split() if kind in _COLUMNS)
    return str(_("Columns: %(names)s", names=names))


_TEXTS: dict[ItemKind, Callable[[Item], str]] = {
    ItemKind.BESIDE: _beside,
    ItemKind.PLACE: _placed,
    ItemKind.ALWAYS: lambda item: _value(item),
    ItemKind.ABSENT: lambda _item: _("Not on this layout"),
    ItemKind.TERMS: _terms,
    ItemKind.VAT: _rates,
    ItemKind.TABLE: _columns,
}


def _value(item: Item) -> str:
    if item.name.endswith("_amount") or item.name == "amount_due":
        return filters.money(Decimal(item.value))
    if item.name.endswith("_date"):
        return filters.day(date.fromisoformat(item.value))
    if item.name == "iban":
        return ", ".join(filters.iban(one) for one in item.value.split(", "))
    return item.value
