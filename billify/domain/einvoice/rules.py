"""Which rules of EN 16931 an e-invoice breaks, as far as its own values tell.

Mandatory terms (BR), sums (BR-CO), VAT by category (BR-S, BR-AE …), decimals (BR-DEC). The sums
are exact; where the rule has slack (BR-CO-17, BR-S-08) so has this: up to 1.00.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from billify.domain.einvoice import amounts, places, vat_rules
from billify.domain.einvoice.model import EInvoice, Line, Party

_TRANSFERS = frozenset({"30", "58"})
_DEBITS = frozenset({"49", "59"})


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule, where, and why."""

    rule: str
    place: str
    message: str


def violations(invoice: EInvoice) -> list[Violation]:
    """Every broken rule; an empty list for an e-invoice that is in order."""
    return [
        *_terms(invoice),
        *_parties(invoice),
        *_lines(invoice),
        *_allowances(invoice),
        *_payment(invoice),
        *_files(invoice),
        *(Violation(one.rule, one.place, one.message) for one in amounts.contradictions(invoice)),
        *(Violation(*one) for one in vat_rules.broken(invoice)),
    ]


def _terms(invoice: EInvoice) -> Iterator[Violation]:
    wanted = (
        ("BR-01", "BT-24", invoice.customization, "The specification identifier is missing."),
        ("BR-02", "BT-1", invoice.number, "The invoice number is missing."),
        ("BR-03", "BT-2", invoice.issue_date, "The issue date is missing."),
        ("BR-04", "BT-3", invoice.type_code, "The invoice type code is missing."),
        ("BR-05", "BT-5", invoice.currency, "The currency is missing."),
        ("BR-12", "BT-106", invoice.line_total, "The sum of the lines is missing."),
        ("BR-13", "BT-109", invoice.net_amount, "The total without VAT is missing."),
        ("BR-14", "BT-112", invoice.gross_amount, "The total with VAT is missing."),
        ("BR-15", "BT-115", invoice.payable, "The amount due is missing."),
        ("BR-16", "BG-25", invoice.lines, "There is no line."),
        ("BR-CO-18", "BG-23", invoice.vat_subtotals, "The VAT breakdown is missing."),
    )
    for rule, term, value, message in wanted:
        if value is None or value in ("", ()):
            yield Violation(rule, places.place_of(term, invoice), message)
    tax_currency = invoice.tax_currency
    if tax_currency and tax_currency != invoice.currency and invoice.vat_in_tax_currency is None:
        message = f"The VAT in {tax_currency} is missing."
        yield Violation("BR-53", places.place_of("BT-111", invoice), message)
    period = invoice.period
    if period and period.start and period.end and period.end < period.start:
        message = f"The period ends on {period.end}, before it starts on {period.start}."
        yield Violation("BR-29", places.place_of("BG-14", invoice), message)
    for at, one in enumerate(invoice.preceding, start=1):
        if not one.number:
            message = "The number of the preceding invoice is missing."
            yield Violation("BR-55", places.place_of("BT-25", invoice, at), message)


def _parties(invoice: EInvoice) -> Iterator[Violation]:
    yield from _party(invoice, invoice.seller, "seller", "BG-4", ("BR-06", "BR-08", "BR-09"))
    yield from _party(invoice, invoice.buyer, "buyer", "BG-7", ("BR-07", "BR-10", "BR-11"))
    seller, place = invoice.seller, places.place_of("BG-4", invoice)
    if not (seller.ids or seller.legal_id or seller.vat_number):
        message = "The seller has no identifier, legal number or VAT number."
        yield Violation("BR-CO-26", place, message)
    if invoice.payee is not None and not invoice.payee.name:
        yield Violation("BR-17", places.place_of("BG-10", invoice), "The payee has no name.")
    represented = invoice.tax_representative
    if represented is not None:
        place = places.place_of("BG-11", invoice)
        if not represented.name:
            yield Violation("BR-18", place, "The tax representative has no name.")
        if represented.address is None:
            yield Violation("BR-19", place, "The tax representative has no address.")
        elif not represented.address.country:
            yield Violation("BR-20", place, "The tax representative's country is missing.")
        if not represented.vat_number:
            yield Violation("BR-56", place, "The tax representative has no VAT number.")
    delivered = invoice.delivery.address if invoice.delivery else None
    if delivered is not None and not delivered.country:
        place = places.place_of("BG-15", invoice)
        yield Violation("BR-57", place, "The country of delivery is missing.")


