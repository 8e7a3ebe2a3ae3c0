"""Where rows of figures come from: windows of open invoices and bank lines, and lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from billify.application.figures.shapes import FIRST, PLUS, Place, Row
from billify.data.queries import cash_flow, figure_lines, figure_vat
from billify.data.queries.cash_flow import OpenRow, Window
from billify.data.queries.figure_lines import LineRow, LineWindow
from billify.data.queries.figure_vat import VatRow, VatWindow
from billify.domain.invoices import InvoiceKind

ZERO = Decimal("0.00")
Paged = list[tuple[Row, Place]]


@dataclass(frozen=True, slots=True)
class Invoices:
    """Open invoices that a figure adds or takes off."""

    window: Window
    sign: int = PLUS

    def total(self) -> tuple[Decimal, int]:
        """What is open on them."""
        amount, count = cash_flow.total(self.window)
        return self.sign * amount, count

    def page(self, after: Place | None, limit: int) -> Paged:
        """By due date."""
        found = cash_flow.rows(self.window, after=_key(after), limit=limit)
        return [(self._row(one), Place(0, one.due, one.id)) for one in found]

    def _row(self, one: OpenRow) -> Row:
        is_credit = one.kind is InvoiceKind.CREDIT_NOTE
        amount = self.sign * one.amount
        return Row("invoice", str(one.id), one.party, one.number or "", one.due, amount, is_credit)


@dataclass(frozen=True, slots=True)
class Lines:
    """Booked bank lines; money out is below zero."""

    window: LineWindow

    def total(self) -> tuple[Decimal, int]:
        """What they move together."""
        return figure_lines.total(self.window)

    def page(self, after: Place | None, limit: int) -> Paged:
        """By day."""
        found = figure_lines.rows(self.window, after=_key(after), limit=limit)
        return [(self._row(one), Place(0, one.day, one.id)) for one in found]

    def _row(self, one: LineRow) -> Row:
        detail = one.words[:80] if one.name else ""
        return Row("line", str(one.id), one.name or one.words[:80], detail, one.day, one.amount)


@dataclass(frozen=True, slots=True)
class VatOfInvoices:
    """Approved invoices issued within some days: their VAT, owed above zero, or else the totals of
    those that tell none."""

    window: VatWindow

    def total(self) -> tuple[Decimal, int]:
        """VAT of sales less VAT of purchases; totals add up."""
        return figure_vat.total(self.window)

    def page(self, after: Place | None, limit: int) -> Paged:
        """By day of issue."""
        found = figure_vat.rows(self.window, after=_key(after), limit=limit)
        return [(self._row(one), Place(0, one.issued, one.id)) for one in found]

    def _row(self, one: VatRow) -> Row:
        is_credit = one.kind is InvoiceKind.CREDIT_NOTE
        return Row(
            "invoice", str(one.id), one.party, one.number or "", one.issued, one.amount, is_credit
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows that are at hand already; a place among them is a count."""

    rows: Sequence[Row]

    def total(self) -> tuple[Decimal, int]:
        """Their sum."""
        return sum((one.amount for one in self.rows), ZERO), len(self.rows)

    def page(self, after: Place | None, limit: int) -> Paged:
        """In their own order."""
        start = after.id.int if after else 0
        chosen = self.rows[start : start + limit]
        return [(row, Place(0, date.min, UUID(int=start + at))) for at, row in enumerate(chosen, 1)]


def _key(after: Place | None) -> tuple[date, UUID] | None:
    """None at the start of a part."""
    return None if after is None or after.id == FIRST else (after.due, after.id)
