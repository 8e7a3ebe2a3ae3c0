"""What may be written down: parts of a bank line that settle parts of invoices.

Amounts have the sign of the invoice (a credit note is below zero); the opposite sign opens an
invoice again. All of one line are in one currency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billify.domain import money
from billify.domain.invoices import InvoiceDirection, InvoiceKind, signed
from billify.domain.refusal import N_, Refusal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a line for one invoice; `written_off` is let go with it (discount, costs)."""

    invoice_id: str
    amount: Decimal
    written_off: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice as it stands, amounts above zero as they are stored."""

    number: str
    direction: InvoiceDirection
    kind: InvoiceKind
    gross: Decimal
    open: Decimal

    def reopens(self, amount: Decimal) -> bool:
        """Whether an amount with the invoice's sign takes a payment back."""
        return (amount < 0) is not (self.kind is InvoiceKind.CREDIT_NOTE)

    def cash(self, amount: Decimal) -> Decimal:
        """What an amount with the invoice's sign is at the bank: money in above zero."""
        bare = signed(abs(amount), direction=self.direction, kind=self.kind)
        return -bare if self.reopens(amount) else bare


def check(parts: Sequence[Part], *, owed: Mapping[str, Owed], left: Decimal) -> None:
    """Refuse parts that the line or the invoices can't hold; `left` is what the line still has."""
    if not parts:
        raise Refusal(N_("Choose at least one invoice."))
    if len({part.invoice_id for part in parts}) < len(parts):
        raise Refusal(N_("Name each invoice once."))
    for part in parts:
        _check_invoice(part, owed[part.invoice_id])
    total = sum((owed[part.invoice_id].cash(part.amount) for part in parts), ZERO)
    if total == 0 or (total > 0) is not (left > 0) or abs(total) > abs(left):
        raise Refusal(
            N_("The invoices take %(total)s, but the bank line has %(left)s."),
            total=money.show(total),
            left=money.show(left),
        )


def _check_invoice(part: Part, invoice: Owed) -> None:
    amount = abs(part.amount)
    if amount == 0:
        raise Refusal(N_("An amount of zero settles nothing."))
    reopens = invoice.reopens(part.amount)
    room = invoice.gross - invoice.open if reopens else invoice.open
    if part.written_off < 0 or (reopens and part.written_off):
        raise Refusal(N_("Only what is left open can be written off."))
    if amount + part.written_off > room:
        raise Refusal(
            N_("Invoice %(number)s has %(room)s open, less than %(amount)s."),
            number=invoice.number,
            room=money.show(room),
            amount=money.show(amount + part.written_off),
        )
