"""Notes what is really put on the page: only that becomes the truth."""

from datetime import date
from decimal import Decimal
from typing import Any

HEADER = (
    "document_type", "supplier_name", "supplier_vat", "supplier_enterprise_number",
    "supplier_address", "buyer_name", "buyer_vat", "buyer_enterprise_number", "buyer_address",
    "invoice_number", "order_reference", "issue_date", "due_date", "delivery_date",
    "period_start", "period_end", "currency", "net_amount", "vat_amount", "gross_amount",
    "amount_due", "iban", "bic", "payment_reference", "early_payment_discount",
    "payment_method", "tip",
)  # fmt: skip
# Asked even where the page shows none: a reader must not make one up.
ALWAYS = {
    "document_type", "supplier_name", "buyer_name", "buyer_vat", "invoice_number",
    "order_reference", "issue_date", "delivery_date", "period_start", "period_end",
    "gross_amount", "iban", "bic", "payment_reference", "early_payment_discount",
}  # fmt: skip


class Ink:
    """Values noted at the moment they are printed, with the text that stands on the page."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.printed: dict[str, list[str]] = {}
        self.lines: list[dict[str, Any]] = []
        self.vat_rows: list[dict[str, str | None]] = []
        self.unasked: set[str] = set()

    def note(self, field: str, value: object, printed: str) -> str:
        """Remember a value and its print; returns the print, to be put on the page."""
        self.values.setdefault(field, plain(value))
        prints = self.printed.setdefault(field, [])
        if printed and printed not in prints:
            prints.append(printed)
        return printed

    def has(self, field: str) -> bool:
        """Whether the page shows this field already."""
        return field in self.values

    def truth(self) -> dict[str, Any]:
        """All canonical fields, null where the page does not show one."""
        truth = {field: self.values.get(field) for field in HEADER}
        truth["vat_breakdown"] = self.vat_rows
        truth["line_items"] = self.lines
        return truth

    def asked(self) -> list[str]:
        """The fields a reader may be judged on for this page."""
        fields = ALWAYS | {field for field in HEADER if field in self.values}
        tables = (("vat_breakdown", self.vat_rows), ("line_items", self.lines))
        fields |= {name for name, rows in tables if rows}
        return sorted(fields - self.unasked)


def plain(value: object) -> Any:
    """A value as it stands in JSON: dates as ISO days, amounts as strings."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value
