"""The sums of an e-invoice: which of its amounts contradict each other.

Each contradiction says which fields of a reading it makes doubtful. Besides those of EN 16931 there
are three rules of our own: VAT-BASE-SUM (what the VAT rules of each category come to together),
DUE-BEFORE-ISSUE and CREDIT-NOTE-SIGN.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext

from billify.domain.einvoice import places
from billify.domain.einvoice.model import EInvoice, Line
from billify.domain.money import cents

ZERO = Decimal(0)
SLACK = Decimal("1.00")
"""What BR-CO-17 allows between the VAT stated and the VAT worked out."""
LINE_SLACK = Decimal("0.02")
"""What PEPPOL-EN16931-R120 allows on a line."""

_DIGITS = 120
"""Enough for any quantity times any price that the tree lets through, without rounding."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A rule of sums that does not hold, and what it makes doubtful."""

    rule: str
    place: str
    message: str
    warning: str
    """A code of `Reading.warnings`."""
    fields: tuple[str, ...]


def contradictions(invoice: EInvoice) -> list[Contradiction]:
    """Every rule of sums that does not hold."""
    with localcontext(prec=_DIGITS):
        return [*_totals(invoice), *_vat(invoice), *_lines(invoice), *_others(invoice)]


def _totals(invoice: EInvoice) -> Iterator[Contradiction]:
    net_of_lines = sum((line.net or ZERO for line in invoice.lines), ZERO)
    charges = sum((one.amount or ZERO for one in invoice.allowances if one.is_charge), ZERO)
    less = sum((one.amount or ZERO for one in invoice.allowances if not one.is_charge), ZERO)
    lines, vat = invoice.line_total, invoice.vat_amount
    net, gross, payable = invoice.net_amount, invoice.gross_amount, invoice.payable
    if invoice.lines and lines is not None:
        yield from _differs(invoice, "BR-CO-10", "BT-106", lines, net_of_lines, "the lines")
    if invoice.allowances or invoice.allowance_total:
        stated = invoice.allowance_total or ZERO
        yield from _differs(invoice, "BR-CO-11", "BT-107", stated, less, "the allowances")
    if invoice.allowances or invoice.charge_total:
        stated = invoice.charge_total or ZERO
        yield from _differs(invoice, "BR-CO-12", "BT-108", stated, charges, "the charges")
    if lines is not None and net is not None:
        right = lines - (invoice.allowance_total or ZERO) + (invoice.charge_total or ZERO)
        what = "lines less allowances plus charges"
        yield from _differs(invoice, "BR-CO-13", "BT-109", net, right, what)
    if net is not None and gross is not None and not (vat is None and _has_own_vat(invoice)):
        right = net + (vat or ZERO)
        yield from _differs(invoice, "BR-CO-15", "BT-112", gross, right, "net and VAT")
    if gross is not None and payable is not None:
        right = gross - (invoice.prepaid or ZERO) + (invoice.rounding or ZERO)
        what = "the total less what is prepaid, rounded as stated,"
        yield from _differs(invoice, "BR-CO-16", "BT-115", payable, right, what)


def _vat(invoice: EInvoice) -> Iterator[Contradiction]:
    rows = invoice.vat_subtotals
    if rows and invoice.vat_amount is not None:
        total = sum((row.amount or ZERO for row in rows), ZERO)
        stated = invoice.vat_amount
        yield from _differs(invoice, "BR-CO-14", "BT-110", stated, total, "the VAT by rate")
    for at, row in enumerate(rows, start=1):
        if row.base is None or row.amount is None or row.rate is None:
            continue
        right = cents(row.base * row.rate / 100)
        if abs(right - row.amount) > SLACK:
            yield Contradiction(
                "BR-CO-17",
                places.place_of("BG-23", invoice, at),
                f"VAT of {row.rate} % on {row.base} is {right}, but {row.amount} is stated.",
                "vat",
                ("vat_amount", "gross_amount"),
            )
    if rows and invoice.net_amount is not None:
        base = sum((row.base or ZERO for row in rows), ZERO)
        if base != invoice.net_amount:
            yield Contradiction(
                "VAT-BASE-SUM",
                places.place_of("BG-23", invoice),
                f"The VAT breakdown covers {base}, but the total without VAT is "
                f"{invoice.net_amount}.",
                "vat",
                ("net_amount", "vat_amount"),
            )


def _lines(invoice: EInvoice) -> Iterator[Contradiction]:
    for line in invoice.lines:
        right = line_net(line)
        if right is None or line.net is None or abs(right - line.net) <= LINE_SLACK:
            continue
        yield Contradiction(
            "PEPPOL-EN16931-R120",
            line.place,
            f"Quantity and price make {right}, but {line.net} is stated.",
            "lines",
            (),
        )


def line_net(line: Line) -> Decimal | None:
    """Quantity times price, less allowances, plus charges; None where one of them is missing."""
    if line.quantity is None or line.price is None:
        return None
    per = line.price_quantity or Decimal(1)
    with localcontext(prec=_DIGITS):
        extra = sum((one.signed for one in line.allowances), ZERO)
        return cents(cents(line.quantity * line.price / per) + extra)


def _others(invoice: EInvoice) -> Iterator[Contradiction]:
    if invoice.due_date and invoice.issue_date and invoice.due_date < invoice.issue_date:
        yield Contradiction(
            "DUE-BEFORE-ISSUE",
            places.place_of("BT-9", invoice),
            f"The due date {invoice.due_date} lies before the issue date {invoice.issue_date}.",
            "dates",
            ("issue_date", "due_date"),
        )
    for place in invoice.foreign_amounts:
        yield Contradiction(
            "PEPPOL-EN16931-R051",
            place,
            f"This amount is not in {invoice.currency}, the currency of the document.",
            "totals",
            ("currency", "net_amount", "vat_amount", "gross_amount"),
        )
    if invoice.is_credit_note and (invoice.gross_amount or ZERO) < 0:
        yield Contradiction(
            "CREDIT-NOTE-SIGN",
            places.place_of("BT-112", invoice),
            "A credit note states what it gives back above zero; this one is below.",
            "sign",
            ("document_type", "gross_amount"),
        )


_DOUBTFUL = {
    "BR-CO-10": ("lines", ("net_amount",)),
    "BR-CO-11": ("lines", ("net_amount",)),
    "BR-CO-12": ("lines", ("net_amount",)),
    "BR-CO-13": ("totals", ("net_amount",)),
    "BR-CO-14": ("vat", ("vat_amount",)),
    "BR-CO-15": ("totals", ("net_amount", "vat_amount", "gross_amount")),
    "BR-CO-16": ("totals", ("gross_amount",)),
}


def _differs(
    invoice: EInvoice, rule: str, term: str, stated: Decimal, right: Decimal, what: str
) -> Iterator[Contradiction]:
    if stated == right:
        return
    message = f"{stated} is stated, but {what} make {right}."
    warning, fields = _DOUBTFUL[rule]
    yield Contradiction(rule, places.place_of(term, invoice), message, warning, fields)


def _has_own_vat(invoice: EInvoice) -> bool:
    """Whether rates with VAT stand there without their total: then nothing can be said."""
    return any(row.amount for row in invoice.vat_subtotals)
