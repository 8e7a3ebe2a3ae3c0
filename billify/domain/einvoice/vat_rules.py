"""VAT by category: what EN 16931 asks of S, Z, E, AE, K, G and O."""

from collections.abc import Iterator
from decimal import Decimal

from billify.domain.einvoice import places
from billify.domain.einvoice.model import EInvoice, VatSubtotal

ZERO = Decimal(0)
_SLACK = Decimal("1.00")
_NAMES = {"S": "S", "Z": "Z", "E": "E", "AE": "AE", "K": "IC", "G": "G", "O": "O"}
"""Category code → how its rules are called."""
_WITH_REASON = frozenset({"E", "AE", "K", "G", "O"})
_ELSEWHERE = frozenset({"L", "M", "B"})
"""Categories of the Canary Islands, of Ceuta and Melilla, and of Italy."""
_BUYER_VAT = frozenset({"AE", "K"})

Broken = tuple[str, str, str]
"""Rule, place, message."""


def broken(invoice: EInvoice) -> Iterator[Broken]:
    """Every broken rule about VAT categories."""
    for at, row in enumerate(invoice.vat_subtotals, start=1):
        place = places.place_of("BG-23", invoice, at)
        for rule, message in _row(row):
            yield rule, place, message
        yield from _base(invoice, row, place)
    yield from _numbers(invoice)
    yield from _rates(invoice)
    yield from _decimals(invoice)


def _row(row: VatSubtotal) -> Iterator[tuple[str, str]]:
    if row.base is None:
        yield "BR-45", "The taxable amount is missing."
    if row.amount is None:
        yield "BR-46", "The VAT amount is missing."
    if not row.category:
        yield "BR-47", "The VAT category is missing."
    if row.rate is None and row.category != "O":
        yield "BR-48", "The VAT rate is missing."
    name = _NAMES.get(row.category)
    if name is None:
        if row.category and row.category not in _ELSEWHERE:
            yield "BR-CL-18", f"“{row.category[:10]}” is no VAT category."
        return
    yield from _reasons(row, name)
    if row.category != "S" and row.amount:
        yield f"BR-{name}-09", f"VAT of {row.amount} is stated where none can be."


def _reasons(row: VatSubtotal, name: str) -> Iterator[tuple[str, str]]:
    code = row.exemption_code.upper()
    if code and not code.startswith("VATEX-"):
        yield "BR-CL-22", f"“{row.exemption_code[:20]}” is no VATEX code."
    has_reason = bool(row.exemption_reason or row.exemption_code)
    if row.category in _WITH_REASON and not has_reason:
        yield f"BR-{name}-10", "The reason why no VAT is due is missing."
    if row.category not in _WITH_REASON and has_reason:
        yield f"BR-{name}-10", "A reason for no VAT stands beside a rate that has none."


def _base(invoice: EInvoice, row: VatSubtotal, place: str) -> Iterator[Broken]:
    """BR-S-08 and its sisters: the base is the lines and allowances of that category and rate."""
    name = _NAMES.get(row.category)
    if name is None or row.base is None or not invoice.lines:
        return
    by_rate = row.category == "S"
    parts = [(line.category, line.rate, line.net or ZERO) for line in invoice.lines]
    parts += [(one.category, one.rate, one.signed) for one in invoice.allowances]
    right = sum(
        (
            amount
            for category, rate, amount in parts
            if category == row.category and (not by_rate or rate == row.rate)
        ),
        ZERO,
    )
    slack = _SLACK if by_rate else ZERO
    if abs(right - row.base) > slack:
        yield (
            f"BR-{name}-08",
            place,
            f"{row.base} is taxed as {row.category}, but its lines make {right}.",
        )


def _numbers(invoice: EInvoice) -> Iterator[Broken]:
    seller, buyer = invoice.seller, invoice.buyer
    categories = {row.category for row in invoice.vat_subtotals}
    represented = invoice.tax_representative
    has_number = bool(
        seller.vat_number or seller.tax_number or (represented and represented.vat_number)
    )
    for category in sorted(categories & (_NAMES.keys() - {"O"})):
        if not has_number:
            message = f"VAT category {category} needs the seller's VAT number."
            yield f"BR-{_NAMES[category]}-02", places.place_of("BG-4", invoice), message
    for category in sorted(categories & _BUYER_VAT):
        if not (buyer.vat_number or (category == "AE" and buyer.legal_id)):
            message = f"VAT category {category} needs the buyer's VAT number."
            yield f"BR-{_NAMES[category]}-02", places.place_of("BG-7", invoice), message
    if "O" in categories:
        if seller.vat_number or buyer.vat_number:
            message = "An invoice outside VAT carries no VAT number."
            yield "BR-O-02", places.place_of("BG-4", invoice), message
        if len(categories) > 1:
            message = "An invoice outside VAT has no other VAT category."
            yield "BR-O-11", places.place_of("BG-23", invoice), message


def _rates(invoice: EInvoice) -> Iterator[Broken]:
    for line in invoice.lines:
        name = _NAMES.get(line.category)
        if name is None:
            continue
        if line.category == "S" and not line.rate:
            yield "BR-S-05", line.place, "The standard rate must be above zero."
        elif line.category == "O" and line.rate is not None:
            yield "BR-O-05", line.place, "A line outside VAT has no rate."
        elif line.category not in ("S", "O") and line.rate != ZERO:
            yield f"BR-{name}-05", line.place, f"VAT category {line.category} has a rate of 0."


def _decimals(invoice: EInvoice) -> Iterator[Broken]:
    stated = (
        ("BR-DEC-09", "BT-106", invoice.line_total),
        ("BR-DEC-10", "BT-107", invoice.allowance_total),
        ("BR-DEC-11", "BT-108", invoice.charge_total),
        ("BR-DEC-12", "BT-109", invoice.net_amount),
        ("BR-DEC-13", "BT-110", invoice.vat_amount),
        ("BR-DEC-15", "BT-111", invoice.vat_in_tax_currency),
        ("BR-DEC-14", "BT-112", invoice.gross_amount),
        ("BR-DEC-16", "BT-113", invoice.prepaid),
        ("BR-DEC-17", "BT-114", invoice.rounding),
        ("BR-DEC-18", "BT-115", invoice.payable),
    )
    for rule, term, amount in stated:
        if amount is not None and _has_fractions(amount):
            yield rule, places.place_of(term, invoice), f"{amount} has more than two decimals."
    for line in invoice.lines:
        if line.net is not None and _has_fractions(line.net):
            yield "BR-DEC-23", line.place, f"{line.net} has more than two decimals."


def _has_fractions(amount: Decimal) -> bool:
    """More than two decimals as written: 10.000 breaks the rule too."""
    exponent = amount.as_tuple().exponent
    return isinstance(exponent, int) and exponent < -2
