"""The letters of the demo: suppliers' invoices in their own language and look."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from billify.domain import invoices, money, references
from billify.domain.demo import DemoCompany, DemoContact, DemoIncoming, DemoLine
from billify.domain.invoices import InvoiceKind
from billify.domain.paper import Pairs, Paper, PrintedParty
from billify.domain.vat import VatCategory


@dataclass(frozen=True, slots=True)
class _Words:
    """What suppliers print; not what Billify says, so it is in no catalogue."""

    invoice: str
    credit_note: str
    number: str
    issued: str
    due: str
    delivered: str
    to: str
    lines: tuple[str, ...]
    vat: tuple[str, ...]
    net: str
    tax: str
    gross: str
    back: str
    vat_number: str
    message: str
    reverse: str
    within_eu: str


_WORDS = {
    "nl": _Words(
        invoice="Factuur",
        credit_note="Creditnota",
        number="Nummer",
        issued="Factuurdatum",
        due="Vervaldatum",
        delivered="Leverdatum",
        to="Klant",
        lines=("Omschrijving", "Aantal", "Eenheidsprijs", "Btw", "Bedrag"),
        vat=("Btw %", "Maatstaf van heffing", "Btw"),
        net="Totaal excl. btw",
        tax="Btw",
        gross="Te betalen",
        back="In uw voordeel",
        vat_number="Btw",
        message="Mededeling",
        reverse="Btw verlegd.",
        within_eu="Vrijgestelde intracommunautaire levering, art. 138 richtlijn 2006/112/EG.",
    ),
    "fr": _Words(
        invoice="Facture",
        credit_note="Note de crédit",
        number="Numéro",
        issued="Date de facture",
        due="Date d'échéance",
        delivered="Date de livraison",
        to="Client",
        lines=("Description", "Quantité", "Prix unitaire", "TVA", "Montant"),
        vat=("TVA %", "Base imposable", "TVA"),
        net="Total hors TVA",
        tax="TVA",
        gross="Total à payer",
        back="En votre faveur",
        vat_number="TVA",
        message="Communication",
        reverse="Autoliquidation.",
        within_eu="Livraison intracommunautaire exonérée, art. 138 directive 2006/112/CE.",
    ),
    "de": _Words(
        invoice="Rechnung",
        credit_note="Gutschrift",
        number="Nummer",
        issued="Rechnungsdatum",
        due="Fällig am",
        delivered="Lieferdatum",
        to="Kunde",
        lines=("Bezeichnung", "Menge", "Einzelpreis", "USt", "Betrag"),
        vat=("USt %", "Nettobetrag", "USt"),
        net="Summe netto",
        tax="USt",
        gross="Zu zahlen",
        back="Zu Ihren Gunsten",
        vat_number="USt-IdNr.",
        message="Verwendungszweck",
        reverse="Steuerschuldnerschaft des Leistungsempfängers.",
        within_eu="Steuerfreie innergemeinschaftliche Lieferung, Art. 138 Richtlinie 2006/112/EG.",
    ),
}


def of_supplier(letter: DemoIncoming, *, to: DemoCompany, look: int) -> Paper:
    """The invoice as its supplier prints it."""
    one, words = letter.invoice, _WORDS[letter.language]
    is_credit = one.kind is InvoiceKind.CREDIT_NOTE
    return Paper(
        language=letter.language,
        title=words.credit_note if is_credit else words.invoice,
        seller=_letterhead(letter.supplier, words),
        buyer_label=words.to,
        buyer=_address(to, words),
        facts=_facts(letter, words),
        line_heads=words.lines,
        lines=tuple(_line(line) for line in one.lines),
        vat_heads=words.vat,
        vat=_vat(one.lines),
        totals=(
            (words.net, money.show(one.net)),
            (words.tax, money.show(one.vat)),
            (words.back if is_credit else words.gross, f"{money.show(one.gross)} EUR"),
        ),
        payment=() if is_credit else _payment(letter, words),
        mentions=_mentions(one.lines, words),
        footer=f"{letter.supplier.name} · {letter.supplier.email}",
        author=letter.supplier.name,
        look=look,
    )


def _letterhead(supplier: DemoContact, words: _Words) -> PrintedParty:
    lines = [supplier.street, f"{supplier.postcode} {supplier.city}", supplier.phone]
    if supplier.vat_number:
        lines.append(f"{words.vat_number} {_shown_vat(supplier.vat_number)}")
    return PrintedParty(supplier.name, tuple(line for line in lines if line))


def _address(company: DemoCompany, words: _Words) -> PrintedParty:
    vat = f"{words.vat_number} {_shown_vat(company.vat_number)}"
    return PrintedParty(company.name, (company.street, f"{company.postcode} {company.city}", vat))


def _facts(letter: DemoIncoming, words: _Words) -> Pairs:
    one = letter.invoice
    facts = [(words.number, one.number), (words.issued, f"{one.issue_date:%d/%m/%Y}")]
    if one.delivery_date:
        facts.append((words.delivered, f"{one.delivery_date:%d/%m/%Y}"))
    if one.kind is InvoiceKind.INVOICE:
        facts.append((words.due, f"{one.due_date:%d/%m/%Y}"))
    return tuple(facts)


def _line(line: DemoLine) -> tuple[str, ...]:
    quantity = money.show(line.quantity, places=_places(line.quantity))
    return (
        line.description,
        f"{quantity} {line.unit}".strip(),
        money.show(line.unit_price, places=max(2, _places(line.unit_price))),
        f"{line.vat_rate.normalize():f} %",
        money.show(line.net),
    )


def _vat(lines: Sequence[DemoLine]) -> tuple[tuple[str, ...], ...]:
    sums = invoices.totals(
        [
            invoices.Line(
                line.quantity, line.unit_price, line.vat_category, line.vat_rate, line.discount
            )
            for line in lines
        ]
    )
    return tuple(
        (f"{part.rate.normalize():f} %", money.show(part.base), money.show(part.vat))
        for part in sums.by_rate
    )


def _payment(letter: DemoIncoming, words: _Words) -> Pairs:
    one = letter.invoice
    found = []
    if one.payee_iban:
        found.append(("IBAN", references.show_iban(one.payee_iban)))
    if letter.supplier.bic:
        found.append(("BIC", letter.supplier.bic))
    message = one.payment_reference or one.number
    found.append((words.message, references.show_payment_reference(message)))
    return tuple(found)


def _mentions(lines: Sequence[DemoLine], words: _Words) -> tuple[str, ...]:
    categories = {line.vat_category for line in lines}
    found = []
    if VatCategory.REVERSE_CHARGE in categories:
        found.append(words.reverse)
    if VatCategory.INTRA_COMMUNITY in categories:
        found.append(words.within_eu)
    return tuple(found)


def _places(number: Decimal) -> int:
    """How many decimals a number has."""
    return max(0, -int(number.normalize().as_tuple().exponent))


def _shown_vat(number: str) -> str:
    if number.startswith("BE"):
        return f"BE {references.show_enterprise(number[2:])}"
    return number