def _party(
    invoice: EInvoice, party: Party, who: str, term: str, rules: tuple[str, str, str]
) -> Iterator[Violation]:
    place = places.place_of(term, invoice)
    if not party.name:
        yield Violation(rules[0], place, f"The name of the {who} is missing.")
    if party.address is None:
        yield Violation(rules[1], place, f"The address of the {who} is missing.")
    elif not party.address.country:
        yield Violation(rules[2], place, f"The country of the {who} is missing.")
    if party.endpoint is not None and not party.endpoint.scheme:
        rule = "BR-62" if who == "seller" else "BR-63"
        yield Violation(rule, place, f"The electronic address of the {who} has no scheme.")
    vat = party.vat_number
    if vat and not (vat[:2].isalpha() and vat[:2].isupper()):
        message = f"The VAT number “{vat[:30]}” of the {who} has no country."
        yield Violation("BR-CO-09", place, message)


def _lines(invoice: EInvoice) -> Iterator[Violation]:
    for line in invoice.lines:
        for rule, is_broken, message in _line_rules(line):
            if is_broken:
                yield Violation(rule, line.place, message)
        period = line.period
        if period and period.start and period.end and period.end < period.start:
            yield Violation("BR-30", line.place, "The period of the line ends before it starts.")
        for one in line.allowances:
            what = "charge" if one.is_charge else "allowance"
            if one.amount is None:
                rule = "BR-43" if one.is_charge else "BR-41"
                yield Violation(rule, line.place, f"The amount of a line {what} is missing.")
            if not (one.reason or one.reason_code):
                rule = "BR-44" if one.is_charge else "BR-42"
                yield Violation(rule, line.place, f"A line {what} has no reason.")


def _line_rules(line: Line) -> tuple[tuple[str, bool, str], ...]:
    return (
        ("BR-21", not line.number, "The line has no number."),
        ("BR-22", line.quantity is None, "The quantity of the line is missing."),
        ("BR-23", not line.unit, "The unit of the line's quantity is missing."),
        ("BR-24", line.net is None, "The net amount of the line is missing."),
        ("BR-25", not line.name, "The name of the item is missing."),
        ("BR-26", line.price is None, "The price of the line is missing."),
        ("BR-27", line.price is not None and line.price < 0, "The price is below zero."),
        (
            "BR-28",
            line.gross_price is not None and line.gross_price < 0,
            "The gross price is below zero.",
        ),
        ("BR-CO-04", not line.category, "The VAT category of the line is missing."),
    )


def _allowances(invoice: EInvoice) -> Iterator[Violation]:
    for at, one in enumerate(invoice.allowances, start=1):
        place = places.place_of("BG-20", invoice, at)
        what = "charge" if one.is_charge else "allowance"
        wanted = (
            ("BR-36" if one.is_charge else "BR-31", one.amount is not None, "amount"),
            ("BR-37" if one.is_charge else "BR-32", bool(one.category), "VAT category"),
            ("BR-38" if one.is_charge else "BR-33", bool(one.reason or one.reason_code), "reason"),
        )
        for rule, is_there, name in wanted:
            if not is_there:
                yield Violation(rule, place, f"The {name} of the {what} is missing.")


def _payment(invoice: EInvoice) -> Iterator[Violation]:
    for at, one in enumerate(invoice.payment_means, start=1):
        place = places.place_of("BG-16", invoice, at)
        if not one.code:
            yield Violation("BR-49", place, "The way of payment has no code.")
        if one.code in _TRANSFERS and not one.account:
            yield Violation("BR-61", place, "A credit transfer needs the account to pay to.")
        if one.code in _DEBITS and not one.mandate:
            yield Violation("PEPPOL-EN16931-R061", place, "A direct debit needs its mandate.")
        digits = sum(letter.isdigit() for letter in one.card_number)
        if digits > 10:
            yield Violation("BR-51", place, "The card number shows more than ten digits.")


def _files(invoice: EInvoice) -> Iterator[Violation]:
    for at, one in enumerate(invoice.documents, start=1):
        place = places.place_of("BG-24", invoice, at)
        if not one.number:
            yield Violation("BR-52", place, "The supporting document has no number.")
        file = one.attachment
        if file is not None and file.content is None:
            yield Violation("BR-52", place, "The attached file is no valid base64.")
        if file is not None and not file.media_type:
            yield Violation("UBL-DT-06", place, "The attached file has no media type.")
        if file is not None and not file.name:
            yield Violation("UBL-DT-07", place, "The attached file has no name.")
